"""Forms made from the registry of attributes, and the short forms of the acts."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import OfficeChoiceField
from apps.accounts.models import Organization
from apps.inventory import fields, rules
from apps.inventory.filters import MONTHS
from apps.inventory.models import Address, Application, ReferenceCode, SavedView
from apps.inventory.own.forms import DayInput, own_field

FIRST_YEAR, LAST_YEAR = 1980, 2100
INTERNAL_WORD = "internal"


class RupiahField(forms.DecimalField):
    """Whole rupiah, typed with or without dots."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-half"})
    default_error_messages = {"invalid": _("Tulis angka saja, misalnya 64200000.")}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.removeprefix("Rp").replace(".", "").replace(" ", "")
        return super().to_python(value)


class AddressesField(forms.CharField):
    """One address a line; the word "internal" behind those of the inner network."""

    widget = forms.Textarea(attrs={"rows": 2, "inputmode": "url"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(url if kind == Address.Kind.PUBLIC else f"{url} {INTERNAL_WORD}" for url, kind in value)
        return value

    def clean(self, value: str) -> list[tuple[str, str]]:
        lines = [line.split() for line in super().clean(value).splitlines() if line.strip()]
        return list(dict.fromkeys(self._address(*words) for words in lines))

    def _address(self, url: str, *rest: str) -> tuple[str, str]:
        try:
            URLValidator(schemes=["http", "https"])(url)
        except ValidationError:
            raise ValidationError(_("“%(url)s” bukan alamat. Awali dengan https:// atau http://.") % {"url": url})
        if rest and [word.lower() for word in rest] != [INTERNAL_WORD]:
            raise ValidationError(_("Di belakang “%(url)s” hanya boleh kata “internal”.") % {"url": url})
        return url, Address.Kind.INTERNAL if rest else Address.Kind.PUBLIC


class ReferenceCodesField(forms.CharField):
    """Codes of the reference architecture, separated by commas."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            found = ReferenceCode.objects.filter(pk__in=value).values_list("code", flat=True) if value else []
            return ", ".join(found)
        return value

    def clean(self, value: str) -> list[int]:
        typed = [code.strip().upper() for code in super().clean(value).replace(";", ",").split(",") if code.strip()]
        known = dict(ReferenceCode.objects.filter(code__in=typed).order_by("edition").values_list("code", "pk"))
        missing = [code for code in typed if code not in known]
        if missing:
            raise ValidationError(
                _("Kode tidak dikenal: %(codes)s. Periksa di daftar arsitektur SPBE.") % {"codes": ", ".join(missing)}
            )
        return sorted({known[code] for code in typed})


class ApplicationCodeField(forms.CharField):
    """Another application of the same government, by its code."""

    def __init__(self, *, government_id: int | None, leave_out: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.government_id, self.leave_out = government_id, leave_out

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Application) else value

    def clean(self, value: str) -> Application | None:
        code = super().clean(value).strip().upper()
        if not code:
            return None
        found = Application.objects.public().filter(government=self.government_id, code=code).exclude(pk=self.leave_out)
        if not found:
            raise ValidationError(_("Tidak ada aplikasi terdaftar dengan kode %(code)s.") % {"code": code})
        return found[0]


class AttributeForm(forms.Form):
    """Some attributes of one application; `lenient` lets required ones stay empty until the submission."""

    def __init__(
        self,
        data: Any = None,
        *,
        application: Application,
        attributes: Iterable[fields.Attribute],
        lenient: bool = False,
        typed: dict | None = None,
    ) -> None:
        self.attributes, self.lenient = list(attributes), lenient
        names = [attribute.name for attribute in self.attributes]
        kept = {name: value for name, value in (typed or {}).items() if name in names}
        super().__init__(data, initial={**values_of(application, names), **kept}, label_suffix="")
        for attribute in self.attributes:
            self.fields[attribute.name] = field_for(attribute, application)
        for name in set(rules.following(application)) & set(self.fields):
            self.fields[name].disabled = True
            self.fields[name].help_text = _("Mengikuti rincian di tab Biaya.")

    def full_clean(self) -> None:
        required = [field for field in self.fields.values() if field.required]
        for field in required:
            field.required = not self.lenient
        super().full_clean()
        for field in required:
            field.required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.lenient and not cleaned.get("name", "-").strip():
            del cleaned["name"]
        return cleaned

    def typed(self) -> dict[str, Any]:
        """Everything as it was typed, valid or not."""
        several = (forms.CheckboxSelectMultiple,)
        return {
            name: self.data.getlist(name) if isinstance(field.widget, several) else self.data.get(name, "")
            for name, field in self.fields.items()
            if not field.disabled
        }


def values_of(application: Application, names: Iterable[str]) -> dict[str, Any]:
    """The record's values as the forms and the API write them."""
    return {name: _value_of(application, name) for name in names}


def _value_of(application: Application, name: str) -> Any:
    if name == "addresses":
        return [(address.url, address.kind) for address in application.addresses.all()]
    if name == "reference_codes":
        return sorted(reference.reference_code_id for reference in application.references.all())
    return application.value(name)


def field_for(attribute: fields.Attribute, application: Application) -> forms.Field:
    """The form field of one attribute."""
    about = {"label": _capital(attribute.label), "help_text": attribute.help, "required": attribute.required}
    if isinstance(attribute, fields.OwnAttribute):
        return own_field(attribute, about)
    if attribute.name == "addresses":
        return AddressesField(**about)
    if attribute.name == "reference_codes":
        return ReferenceCodesField(**about)
    if attribute.name == "season_months":
        return forms.TypedMultipleChoiceField(choices=MONTHS, coerce=int, widget=forms.CheckboxSelectMultiple, **about)
    if attribute.name == "year_built":
        return forms.IntegerField(
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-year"}),
            **about,
        )
    if isinstance(attribute.model_field, models.ForeignKey):
        return ApplicationCodeField(government_id=application.government_id, leave_out=application.pk, **about)
    return _field_of_kind(attribute, about)


def _field_of_kind(attribute: fields.Attribute, about: dict[str, Any]) -> forms.Field:
    field = attribute.model_field
    if isinstance(field, ArrayField) and attribute.choices:
        return forms.MultipleChoiceField(choices=attribute.choices, widget=forms.CheckboxSelectMultiple, **about)
    if isinstance(field, ArrayField):
        return SimpleArrayField(forms.CharField(max_length=60), **about)
    if attribute.choices:
        return _choice(attribute, about)
    if isinstance(field, models.DecimalField):
        return RupiahField(min_value=0, max_digits=15, decimal_places=0, **about)
    if isinstance(field, models.DateField):
        return forms.DateField(widget=DayInput(), **about)
    if isinstance(field, models.TextField):
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **about)
    return forms.CharField(max_length=field.max_length, **about)


def _choice(attribute: fields.Attribute, about: dict[str, Any]) -> forms.Field:
    field = attribute.model_field
    empty = [] if attribute.required else [("", _("belum diketahui"))]
    widget = forms.RadioSelect if len(attribute.choices) <= 4 else forms.Select
    if attribute.required and widget is forms.Select:
        empty = [("", _("pilih"))]
    initial = field.default if field.has_default() else None
    return forms.ChoiceField(choices=[*empty, *attribute.choices], widget=widget, initial=initial, **about)


def _capital(label: Any) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]


