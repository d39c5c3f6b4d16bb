"""The shape of what people enter on the pages of a case; whether it may be done is asked by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.deactivation.models import Answer, Ground, Opinion, Outcome
from apps.deactivation.rules import allowed_outcomes
from apps.deactivation.rules.outcomes import WITH_TARGET
from apps.inventory.models import Application

CONDITION_ROWS = 3
SEND_BACK = "send_back"
ANSWERS = [(Answer.AGREED.value, Answer.AGREED.label), (Answer.OBJECTED.value, Answer.OBJECTED.label)]


def day(label, **kwargs):
    """A date entered with the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text(label, rows=3, **kwargs):
    """A few sentences."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def scan(label, **kwargs):
    """A paper as PDF or picture."""
    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})
    return forms.FileField(label=label, widget=widget, help_text=_("PDF, PNG, atau JPG."), **kwargs)


def target_choices(case):
    """Registered applications of the government that a case may point to; never the case's own."""
    return (
        Application.objects.filter(government_id=case.government_id, status="registered")
        .exclude(pk=case.application_id)
        .order_by("name")
    )


def agencies(by):
    """The perangkat daerah and units of the actor's government."""
    return Organization.objects.visible_to(by).filter(kind__in=["agency", "unit"])


class ReasonForm(forms.Form):
    """An act that needs nothing but its reason."""

    reason = text(_("Alasan"))


class NominateForm(forms.Form):
    """A reviewer puts an application up for a case."""

    application = forms.CharField(label=_("Kode aplikasi"), max_length=24, help_text=_("Misalnya APL-2024-000042."))
    ground = forms.ChoiceField(
        label=_("Dasar usulan"),
        choices=[(ground.value, ground.label) for ground in Ground if ground != Ground.OWNER_REQUEST],
    )
    reason = text(_("Alasan"), help_text=_("Apa yang Anda ketahui, supaya OPD dan peserta desk dapat memeriksanya."))


class RequestForm(forms.Form):
    """The owner asks for its own application to be taken out of service, or back into it."""

    reason = text(_("Alasan permintaan"), help_text=_("Misalnya: layanan sudah pindah ke aplikasi lain sejak Januari."))


class CaretakerForm(forms.Form):
    """The ICT office names an OPD that answers for an ownerless application."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("OPD pengampu"), to_field_name="code")
    reason = text(_("Alasan"))

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = agencies(by).able_to_own()


class LetterForm(forms.Form):
    """One letter to one OPD about one or more of its cases."""

    cases = forms.MultipleChoiceField(
        label=_("Kasus"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu kasus.")},
    )
    note = text(_("Catatan untuk OPD"), rows=2, required=False)

    def __init__(self, *args, codes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].choices = codes


class DeliveryForm(forms.Form):
    """A receipt on paper that proves a letter has reached the OPD."""

    delivered_on = day(_("Diterima tanggal"))
    evidence = scan(_("Pindaian tanda terima"))


class ExtendForm(forms.Form):
    """The one extension of a letter's deadline."""

    days = forms.IntegerField(label=_("Tambahan hari kerja"), min_value=1, max_value=60)
    reason = text(_("Alasan"))


