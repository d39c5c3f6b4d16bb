"""T-04 and T-05: simultaneous decisions and nominations, each with a control whose guard is removed."""

from threading import Barrier, BrokenBarrierError

import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from apps.accounts.models import Role
from apps.core.errors import RuleViolation, StaleVersion
from apps.core.models import StatefulQuerySet
from apps.deactivation import services
from apps.deactivation.models import Case, Decision, DecisionItem
from tests import factories
from tests import factories_deactivation as made
from tests.racing import racers

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS, CONTROL_PAIRS = 100, 5
APPLICATIONS, TIMES = 20, 20
INDEX = "case_one_open_per_application"


def _recommended(cast, count):
    """Cases of the owner's own request, recommended in one session: the shortest way there."""
    applications = [made.make_registered(cast.owner) for _ in range(count)]
    cases = [services.nominate(row.pk, by=cast.head, ground="owner_request", reason="Usang").pk for row in applications]
    session = made.make_session(cast)
    services.add_to_agenda(session.pk, by=cast.reviewer, case_ids=cases)
    for pk in cases:
        services.recommend(
            pk, by=cast.reviewer, version=None, session_id=session.pk, outcome="deactivate", reason="Sesuai"
        )
    return list(Case.objects.filter(pk__in=cases).order_by("pk"))


def _answer_of(act):
    try:
        act()
    except StaleVersion:
        return 412
    except RuleViolation:
        return 409
    except (DatabaseError, BrokenBarrierError):
        return 500
    return "ok"


def _decide_twice(pool, case, approvers):
    start = Barrier(len(approvers))

    def decide(number):
        start.wait()
        said = services.Choice(case.pk, case.version)
        services.decide([said], by=approvers[number], decree_number=f"{case.pk}/{number}", legal_basis="Perwal")

    jobs = [pool.submit(_answer_of, lambda number=number: decide(number)) for number in range(len(approvers))]
    return [job.result() for job in jobs]


def test_of_a_hundred_pairs_of_decisions_exactly_one_wins_each():
    cast = made.make_cast()
    approvers = [cast.approver, factories.make_actor(Role.APPROVER, cast.government)]
    cases = _recommended(cast, PAIRS)
    with racers(len(approvers)) as pool:
        for case in cases:
            first, second = sorted(_decide_twice(pool, case, approvers), key=str, reverse=True)
            assert first == "ok" and second in (409, 412)
    assert Decision.objects.count() == DecisionItem.objects.count() == PAIRS
    codes = sorted(int(code.rsplit("-", 1)[1]) for code in Decision.objects.values_list("code", flat=True))
    assert codes == list(range(1, PAIRS + 1))
    print(f"T-04: {PAIRS} pairs, 0 decided twice")  # noqa: T201


def _read_together(parties):
    """Reading a row without its lock and version, waiting until all have read: the guard removed."""
    together = Barrier(parties)

    def unlocked(self, key, version=None):
        row = self.model._default_manager.filter(pk=self.named(key).values_list("pk", flat=True).first()).first()
        if row is None:
            raise Http404
        if self.model.__name__ in ("Case", "Application"):
            try:
                together.wait(2)
            except BrokenBarrierError:
                together.reset()
        return row

    return unlocked


def test_control_without_lock_and_version_cases_are_decided_twice(monkeypatch):
    cast = made.make_cast()
    approvers = [cast.approver, factories.make_actor(Role.APPROVER, cast.government)]
    cases = _recommended(cast, CONTROL_PAIRS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE deactivation_case DISABLE TRIGGER USER")
    try:
        with monkeypatch.context() as patched, racers(len(approvers)) as pool:
            patched.setattr(StatefulQuerySet, "locked", _read_together(2))
            for case in cases:
                _decide_twice(pool, case, approvers)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE deactivation_case ENABLE TRIGGER USER")
    twice = sum(DecisionItem.objects.filter(case=case).count() == 2 for case in cases)
    print(f"T-04 control: {twice} of {CONTROL_PAIRS} decided twice")  # noqa: T201
    assert twice >= 1


def _nominate(pk, by):
    services.nominate(pk, by=by, ground="duplicate", reason="Ganda")


def test_four_hundred_nominations_of_twenty_applications_open_twenty_cases():
    cast = made.make_cast()
    wanted = [made.make_registered(cast.owner).pk for _ in range(APPLICATIONS)] * TIMES
    with racers(8) as pool:
        answers = list(pool.map(lambda pk: _answer_of(lambda: _nominate(pk, cast.reviewer)), wanted))
    assert answers.count("ok") == Case.objects.count() == APPLICATIONS
    assert answers.count(409) == APPLICATIONS * (TIMES - 1)
    print(f"T-05: {len(wanted)} nominations, {APPLICATIONS} cases")  # noqa: T201


def test_control_without_lock_and_constraint_more_cases_open(monkeypatch):
    cast = made.make_cast()
    applications = [made.make_registered(cast.owner).pk for _ in range(3)]
    constraint = next(row for row in Case._meta.constraints if row.name == INDEX)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Case, constraint)
    try:
        with monkeypatch.context() as patched, racers(2) as pool:
            patched.setattr(StatefulQuerySet, "locked", _read_together(2))
            for pk in applications:
                list(pool.map(lambda _turn, pk=pk: _answer_of(lambda: _nominate(pk, cast.reviewer)), range(2)))
        opened = Case.objects.count()
    finally:
        _forget_cases()
        with connection.schema_editor() as editor:
            editor.add_constraint(Case, constraint)
    print(f"T-05 control: {opened} cases of 3 applications")  # noqa: T201
    assert opened > len(applications)


def _forget_cases():
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM deactivation_caseact")
        cursor.execute("DELETE FROM deactivation_case")
        cursor.execute("SET session_replication_role = origin")
