"""Form fields of a government's own attributes, cleaned to what `Application.attributes` keeps; the forms that define them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.inventory import fields
from apps.inventory.models import CustomAttribute


class DayInput(forms.DateInput):
    """A day as browsers know it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "w-half"})


class KeptNumber(forms.DecimalField):
    """A number as JSON keeps it, typed with a comma or a point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-half"})
    default_error_messages = {"invalid": _("Tulis angka saja, misalnya 12 atau 12,5.")}

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def clean(self, value: Any) -> int | float | None:
        number = super().clean(value)
        if number is None:
            return None
        return int(number) if number == number.to_integral_value() else float(number)


class KeptDay(forms.DateField):
    """A day as JSON keeps it."""

    widget = DayInput

    def clean(self, value: Any) -> str | None:
        day = super().clean(value)
        return day.isoformat() if day else None


def _choice(attribute: fields.OwnAttribute, about: dict[str, Any]) -> forms.Field:
    widget = forms.RadioSelect if len(attribute.options) <= 4 else forms.Select
    return forms.ChoiceField(choices=[("", _("belum diketahui")), *attribute.choices], widget=widget, **about)


KINDS: dict[str, Callable[[fields.OwnAttribute, dict[str, Any]], forms.Field]] = {
    "text": lambda _attribute, about: forms.CharField(max_length=500, **about),
    "number": lambda _attribute, about: KeptNumber(max_digits=15, **about),
    "date": lambda _attribute, about: KeptDay(**about),
    "choice": _choice,
    "choices": lambda attribute, about: forms.MultipleChoiceField(
        choices=attribute.choices, widget=forms.CheckboxSelectMultiple, **about
    ),
}


def own_field(attribute: fields.OwnAttribute, about: dict[str, Any]) -> forms.Field:
    """The form field of one own attribute."""
    return KINDS[attribute.kind](attribute, about)


class LinesField(forms.CharField):
    """Short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value: str) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class CustomAttributeForm(forms.Form):
    """A new attribute of the government's own."""

    label = forms.CharField(
        label=_("Nama keterangan"), max_length=80, help_text=_("Seperti yang dibaca pengisi formulir.")
    )
    kind = forms.ChoiceField(
        label=_("Jenis"),
        choices=CustomAttribute.Kind.choices,
        widget=forms.RadioSelect,
        help_text=_("Tidak dapat diubah setelah dibuat."),
    )
    choices = LinesField(
        label=_("Pilihan"), required=False, help_text=_("Satu pilihan per baris. Kosongkan untuk teks, angka, tanggal.")
    )
    visibility = forms.ChoiceField(
        label=_("Siapa yang membaca"),
        choices=CustomAttribute.Visibility.choices,
        widget=forms.RadioSelect,
        initial=CustomAttribute.Visibility.INTERNAL,
    )
    step = forms.TypedChoiceField(
        label=_("Langkah formulir"), coerce=int, choices=list(fields.STEPS.items()), help_text=_("Tempat mengisinya.")
    )
    position = forms.IntegerField(
        label=_("Urutan di langkah itu"), min_value=1, max_value=99, initial=1, help_text=_("1 paling atas.")
    )
    help = forms.CharField(
        label=_("Petunjuk"), max_length=200, required=False, help_text=_("Tampil di bawah namanya, satu kalimat.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)


class CustomAttributeEditForm(CustomAttributeForm):
    """An attribute as it is asked from now on; its kind stays."""

    kind = None  # type: ignore[assignment]

    def __init__(self, *args: Any, attribute: CustomAttribute, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if attribute.kind not in CustomAttribute.CHOOSING:
            del self.fields["choices"]
