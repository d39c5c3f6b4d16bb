"""The pages of the quarter: filled, sent, refused without losing what was typed, reviewed, explained."""

import pytest
from django.urls import reverse

from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import services
from apps.monitoring.models import Endorsement, Finding, Period, UsageReport
from tests import factories
from tests.monitoring.browser import form_of, signed_in
from tests.monitoring.world import World, give_evidence

pytestmark = pytest.mark.django_db
Q1 = Quarter(2025, 1)
USED = {"used": True, "users": 36_902, "transactions": 15_700}


def url(name, *args):
    return reverse(f"monitoring:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status, response.content[-600:]
    return response.content.decode()


@pytest.fixture
def world(government):
    return World(government)


def grid(world, period, client=None):
    client = client or signed_in(world.operator)
    response = client.get(url("grid", period.code))
    assert response.status_code == 200
    return client, response.context["rows"]


def test_the_grid_begins_with_last_quarter_and_sends_what_was_stated_to_be_right(world):
    first, second = world.application("Antrean Puskesmas"), world.application("Surveilans TB")
    period = world.open(Q1)
    give_evidence(world, period, first, {"report": USED})
    world.close(period)
    period = world.open(Q1.next())
    client, rows = grid(world, period)
    page = text(client.get(url("grid", period.code)))
    assert 'value="36.902"' in page and "sama" in page and "2 belum dikirim" in page
    typed = form_of(rows, **{f"a{first.pk}-attested": "on", "act": "send"})
    sent = client.post(url("grid", period.code), typed, follow=True)
    assert "1 laporan terkirim" in text(sent) and "1 belum dikirim" in text(sent)
    report = UsageReport.objects.get(period=period, application=first)
    assert (report.status, report.active_users, report.submitted_by_name) == ("submitted", 36_902, world.operator.name)
    assert not UsageReport.objects.filter(period=period, application=second).exists()
    assert "dihitung <b>belum melapor</b>" in text(client.get(url("grid", period.code)))
    reopen = {"act": f"reopen-{report.pk}"}
    assert client.post(url("grid", period.code), reopen).status_code == 412, "without the version that was read"
    typed = form_of(grid(world, period)[1], **{f"a{second.pk}-obstacles": "Server rusak"})
    back = client.post(
        url("grid", period.code), {**typed, **reopen, f"version-{report.pk}": report.version}, follow=True
    )
    assert "kembali menjadi konsep" in text(back) and "2 belum dikirim" in text(back)
    assert "Server rusak" in text(back), "what was typed in other rows is kept"


def test_the_button_that_sends_is_first_only_when_something_is_ready(world):
    application = world.application()
    period = world.open(Q1)
    client, rows = grid(world, period)
    page = text(client.get(url("grid", period.code)))
    assert "Kirim yang siap" in page and "Kirim 0" not in page
    assert 'class="btn btn-primary" type="submit" name="act" value="save"' in page
    prefix = f"a{application.pk}"
    typed = form_of(rows, **{f"{prefix}-used": "0", f"{prefix}-attested": "on"})
    kept = client.post(url("grid", period.code), typed, headers={"X-Requested-With": "autosave"})
    assert kept["X-Ready"] == "1"
    page = text(client.get(url("grid", period.code)))
    assert "Kirim 1 yang siap" in page and 'class="btn btn-primary" type="submit" name="act" value="send"' in page


def test_lines_of_a_spreadsheet_fill_the_rows_without_a_script(world):
    one, other = world.application("Antrean Puskesmas"), world.application("Surveilans TB")
    period = world.open(Q1)
    client, rows = grid(world, period)
    lines = f"antrean  PUSKESMAS\tya\t38.410\t5.127\t16.300\t15,1\n{other.code};tidak;;0;0\n"
    done = client.post(url("grid", period.code), form_of(rows, act="paste", paste=lines), follow=True)
    assert "2 isian tersimpan" in text(done)
    first, second = (UsageReport.objects.get(application=row) for row in (one, other))
    assert (first.used, first.registered_users, str(first.database_gb)) == (True, 38_410, "15.10")
    assert (second.used, second.registered_users, second.active_users) == (False, None, 0)
    lines = "Antrean Puskesmas\tmungkin\t7\nAplikasi Tetangga\tya\n"
    wrong = client.post(url("grid", period.code), form_of(grid(world, period)[1], act="paste", paste=lines))
    page = text(wrong, 400)
    assert "Pilih Ya atau Tidak" in page and "Tidak dikenal di halaman ini: Aplikasi Tetangga" in page
    assert "Aplikasi Tetangga\tya" in page, "what was pasted is not lost"
    first.refresh_from_db()
    assert first.registered_users == 38_410


def test_counters_are_filled_in_before_anybody_types(world):
    application = world.application()
    period = world.open(Q1)
    give_evidence(world, period, application, {"counter_days": 3, "counter_users": 41, "counter_transactions": 980})
    page = text(signed_in(world.operator).get(url("grid", period.code)))
    assert 'value="41"' in page and 'value="980"' in page and "pencacah 41" in page


def test_a_contradiction_asks_its_explanation_first_and_nothing_typed_is_lost(world):
    application = world.application()
    period = world.open(Q1)
    client, rows = grid(world, period)
    prefix = f"a{application.pk}"
    typed = {f"{prefix}-used": "1", f"{prefix}-active_users": "0", f"{prefix}-obstacles": "Server rusak"}
    stated = {**typed, f"{prefix}-attested": "on", "act": "send"}
    page = text(client.post(url("grid", period.code), form_of(rows, **stated)), 400)
    assert "Jelaskan dahulu" in page and "Server rusak" in page
    wrong = form_of(rows, **{**stated, f"{prefix}-registered_users": "banyak"})
    page = text(client.post(url("grid", period.code), wrong), 400)
    assert 'value="banyak"' in page and "bilangan bulat" in page
    explained = form_of(rows, **{**stated, f"{prefix}-explanation": "Musim libur"})
    assert "1 laporan terkirim" in text(client.post(url("grid", period.code), explained, follow=True))
    assert UsageReport.objects.get().explanation == "Musim libur"


def test_a_draft_keeps_itself_and_a_row_nobody_touched_stays(world):
    one, other = world.application("Satu"), world.application("Dua")
    period = world.open(Q1)
    client, rows = grid(world, period)
    typed = form_of(rows, **{f"a{one.pk}-used": "1", f"a{one.pk}-database_gb": "15,1"})
    headers = {"X-Requested-With": "autosave"}
    assert "Tersimpan pukul" in text(client.post(url("grid", period.code), typed, headers=headers))
    assert not UsageReport.objects.filter(application=other).exists()
    kept = UsageReport.objects.get(application=one)
    assert (str(kept.database_gb), kept.version) == ("15.10", 1)
    text(client.post(url("grid", period.code), typed, headers=headers))
    assert UsageReport.objects.get(application=one).version == 1
    services.save_report(period.pk, one.pk, by=world.operator, values={"transactions": 7})
    text(client.post(url("grid", period.code), {**typed, f"a{one.pk}-active_users": "9"}, headers=headers))
    kept.refresh_from_db()
    assert (kept.transactions, kept.active_users) == (7, 9), "a colleague's answer in another field stands"
    clock.travel_to(period.closes_at)
    world.close(period)
    world.close(world.open(Q1.next()))
    late = client.post(url("grid", period.code), {**typed, f"a{one.pk}-active_users": "77"})
    assert "tidak diterima lagi" in text(late, 409) and 'value="77"' in text(late, 409)


def test_who_may_open_which_page(world):
    period = world.open(Q1)
    for actor, name, status in (
        (world.operator, "grid", 200), (world.reviewer, "grid", 403), (world.operator, "review", 403),
        (world.reviewer, "review", 200), (world.head, "endorse", 200), (world.operator, "endorse", 403),
        (world.operator, "extend", 403), (world.reviewer, "extend", 200),
    ):  # fmt: skip
        assert signed_in(actor).get(url(name, period.code)).status_code == status, (actor.role, name)
    assert signed_in(world.operator).get(url("grid", "2031-Q1")).status_code == 404
    assert signed_in(world.operator).get(url("grid", "kapan")).status_code == 404


def test_the_board_shows_the_office_its_own_and_the_reviewer_all(world):
    other = factories.make_agency(world.government, "Dinas Perhubungan")
    colleague = factories.make_actor("operator", world.government, other)
    world.application("Milik kami")
    world.application("Milik lain", owner=other, operator=colleague)
    assert "Belum ada triwulan" in text(signed_in(world.reviewer).get(url("board")))
    period = world.open(Q1)
    page = text(signed_in(world.reviewer).get(url("board")))
    assert "Dinas Perhubungan" in page and "Dinas Kesehatan" in page and "2 aplikasi belum dilaporkan" in page
    page = text(signed_in(world.operator).get(url("board") + f"?triwulan={period.code}"))
    assert "Dinas Perhubungan" not in page and "hari lagi" in page and "1 aplikasi belum dilaporkan" in page


def test_a_reviewer_accepts_what_nothing_contradicts_and_returns_the_rest(world):
    factories.confirm_year(2025)
    good, bad = world.application("Baik"), world.application("Aneh")
    period = world.open(Q1)
    world.report(period, good, used=True, active_users=9, transactions=9)
    world.report(period, bad, used=True, active_users=0, transactions=0)
    client, address = signed_in(world.reviewer), url("review", period.code)
    page = client.get(address)
    assert page.context["plain"] == 1 and "pengguna aktif dan transaksi 0" in text(page)
    reports = {r.application_id: r for r in UsageReport.objects.all()}
    versions = {f"version-{r.pk}": r.version for r in reports.values()}
    chosen = {"act": "many", "chosen": [reports[good.pk].pk], **versions}
    assert "1 laporan diterima" in text(client.post(address, chosen, follow=True))
    stale = {"act": f"accept-{reports[bad.pk].pk}", f"version-{reports[bad.pk].pk}": 99}
    assert "diubah orang lain" in text(client.post(address, stale), 412)
    act = {"act": f"return-{reports[bad.pk].pk}", **versions}
    assert "form-error" in text(client.post(address, act), 400)
    note = {f"r{reports[bad.pk].pk}-note": "Jumlah transaksi kosong"}
    assert "dikembalikan" in text(client.post(address, {**act, **note}, follow=True))
    page = text(signed_in(world.operator).get(url("grid", period.code)))
    assert "Jumlah transaksi kosong" in page and "Diterima Diskominfo" in page


def test_the_head_endorses_the_versions_there_are(world):
    application = world.application()
    period = world.open(Q1)
    client = signed_in(world.head)
    assert "Belum ada laporan yang terkirim" in text(client.post(url("endorse", period.code), follow=True))
    report = world.report(period, application, used=False)
    assert "disahkan" in text(client.post(url("endorse", period.code), follow=True))
    assert Endorsement.objects.get().versions == {application.code: report.version}
    assert f"Disahkan {world.head.name}" in text(client.get(url("endorse", period.code)))


def test_a_reviewer_moves_the_last_day(world):
    period = world.open(Q1)
    client, address = signed_in(world.reviewer), url("extend", period.code)
    body = {"last_day": "2025-04-12", "reason": "Gangguan jaringan", "version": period.version}
    page = text(client.post(address, {**body, "last_day": "2025-04-01"}), 400)
    assert "harus sesudah" in page and "Gangguan jaringan" in page
    assert "diperpanjang" in text(client.post(address, body, follow=True))
    assert Period.objects.get().closes_at.astimezone(world.government.zone).isoformat() == "2025-04-13T00:00:00+07:00"
    assert client.post(address, body).status_code == 412


def test_a_finding_shows_its_quarters_and_is_set_aside_once(world):
    application = world.application()
    for quarter in (Q1, Q1.next()):
        world.run(application, quarter, report={"used": False, "users": 0, "transactions": 0})
    finding = Finding.objects.get()
    client, address = signed_in(world.reviewer), url("finding", finding.code)
    page = text(client.get(address))
    assert page.count("dasar temuan ini") == 2 and "Laporan OPD menyatakan tidak dipakai" in page
    assert f"?temuan={finding.code}" in page and "Dua triwulan berturut-turut" in page
    assert "Antrean Puskesmas" in text(client.get(url("findings")))
    assert "Kesampingkan" not in text(signed_in(world.operator).get(address))
    assert signed_in(world.operator).post(address, {"reason": "x", "version": 1}).status_code == 403
    body = {"reason": "Salah lapor", "version": finding.version}
    assert "dikesampingkan" in text(client.post(address, body, follow=True))
    page = text(client.post(address, body), 412)
    assert "Salah lapor" in page
    assert "Tidak ada temuan yang cocok" in text(client.get(url("findings")))


def test_the_tab_of_an_application_shows_its_quarters(world):
    application = world.application()
    world.run(application, Q1, report=USED)
    page = text(signed_in(world.operator).get(url("application", application.code)))
    assert "36.902 pengguna aktif" in page and "belum pernah" in page
