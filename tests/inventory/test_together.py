"""One value into many records: what each row would do, one reason, all or none."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from tests.deactivation.web import page, signed_in
from tests.inventory.doing import fresh, last_event

pytestmark = pytest.mark.django_db
PAGE = "/aplikasi/ubah-sekaligus/"


def rows_of(*records):
    return [(record.pk, record.version) for record in records]


def together(office, *records, by=None, attribute="hosting", value="cloud", reason="Pindah ke awan"):
    return services.edit_together(
        rows_of(*records), by=by or office.reviewer, attribute=attribute, value=value, reason=reason
    )


def test_every_record_changes_and_its_own_trail_says_why(office):
    one, two = office.registered("Satu"), office.registered("Dua")
    together(office, one, two)
    for record in (one, two):
        assert (fresh(record).hosting, fresh(record).version) == ("cloud", record.version + 1)
        event = last_event(record)
        assert (event.verb, event.reason) == ("application.edited", "Pindah ke awan")
        assert event.details["changes"] == {"hosting": ["", "cloud"]}
    assert Event.objects.get(verb="applications.edited_together").details["count"] == 2


def refused(office, error, *records, **values):
    before = [fresh(record).hosting for record in records]
    with pytest.raises(error):
        together(office, *records, **values)
    assert [fresh(record).hosting for record in records] == before


def test_one_stale_row_keeps_all_as_they_were(office):
    one, two = office.registered("Satu"), office.registered("Dua")
    services.edit(two.pk, by=office.reviewer, version=two.version, values={"vendor": "PT Lain"}, reason="Lain")
    refused(office, StaleVersion, one, two)


def test_one_ended_row_keeps_all_as_they_were(office):
    refused(office, RuleViolation, office.registered("Satu"), office.retired("Dua"))


def test_a_reason_is_needed_and_a_row(office):
    refused(office, ValidationError, office.registered("Satu"), reason=" ")
    with pytest.raises(RuleViolation):
        together(office)


@pytest.mark.parametrize("role", ["agency_head", "companion", "approver", "executive", "auditor"])
def test_roles_that_do_not_write_are_refused(office, role):
    refused(office, PermissionDenied, office.registered("Satu"), by=office.person(role))


def test_a_stranger_does_not_find_them(office):
    refused(office, Http404, office.registered("Satu"), by=office.stranger)


@pytest.mark.parametrize("attribute", ["name", "addresses", "status", "code", "tidak_ada"])
def test_what_is_ones_own_is_not_written_into_many(office, attribute):
    refused(office, PermissionDenied, office.registered("Satu"), attribute=attribute)


def test_no_record_points_to_itself(office):
    one = office.registered("Satu")
    refused(office, RuleViolation, one, office.registered("Dua"), attribute="successor", value=one)


def test_from_the_list_over_the_preview_to_the_change(office):
    one, same = office.registered("Satu"), office.registered("Dua", hosting="cloud")
    ended = office.retired("Tiga")
    client = signed_in(office.reviewer)
    assert f'value="{one.key}" form="pilihan"' in page(client, "/aplikasi/")
    keys = ",".join((one.key, same.key, ended.key))
    assert 'name="hosting"' in page(client, f"{PAGE}?pilih={keys}&atribut=hosting")
    typed = {"pilih": keys, "atribut": "hosting", "hosting": "cloud", "dari": "q=x"}
    preview = client.post(PAGE, typed)
    text = preview.content.decode()
    assert preview.context["counts"] == {"refuses": 1, "changes": 1, "same": 1}
    assert "Tidak dapat diubah selagi pensiun" in text and "awan komersial" in text
    assert f'name="rows" value="{one.pk}:{one.version}"' in text
    typed["rows"] = preview.context["versions"]
    unsaid = client.post(PAGE, {**typed, "reason": ""})
    assert unsaid.status_code == 400 and fresh(one).hosting == ""
    done = client.post(PAGE, {**typed, "reason": "Pindah"})
    assert (done.status_code, done.url) == (302, "/aplikasi/?q=x") and fresh(one).hosting == "cloud"
    again = client.post(PAGE, {**typed, "reason": "Pindah"})
    assert again.status_code == 412


def test_all_that_the_question_finds(office):
    office.registered("Antrean Satu")
    office.registered("Antrean Dua")
    office.registered("Gaji")
    text = page(signed_in(office.reviewer), f"{PAGE}?semua=1&dari=q%3Dantrean")
    assert "Ubah 2 aplikasi sekaligus" in text and "Gaji" not in text


def test_nothing_chosen_says_what_to_do_and_readers_do_not_enter(office):
    assert "Belum ada aplikasi yang dipilih" in page(signed_in(office.reviewer), PAGE)
    assert signed_in(office.person("executive")).get(PAGE).status_code == 403
    assert "Ubah sekaligus" not in page(signed_in(office.person("executive")), "/aplikasi/")
