import pytest
from django.core.management import call_command

from apps.core.models import HolidayYear
from apps.inventory.models import ReferenceCode

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing_and_keeps_corrections():
    call_command("load_reference", verbosity=0)
    ReferenceCode.objects.filter(code="RAB.01").update(name="Diperbaiki")
    HolidayYear.objects.filter(year=2026).update(decree="Nomor lain")
    call_command("load_reference", verbosity=0)
    assert ReferenceCode.objects.count() == 500
    assert ReferenceCode.objects.get(code="RAB.01").name == "Diperbaiki"
    assert HolidayYear.objects.get(year=2026).decree == "Nomor lain"


def test_the_year_after_is_a_proposal_to_confirm():
    call_command("load_reference", verbosity=0)
    confirmed = HolidayYear.objects.filter(confirmed_at__isnull=False).values_list("year", flat=True)
    assert sorted(confirmed) == [2024, 2025, 2026]
    assert HolidayYear.objects.get(year=2027).days.exists()


def test_every_parent_was_found():
    call_command("load_reference", verbosity=0)
    assert not ReferenceCode.objects.filter(level__gt=1, parent__isnull=True).exists()
