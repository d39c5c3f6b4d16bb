"""Forms of what comes after a decision: steps, savings, conditions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.deactivation.forms import day, scan, text
from apps.deactivation.models import Condition, Fate, SignedCopy


class CompleteItemForm(forms.Form):
    """A step done, with its evidence."""

    evidence = scan(_("Bukti"))
    text = text(_("Catatan"), rows=2, required=False)


class SavingForm(forms.Form):
    """What BKAD found to be really saved each year."""

    amount = forms.DecimalField(label=_("Hemat setahun yang terbukti (Rp)"), min_value=0, decimal_places=0)


class RealisedForm(forms.Form):
    """What one calendar year really saved."""

    year = forms.TypedChoiceField(label=_("Tahun"), coerce=int)
    amount = forms.DecimalField(label=_("Terealisasi tahun itu (Rp)"), min_value=0, decimal_places=0)
    basis = text(
        _("Dasar angka"), rows=2, help_text=_("Misalnya nomor DPA, SP2D, atau kontrak yang tidak diperpanjang.")
    )
    evidence = scan(_("Bukti"), required=False)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, year) for year in reversed(years)]


class DatasetForm(forms.Form):
    """A set of data and what becomes of it."""

    name = forms.CharField(label=_("Himpunan data"), max_length=200, help_text=_("Misalnya riwayat antrean 2019–2025."))
    fate = forms.ChoiceField(label=_("Nasib"), choices=Fate.choices, widget=forms.RadioSelect)
    destination = forms.CharField(
        label=_("Penerima"),
        max_length=200,
        required=False,
        help_text=_("Wajib kecuali dimusnahkan: aplikasi atau lembaga."),
    )
    retained_until = day(
        _("Wajib disimpan sampai"),
        required=False,
        help_text=_("Menurut jadwal retensi arsip; wajib kecuali dipindahkan."),
    )


class SettleDatasetForm(forms.Form):
    """That the fate was carried out, with its paper."""

    evidence = scan(_("Berita acara"))
    text = text(_("Catatan"), rows=2, required=False)


class NoticeForm(forms.Form):
    """What users of an application are told before it stops."""

    notice = text(
        _("Pemberitahuan kepada pengguna"),
        rows=3,
        required=False,
        help_text=_(
            "Tanggal berhenti dan penggantinya sudah disebut. Tambahkan ke mana bertanya atau cara memindahkan data."
        ),
    )


class DraftForm(forms.Form):
    """What the Berita Acara is going to say beyond the outcomes."""

    text = text(_("Konsep catatan"), rows=6)


class SignedCopyForm(forms.Form):
    """What came back signed, beside the issued paper."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=SignedCopy.Kind.choices, widget=forms.RadioSelect)
    evidence = scan(_("Berkas bertanda tangan"))


class ConditionForm(forms.Form):
    """A condition of an optimise outcome, met or dropped."""

    status = forms.ChoiceField(
        label=_("Syarat ini"),
        choices=[(Condition.Status.MET, _("Sudah dipenuhi")), (Condition.Status.DROPPED, _("Digugurkan"))],
        widget=forms.RadioSelect,
    )
    text = text(_("Bagaimana dipenuhi, atau mengapa digugurkan"), rows=2)
    evidence = scan(_("Bukti"), required=False)
