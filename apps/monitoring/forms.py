"""The shape of what people type about a quarter; whether it may be said is asked by the services."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.errors import RuleViolation
from apps.core.quarter import Quarter
from apps.core.templatetags.spbe import angka
from apps.monitoring.models import UsageReport
from apps.monitoring.rules import THRESHOLD_RANGES

THOUSANDS = re.compile(r"^\d{1,3}([.\s]\d{3})+$")
LARGEST = {"registered_users": 2**31 - 1, "active_users": 2**31 - 1, "transactions": 2**63 - 1}
NUMBERS = ("registered_users", "active_users", "transactions", "database_gb")
FURTHER = ("growth_gb", "sla_percent", "satisfaction", "obstacles", "next_step")


class Whole(forms.Field):
    """A whole number as the office writes it: "38.410" or "38410"."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> int | None:
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        plain = re.sub(r"[.\s]", "", text) if THOUSANDS.match(text) else text
        if not plain.isascii() or not plain.isdigit():
            raise ValidationError(_("Tulis bilangan bulat tanpa satuan, misalnya 1.204."), code="number")
        return int(plain)

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "" if value is None else angka(value)


class Fraction(Whole):
    """A number with decimals as the office writes it: "15,1"."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = str(value if value is not None else "").strip()
        if not text:
            return None
        plain = text.replace(".", "").replace(",", ".") if "," in text or THOUSANDS.match(text) else text
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValidationError(_("Tulis angka dengan koma, misalnya 15,1."), code="number")
        if not number.is_finite() or round(number, 2) != number:
            raise ValidationError(_("Paling banyak dua angka di belakang koma, misalnya 15,25."), code="number")
        return number


class YesNo(forms.Field):
    """Yes, no, or not answered yet."""

    widget = forms.RadioSelect(choices=[("1", _("Ya")), ("0", _("Tidak"))])

    def to_python(self, value: Any) -> bool | None:
        known = {"1": True, "0": False, "": None, "None": None}
        if value is None or isinstance(value, bool):
            return value
        if value not in known:
            raise ValidationError(_("Pilih Ya atau Tidak."), code="choice")
        return known[value]

    def prepare_value(self, value: Any) -> str:
        return {True: "1", False: "0", None: ""}.get(value, value)


def number(kind: type[Whole], name: str, largest: Any, *, shown: bool = True) -> Whole:
    """A number that may be empty, never negative, never above what the column holds."""
    checks = [MinValueValidator(0), MaxValueValidator(largest, _("Angka ini terlalu besar; periksa kembali."))]
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
    label = capfirst(UsageReport._meta.get_field(name).verbose_name)
    return kind(label=label, required=False, validators=checks, widget=widget, show_hidden_initial=shown)


def evidence_file(label: Any, **kwargs: Any) -> forms.FileField:
    """A paper, a picture or a sheet."""
    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg,.xlsx,.csv"})
    return forms.FileField(label=label, widget=widget, help_text=_("PDF, PNG, JPG, XLSX, atau CSV."), **kwargs)


def line(label: Any, placeholder: Any = "") -> forms.CharField:
    """One or two sentences."""
    widget = forms.TextInput(attrs={"placeholder": placeholder})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, show_hidden_initial=True)


class RowForm(forms.Form):
    """One application's answers in the grid. Each field carries what the page showed, so a row nobody touched stays."""

    used = YesNo(label=_("Dipakai?"), required=False, show_hidden_initial=True)
    running = YesNo(label=_("Berjalan?"), required=False, show_hidden_initial=True)
    registered_users = number(Whole, "registered_users", LARGEST["registered_users"])
    active_users = number(Whole, "active_users", LARGEST["active_users"])
    transactions = number(Whole, "transactions", LARGEST["transactions"])
    database_gb = number(Fraction, "database_gb", Decimal("99999999.99"))
    growth_gb = number(Fraction, "growth_gb", Decimal("99999999.99"))
    sla_percent = number(Fraction, "sla_percent", Decimal(100))
    satisfaction = number(Fraction, "satisfaction", Decimal(5))
    obstacles = line(_("Kendala"))
    explanation = line(_("Penjelasan"), _("Kendala atau penjelasan"))
    next_step = forms.ChoiceField(
        label=_("Rencana"),
        required=False,
        choices=[("", _("belum ditentukan")), *UsageReport.Next.choices],
        show_hidden_initial=True,
    )
    attested = forms.BooleanField(label=_("Dinyatakan benar"), required=False, show_hidden_initial=True)


