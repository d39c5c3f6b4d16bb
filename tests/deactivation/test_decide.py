"""Deciding: several cases in one act, differences, changed evidence, objections, savings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from apps.core.errors import RuleViolation, StaleVersion
from apps.deactivation import services
from apps.deactivation.models import Case, Condition, Decision, Saving
from apps.inventory.models import Standing
from apps.monitoring.models import UsageSample
from tests import factories_deactivation as made

pytestmark = pytest.mark.django_db


def _decide(choices, cast, **fields):
    fields = {"decree_number": "188/1/2026", "legal_basis": made.LEGAL_BASIS, **fields}
    return services.decide(choices, by=cast.approver, **fields)


def test_several_cases_in_one_numbered_act(cast, recommended):
    cases = [recommended, *(made.make_case(at="recommended", cast=cast) for _ in range(2))]
    decision = _decide([made.choice(case) for case in cases], cast)
    assert decision.items.count() == 3 and decision.cases.filter(status="decided").count() == 3
    assert decision.signatory_name == cast.approver.name
    assert Case.objects.get(pk=cases[0].pk).effective_on > cases[0].nominated_at.date()


def test_all_or_nothing_naming_those_refused(cast, recommended):
    good, bad = recommended, made.make_case(at="on_desk", cast=cast)
    with pytest.raises(RuleViolation) as refused:
        _decide([made.choice(good), made.choice(bad)], cast)
    assert bad.code in refused.value.message and good.code not in refused.value.message
    assert not Decision.objects.exists() and Case.objects.get(pk=good.pk).status == "recommended"


def test_a_stale_version_refuses_the_whole(cast, recommended):
    cases = [recommended, made.make_case(at="recommended", cast=cast)]
    with pytest.raises(StaleVersion):
        _decide([made.choice(cases[0]), services.Choice(cases[1].pk, cases[1].version - 1)], cast)
    assert not Decision.objects.exists()


def test_one_number_is_used_once(cast, recommended):
    first, second = recommended, made.make_case(at="recommended", cast=cast)
    _decide([made.choice(first)], cast)
    with pytest.raises(RuleViolation) as refused:
        _decide([made.choice(second)], cast)
    assert refused.value.code == "number_used"


@pytest.mark.parametrize(
    "fields", [{"decree_number": " "}, {"legal_basis": ""}, {"decided_on": date(2999, 1, 1)}], ids=str
)
def test_number_basis_and_a_possible_date_are_needed(cast, recommended, fields):
    case = recommended
    with pytest.raises(ValidationError):
        _decide([made.choice(case)], cast, **fields)


def test_a_different_outcome_needs_a_reason(cast, recommended):
    case = recommended
    with pytest.raises(ValidationError):
        _decide([made.choice(case, outcome="retain")], cast)
    _decide([made.choice(case, outcome="retain", reason="Masih dipakai musiman")], cast)
    case.refresh_from_db()
    assert (case.status, case.outcome, case.recommendation.outcome) == ("closed", "retain", "deactivate")
    assert Standing.objects.get(pk=case.application_id).open_case == ""


def test_optimise_closes_at_once_and_its_conditions_are_followed(cast):
    terms = [{"text": "Pasang akun tunggal", "due_on": "2027-03-01"}]
    case = made.make_case(at="recommended", cast=cast, outcome="optimise", conditions=terms)
    assert made.decide(case, cast).status == "closed"
    condition = Condition.objects.get(case=case)
    services.settle_condition(condition.pk, by=cast.reviewer, version=condition.version, status="met", text="Terpasang")
    condition.refresh_from_db()
    assert condition.status == "met"


def test_the_effective_date_lies_after_the_objection_window(cast, recommended):
    case = recommended
    tomorrow = case.nominated_at.date() + timedelta(days=1)
    with pytest.raises(ValidationError):
        _decide([made.choice(case, effective_on=tomorrow)], cast)


def test_new_use_does_not_move_the_case_and_must_be_acknowledged(cast, recommended):
    case = recommended
    UsageSample.objects.create(
        application=case.application, day=case.nominated_at.date() + timedelta(days=2), active_users=7
    )
    with pytest.raises(RuleViolation) as refused:
        _decide([made.choice(case)], cast)
    assert refused.value.code == "evidence_changed"
    item = _decide([made.choice(case, acknowledged=True)], cast).items.get()
    assert item.acknowledged and item.evidence["changes"][0]["source"] == "counters"


def test_an_upheld_objection_goes_back_to_recommended_and_the_decision_stays_in_the_record(cast, recommended):
    case = made.decide(recommended, cast)
    former = case.decision
    case = services.raise_objection(case.pk, by=cast.head, version=case.version, reason="Masih dipakai puskesmas")
    made.travel_to_day(case.effective_on)
    with pytest.raises(RuleViolation) as refused:
        services.begin_retiring(case.pk, by=cast.system)
    assert refused.value.code == "objection_open"
    case = services.uphold_objection(case.pk, by=cast.approver, version=case.version, reason="Bukti baru")
    assert (case.status, case.decision, case.decree_number) == ("recommended", None, "")
    assert former.items.filter(case=case).exists()
    assert made.decide(case, cast, "188/2").decision != former


def test_a_dismissed_objection_lets_the_decision_stand(cast, recommended):
    case = made.decide(recommended, cast)
    case = services.raise_objection(case.pk, by=cast.head, version=case.version, reason="Masih dipakai")
    case = services.dismiss_objection(case.pk, by=cast.approver, version=case.version, reason="Tanpa bukti")
    made.travel_to_day(case.effective_on)
    assert services.begin_retiring(case.pk, by=cast.system).status == "executing"


def test_the_window_ends(cast, recommended):
    case = made.decide(recommended, cast)
    made.travel_to_day(case.effective_on)
    with pytest.raises(RuleViolation):
        services.raise_objection(case.pk, by=cast.head, version=case.version, reason="Terlambat")


def test_one_contract_is_never_counted_twice_and_bkad_verifies(cast, recommended):
    first, second = recommended, made.make_case(at="recommended", cast=cast)
    saving = {"planned_saving": Decimal(186_000_000), "contract": "027/15/SPK"}
    _decide([made.choice(first, **saving)], cast)
    with pytest.raises(RuleViolation) as refused:
        _decide([made.choice(second, planned_saving=Decimal(1), contract=" 027/15/spk ")], cast, decree_number="188/2")
    assert refused.value.code == "contract_counted"
    row = Saving.objects.get()
    with pytest.raises(PermissionDenied):
        services.verify_saving(row.pk, by=cast.planner, version=row.version, amount=Decimal(1))
    done = services.verify_saving(row.pk, by=cast.treasurer, version=row.version, amount=Decimal(150_000_000))
    assert done.verified_at
    case = Case.objects.get(pk=first.pk)
    services.annul(case.pk, by=cast.approver, version=case.version, number="189/1", reason="Keliru")
    assert Saving.objects.get().is_void


def test_steps_follow_hosting_personal_data_and_consumers(cast):
    application = made.make_registered(cast.owner, hosting="cloud", personal_data=["general"])
    consumer = made.make_registered(cast.owner, name="Dasbor Kesehatan")
    application.relations_out.create(target=consumer)
    keys = set(
        made.make_case(at="executing", cast=cast, application=application).checklist.values_list("key", flat=True)
    )
    assert {"hosting-ended", "personal-data-destruction"} <= keys
    assert not {"own-server-released", "server-room-released"} & keys
    assert any(key.startswith("consumer-") for key in keys)


def test_loading_the_templates_twice_changes_nothing():
    made.make_cast()
    assert services.load_checklist_templates() == 0
