"""The page of counters: a key shown once, the light, days from a sheet with every fault at once, snippets that run."""

import io
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pygments.lexers import PhpLexer
from pygments.token import Token

from apps.core import clock
from apps.core.quarter import Quarter
from apps.monitoring import rules, services
from apps.monitoring.models import UsageSample, UsageToken
from apps.monitoring.services.asking import AGENT
from apps.monitoring.views import counters
from tests import factories
from tests.monitoring.browser import signed_in
from tests.monitoring.world import World, at

DAY = date(2025, 2, 3)


@pytest.fixture
def world(government):
    world = World(government)
    clock.travel_to(at("2025-02-04T05:00"))
    return world


def url(name, *args):
    return reverse(f"monitoring:{name}", args=args)


def text(response, status=200):
    assert response.status_code == status, response.content[-600:]
    return response.content.decode()


def sheet(content, name="hari.csv"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


@pytest.mark.django_db
def test_a_key_is_shown_once_and_ended_at_once(world):
    application = world.application()
    client, address = signed_in(world.operator), url("counters", application.code)
    made = client.post(address, {"act": "create"})
    page = text(made)
    plain = page.split("spbe_u_")[1].split("<")[0]
    assert made["Cache-Control"] == "no-store" and len(plain) > 30
    assert plain not in text(client.get(address))
    token = UsageToken.objects.get()
    assert "dicabut" in text(client.post(address, {"act": f"revoke-{token.pk}"}, follow=True))
    assert not UsageToken.objects.usable().exists()
    other = world.application("Lain")
    foreign, _plain = services.create_usage_token(other.pk, by=world.operator)
    assert client.post(address, {"act": f"revoke-{foreign.pk}"}).status_code == 404


@pytest.mark.django_db
def test_who_sees_the_page_and_who_may_act_on_it(world):
    application = world.application()
    address, send = url("counters", application.code), url("counters_upload", application.code)
    auditor = signed_in(factories.make_actor("auditor", world.government))
    assert "Buat kunci" not in text(auditor.get(address)) and "Belum ada pencacah" in text(auditor.get(address))
    assert auditor.post(address, {"act": "create"}).status_code == 403
    assert auditor.post(send, {"file": sheet("rusak")}).status_code == 403, "the right is asked before the file"
    stranger = signed_in(factories.make_actor("operator", world.government, factories.make_agency(world.government)))
    for answer in (stranger.get(address), stranger.post(send, {}), stranger.get(address + "contoh/kirim_pencacah.py/")):
        assert answer.status_code == 404


@pytest.mark.django_db
def test_the_light_says_whether_days_still_come(world):
    application = world.application()
    client, address = signed_in(world.operator), url("counters", application.code)
    assert "belum pernah" in text(client.get(address))
    for day, word in (
        (DAY - timedelta(days=20), "berhenti"),
        (DAY - timedelta(days=4), "tertinggal"),
        (DAY, "diterima"),
    ):
        services.receive_usage(application, [{"day": day, "active_users": 1204, "transactions": 9}])
        page = text(client.get(address))
        assert word in page.split('id="diterima"')[1].split("</div>")[0]
    assert "1.204" in page and "bukan nol" in page and "3 dari 34 hari" in page
    services.receive_usage(application, [{"day": DAY + timedelta(days=1), "active_users": 2408}])
    page = text(client.get(address))
    assert "3 dari 34 hari" in page and "hari tertinggi 2.408" in page, "today is shown, and not yet expected"


@pytest.mark.parametrize(
    "age, expected", [(None, "none"), (0, "fresh"), (2, "fresh"), (3, "behind"), (7, "behind"), (8, "silent")]
)
def test_the_light_by_age(age, expected):
    assert rules.counters_light(None if age is None else DAY - timedelta(days=age), DAY) == expected


def xlsx(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        form = book.add_format({"num_format": "dd/mm/yyyy"})
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                page.write_datetime(place, column, value, form) if isinstance(value, date) else page.write(
                    place, column, value
                )
    return file.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "file",
    [
        sheet("Tanggal;Pengguna aktif;Transaksi\n03/02/2025;1.204;7\n2025-02-02;0;0\n"),
        sheet("day,active_users,transactions\n2025-02-03,1204,7\n2025-02-02,0,0\n"),
        sheet(
            xlsx([["Tanggal", "Pengguna Aktif", "Transaksi"], [DAY, 1204, 7], [date(2025, 2, 2), 0, 0]]), "hari.xlsx"
        ),
    ],
)
def test_days_come_from_a_sheet(world, file):
    application = world.application()
    file.seek(0)
    client = signed_in(world.operator)
    page = text(client.post(url("counters_upload", application.code), {"file": file}, follow=True))
    assert "2 hari disimpan" in page and "diunggah" in page
    rows = UsageSample.objects.order_by("day").values_list("day", "active_users", "transactions", "source")
    assert list(rows) == [(date(2025, 2, 2), 0, 0, "uploaded"), (DAY, 1204, 7, "uploaded")]


@pytest.mark.django_db
def test_every_fault_of_a_sheet_is_named_at_once_and_nothing_is_kept(world):
    application = world.application()
    content = "Tanggal,Pengguna aktif,Transaksi\n2025-02-01,3,4\nkemarin,3,4\n2025-02-01,3,4\n2030-01-01,banyak,-1\n2025-02-02,,\n"
    answer = signed_in(world.operator).post(url("counters_upload", application.code), {"file": sheet(content)})
    page = text(answer, 400)
    found = [(row, column) for row, column, _message in answer.context["faults"]]
    assert found == [
        (3, "Tanggal"), (4, "Tanggal"), (5, "Tanggal"), (5, "Pengguna aktif"), (5, "Transaksi"), (6, "Pengguna aktif"),
    ]  # fmt: skip
    assert "6 isian salah" in page and not UsageSample.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content, word",
    [
        ("", "kosong"), ("Tanggal,Warna,Transaksi\n2025-02-01,merah,1\n", "Warna"), ("Transaksi\n4\n", "Tanggal"),
        ("Tanggal\n2025-02-01\n", "sedikitnya satu"), ("Tanggal,Transaksi\n", "tidak memuat"), (b"%PDF-1.4 x", "form-error"),
        ("Tanggal,Transaksi\n" + "2025-01-01,1\n" * 1001, "Paling banyak"), (b"\x00\x01\x02", "tidak diterima"),
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_used_says_why(world, content, word):
    application = world.application()
    answer = signed_in(world.operator).post(url("counters_upload", application.code), {"file": sheet(content)})
    assert word in text(answer, 400)


@pytest.mark.django_db
def test_days_too_late_are_told(world):
    application = world.application()
    period = world.open(Quarter(2025, 1))
    clock.travel_to(period.closes_at + timedelta(days=1))
    content = "Tanggal,Transaksi\n2025-03-30,5\n2025-04-11,5\n"
    page = text(
        signed_in(world.operator).post(url("counters_upload", application.code), {"file": sheet(content)}, follow=True)
    )
    assert "1 hari disimpan" in page and "30 Maret 2025 sampai 30 Maret 2025" in page


LOG = """10.0.0.1 - - [{day}:08:00:01 +0700] "GET /masuk HTTP/1.1" 200 512 "-" "Mozilla/5.0"
10.0.0.1 - - [{day}:08:01:00 +0700] "POST /antrean HTTP/1.1" 302 0 "-" "Mozilla/5.0"
10.0.0.2 - - [{day}:09:00:00 +0700] "POST /antrean HTTP/1.1" 201 0 "-" "Mozilla/5.0"
10.0.0.2 - - [{day}:09:00:01 +0700] "POST /antrean HTTP/1.1" 500 0 "-" "Mozilla/5.0"
10.0.0.9 - - [{day}:10:00:00 +0700] "HEAD / HTTP/1.1" 200 0 "-" "{probe}"
10.0.0.9 - - [{day}:10:00:01 +0700] "POST / HTTP/1.1" 200 512 "-" "{probe}"
10.0.0.3 - - [02/Feb/2025:08:00:00 +0700] "GET / HTTP/1.1" 200 0 "-" "Mozilla/5.0"
"""
RUN = {
    "kirim-pencacah.sh": (["sh"], "2025-02-03"),
    "kirim_pencacah.py": ([sys.executable], "2025-02-04"),
    "kirim_pencacah.php": (["php"], "2025-02-03"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("probe, users, transactions", [(AGENT, 2, 2), ("Mozilla/5.0", 3, 3)])
@pytest.mark.parametrize("name", list(RUN))
def test_a_snippet_run_for_real_leaves_our_probes_out(
    live_server, settings, tmp_path, name, probe, users, transactions
):
    """The control is the same log with the probes' lines carrying a browser's name: then they are counted."""
    command, day = RUN[name]
    for program in (command[0], "curl"):
        if not shutil.which(program):
            pytest.skip(f"{program} is not on this machine")
    settings.BASE_URL = live_server.url
    world = World(factories.make_government())
    clock.travel_to(at("2025-02-04T05:00"))
    application = world.application()
    _token, plain = services.create_usage_token(application.pk, by=world.operator)
    page = signed_in(world.operator).get(url("counters_snippet", application.code, name))
    (tmp_path / name).write_bytes(page.content)
    (tmp_path / "access.log").write_text(LOG.format(day="03/Feb/2025", probe=probe))
    done = subprocess.run(
        [*command, tmp_path / name, tmp_path / "access.log", day],
        env={**os.environ, "SPBE_KUNCI": plain, "NO_PROXY": "*", "no_proxy": "*"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and '"kept":' in done.stdout, done.stdout + done.stderr
    sample = UsageSample.objects.get(day=DAY)
    assert (sample.active_users, sample.transactions, sample.source) == (users, transactions, "pushed")


def test_the_php_snippet_reads_as_php_where_no_php_can_run_it():
    """No substitute for a run: every token is known and every bracket closed, and our probes are left out before counting."""
    source = counters.snippet_text("kirim_pencacah.php")
    tokens = list(PhpLexer().get_tokens(source))
    assert not [text for kind, text in tokens if kind is Token.Error]
    code = "".join(text for kind, text in tokens if kind not in Token.Comment and kind not in Token.Literal.String)
    opened = []
    for sign in code:
        if sign in "([{":
            opened.append(sign)
        elif sign in ")]}":
            assert opened.pop() + sign in ("()", "[]", "{}")
    assert opened == []
    assert source.index(f"strpos($baris, '{AGENT.split('/')[0]}')") < source.index("$pengguna[$bagian[1]]")


@pytest.mark.django_db
def test_the_page_shows_every_snippet_with_the_address_of_this_installation(world, settings):
    settings.BASE_URL = "https://spbe.contoh.go.id"
    application = world.application()
    page = text(signed_in(world.operator).get(url("counters", application.code)))
    assert page.count("https://spbe.contoh.go.id/api/v1/usage/") == len(counters.SNIPPETS)
    for name, _label in counters.SNIPPETS:
        body = text(signed_in(world.operator).get(url("counters_snippet", application.code, name)))
        assert AGENT.split("/")[0] in body and "{{" not in body and "&#" not in body
    assert signed_in(world.operator).get(url("counters_snippet", application.code, "apa.sh")).status_code == 404
    assert "Tanggal" in text(
        signed_in(world.operator).get(url("counters_snippet", application.code, "templat-pencacah.csv"))
    )