class PaperForm(forms.Form):
    """What a signed paper says, and its scan."""

    running = YesNo(label=_("Apakah aplikasinya berjalan?"), required=False)
    used = YesNo(label=_("Apakah aplikasinya dipakai?"))
    registered_users = number(Whole, "registered_users", LARGEST["registered_users"], shown=False)
    active_users = number(Whole, "active_users", LARGEST["active_users"], shown=False)
    transactions = number(Whole, "transactions", LARGEST["transactions"], shown=False)
    database_gb = number(Fraction, "database_gb", Decimal("99999999.99"), shown=False)
    growth_gb = number(Fraction, "growth_gb", Decimal("99999999.99"), shown=False)
    sla_percent = number(Fraction, "sla_percent", Decimal(100), shown=False)
    satisfaction = number(Fraction, "satisfaction", Decimal(5), shown=False)
    obstacles = forms.CharField(label=_("Kendala"), required=False, max_length=2000)
    explanation = forms.CharField(
        label=_("Penjelasan"),
        required=False,
        max_length=2000,
        help_text=_("Wajib bila isian bertentangan dengan pencacah atau pemeriksaan daring."),
    )
    next_step = forms.ChoiceField(
        label=_("Rencana"), required=False, choices=[("", _("belum ditentukan")), *UsageReport.Next.choices]
    )
    scan = evidence_file(_("Pindaian surat bertanda tangan"))


class FileForm(forms.Form):
    """One more file beside a report."""

    file = evidence_file(_("Berkas bukti"))


class AskForm(forms.Form):
    """What the agency has to explain, and until when."""

    question = forms.CharField(
        label=_("Apa yang perlu dijelaskan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = forms.DateField(
        label=_("Dijawab paling lambat"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class ExplainForm(forms.Form):
    """The agency's explanation."""

    answer = forms.CharField(label=_("Penjelasan OPD"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    document = evidence_file(_("Berkas pendukung"), required=False)


class ReturnForm(forms.Form):
    """What the agency has to mend."""

    note = forms.CharField(
        label=_("Apa yang perlu diperbaiki"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReasonForm(forms.Form):
    """An act that needs nothing but its reason."""

    reason = forms.CharField(label=_("Alasan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


THRESHOLD_WORDS = {
    "active_users": (_("Pengguna aktif, sedikitnya"), _("Dipakai bila pengguna aktif setriwulan mencapai angka ini.")),
    "transactions": (_("atau transaksi, sedikitnya"), _("Dipakai juga bila transaksi setriwulan mencapai angka ini.")),
    "low_use_users": (
        _("Pemakaian rendah di bawah"),
        _("Pengguna aktif di bawah angka ini ditandai pemakaian rendah."),
    ),
    "probes": (_("Pemeriksaan daring, sedikitnya"), _("Alamat disebut mati hanya setelah pemeriksaan sebanyak ini.")),
    "probe_days": (_("pada hari berbeda, sedikitnya"), _("Pemeriksaan itu harus tersebar pada hari sebanyak ini.")),
    "look_back": (_("Triwulan yang dilihat ke belakang"), _("Triwulan terdahulu yang masih dibandingkan.")),
}


class ThresholdsForm(forms.Form):
    """The numbers of the rule, to be tried on past quarters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (lowest, highest) in THRESHOLD_RANGES.items():
            label, help_text = THRESHOLD_WORDS[name]
            self.fields[name] = forms.IntegerField(
                label=label, help_text=help_text, min_value=lowest, max_value=highest
            )

    @property
    def thresholds(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in THRESHOLD_RANGES}


class AdoptForm(ThresholdsForm):
    """The numbers that were tried, with the quarter they are to count from and the reason."""

    starts_in = forms.CharField(
        label=_("Berlaku mulai triwulan"), help_text=_("Ditulis seperti 2026-Q4."), max_length=8
    )
    reason = forms.CharField(label=_("Alasan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ("starts_in", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in THRESHOLD_RANGES:
            self.fields[name].widget = forms.HiddenInput()

    def clean_starts_in(self) -> Quarter:
        try:
            return Quarter.parse(self.cleaned_data["starts_in"])
        except RuleViolation as refusal:
            raise ValidationError(str(refusal)) from refusal


class ExtendForm(forms.Form):
    """A later last day of the window."""

    last_day = forms.DateField(
        label=_("Hari terakhir melapor"),
        help_text=_("Masa lapor berakhir pukul 23.59 pada hari ini."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("Alasan perpanjangan"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
