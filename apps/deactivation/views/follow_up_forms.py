"""Forms of what comes after a decision: steps, savings, conditions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.deactivation.forms import scan, text
from apps.deactivation.models import Condition, SignedCopy


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
