"""Offices renamed, dissolved and split on a day: what goes along, what stays, who may, and what stands in the way."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from apps.accounts import queries as accounts
from apps.accounts.actor import Actor
from apps.accounts.models import ApiToken, Membership, Organization
from apps.audit.models import Event
from apps.core import clock
from apps.core.errors import RuleViolation, StaleVersion
from apps.inventory import services
from apps.inventory.models import Application, Reorganization
from apps.inventory.tasks import execute_due_reorganizations
from tests.deactivation.web import page, signed_in
from tests.factories import make_actor, make_agency, make_government, make_membership
from tests.inventory.doing import fresh

pytestmark = pytest.mark.django_db
DECREE = "Perwali 12/2026"
ROLES = ("operator", "agency_head", "reviewer", "companion", "approver", "executive", "auditor")


@pytest.fixture
def administrator(government):
    return make_actor("administrator", government)


@pytest.fixture
def heir(government):
    return make_agency(government, "Dinas Penerus")


def today(government, days=0):
    return clock.today(government.zone) + timedelta(days=days)


def plan(office, administrator, kind, *, days=0, **words):
    said = {"effective_on": today(office.government, days), "decree": DECREE} | words
    return services.plan_reorganization(by=administrator, office=office.agency, kind=kind, **said)


def done(row, by):
    return services.execute_reorganization(row.code, by=by, version=row.version)


def again(organization):
    return Organization.objects.get(pk=organization.pk)


def test_a_rename_waits_for_its_day_and_the_past_keeps_the_old_name(office, administrator):
    row = plan(
        office, administrator, "rename", days=10, new_name="Dinas Kesehatan dan Keluarga", new_short_name="Dinkesga"
    )
    execute_due_reorganizations()
    assert again(office.agency).name == "Dinas Kesehatan"
    with pytest.raises(RuleViolation):
        done(row, administrator)
    before = clock.now()
    clock.travel_to(before + timedelta(days=10, minutes=1))
    execute_due_reorganizations()
    assert (again(office.agency).name, again(office.agency).code) == (
        "Dinas Kesehatan dan Keluarga",
        office.agency.code,
    )
    assert Reorganization.objects.get().status == "executed"
    pk = office.agency.pk
    assert accounts.names_on(before, [pk]) == {pk: "Dinas Kesehatan"}
    assert accounts.names_on(clock.now(), [pk]) == {pk: "Dinas Kesehatan dan Keluarga"}


def test_a_dissolved_office_leaves_nothing_behind(office, administrator, heir, government):
    made = [office.registered(), office.draft("Konsep"), office.retired("Lama"), office.submitted("Baru")]
    ended = office.refused("Bukan")
    unit = make_agency(government, "UPT Puskesmas", parent=office.agency, kind="unit")
    row = done(plan(office, administrator, "merge", into=heir), administrator)
    assert {fresh(application).owner for application in made} == {heir} and fresh(ended).owner == office.agency
    assert again(unit).parent == heir
    old = again(office.agency)
    assert old.active_until == row.effective_on - timedelta(days=1)
    assert not Organization.objects.able_to_own().filter(pk=old.pk).exists()
    assert row.moved == {"applications": 4, "memberships": 1, "ended": 0, "units": 1}
    told = Event.objects.filter(verb="application.reassigned")
    assert told.count() == 4 and {event.organization_id for event in told} == {heir.pk}
    assert {event.reason for event in told} == {DECREE}


def test_roles_go_along_with_their_keys_and_the_operator_sees_the_applications(office, administrator, heir):
    application = office.registered()
    token = ApiToken.objects.create(
        name="kunci", organization=office.agency, membership_id=office.operator.membership_id, scopes=["read"],
        token_hash="a" * 64, prefix="spbe_", expires_at=clock.now() + timedelta(days=9),
    )  # fmt: skip
    done(plan(office, administrator, "merge", into=heir), administrator)
    former, new = Membership.objects.filter(user=office.operator.person_id).order_by("pk")
    assert former.ended_at and (former.seat, new.seat, new.scope, new.role) == (office.agency, heir, heir, "operator")
    token.refresh_from_db()
    assert (token.membership, token.organization, token.revoked_at) == (new, heir, None)
    client = signed_in(Actor.of(new))
    assert application.name in page(client, f"/aplikasi/{application.code}/")


def test_one_office_has_one_definitive_head_after_a_merger(office, administrator, heir, government):
    make_membership("agency_head", government, heir)
    leaving = make_membership("agency_head", government, office.agency)
    acting = make_membership("agency_head", government, office.agency, acting="plt")
    row = done(plan(office, administrator, "merge", into=heir), administrator)
    assert row.moved["ended"] == 1
    assert not Membership.objects.filter(user=leaving.user, ended_at=None).exists()
    assert Membership.objects.get(user=acting.user, ended_at=None).seat == heir


def test_a_split_places_what_was_chosen_and_the_rest_follows_or_stays(office, administrator, heir, government):
    chosen, other = office.registered("Gizi"), office.registered("Antrean")
    placements = [("application", chosen.pk, heir), ("membership", office.operator.membership_id, heir)]
    row = done(plan(office, administrator, "split", placements=placements), administrator)
    assert (fresh(chosen).owner, fresh(other).owner) == (heir, office.agency)
    assert again(office.agency).active_until is None and row.moved["applications"] == 1
    third = make_agency(government, "Dinas Ketiga")
    late = services.plan_reorganization(
        by=administrator, office=again(office.agency), kind="split", dissolves=True, into=heir,
        effective_on=today(government), decree=DECREE, placements=[("application", other.pk, third)],
    )  # fmt: skip
    done(late, administrator)
    assert fresh(other).owner == third and again(office.agency).active_until is not None


def test_what_is_added_until_the_day_goes_along(office, administrator, heir):
    plan(office, administrator, "merge", days=5, into=heir)
    added = office.registered("Didaftarkan sesudah direncanakan")
    clock.travel_to(clock.now() + timedelta(days=5, minutes=1))
    execute_due_reorganizations()
    assert fresh(added).owner == heir


def test_the_part_in_the_process_goes_to_the_heir(administrator, government, heir):
    ict = Organization.objects.get(government=government, function="ict_office")
    row = services.plan_reorganization(
        by=administrator, office=ict, kind="merge", into=heir, effective_on=today(government), decree=DECREE
    )
    services.execute_reorganization(row.code, by=administrator.system(), version=row.version)
    assert again(heir).function == "ict_office" and again(ict).function == ""


def test_two_offices_with_a_part_each_are_not_merged(administrator, government):
    ict, planning = (
        Organization.objects.get(government=government, function=f"{n}_office") for n in ("ict", "planning")
    )
    with pytest.raises(ValidationError):
        services.plan_reorganization(
            by=administrator, office=ict, kind="merge", into=planning, effective_on=today(government), decree=DECREE
        )


@pytest.mark.parametrize("role", ROLES)
def test_only_the_administrator_reorganises(office, heir, administrator, role):
    by = office.person(role)
    with pytest.raises(PermissionDenied):
        plan(office, by, "merge", into=heir)
    row = plan(office, administrator, "merge", into=heir)
    for verb in (services.execute_reorganization, services.cancel_reorganization):
        words = {"reason": "x"} if verb is services.cancel_reorganization else {}
        with pytest.raises((Http404, PermissionDenied)):
            verb(row.code, by=by, version=row.version, **words)
    assert Reorganization.objects.get().status == "planned"


def test_an_administrator_of_another_government_finds_nothing(office, heir, administrator):
    abroad = make_actor("administrator", make_government("Kabupaten Lain"))
    row = plan(office, administrator, "merge", into=heir)
    with pytest.raises(Http404):
        done(row, abroad)
    with pytest.raises(PermissionDenied):
        plan(office, abroad, "merge", into=heir)


@pytest.mark.parametrize(
    "words",
    [
        {"kind": "merge"},
        {"kind": "split"},
        {"kind": "rename"},
        {"kind": "split", "dissolves": True},
        {"kind": "merge", "into": "itself"},
        {"kind": "merge", "into": "abroad"},
        {"kind": "merge", "into": "collective"},
        {"kind": "rename", "new_name": "Baru", "decree": " "},
        {"kind": "close", "new_name": "Baru"},
    ],
)
def test_a_plan_that_does_not_fit_is_refused(office, administrator, government, words):
    offices = {
        "itself": office.agency,
        "abroad": make_agency(make_government("Kabupaten Lain")),
        "collective": make_agency(government, "Seluruh OPD", kind="collective"),
    }
    if "into" in words:
        words = {**words, "into": offices[words["into"]]}
    with pytest.raises(ValidationError):
        plan(office, administrator, **words)


def test_an_office_has_one_plan_at_a_time_and_a_plan_ends_once(office, administrator, heir):
    row = plan(office, administrator, "merge", days=3, into=heir)
    with pytest.raises(RuleViolation):
        plan(office, administrator, "rename", new_name="Lain")
    with pytest.raises(StaleVersion):
        services.cancel_reorganization(row.code, by=administrator, version=row.version + 1, reason="x")
    with pytest.raises(ValidationError):
        services.cancel_reorganization(row.code, by=administrator, version=row.version, reason=" ")
    cancelled = services.cancel_reorganization(
        row.code, by=administrator, version=row.version, reason="Perwali dicabut"
    )
    for verb, words in ((services.cancel_reorganization, {"reason": "x"}), (services.execute_reorganization, {})):
        with pytest.raises(RuleViolation):
            verb(row.code, by=administrator, version=cancelled.version, **words)
    assert plan(office, administrator, "rename", new_name="Lain").status == "planned"


def test_what_no_longer_fits_on_the_day_is_said_and_nothing_moves(office, administrator, heir):
    application = office.registered()
    plan(office, administrator, "merge", into=heir)
    Organization.objects.filter(pk=heir.pk).update(active_until=today(office.government))
    for _tick in range(2):
        execute_due_reorganizations()
    row = Reorganization.objects.get()
    assert row.status == "planned" and "Dinas Penerus" in row.blocked_because
    assert fresh(application).owner == office.agency
    assert Event.objects.filter(verb="reorganization.blocked").count() == 1


def test_the_pages_plan_show_and_carry_out(office, administrator, heir):
    application = office.registered("Antrean Puskesmas")
    client = signed_in(administrator)
    assert "Belum ada perubahan organisasi" in page(client, "/pengelolaan/sotk/")
    url = f"/pengelolaan/sotk/rencanakan/{office.agency.code}/split/"
    assert client.get(f"/pengelolaan/sotk/?kantor={office.agency.code}&jenis=split").url == url
    assert "Antrean Puskesmas" in page(client, url)
    sent = {
        "effective_on": today(office.government).isoformat(),
        "decree": DECREE,
        f"application-{application.pk}": heir.code,
    }
    refused = client.post(url, {**sent, "decree": ""})
    assert refused.status_code == 400 and f'value="{heir.code}" selected' in refused.content.decode()
    planned = client.post(url, sent).url
    text = page(client, planned)
    assert "Ke Dinas Penerus" in text and "1 aplikasi, 0 peran, 0 unit" in text
    assert page(client, planned + "laksanakan/")
    assert client.post(planned + "laksanakan/", {"version": 0}).status_code == 412
    assert client.post(planned + "laksanakan/", {"version": Reorganization.objects.get().version}).url == planned
    assert fresh(application).owner == heir and "Aplikasi pindah" in page(client, planned)
    assert (
        client.post(planned + "batalkan/", {"version": Reorganization.objects.get().version, "reason": "x"}).status_code
        == 409
    )
    for wrong in ("tidak-ada/merge/", f"{office.agency.code}/close/"):
        assert client.get(f"/pengelolaan/sotk/rencanakan/{wrong}").status_code == 404
    assert Application.objects.get().history.filter(owner_id=office.agency.pk).exists()
