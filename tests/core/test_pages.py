"""The words and shapes every page shares, the frame by role, and the pages of refusals."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts.api.organizations import OrganizationViewSet
from apps.accounts.models import Role
from apps.core.templatetags import spbe
from tests import factories


def render(source, **context):
    return Template("{% load spbe %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1250000, "Rp1.250.000"),
        (Decimal("742500000.00"), "Rp742.500.000"),
        (-5000, "−Rp5.000"),
        (0, "Rp0"),
        (None, "—"),
        ("", "—"),
    ],
)
def test_money(value, shown):
    assert spbe.rupiah(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(4812, "4.812"), (1000, "1.000"), (Decimal("92.50"), "92,5"), (-2, "−2"), (0, "0"), (None, "—"), ("x", "—")],
)
def test_numbers(value, shown):
    assert spbe.angka(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.425, "43 %"), (0, "0 %"), (1, "100 %"), (None, "—")])
def test_percents(value, shown):
    assert spbe.persen(value) == shown


def test_dates_are_indonesian():
    assert spbe.tanggal(date(2026, 11, 21)) == "21 November 2026"
    assert spbe.tanggal(date(2026, 8, 17), "hari") == "Senin, 17 Agustus 2026"
    assert spbe.tanggal(None) == "—"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Asia/Jakarta", "1 Oktober 2026 00.30 WIB"),
        ("Asia/Makassar", "1 Oktober 2026 01.30 WITA"),
        ("Asia/Jayapura", "1 Oktober 2026 02.30 WIT"),
    ],
)
def test_an_instant_names_the_zone_it_is_told_in(zone, shown):
    with timezone.override(ZoneInfo(zone)):
        assert spbe.waktu(datetime(2026, 9, 30, 17, 30, tzinfo=UTC)) == shown


def test_quarters():
    assert spbe.triwulan(SimpleNamespace(year=2026, number=3)) == "Triwulan III 2026"
    assert spbe.triwulan(SimpleNamespace(year=2026, quarter=4), "singkat") == "TW IV 2026"


def test_the_strip_says_its_quarters_in_one_sentence():
    quarters = [("Triwulan I 2026", "active"), ("Triwulan II 2026", "active"), ("Triwulan III 2026", "idle")]
    shown = render("{% strip rows %}", rows=quarters)
    assert 'aria-label="Triwulan I 2026 sampai Triwulan II 2026 dipakai; Triwulan III 2026 tidak dipakai"' in shown
    assert shown.count("<use ") == 3
    assert "Belum dinilai" in render("{% strip rows %}", rows=[])


@pytest.mark.parametrize(
    ("value", "word"), [("active", "Dipakai"), ("unreported", "Tidak lapor"), ("", "Belum dinilai")]
)
def test_a_verdict_is_a_word_beside_its_shape(value, word):
    assert word in render("{% verdict value %}", value=value)


def test_what_a_person_typed_is_escaped_everywhere():
    evil = "<script>alert(1)</script>"
    for source in ("{% state 'draft' evil %}", "{% icon 'x' '' evil %}", "{% strip rows %}"):
        assert "<script>" not in render(source, evil=evil, rows=[(evil, "idle")])


def test_an_unknown_icon_is_loud():
    with pytest.raises(LookupError):
        spbe.icon("../../etc/passwd")


def test_every_icon_named_in_a_template_exists():
    named = set()
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        named |= set(re.findall(r"""{% icon ["']([^"']+)["']""", path.read_text("utf-8")))
    named |= {name for name, _tone in spbe.STATES.values()}
    outline = Path(settings.NODE_MODULES, "@tabler", "icons", "icons", "outline")
    assert sorted(name for name in named if not (outline / f"{name}.svg").is_file()) == []


class SampleForm(forms.Form):
    year = forms.IntegerField(label="Tahun", help_text="Empat angka")
    kind = forms.ChoiceField(label="Jenis", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Yakin")


def test_a_field_ties_help_and_error_to_its_input():
    form = SampleForm({"year": "20233x", "kind": "a"})
    page = render_to_string("components/_field.html", {"field": form["year"]})
    assert 'aria-describedby="id_year_helptext id_year_error"' in page
    assert 'id="id_year_helptext"' in page
    assert 'id="id_year_error"' in page
    assert 'value="20233x"' in page
    choices = render_to_string("components/_field.html", {"field": form["kind"]})
    assert choices.count("checked") == 1
    assert "<legend" in choices


def test_all_that_is_wrong_is_listed_at_once_with_links():
    form = SampleForm({"year": "x"})
    form.is_valid()
    page = render_to_string("components/_errors.html", {"form": form})
    assert "3 isian perlu dibetulkan" in page
    assert 'href="#id_year"' in page


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500])
def test_error_pages_need_no_database_and_name_the_request(status):
    page = render_to_string(f"errors/{status}.html", {"request_id": "abc123"})
    assert "abc123" in page
    assert 'lang="id"' in page


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.OPERATOR, ("/triwulan/", "/kasus/"), ("/pengelolaan/", "/desk/")),
        (Role.REVIEWER, ("/temuan/", "/desk/"), ("/pengelolaan/",)),
        (Role.ADMINISTRATOR, ("/pengelolaan/",), ("/kasus/", "/triwulan/")),
    ],
)
def test_the_navigation_fits_the_role(client, government, role, shown, hidden):
    seat = factories.make_agency(government) if role == Role.OPERATOR else None
    client.force_login(
        factories.make_membership(role, government, seat).user, backend="apps.accounts.backends.AccountBackend"
    )
    page = client.get("/aksesibilitas/").content.decode()
    assert all(f'<a href="{path}"' in page for path in shown)
    assert not any(f'<a href="{path}"' in page for path in hidden)


def test_pages_are_indonesian_whatever_the_browser_says_until_one_chooses(client, db):
    assert 'lang="id"' in client.get("/masuk/", HTTP_ACCEPT_LANGUAGE="en-US").content.decode()
    client.post("/bahasa/", {"language": "en", "next": "/masuk/"})
    assert 'lang="en"' in client.get("/masuk/").content.decode()


def test_no_page_carries_inline_script_or_style(client, db):
    answer = client.get("/gaya/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", page)


def test_only_the_reader_of_the_schema_may_write_its_own_styles(client, db):
    policy = client.get("/api/v1/docs/")["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert policy.count("unsafe-inline") == 1
    assert "unsafe-inline" not in client.get("/healthz")["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/api/v1/tidak-ada/", "/api/v1/imports/%00/rows/", "/api/v1/letters/a%00b/"])
def test_an_address_of_the_api_that_does_not_exist_answers_as_the_api_does(client, db, path):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "urn:spbe:problem:not_found" and answer.json()["request_id"]
    assert "text/html" in client.get("/tidak-ada/")["Content-Type"]


def test_a_view_of_the_api_that_breaks_down_answers_as_the_api_does(client, db, monkeypatch):
    monkeypatch.setattr(OrganizationViewSet, "get_queryset", lambda self: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/api/v1/organizations/")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert answer.json()["status"] == 500 and "division" not in answer.content.decode()
