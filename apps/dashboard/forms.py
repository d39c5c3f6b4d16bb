"""Shape of input on the pages that join domains."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class HandOverForm(forms.Form):
    """Who takes over, and why."""

    successor_id = forms.TypedChoiceField(label=_("Penerus"), coerce=int)
    reason = forms.CharField(
        label=_("Alasan"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Misalnya mutasi, pensiun, atau cuti panjang."),
    )

    def __init__(self, data: Any = None, *, successors: list[tuple[int, str]]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["successor_id"].choices = [("", _("pilih")), *successors]
