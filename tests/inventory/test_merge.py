"""Merging two records: what follows, what stays, who may, what stands in the way, and where the old code leads."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import Http404

from apps.audit.models import Event
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import Application, Contract, Cost, RecordDocument, Relation
from tests.deactivation.web import api, page, signed_in
from tests.factories import make_actor, make_agency, make_government
from tests.inventory.doing import Office, fresh

pytestmark = pytest.mark.django_db
WHY = "Didaftarkan dua kali saat impor"
ROLES = ("operator", "agency_head", "companion", "approver", "executive", "auditor", "administrator")


def merge(office, duplicate, kept, *, by=None, **words):
    duplicate, kept = fresh(duplicate), fresh(kept)
    said = {"version": duplicate.version, "survivor_version": kept.version, "reason": WHY} | words
    return services.merge(duplicate.key, by=by or office.reviewer, survivor=kept.key, **said)


@pytest.fixture
def pair(office):
    """The survivor first, then its duplicate."""
    return office.registered("Antrean Puskesmas"), office.registered("Antrian Puskesmas Online")


def test_the_duplicate_ends_and_points_to_the_survivor(office, pair):
    kept, duplicate = pair
    done = merge(office, duplicate, kept)
    ended = fresh(duplicate)
    assert done == kept and (ended.status, ended.merged_into, ended.status_reason) == ("merged", kept, WHY)
    events = Event.objects.filter(verb__in=["application.merged", "application.absorbed"]).order_by("pk")
    assert [(event.verb, event.subject_code, event.reason) for event in events] == [
        ("application.merged", duplicate.code, WHY),
        ("application.absorbed", kept.code, WHY),
    ]
    assert events[0].details["survivor"] == kept.code and events[1].details["duplicate"] == duplicate.code


def test_the_values_chosen_win_and_the_others_stay(office):
    kept = office.registered("Antrean", vendor="PT Lama", year_built=2019)
    duplicate = office.registered("Antrean Puskesmas", vendor="PT Baru", year_built=2021)
    done = merge(office, duplicate, kept, take=["name", "vendor"])
    assert (done.name, done.vendor, done.year_built) == ("Antrean Puskesmas", "PT Baru", 2019)
    changes = Event.objects.get(verb="application.absorbed").details["changes"]
    assert changes == {"name": ["Antrean", "Antrean Puskesmas"], "vendor": ["PT Lama", "PT Baru"]}


def test_rows_follow_once_each(office):
    both = ("https://sama.contoh.example", "public")
    kept = office.registered("Antrean", addresses=[both])
    duplicate = office.registered("Antrian", addresses=[both, ("https://lain.contoh.example", "public")])
    for application, year, amount in ((kept, 2025, 10), (duplicate, 2025, 99), (duplicate, 2026, 20)):
        Cost.objects.create(application=application, year=year, kind="maintain", amount=amount)
    merge(office, duplicate, kept)
    assert sorted(kept.addresses.values_list("url", flat=True)) == ["https://lain.contoh.example", both[0]]
    assert sorted(kept.costs.values_list("year", "amount")) == [(2025, 10), (2026, 20)]
    assert list(duplicate.costs.values_list("year", "amount")) == [(2025, 99)]


def test_contracts_costs_under_them_and_documents_follow_and_the_figures_with_them(office, pair):
    kept, duplicate = pair
    span = {"vendor": "PT", "amount": 5, "starts_on": date(2026, 1, 1)}
    own = Contract.objects.create(application=kept, number="1", ends_on=date(2026, 6, 30), **span)
    same = Contract.objects.create(application=duplicate, number="1", ends_on=date(2026, 6, 30), **span)
    Contract.objects.create(application=duplicate, number="2", ends_on=date(2027, 6, 30), **{**span, "amount": 9})
    Cost.objects.create(application=duplicate, year=2026, kind="hosting", amount=7, contract=same)
    for application in pair:
        RecordDocument.objects.create(application=application, kind="manual", title="P", location="https://a.example")
    done = merge(office, duplicate, kept)
    assert sorted(done.contracts.values_list("number", flat=True)) == ["1", "2"]
    assert done.costs.get().contract == own and done.documents.count() == 1
    assert (done.contract_value, done.contract_ends_on, done.yearly_cost) == (9, date(2027, 6, 30), 7)


def test_ties_of_other_data_follow_beside_each_other(office, pair):
    kept, duplicate = pair
    hub = office.registered("Satu Data")
    for source, said in ((kept, "Satu"), (duplicate, "Satu"), (duplicate, "Dua")):
        Relation.objects.create(source=source, target=hub, description=said)
    merge(office, duplicate, kept)
    assert sorted(kept.relations_out.values_list("description", flat=True)) == ["Dua", "Satu"]


def test_relations_follow_in_both_directions_without_circles_or_doubles(office, pair):
    kept, duplicate = pair
    hub, feed = office.registered("Satu Data"), office.registered("Kependudukan")
    for source, target in ((kept, hub), (duplicate, hub), (feed, duplicate), (duplicate, kept)):
        Relation.objects.create(source=source, target=target)
    merge(office, duplicate, kept)
    assert set(Relation.objects.filter(source=kept).values_list("target", flat=True)) == {hub.pk}
    assert set(Relation.objects.filter(target=kept).values_list("source", flat=True)) == {feed.pk}
    assert not Relation.objects.filter(source=duplicate, target=kept).exists()


def test_others_that_named_the_duplicate_name_the_survivor(office, pair):
    kept, duplicate = pair
    heir = office.registered("Antrean Lama", successor=duplicate)
    services.edit(
        kept.key, by=office.reviewer, version=fresh(kept).version, values={"super_application": duplicate}, reason="x"
    )
    merge(office, duplicate, kept)
    assert fresh(heir).successor == kept and fresh(kept).super_application is None


def test_a_duplicate_merged_before_leads_to_the_last_survivor(office, pair):
    kept, duplicate = pair
    first = office.registered("Antre")
    merge(office, first, duplicate)
    merge(office, duplicate, kept)
    assert fresh(first).merged_into == fresh(duplicate).merged_into == kept


def test_a_suspension_follows_unless_it_would_last_too_long(office, pair):
    kept, duplicate = pair

    def suspend(application, first, last):
        services.grant_suspension(
            application.key,
            by=office.reviewer,
            version=fresh(application).version,
            starts_on=first,
            ends_on=last,
            reason="x",
        )

    suspend(kept, date(2026, 1, 1), date(2026, 6, 30))
    suspend(duplicate, date(2026, 7, 1), date(2026, 9, 30))
    suspend(duplicate, date(2027, 1, 1), date(2027, 3, 31))
    merge(office, duplicate, kept)
    assert sorted(kept.suspensions.values_list("starts_on", flat=True)) == [date(2026, 1, 1), date(2027, 1, 1)]


@pytest.mark.parametrize("state", ["submitted", "returned", "withdrawn", "refused", "retiring", "retired"])
@pytest.mark.parametrize("side", ["duplicate", "kept"])
def test_only_registered_records_are_merged(office, state, side):
    odd, other = getattr(office, state)("Antrean"), office.registered("Antrian")
    kept, duplicate = (odd, other) if side == "kept" else (other, odd)
    with pytest.raises(RuleViolation):
        merge(office, duplicate, kept)
    assert fresh(odd).status == state and fresh(other).status == "registered"


@pytest.mark.parametrize("side", [0, 1])
def test_a_record_held_by_a_case_is_not_merged(office, pair, side):
    services.place_hold(pair[side].pk, by=office.reviewer, kind="case", reason="Kasus KSS-2026-0001 sedang berjalan")
    with pytest.raises(RuleViolation, match="KSS-2026-0001"):
        merge(office, pair[1], pair[0])
    assert fresh(pair[1]).status == "registered"


@pytest.mark.parametrize("role", ROLES)
def test_only_a_reviewer_merges(office, pair, role):
    with pytest.raises(PermissionDenied):
        merge(office, pair[1], pair[0], by=office.person(role))


def test_refusals_come_in_their_order(office, pair):
    kept, duplicate = pair
    abroad = Office(make_government("Kabupaten Lain"))
    with pytest.raises(Http404):
        merge(office, duplicate, kept, by=abroad.reviewer)
    with pytest.raises(Http404):
        merge(office, duplicate, kept, by=office.stranger)
    with pytest.raises(StaleVersion):
        merge(office, duplicate, kept, survivor_version=0)
    with pytest.raises(StaleVersion):
        merge(office, duplicate, kept, version=0)
    for wrong in ({"reason": " "}, {"take": ["status"]}):
        with pytest.raises(ValidationError):
            merge(office, duplicate, kept, **wrong)
    for other in (duplicate, abroad.registered("Antrean")):
        with pytest.raises(ValidationError):
            merge(office, duplicate, other)
    assert fresh(duplicate).status == "registered"


def test_what_was_merged_is_changed_no_more(office, pair):
    kept, duplicate = pair
    merge(office, duplicate, kept)
    with pytest.raises(RuleViolation):
        merge(office, duplicate, kept)
    with pytest.raises(RuleViolation):
        services.edit(
            duplicate.key, by=office.reviewer, version=fresh(duplicate).version, values={"vendor": "x"}, reason="x"
        )
    with pytest.raises(ProtectedError):
        Application.objects.get(pk=kept.pk).delete()


def test_the_page_compares_and_merges(office):
    kept = office.registered("Antrean Puskesmas", vendor="PT Lama")
    duplicate = office.registered("Antrian Puskesmas", vendor="PT Baru", year_built=2021)
    client = signed_in(office.reviewer)
    assert f"?ke={kept.code}" in page(client, f"/aplikasi/{duplicate.code}/gabung/")
    assert client.get(f"/aplikasi/{duplicate.code}/gabung/?ke=APL-1999-000001").status_code == 404
    url = f"/aplikasi/{duplicate.code}/gabung/?ke={kept.code}"
    text = page(client, url)
    assert "PT Lama" in text and "PT Baru" in text and "tidak dapat dibatalkan" in text
    versions = {"version": fresh(duplicate).version, "survivor_version": fresh(kept).version}
    refused = client.post(url, {**versions, "pick-vendor": "other", "reason": ""})
    assert refused.status_code == 400 and 'value="other" aria-describedby="beda-' in refused.content.decode()
    sent = {**versions, "pick-vendor": "other", "pick-name": "kept", "pick-year_built": "other", "reason": WHY}
    assert client.post(url, sent).url == f"/aplikasi/{kept.code}/"
    assert (fresh(kept).vendor, fresh(kept).year_built, fresh(kept).name) == ("PT Baru", 2021, "Antrean Puskesmas")
    assert "1 aplikasi digabung ke sini" in page(client, f"/aplikasi/{kept.code}/")


def test_the_old_code_leads_everybody_to_the_survivor(office, pair, client):
    kept, duplicate = pair
    merge(office, duplicate, kept)
    old, new = f"/aplikasi/{duplicate.code}/", f"/aplikasi/{kept.code}/"
    assert signed_in(office.reviewer).get(old).url == new == signed_in(office.operator).get(old).url
    assert signed_in(office.stranger).get(old).url == f"/katalog/{kept.code}/"
    public = client.get(f"/katalog/{duplicate.code}/")
    assert (public.status_code, public.url) == (301, f"/katalog/{kept.code}/")
    assert "digabung" in page(signed_in(office.operator), old + "riwayat/").lower()


def test_the_owner_of_the_survivor_reads_what_went_into_it(office, government):
    other = make_agency(government, "Dinas Lain")
    duplicate = services.start_draft(by=office.reviewer, owner=other, name="Antrian")
    said = {"functions": "x", "platforms": ["web"], "service_kind": "public_service"}
    sent = services.save_draft(duplicate.reference, by=office.reviewer, typed={}, values=said)
    sent = services.submit(sent.reference, by=make_actor("operator", government, other), version=sent.version)
    duplicate = services.register(sent.reference, by=office.reviewer, version=sent.version)
    kept = office.registered("Antrean")
    merge(office, duplicate, kept)
    assert "Antrian" in page(signed_in(office.operator), f"/aplikasi/{duplicate.code}/riwayat/")
    assert Event.objects.get(verb="application.merged").organization_id == other.pk


def test_the_api_merges_and_the_old_code_answers_with_a_tombstone(office, pair):
    kept, duplicate = fresh(pair[0]), fresh(pair[1])
    client = api(office.reviewer)
    url = f"/api/v1/applications/{duplicate.code}/"
    body = {"survivor": kept.code, "survivor_version": kept.version, "reason": WHY, "take": []}
    assert client.post(url + "merge/", body, format="json").status_code == 428
    head = {"If-Match": f'"{duplicate.version}"'}
    stale = client.post(url + "merge/", {**body, "survivor_version": 0}, format="json", headers=head)
    assert stale.status_code == 412
    done = client.post(url + "merge/", body, format="json", headers=head)
    assert (done.status_code, done.json()["key"]) == (200, kept.code)
    public = type(client)()
    tombstone = public.get(url).json()
    assert (tombstone["status"], tombstone["merged_into"]) == ("merged", kept.code)
    assert [row["key"] for row in public.get("/api/v1/applications/").json()["results"]] == [kept.code]
    again = client.post(url + "merge/", body, format="json", headers={"If-Match": f'"{fresh(duplicate).version}"'})
    assert again.status_code == 412


def test_what_asks_for_the_old_code_finds_the_survivor(office, pair):
    kept, duplicate = pair
    heir, feed = office.registered("Antrean Lama", successor=duplicate), office.registered("Kependudukan")
    Relation.objects.create(source=feed, target=duplicate)
    merge(office, duplicate, kept)
    client = signed_in(office.reviewer)
    for asked, found in (("q", kept), ("code", kept), ("successor", heir), ("related_to", feed)):
        text = page(client, f"/aplikasi/?{asked}={duplicate.code}")
        assert f"/aplikasi/{found.code}/" in text, asked
