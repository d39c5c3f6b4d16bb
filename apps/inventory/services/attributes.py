"""What a government wants to know of its applications beyond the common attributes; an administrator's."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core.errors import RuleViolation
from apps.inventory import fields, rules
from apps.inventory.models import Application, CustomAttribute

MOST_ATTRIBUTES = 50
LONGEST_KEY = 40
SHOWN = ("label", "choices", "visibility", "step", "position", "help")


@transaction.atomic
def add_attribute(*, by: Any, label: str, kind: str, choices: list[str] | None = None, **shown: Any) -> CustomAttribute:
    """Ask something more of every application; it is internal unless said otherwise."""
    if not rules.may_keep_attributes(by):
        raise PermissionDenied
    government = Organization.objects.select_for_update().get(pk=by.government_id)
    attribute = CustomAttribute(government=government, kind=kind)
    _write(attribute, {**shown, "label": label, "choices": choices or []})
    _refuse_fields(attribute)
    rows = CustomAttribute.objects.filter(government=government)
    if rows.filter(active=True).count() >= MOST_ATTRIBUTES:
        raise RuleViolation(
            _("Paling banyak %(most)s keterangan tambahan. Akhiri yang tidak dipakai lebih dahulu.")
            % {"most": MOST_ATTRIBUTES},
            code="too_many",
        )
    attribute.key = _free_key(label, set(rows.values_list("key", flat=True)))
    attribute.save()
    record(by, "attribute.added", attribute, organization=government, key=attribute.key, kind=kind,
           **{name: getattr(attribute, name) for name in SHOWN})  # fmt: skip
    return attribute


@transaction.atomic
def edit_attribute(key: str, *, by: Any, version: int, **shown: Any) -> CustomAttribute:
    """Change how it is asked and who reads it; kind and key stay, for values and other systems hold on to them."""
    attribute = _locked(key, by, version)
    before = {name: getattr(attribute, name) for name in SHOWN}
    _write(attribute, shown)
    _refuse_fields(attribute)
    _refuse_dropped_choices(attribute, set(before["choices"]) - set(attribute.choices))
    changes = {
        name: [str(old), str(getattr(attribute, name))]
        for name, old in before.items()
        if old != getattr(attribute, name)
    }
    attribute.version += 1
    attribute.save()
    record(by, "attribute.edited", attribute, organization=attribute.government, changes=changes)
    return attribute


@transaction.atomic
def end_attribute(key: str, *, by: Any, version: int) -> CustomAttribute:
    """Ask it no longer; what was said stays in the records and their history."""
    return _switch(_locked(key, by, version), by, active=False, verb="attribute.ended")


@transaction.atomic
def restore_attribute(key: str, *, by: Any, version: int) -> CustomAttribute:
    """Ask it again, with what was said before."""
    return _switch(_locked(key, by, version), by, active=True, verb="attribute.restored")


def _switch(attribute: CustomAttribute, by: Any, *, active: bool, verb: str) -> CustomAttribute:
    if attribute.active == active:
        raise RuleViolation(_("Keadaannya sudah demikian. Muat ulang halaman."), code="wrong_state")
    attribute.active = active
    attribute.version += 1
    attribute.save()
    record(by, verb, attribute, organization=attribute.government)
    return attribute


def _locked(key: str, by: Any, version: int) -> CustomAttribute:
    CustomAttribute.objects.visible_to(by).locked(key)
    if not rules.may_keep_attributes(by):
        raise PermissionDenied
    return CustomAttribute.objects.visible_to(by).locked(key, version)


def _write(attribute: CustomAttribute, shown: dict[str, Any]) -> None:
    for name in SHOWN:
        if name in shown:
            setattr(attribute, name, shown[name])
    attribute.label = attribute.label.strip()


def _refuse_fields(attribute: CustomAttribute) -> None:
    wrong: dict[str, list[str]] = {}
    if not attribute.label:
        wrong["label"] = [_("Isi nama keterangan.")]
    elif _named_already(attribute):
        wrong["label"] = [_("Keterangan dengan nama ini sudah ada.")]
    if attribute.kind not in CustomAttribute.Kind.values:
        wrong["kind"] = [_("Pilih jenisnya.")]
    if bool(attribute.choices) != (attribute.kind in CustomAttribute.CHOOSING):
        wrong["choices"] = [_("Tulis pilihannya satu per baris; hanya untuk jenis pilihan.")]
    elif len(set(attribute.choices)) != len(attribute.choices):
        wrong["choices"] = [_("Ada pilihan yang ditulis dua kali.")]
    if wrong:
        raise ValidationError(wrong)


def _named_already(attribute: CustomAttribute) -> bool:
    name = attribute.label.lower()
    others = CustomAttribute.objects.filter(government=attribute.government, active=True, label__iexact=name)
    common = {str(common.label).lower() for common in fields.ATTRIBUTES}
    return name in common or others.exclude(pk=attribute.pk).exists()


def _refuse_dropped_choices(attribute: CustomAttribute, dropped: set[str]) -> None:
    for choice in sorted(dropped):
        said = choice if attribute.kind == CustomAttribute.Kind.CHOICE else [choice]
        rows = Application.objects.filter(government=attribute.government, attributes__contains={attribute.key: said})
        number = rows.count()
        if number:
            text = _("“%(choice)s” masih dipakai %(n)s aplikasi. Ubah aplikasi itu lebih dahulu.")
            raise RuleViolation(text % {"choice": choice, "n": number}, code="choice_in_use")


def _free_key(label: str, taken: set[str]) -> str:
    wish = slugify(label).replace("-", "_")[: LONGEST_KEY - 3].strip("_") or "keterangan"
    return next(key for key in (wish, *(f"{wish}_{n}" for n in range(2, len(taken) + 3))) if key not in taken)
