"""The shape of what people enter on the pages of a case; whether it may be done is asked by the services."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Organization
from apps.deactivation.models import Answer, Ground, Opinion, Outcome
from apps.inventory.models import Application

CONDITION_ROWS = 3
DEACTIVATION_OUTCOMES = [
    (outcome.value, outcome.label)
    for outcome in (Outcome.RETAIN, Outcome.OPTIMISE, Outcome.INTEGRATE, Outcome.REPLACE, Outcome.DEACTIVATE)
]
REACTIVATION_OUTCOMES = [(outcome.value, outcome.label) for outcome in (Outcome.REACTIVATE, Outcome.DECLINE)]
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

    caretaker = forms.ModelChoiceField(Organization.objects.none(), label=_("OPD pengampu"), to_field_name="code")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["caretaker"].queryset = Organization.objects.visible_to(by).able_to_own().exclude(kind="government")


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

    answer = forms.ChoiceField(label=_("Jawaban"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = text(
        _("Penjelasan"),
        required=False,
        help_text=_("Wajib bila keberatan: siapa yang masih memakai, untuk apa, dan sampai kapan."),
    )
    evidence = scan(_("Bukti"), required=False)

    def __init__(self, *args, for_owner=False, **kwargs):
        super().__init__(*args, **kwargs)
        if for_owner:
            self.fields["evidence"].required = True
            self.fields["evidence"].label = _("Pindaian surat jawaban yang ditandatangani")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == Answer.OBJECTED and not cleaned.get("reason"):
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
    """A written invitation of one office."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Perangkat daerah"), to_field_name="code")
    reference = forms.CharField(label=_("Nomor undangan"), max_length=120, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(by).filter(kind__in=["agency", "unit"])


class AttendanceForm(forms.Form):
    """One person present for one office."""

    organization = forms.ModelChoiceField(Organization.objects.none(), label=_("Mewakili"), to_field_name="code")
    name = forms.CharField(label=_("Nama"), max_length=200)
    position = forms.CharField(label=_("Jabatan"), max_length=200, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(by).filter(kind__in=["agency", "unit"])


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
    """What shall become of an application; the desk recommends it, the approver decides it."""

    outcome = forms.ChoiceField(label=_("Hasil"), choices=DEACTIVATION_OUTCOMES, widget=forms.RadioSelect)
    target = forms.ModelChoiceField(
        Application.objects.none(), label=_("Aplikasi tujuan"), to_field_name="code", required=False,
        help_text=_("Wajib bila diintegrasikan atau digantikan."),
    )
    retain_from = forms.CharField(
        label=_("Dihitung lagi mulai triwulan"), max_length=8, required=False,
        help_text=_("Bila dipertahankan, misalnya 2027-Q2. Kosongkan: dua triwulan sesudah ini."),
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case = case
        if case.kind == case.kind.__class__("reactivation"):
            self.fields["outcome"].choices = REACTIVATION_OUTCOMES
        self.fields["target"].queryset = target_choices(case)
        for row in range(1, CONDITION_ROWS + 1):
            self.fields[f"condition_{row}"] = forms.CharField(label=_("Syarat"), max_length=500, required=False)
            self.fields[f"condition_{row}_due"] = day(_("Paling lambat"), required=False)

    @property
    def condition_fields(self):
        """Pairs of bound fields, text and due date."""
        return [(self[f"condition_{row}"], self[f"condition_{row}_due"]) for row in range(1, CONDITION_ROWS + 1)]

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome in (Outcome.INTEGRATE, Outcome.REPLACE) and not cleaned.get("target"):
            self.add_error("target", _("Pilih aplikasi tujuannya."))
        cleaned["conditions"] = self._conditions() if outcome == Outcome.OPTIMISE else []
        return cleaned

    def _conditions(self):
        rows = []
        for row in range(1, CONDITION_ROWS + 1):
            wording, due = self.cleaned_data.get(f"condition_{row}"), self.cleaned_data.get(f"condition_{row}_due")
            if wording and not due:
                self.add_error(f"condition_{row}_due", _("Isi batas waktunya."))
            if wording and due:
                rows.append({"text": wording, "due_on": due})
        if not rows:
            self.add_error("condition_1", _("Tuliskan sedikitnya satu syarat beserta batas waktunya."))
        return rows
