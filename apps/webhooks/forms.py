"""Shape of input on the pages of subscriptions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts.actor import Actor
from apps.accounts.models import Organization
from apps.webhooks.models import LONGEST_URL
from apps.webhooks.rules import ANNOUNCED


class SubscriptionForm(forms.Form):
    """Where to send, and what."""

    name = forms.CharField(
        label=gettext_lazy("Nama"), max_length=100, help_text=gettext_lazy("Sistem yang akan menerimanya.")
    )
    url = forms.CharField(
        label=gettext_lazy("Alamat penerima"),
        max_length=LONGEST_URL,
        help_text=gettext_lazy("Dimulai dengan https://. Jawaban 2xx dalam 10 detik berarti diterima."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Peristiwa"),
        choices=[(one.type, one.label) for one in ANNOUNCED],
        widget=forms.CheckboxSelectMultiple,
    )


class NewSubscriptionForm(SubscriptionForm):
    """A new one belongs to an office, for good."""

    organization = forms.ModelChoiceField(
        Organization.objects.none(),
        label=gettext_lazy("Pemilik"),
        empty_label=gettext_lazy("Pilih organisasi"),
        help_text=gettext_lazy("Peristiwa kasus hanya sampai pada OPD pemilik aplikasinya dan pemerintah daerahnya."),
    )
    field_order = ("name", "organization", "url", "types")

    def __init__(self, *args: Any, by: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = Organization.objects.visible_to(by).able_to_own()