class AnswerForm(forms.Form):
    """What the OPD answers about one case."""

    reply = forms.ChoiceField(label=_("Jawaban"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = text(
        _("Penjelasan"),
        required=False,
        help_text=_("Wajib bila keberatan: siapa yang masih memakai, untuk apa, dan sampai kapan."),
    )
    evidence = scan(_("Bukti"), required=False)

    answered_on = day(_("Tanggal surat jawaban"), required=False)

    def __init__(self, *args, for_owner=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.for_owner = for_owner
        if not for_owner:
            del self.fields["answered_on"]
        else:
            self.fields["evidence"].required = True
            self.fields["evidence"].label = _("Pindaian surat jawaban yang ditandatangani")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reply") == Answer.OBJECTED and not cleaned.get("reason"):
            self.add_error("reason", _("Tuliskan alasan keberatan."))
        return cleaned


class SessionForm(forms.Form):
    """When and where a desk review sits."""

    title = forms.CharField(label=_("Nama sidang"), max_length=200, help_text=_("Misalnya Desk reviu ke-8."))
    held_at = forms.DateTimeField(
        label=_("Waktu"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    place = forms.CharField(label=_("Tempat"), max_length=200, required=False)
    chair_name = forms.CharField(label=_("Pemimpin rapat"), max_length=200, required=False)


class AgendaForm(forms.Form):
    """Answered cases to be put on the agenda."""

    cases = forms.MultipleChoiceField(
        label=_("Kasus"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih sedikitnya satu kasus.")},
    )

    def __init__(self, *args, codes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cases"].choices = codes


class InviteForm(forms.Form):
    """A written invitation of offices."""

    organizations = forms.ModelMultipleChoiceField(
        Organization.objects.none(),
        label=_("Perangkat daerah"),
        to_field_name="code",
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    reference = forms.CharField(label=_("Nomor undangan"), max_length=120, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organizations"].queryset = agencies(by)


class AttendanceForm(forms.Form):
    """One person present for one office."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Mewakili"), to_field_name="code")
    name = forms.CharField(label=_("Nama"), max_length=200)
    position = forms.CharField(label=_("Jabatan"), max_length=200, required=False)
    nip = forms.CharField(label=_("NIP"), max_length=18, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = agencies(by)


class MinutesForm(forms.Form):
    """What the Berita Acara says beyond the outcomes."""

    text = text(_("Catatan Berita Acara"), rows=4, required=False)


class AmendmentForm(forms.Form):
    """What an amendment of the Berita Acara puts right."""

    text = text(_("Yang diperbaiki"), rows=4)


class OpinionForm(forms.Form):
    """A companion office's view of a case."""

    stance = forms.ChoiceField(label=_("Pendapat"), choices=Opinion.Stance.choices, widget=forms.RadioSelect)
    text = text(_("Penjelasan"), required=False, help_text=_("Wajib kecuali bila setuju tanpa catatan."))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("stance") and cleaned["stance"] != Opinion.Stance.AGREE and not cleaned.get("text"):
            self.add_error("text", _("Tuliskan penjelasannya."))
        return cleaned


class OutcomeForm(forms.Form):
    """What the desk recommends to become of an application."""

    outcome = forms.ChoiceField(label=_("Hasil"), widget=forms.RadioSelect)
    target = forms.ModelChoiceField(
        Application.objects.none(),
        label=_("Aplikasi tujuan"),
        to_field_name="code",
        required=False,
        help_text=_("Wajib bila diintegrasikan atau digantikan."),
    )
    retain_from = forms.CharField(
        label=_("Dihitung lagi mulai triwulan"),
        max_length=8,
        required=False,
        help_text=_("Bila dipertahankan, misalnya 2027-Q2. Kosongkan: dua triwulan sesudah ini."),
    )
    reason = text(_("Alasan"), rows=1)
    departure = text(_("Alasan berbeda dari saran"), rows=1, required=False)

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        self.rows = range(1, max(CONDITION_ROWS, len(self.advised_conditions)) + 1)
        self.fields["outcome"].choices = [(outcome.value, outcome.label) for outcome in allowed_outcomes(case.kind)]
        self.fields["target"].queryset = target_choices(case)
        for row in self.rows:
            self.fields[f"condition_{row}"] = forms.CharField(label=_("Syarat"), max_length=500, required=False)
            self.fields[f"condition_{row}_due"] = day(_("Paling lambat"), required=False)

    @property
    def advised_conditions(self):
        """The conditions to begin with."""
        return []

    @property
    def condition_fields(self):
        """Pairs of bound fields, text and due date."""
        return [(self[f"condition_{row}"], self[f"condition_{row}_due"]) for row in self.rows]

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome in WITH_TARGET and not cleaned.get("target"):
            self.add_error("target", _("Pilih aplikasi tujuannya."))
        if outcome not in WITH_TARGET:
            cleaned["target"] = None
        cleaned["conditions"] = self._conditions() if outcome == Outcome.OPTIMISE else []
        return cleaned

    def _conditions(self):
        found = []
        for row in self.rows:
            wording, due = self.cleaned_data.get(f"condition_{row}"), self.cleaned_data.get(f"condition_{row}_due")
            if wording and not due:
                self.add_error(f"condition_{row}_due", _("Isi batas waktunya."))
            if wording and due:
                found.append({"text": wording, "due_on": due.isoformat()})
        if not found:
            self.add_error("condition_1", _("Tuliskan sedikitnya satu syarat beserta batas waktunya."))
        return found


class DecideItemForm(OutcomeForm):
    """What the approver decides about one case; the recommendation is filled in."""

    effective_on = day(_("Mulai berlaku"), required=False)
    planned_saving = forms.DecimalField(
        label=_("Rencana hemat setahun (Rp)"), min_value=0, decimal_places=0, required=False
    )
    contract = forms.CharField(
        label=_("Nomor kontrak"),
        max_length=120,
        required=False,
        help_text=_("Supaya satu kontrak tidak dihitung dua kali."),
    )
    acknowledged = forms.BooleanField(label=_("Saya sudah membaca bukti yang berubah"), required=False)

    def __init__(self, *args, case, evidence_changed=False, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        del self.fields["departure"]
        self.fields["outcome"].label = _("Keputusan Anda")
        self.fields["outcome"].choices = self._choices()
        self.fields["reason"].required = False
        self.fields["reason"].help_text = _("Wajib bila berbeda dari rekomendasi atau dikembalikan.")
        if not evidence_changed:
            del self.fields["acknowledged"]

    @property
    def advised_conditions(self):
        return self.case.recommendation.conditions if self.case.recommendation else []

    def _choices(self):
        advised = self.case.recommendation.outcome if self.case.recommendation else ""
        rest = [choice for choice in self.fields["outcome"].choices if choice[0] != advised]
        first = [
            (value, _("%(outcome)s, sesuai rekomendasi") % {"outcome": label})
            for value, label in self.fields["outcome"].choices
            if value == advised
        ]
        return [*first, *rest, (SEND_BACK, _("Kembalikan ke desk"))]

    def clean(self):
        cleaned = super().clean()
        advised = self.case.recommendation.outcome if self.case.recommendation else ""
        if cleaned.get("outcome") and cleaned["outcome"] != advised and not cleaned.get("reason"):
            self.add_error("reason", _("Tuliskan alasannya: keputusan ini berbeda dari rekomendasi."))
        return cleaned


class DecideForm(forms.Form):
    """The numbered act itself, and the password once more."""

    decree_number = forms.CharField(label=_("Nomor keputusan"), max_length=120)
    legal_basis = text(_("Dasar hukum"), rows=2)
    password = forms.CharField(
        label=_("Kata sandi Anda"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Diminta sekali lagi karena keputusan mengikat."),
    )


class ObjectionForm(forms.Form):
    """The owner's objection against a decision."""

    reason = text(_("Alasan keberatan"), rows=4)
    evidence = scan(_("Bukti"), required=False)

    def __init__(self, *args, for_owner=False, **kwargs):
        super().__init__(*args, **kwargs)
        if for_owner:
            self.fields["evidence"].required = True
            self.fields["evidence"].label = _("Pindaian surat keberatan yang ditandatangani")


class AnnulForm(forms.Form):
    """The numbered act that annuls a decision."""

    number = forms.CharField(label=_("Nomor keputusan pembatalan"), max_length=120)
    reason = text(_("Alasan"))
    password = DecideForm.declared_fields["password"]


class EmptyForm(forms.Form):
    """An act that asks for nothing."""


class CheckFileForm(forms.Form):
    """A file, or its SHA-256, to be compared with an issued paper."""

    file = forms.FileField(label=_("Berkas"), required=False)
    sha256 = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        label=_("atau SHA-256"),
        required=False,
        error_messages={"invalid": _("SHA-256 terdiri dari 64 huruf dan angka heksadesimal.")},
    )

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("file") and not cleaned.get("sha256"):
            raise forms.ValidationError(_("Pilih berkas atau tempelkan SHA-256-nya."))
        return cleaned
