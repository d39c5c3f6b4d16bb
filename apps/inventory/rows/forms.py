"""Forms of the rows of a record: relation, cost, contract, document."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.inventory.forms import ApplicationCodeField, DayInput, RupiahField
from apps.inventory.models import Application, Contract, Cost, RecordDocument, Relation
from apps.inventory.models.costs import FIRST_YEAR, LAST_YEAR

MONEY = {"min_value": 0, "max_digits": 15, "decimal_places": 0}


class RowForm(forms.Form):
    """The fields of one row and, for a registered record, why it changes."""

    names: tuple[str, ...] = ()

    def __init__(self, data: Any = None, files: Any = None, *, application: Application, row: Any = None) -> None:
        initial = {name: getattr(row, name) for name in self.names if hasattr(row, name)} if row else None
        super().__init__(data, files, initial=initial, label_suffix="")
        self.fit(application)
        self.fields["reason"] = reason_field(application)

    def fit(self, application: Application) -> None:
        """What the choices of this record are."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.names}


def reason_field(application: Application) -> forms.CharField:
    """Asked once the record is registered."""
    return forms.CharField(
        label=_("Alasan perubahan"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=application.code is not None,
        help_text=_("Tercatat di riwayat bersama perubahannya."),
    )


class RelationForm(RowForm):
    """A tie to another registered application."""

    names = ("target", "kind", "direction", "description", "method", "migrated_on")

    kind = forms.ChoiceField(label=_("Jenis hubungan"), choices=Relation.Kind.choices, widget=forms.RadioSelect, initial=Relation.Kind.INTEGRATION)  # fmt: skip
    direction = forms.ChoiceField(label=_("Arah data, dilihat dari aplikasi ini"), choices=Relation.Direction.choices, widget=forms.RadioSelect, initial=Relation.Direction.RECEIVES, help_text=_("Pemakai aplikasi berbagi pakai selalu dicatat sebagai penerima."))  # fmt: skip
    description = forms.CharField(label=_("Data yang dipertukarkan"), max_length=300, required=False, help_text=_("Misalnya: NIK dan nama penduduk, setiap malam."))  # fmt: skip
    method = forms.ChoiceField(label=_("Cara"), choices=[("", _("belum diketahui")), *Relation.Method.choices], required=False)  # fmt: skip
    migrated_on = forms.DateField(label=_("Penerima pindah ke sumber lain tanggal"), widget=DayInput(), required=False, help_text=_("Isi bila penerima sudah atau akan berhenti bergantung. Sejak tanggal itu ia tidak menahan penonaktifan."))  # fmt: skip
    field_order = ("target", *names)

    def fit(self, application: Application) -> None:
        target = ApplicationCodeField(
            label=_("Kode aplikasi lain"),
            help_text=_("Misalnya APL-2026-000042; kode tertulis di daftar aplikasi dan katalog."),
            government_id=application.government_id,
            leave_out=application.pk,
        )
        target.widget.attrs["class"] = "w-half"
        self.fields = {"target": target} | self.fields


class CostForm(RowForm):
    """What was budgeted in one year."""

    names = ("year", "kind", "amount", "budget_reference", "funding_source", "contract")

    year = forms.IntegerField(label=_("Tahun anggaran"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "w-year"}))  # fmt: skip
    kind = forms.ChoiceField(label=_("Jenis biaya"), choices=Cost.Kind.choices, widget=forms.RadioSelect)
    amount = RupiahField(label=_("Jumlah (Rp)"), **MONEY)
    budget_reference = forms.CharField(label=_("Kode anggaran"), max_length=100, required=False, help_text=_("Kode rekening atau nomor DPA."))  # fmt: skip
    funding_source = forms.CharField(label=_("Sumber dana"), max_length=100, required=False, help_text=_("Misalnya APBD, APBN, hibah."))  # fmt: skip
    contract = forms.ModelChoiceField(label=_("Kontrak"), queryset=Contract.objects.none(), required=False, empty_label=_("tanpa kontrak"))  # fmt: skip

    def fit(self, application: Application) -> None:
        self.fields["contract"].queryset = application.contracts.all()


class ContractForm(RowForm):
    """An agreement and its end."""

    names = ("number", "vendor", "subject", "amount", "starts_on", "ends_on")

    number = forms.CharField(label=_("Nomor kontrak"), max_length=100)
    vendor = forms.CharField(label=_("Penyedia"), max_length=200)
    subject = forms.CharField(label=_("Pekerjaan"), max_length=200, required=False)
    amount = RupiahField(label=_("Nilai (Rp)"), **MONEY)
    starts_on = forms.DateField(label=_("Mulai"), widget=DayInput())
    ends_on = forms.DateField(label=_("Berakhir"), widget=DayInput(), help_text=_("Operator dan Diskominfo diingatkan 30 dan 7 hari sebelumnya."))  # fmt: skip


class DocumentForm(RowForm):
    """A file or a place, and how long it holds."""

    names = ("kind", "title", "upload", "location", "valid_from", "valid_until", "visibility")

    kind = forms.ChoiceField(label=_("Jenis dokumen"), choices=RecordDocument.Kind.choices)
    title = forms.CharField(label=_("Judul"), max_length=200)
    upload = forms.FileField(label=_("Berkas"), required=False, help_text=_("PDF, PNG, JPG, XLSX, atau CSV. Kosongkan bila yang dicatat adalah alamat penyimpanan."))  # fmt: skip
    location = forms.URLField(label=_("Alamat penyimpanan"), max_length=500, required=False, assume_scheme="https", help_text=_("Misalnya alamat repositori kode sumber."))  # fmt: skip
    valid_from = forms.DateField(label=_("Berlaku mulai"), widget=DayInput(), required=False)
    valid_until = forms.DateField(label=_("Berlaku sampai"), widget=DayInput(), required=False, help_text=_("Operator dan Diskominfo diingatkan 30 dan 7 hari sebelumnya."))  # fmt: skip
    visibility = forms.ChoiceField(label=_("Siapa yang boleh membaca"), choices=RecordDocument.Visibility.choices, widget=forms.RadioSelect, initial=RecordDocument.Visibility.RESTRICTED)  # fmt: skip


class RemoveForm(forms.Form):
    """Why a row is taken off."""

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, label_suffix="")
        self.fields["reason"] = reason_field(application)
