"""The overview of cases against figures worked out by hand: medians, working days late, calendar, roadmap."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from apps.accounts.models import GovernmentPolicy, Role
from apps.audit.models import Event
from apps.core import clock, workdays
from apps.core.models import HolidayYear
from apps.core.services import set_holidays
from apps.deactivation import services
from apps.deactivation.models import Case, Letter
from apps.deactivation.queries import calendar, late_cases, overview
from tests import factories
from tests import factories_deactivation as made
from tests.deactivation.web import api, page, signed_in

pytestmark = pytest.mark.django_db
PATH = "/kasus/ringkasan/"
JAKARTA = ZoneInfo("Asia/Jakarta")


def on(day, hour=9):
    clock.travel_to(datetime(2026, *day, hour, tzinfo=JAKARTA))


@pytest.fixture
def cast(db):
    on((3, 2))
    return made.make_cast()


def sent(cast, case, by_operator=None):
    letter = services.send_letter([case.pk], by=cast.reviewer, versions={case.pk: case.version})
    services.open_letter(letter.pk, by=by_operator or cast.operator)
    return letter


def test_working_days_since_several_starts_by_hand(db):
    """August 2024: the 17th is a Saturday; Monday the 19th is made a day off here."""
    set_holidays(2024, [(date(2024, 8, 19), "national_holiday", "Contoh")], decree="SKB", confirmed_by="uji")
    starts = [date(2024, 8, 15), date(2024, 8, 16), date(2024, 8, 18), date(2024, 8, 20)]
    counted = workdays.working_days_since(starts, date(2024, 8, 21))
    assert list(counted.values()) == [3, 2, 2, 1]
    assert counted == {day: workdays.working_days_between(day, date(2024, 8, 21)) for day in starts}
    assert workdays.working_days_since([], date(1990, 1, 1)) == {}


def test_medians_by_step_and_office_by_hand(cast):
    """Nominated on 2 March; letters after 2, 4 and 9 days, the last for another office; one still waits."""
    other = factories.make_agency(cast.government)
    operator = factories.make_actor(Role.OPERATOR, cast.government, other)
    factories.make_actor(Role.AGENCY_HEAD, cast.government, other)
    a, b = (made.make_case(at="nominated", cast=cast) for _ in range(2))
    c, _waits = (made.make_case(at="nominated", cast=cast, application=made.make_registered(other)) for _ in range(2))
    for day, case, by in (((3, 4), a, cast.operator), ((3, 6), b, cast.operator), ((3, 11), c, operator)):
        on(day)
        sent(cast, case, by)
    found = overview.overview(cast.reviewer)
    assert found.medians == {"nominated": 4.0}
    assert {row["code"]: row["medians"] for row in found.offices} == {
        cast.owner.code: {"nominated": 3.0},
        other.code: {"nominated": 9.0},
    }


def test_board_and_lateness_by_hand(cast):
    """Delivered on Monday 2 March with ten working days: due on the 16th; on Sunday the 22nd four are gone (17-20)."""
    late, fresh = made.make_case(at="nominated", cast=cast), made.make_case(at="nominated", cast=cast)
    assert sent(cast, late).pk and made.letter_of(late).due_on == date(2026, 3, 16)
    on((3, 16), 23)
    assert overview.overview(cast.reviewer).late == []
    on((3, 22))
    found = overview.overview(cast.reviewer)
    assert [(row.case, row.late, row.days) for row in found.late] == [(late, 4, 20)]
    rows = {row["status"]: (row["ages"], row["late"], row["worst"]) for row in found.board}
    assert rows["awaiting_answer"] == ([0, 1, 0, 0], 1, 4) and rows["nominated"] == ([0, 1, 0, 0], 0, 0)
    assert [row.case for row in found.standings] == [late, fresh]
    assert "4 hari kerja" in page(signed_in(cast.reviewer), PATH)
    assert "terlambat 4 hari kerja" in page(signed_in(cast.reviewer), "/kasus/")


def test_joint_leave_counts_as_the_government_says(cast):
    """Friday 20 March is joint leave: three days late where it is a day off, four where offices work."""
    case = made.make_case(at="nominated", cast=cast)
    sent(cast, case)
    factories.confirm_year(2026, [(date(2026, 3, 20), "joint_leave", "Cuti bersama")])
    on((3, 22))
    assert "terlambat 3 hari kerja" in page(signed_in(cast.reviewer), "/kasus/")
    GovernmentPolicy.objects.update_or_create(government=cast.government, defaults={"joint_leave_is_working": True})
    assert "terlambat 4 hari kerja" in page(signed_in(cast.reviewer), "/kasus/")
    assert [row.late for row in overview.overview(cast.reviewer).late] == [4]


def test_nobody_counts_days_of_a_year_nobody_confirmed(cast):
    case = made.make_case(at="nominated", cast=cast)
    sent(cast, case)
    on((3, 22))
    HolidayYear.objects.filter(year=2026).update(confirmed_at=None)
    assert [row.late for row in overview.overview(cast.reviewer).late] == [None]
    assert "hari libur belum dikonfirmasi" in page(signed_in(cast.reviewer), PATH)


def test_a_case_is_late_by_a_waiting_step_though_another_is_verified(cast):
    made.make_case(at="closed", cast=cast)
    case = made.make_case(at="executing", cast=cast)
    item = case.checklist.filter(responsible=cast.owner, phase="before").first()
    item = services.complete_item(
        item.pk, by=cast.operator, version=item.version, evidence=made.make_evidence(cast.operator)
    )
    services.verify_item(item.pk, by=cast.second_reviewer, version=item.version)
    last = max(row.due_on for row in case.checklist.all())
    made.travel_to_day(last.replace(year=last.year + 1))
    assert list(late_cases(Case.objects.all())) == [case]
    waiting = case.checklist.exclude(status="verified")
    row = overview.overview(cast.reviewer).late[0]
    assert row.due_on == min([case.effective_on, *(step.due_on for step in waiting)])


def test_the_calendar_tells_every_kind_on_its_day(cast):
    asked = made.make_case(at="nominated", cast=cast)
    sent(cast, asked)
    terms = [{"text": "Perbaiki", "due_on": date(2026, 3, 20)}]
    made.make_case(at="decided", cast=cast, outcome="optimise", conditions=terms)
    decided = made.make_case(at="decided", cast=cast)
    march = calendar.calendar(cast.reviewer, date(2026, 3, 1), date(2026, 3, 31), JAKARTA)
    days = {(entry.day, entry.kind) for entry in march}
    assert {(date(2026, 3, 16), "letter"), (date(2026, 3, 2), "session"), (date(2026, 3, 20), "condition")} <= days
    wide = calendar.calendar(cast.reviewer, date(2026, 3, 1), date(2027, 3, 1), JAKARTA)
    told = {(entry.day, entry.kind) for entry in wide if entry.code == decided.code}
    assert told == {(decided.objection_ends_on, "objection"), (decided.effective_on, "effective")}
    running = made.make_case(at="executing", cast=cast)
    steps = [entry for entry in calendar.calendar(cast.reviewer, date(2026, 1, 1), date(2028, 1, 1), JAKARTA)
             if entry.kind == "step" and entry.code == running.code]  # fmt: skip
    assert sorted(entry.day for entry in steps) == sorted(running.checklist.values_list("due_on", flat=True))
    kinds = {entry.kind for entry in calendar.calendar(cast.planner, date(2026, 3, 1), date(2026, 3, 31), JAKARTA)}
    assert "letter" not in kinds and "session" in kinds  # letters are not a companion's to read


def test_a_letter_waits_no_more_when_its_last_case_has_ended(cast):
    """Both letters are past their day; the case of the second was withdrawn."""
    still, ended = made.make_case(at="nominated", cast=cast), made.make_case(at="nominated", cast=cast)
    letters = [sent(cast, still), sent(cast, ended)]
    ended.refresh_from_db()
    services.withdraw(ended.pk, by=cast.reviewer, version=ended.version, reason="Ternyata dipakai")
    on((3, 22))
    today = date(2026, 3, 22)
    late = Letter.objects.filter(status="delivered", due_on__lt=today).order_by("pk")
    assert list(late) == letters  # the state and the day alone say nothing
    assert list(Letter.objects.overdue(today)) == letters[:1]
    march = calendar.calendar(cast.reviewer, date(2026, 3, 1), date(2026, 3, 31), JAKARTA)
    assert [entry.code for entry in march if entry.kind == "letter"] == [letters[0].code]
    body = page(signed_in(cast.reviewer), "/surat/")
    assert body.count('data-label="Batas jawab" class="worse"') == 1 and "1 surat menunggu jawaban" in body


def test_a_case_due_on_a_day_off_is_late_before_a_working_day_is_gone(cast):
    """Due on Monday 16 March; with the 17th to the 20th off, on Sunday the 22nd no working day has passed."""
    case = made.make_case(at="nominated", cast=cast)
    sent(cast, case)
    factories.confirm_year(2026, [(date(2026, 3, day), "national_holiday", "Libur") for day in range(17, 21)])
    on((3, 22))
    assert [(row.case, row.late) for row in overview.overview(cast.reviewer).late] == [(case, 0)]
    assert list(late_cases(Case.objects.all())) == [case]
    body = page(signed_in(cast.reviewer), "/kasus/")
    assert "sudah lewat" in body and "hari kerja" not in body


def test_the_roadmap_names_successors_by_quarter(cast):
    target = made.make_registered(cast.owner, name="Pengganti")
    ends = made.make_case(at="decided", cast=cast, outcome="replace", target_id=target.pk)
    made.make_case(at="decided", cast=cast, outcome="retain")
    asked = made.make_case(at="recommended", cast=cast)
    annulled = made.make_case(at="annulled", cast=cast)
    found = overview.overview(cast.reviewer).roadmap
    (quarter, [row]), (undated, [waiting]) = found
    assert quarter.starts_on <= ends.effective_on <= quarter.ends_on and undated is None
    assert (row.case, row.target, waiting.case) == (ends, target, asked) and annulled.pk
    body = page(signed_in(cast.head), PATH)
    assert "Pengganti" in body and "Menunggu keputusan" in body
    clock.travel_to(datetime(2028, 3, 1, tzinfo=JAKARTA))
    assert overview.overview(cast.reviewer).older == 1


def test_the_same_statements_for_one_case_and_for_five(cast, django_assert_max_num_queries):
    counts = []
    for number in (1, 4):
        for _ in range(number):
            sent(cast, made.make_case(at="nominated", cast=cast))
        on((3, 22))
        with django_assert_max_num_queries(25) as spent:
            overview.overview(cast.reviewer)
            calendar.calendar(cast.reviewer, date(2026, 3, 1), date(2026, 3, 31), JAKARTA)
        counts.append(len(spent.captured_queries))
        on((3, 2))
    assert counts[0] == counts[1]


def test_page_endpoint_and_files_tell_the_readers_own(cast):
    case = made.make_case(at="nominated", cast=cast)
    sent(cast, case)
    on((3, 22))
    stranger = factories.make_actor("agency_head", cast.government, factories.make_agency(cast.government))
    assert "Belum ada kasus" in page(signed_in(stranger), PATH)
    assert api(stranger).get("/api/v1/cases/overview/").json()["late"] == []
    told = api(cast.head).get("/api/v1/cases/overview/").json()
    assert [(row["case"], row["due_on"], row["working_days_late"]) for row in told["late"]] == [
        (case.code, "2026-03-16", 4)
    ]
    client = signed_in(cast.head)
    lines = client.get(PATH + "ekspor.csv").content.decode().splitlines()
    assert len(lines) == 2 and case.code in lines[1] and lines[1].endswith(",4")
    book = openpyxl.load_workbook(io.BytesIO(client.get(PATH + "ekspor.xlsx").content))
    assert book.sheetnames == ["Kasus berjalan", "Menurut keadaan", "Menurut OPD", "Peta jalan"]
    assert client.get(PATH + "ekspor.pdf").status_code == client.get(PATH + "?bulan=2026-13").status_code == 404
    assert Event.objects.filter(verb="cases.exported").count() == 2
    assert PATH in page(client, "/kasus/")