class StartForm(forms.Form):
    """The first two facts of a new record."""

    name = forms.CharField(
        label=_("Nama aplikasi"),
        max_length=200,
        help_text=_("Nama lengkap seperti dikenal pemakainya, tanpa nomor versi."),
    )
    owner = OfficeChoiceField(
        label=_("OPD pemilik"), queryset=Organization.objects.none(), to_field_name="code", empty_label=_("pilih")
    )
    functions = forms.CharField(
        label=_("Fungsi"),
        required=False,
        max_length=2000,
        help_text=_("Apa yang dikerjakan aplikasi ini. Dipakai untuk mencari yang serupa; dapat dilengkapi nanti."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    different = forms.BooleanField(label=_("Bukan salah satu dari ini; aplikasi saya berbeda"), required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["owner"].queryset = owners_for(by)


class SimilarForm(forms.Form):
    """What somebody has in mind: a name and what it is to do."""

    name = forms.CharField(label=_("Nama yang dipikirkan"), max_length=200)
    functions = forms.CharField(
        label=_("Fungsi"),
        required=False,
        help_text=_("Beberapa kata tentang apa yang dikerjakannya."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    services_supported = forms.CharField(required=False, widget=forms.HiddenInput)
    owner = forms.CharField(required=False, widget=forms.HiddenInput)
    record = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


def owners_for(by: Any) -> models.QuerySet:
    """The offices this person may register applications for."""
    rows = Organization.objects.visible_to(by).filter(active_until=None).exclude(kind=Organization.Kind.COLLECTIVE)
    if by.is_government_wide:
        return rows.filter(government=by.government_id)
    return rows.filter(pk__in=by.organization_ids)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Alasan"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class SuspensionForm(ReasonForm):
    """A time without judgement."""

    starts_on = forms.DateField(label=_("Mulai"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Sampai dengan"), widget=DayInput(), help_text=_("Paling lama dua triwulan berturut-turut.")
    )
    field_order = ("starts_on", "ends_on", "reason")


class SavedViewForm(forms.Form):
    """The name of a view and who may open it."""

    name = forms.CharField(
        label=_("Nama tampilan"),
        max_length=60,
        help_text=_("Misalnya “Kontrak habis tahun ini”. Nama menjadi alamatnya."),
    )
    shared = forms.ChoiceField(label=_("Siapa yang dapat membuka"), widget=forms.RadioSelect)
    organization = OfficeChoiceField(
        label=_("OPD yang dapat membuka"),
        queryset=Organization.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("pilih"),
        help_text=_("Hanya bila dibagikan kepada satu OPD."),
    )

    def __init__(self, *args: Any, by: Any, view: SavedView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        offices = offices_to_share_with(by)
        self.fields["organization"].queryset = offices
        self.fields["shared"].choices = [
            (value, label)
            for value, label in SavedView.Shared.choices
            if (view and view.shared == value)
            or (value == SavedView.Shared.ORGANIZATION and not by.has_role(rules.AUDITOR))
            or (value != SavedView.Shared.ORGANIZATION and rules.may_share_view(by, value, None))
        ]
        self.fields["shared"].initial = SavedView.Shared.PRIVATE

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("shared") != SavedView.Shared.ORGANIZATION:
            cleaned["organization"] = None
        return cleaned


def offices_to_share_with(by: Any) -> models.QuerySet:
    """A reviewer's are all offices of the government, anybody else's the own and those beneath."""
    rows = Organization.objects.visible_to(by).filter(active_until=None)
    if by.has_role(rules.REVIEWER):
        return rows.filter(government=by.government_id)
    return rows.filter(pk__in={*by.organization_ids, by.seat_id})


class EmptyForm(forms.Form):
    """An act that asks nothing but consent."""


def missing_labels(application: Application) -> list[dict[str, Any]]:
    """What a submission still needs, with the step where it is typed."""
    return [
        {"label": _capital(fields.BY_NAME[name].label), "step": fields.BY_NAME[name].step, "name": name}
        for name in rules.missing(application)
    ]


class MergeForm(ReasonForm):
    """Which of two values is right, attribute by attribute where they differ, and why the two are one application."""

    KEPT, OTHER = "kept", "other"

    def __init__(self, data: Any = None, *, differing: Iterable[fields.Attribute], kept: Application) -> None:
        super().__init__(data)
        self.fields["survivor_version"] = forms.IntegerField(widget=forms.HiddenInput, initial=kept.version)
        self.names = [attribute.name for attribute in differing]
        choices = [(self.KEPT, _("yang dipertahankan")), (self.OTHER, _("yang digabung"))]
        for name in self.names:
            empty = kept.value(name) in (None, "", [])
            self.fields[f"pick-{name}"] = forms.ChoiceField(
                choices=choices, initial=self.OTHER if empty else self.KEPT, required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        picked = {name: cleaned.pop(f"pick-{name}", "") for name in self.names}
        return {**cleaned, "take": [name for name, value in picked.items() if value == self.OTHER]}


class ReorganizationForm(forms.Form):
    """What happens to one office, from which day, by which regulation; of a split also what goes where."""

    new_name = forms.CharField(label=_("Nama baru"), max_length=200)
    new_short_name = forms.CharField(label=_("Singkatan baru"), max_length=60, required=False)
    into = OfficeChoiceField(
        label=_("Kantor penerus"),
        queryset=Organization.objects.none(),
        to_field_name="code",
        empty_label=_("pilih"),
        help_text=_(
            "Menerima semua yang tidak ditempatkan di kantor lain. Kantor baru ditambahkan dahulu di Organisasi."
        ),
    )
    dissolves = forms.BooleanField(label=_("Kantor lama berakhir"), required=False)
    effective_on = forms.DateField(label=_("Berlaku mulai"), widget=DayInput())
    decree = forms.CharField(
        label=_("Nomor peraturan"), max_length=120, help_text=_("Misalnya Peraturan Wali Kota Nomor 12 Tahun 2026.")
    )
    reason = forms.CharField(label=_("Keterangan"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    ASKED: ClassVar = {
        "rename": ("new_name", "new_short_name"),
        "merge": ("into",),
        "split": ("into", "dissolves"),
    }

    def __init__(self, data: Any = None, *, office: Organization, kind: str, belongings: Any, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for name in {"new_name", "new_short_name", "into", "dissolves"} - set(self.ASKED[kind]):
            del self.fields[name]
        heirs = Organization.objects.able_to_own().filter(government=office.government).exclude(pk=office.pk)
        if "into" in self.fields:
            self.fields["into"].queryset, self.fields["into"].required = heirs, kind == "merge"
        self.things = belongings if kind == "split" else []
        for thing, pk, label in self.things:
            self.fields[f"{thing}-{pk}"] = OfficeChoiceField(
                label=label, queryset=heirs, required=False, to_field_name="code", empty_label=_("seperti yang lain")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        placed = [(thing, pk, cleaned.pop(f"{thing}-{pk}", None)) for thing, pk, _label in self.things]
        return {**cleaned, "placements": [place for place in placed if place[2]]}

    def placed_fields(self) -> list[forms.BoundField]:
        """The questions of a split, one for each thing that can go elsewhere."""
        return [self[f"{thing}-{pk}"] for thing, pk, _label in self.things]
