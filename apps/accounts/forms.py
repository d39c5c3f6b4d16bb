"""Shape of input on the account and administration pages."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, GovernmentPolicy, Membership, Organization, Role

REASON = gettext_lazy("Alasan")


def _date_input() -> forms.DateInput:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "w-half"})
    widget.input_type = "date"
    return widget


class SignInForm(forms.Form):
    """Name and password; whether they fit is for the backend."""

    username = forms.CharField(
        label=gettext_lazy("Nama masuk atau NIP"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Kata sandi"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A password typed twice."""

    password = forms.CharField(
        label=gettext_lazy("Kata sandi baru"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Ketik sekali lagi"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts()[-1:])

    def clean_again(self) -> str:
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise ValidationError(_("Kedua kata sandi tidak sama. Ketik ulang keduanya."))
        return self.cleaned_data["again"]


class PasswordChangeForm(NewPasswordForm):
    """The present password, then a new one twice."""

    field_order = ("current", "password", "again")
    current = forms.CharField(
        label=gettext_lazy("Kata sandi sekarang"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PersonForm(forms.Form):
    """Who somebody is."""

    name = forms.CharField(
        label=gettext_lazy("Nama lengkap"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    nip = forms.CharField(
        label=gettext_lazy("NIP"),
        required=False,
        max_length=18,
        help_text=gettext_lazy("18 angka. Satu NIP satu akun: bila sudah ada, peran ditambahkan pada akun itu."),
        validators=[RegexValidator(r"^\d{18}$", gettext_lazy("NIP terdiri dari 18 angka tanpa spasi."))],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-half"}),
    )
    username = forms.CharField(
        label=gettext_lazy("Nama masuk"),
        max_length=150,
        help_text=gettext_lazy("NIP atau alamat surel dinas."),
        validators=[
            RegexValidator(r"^[\w.@+-]+$", gettext_lazy("Hanya huruf, angka, dan tanda . @ + - _, tanpa spasi."))
        ],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Surel"), required=False, help_text=gettext_lazy("Untuk pemberitahuan.")
    )


class OfficeChoiceField(forms.ModelChoiceField):
    """A choice of offices by their full names: short ones are not known to everybody."""

    def label_from_instance(self, obj: Organization) -> str:
        return obj.name


# A reporter for a time is no definitive one.
DELEGATED_AS = [("", gettext_lazy("pelapor sementara")), *(one for one in Membership.Acting.choices if one[0])]


class GrantForm(forms.Form):
    """Which role, where, from when to when."""

    role = forms.ChoiceField(label=gettext_lazy("Peran"), choices=[("", gettext_lazy("Pilih peran")), *Role.choices])
    seat = OfficeChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Kedudukan"),
        empty_label=gettext_lazy("Pilih organisasi"),
        help_text=gettext_lazy(
            "Kantor tempat orang itu bekerja. Operator dan kepala OPD bertindak untuk kantornya; "
            "peran lain untuk seluruh pemerintah daerah."
        ),
    )
    starts_on = forms.DateField(label=gettext_lazy("Mulai"), widget=_date_input())
    ends_on = forms.DateField(label=gettext_lazy("Sampai dengan"), required=False, widget=_date_input())
    acting = forms.ChoiceField(label=gettext_lazy("Sebagai"), required=False, choices=Membership.Acting.choices)
    decree = forms.CharField(
        label=gettext_lazy("Nomor surat perintah"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Wajib untuk Plt. dan Plh., beserta tanggal akhir."),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = Organization.objects.visible_to(by).able_to_own()


class InvitationForm(PersonForm, GrantForm):
    """A new person with the first role."""

    field_order = ("name", "nip", "username", "email", "role", "seat", "starts_on", "ends_on", "acting", "decree")


class DelegationForm(forms.Form):
    """Who reports for the office for a time, until when, by which letter, and why."""

    person_id = forms.TypedChoiceField(
        label=gettext_lazy("Orang"),
        coerce=int,
        help_text=gettext_lazy("Rekan yang pernah atau sedang bertugas di kantor Anda dan unitnya."),
    )
    until = forms.DateField(label=gettext_lazy("Sampai dengan"), widget=_date_input())
    acting = forms.ChoiceField(label=gettext_lazy("Sebagai"), required=False, choices=DELEGATED_AS)
    decree = forms.CharField(
        label=gettext_lazy("Nomor surat perintah"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Wajib untuk Plt. dan Plh."),
    )
    reason = forms.CharField(label=REASON, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, colleagues: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person_id"].choices = [("", gettext_lazy("Pilih orang")), *colleagues]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=REASON, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class OrganizationForm(forms.Form):
    """An office and its place in the tree."""

    name = forms.CharField(
        label=gettext_lazy("Nama"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    short_name = forms.CharField(label=gettext_lazy("Singkatan"), max_length=60, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        choices=[choice for choice in Organization.Kind.choices if choice[0] != Organization.Kind.GOVERNMENT],
        help_text=gettext_lazy("Sebutan bersama, misalnya “Seluruh Perangkat Daerah”, tidak dapat memiliki aplikasi."),
    )
    parent = forms.ModelChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Induk"),
        required=False,
        empty_label=gettext_lazy("Langsung di bawah pemerintah daerah"),
    )
    function = forms.ChoiceField(
        label=gettext_lazy("Peran dalam proses"),
        required=False,
        choices=Organization.Function.choices,
        help_text=gettext_lazy("Kuorum dan pendapat desk reviu menanyakan peran ini; satu kantor untuk tiap peran."),
    )
    active_from = forms.DateField(label=gettext_lazy("Berdiri sejak"), required=False, widget=_date_input())

    def __init__(self, *args: Any, by: Actor, office: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organization.objects.visible_to(by).able_to_own()
        self.fields["parent"].queryset = offices.exclude(pk=office.pk) if office else offices
        if office and office.kind == Organization.Kind.GOVERNMENT:
            for name in ("kind", "parent", "function"):
                del self.fields[name]


class OrganizationEditForm(OrganizationForm):
    """A correction, with the version that was read and the reason."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=REASON, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class VersionedReasonForm(ReasonForm):
    """Why, about the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PolicyForm(forms.ModelForm):
    """The terms of one government."""

    reason = forms.CharField(label=REASON, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = GovernmentPolicy
        exclude = ("government",)  # noqa: DJ006  every further term belongs on this page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget.attrs["class"] = "w-year"
            elif isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class HolidayConfirmationForm(forms.Form):
    """The joint decree the days were compared with."""

    decree = forms.CharField(
        label=gettext_lazy("Nomor keputusan bersama tiga menteri"),
        max_length=200,
        help_text=gettext_lazy("Seperti tercetak pada keputusannya."),
    )
    compared = forms.BooleanField(label=gettext_lazy("Saya sudah mencocokkan setiap tanggal dengan keputusan itu"))


class TokenForm(forms.Form):
    """A key: for whom, what it may do, until when."""

    name = forms.CharField(
        label=gettext_lazy("Nama"), max_length=100, help_text=gettext_lazy("Sistem yang akan memakainya.")
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=gettext_lazy("Pemilik"), empty_label=gettext_lazy("Pilih organisasi")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Boleh apa"), choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    membership = forms.ModelChoiceField(
        Membership.objects.none(),
        label=gettext_lazy("Berbuat sebagai"),
        required=False,
        empty_label=gettext_lazy("Klien layanan, bukan seseorang"),
        help_text=gettext_lazy("Token mati bersama peran ini."),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Berlaku sampai dengan"),
        help_text=gettext_lazy("Paling lama satu tahun."),
        widget=_date_input(),
    )

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(by).able_to_own()
        held = Membership.objects.visible_to(by).filter(ended_at__isnull=True).exclude(user=by.person_id)
        self.fields["membership"].queryset = held.select_related("user", "seat").order_by("user__name")
        self.fields["membership"].label_from_instance = lambda row: f"{row.user.name}, {row}"

    def clean(self) -> dict[str, Any]:
        """The key lives to the end of the chosen day in the owner's zone."""
        cleaned = super().clean()
        if cleaned.get("expires_on") and cleaned.get("organization"):
            zone = cleaned["organization"].zone
            cleaned["expires_at"] = datetime.combine(cleaned.pop("expires_on"), time(23, 59, 59), zone)
        return cleaned
