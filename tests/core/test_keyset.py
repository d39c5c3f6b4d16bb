"""Pages by key: every row once, in order, forwards and back, with ties, empty values and writes in between."""

import json
from base64 import urlsafe_b64encode
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory

from apps.core.keyset import KeysetPagination
from apps.inventory.models import Application
from tests.catalogue.test_catalogue import make_application
from tests.deactivation.web import api
from tests.factories import make_actor, make_agency

pytestmark = pytest.mark.django_db
YEARS = [2019, None, 2021, 2019, None, 2020, 2019, 2021, None]
ORDERINGS = ["", "name", "-name", "year_built", "-year_built", "registered_at", "-updated_at"]
PAGES_AT_MOST = 20


@pytest.fixture
def rows(government):
    agency = make_agency(government)
    return [
        make_application(government, f"Aplikasi {number % 3}", number=number + 1, year_built=year, owner=agency)
        for number, year in enumerate(YEARS)
    ]


def walk(client, path, link="next"):
    """The keys page by page, and the address of the last one."""
    pages = []
    while path:
        answer, last = client.get(path), path
        assert answer.status_code == 200, answer.content
        page = answer.json()
        pages.append([row["key"] for row in page["results"]])
        path = page[link]
        assert len(pages) <= PAGES_AT_MOST, "the same rows for ever"
    return pages, last


def in_order(ordering):
    """By hand: empty years last, alike ones by age."""
    rows = list(Application.objects.order_by("pk"))
    name = ordering.removeprefix("-") or "pk"
    said = [row for row in rows if getattr(row, name) is not None]
    said.sort(key=lambda row: getattr(row, name), reverse=ordering.startswith("-"))
    return [row.code for row in said + [row for row in rows if getattr(row, name) is None]]


@pytest.mark.parametrize("who", ["public", "reviewer"])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_every_row_once_in_order_forwards_and_back(government, rows, ordering, who):
    client = APIClient() if who == "public" else api(make_actor("reviewer", government))
    pages, last = walk(client, f"/api/v1/applications/?page_size=2&ordering={ordering}")
    assert [key for page in pages for key in page] == in_order(ordering)
    assert walk(client, last, "previous")[0] == pages[::-1]


def test_what_is_written_meanwhile_moves_no_row_over_the_edge(government, rows):
    first = APIClient().get("/api/v1/applications/?page_size=4&ordering=name").json()
    make_application(government, "Aplikasi", number=50)
    Application.objects.filter(pk=rows[0].pk).update(status="merged", merged_into=rows[1])
    later, _last = walk(APIClient(), first["next"])
    seen = [row["key"] for row in first["results"]] + [key for page in later for key in page]
    assert seen == [code for code in in_order("name") if code != "APL-2026-000050"]


def test_more_rows_alike_than_an_offset_may_count(government):
    """The cursor that ships with DRF counts rows alike and stops at a thousand: it then sends the same page for ever."""
    agency = make_agency(government)
    one = make_application(government, "Aplikasi", number=1, owner=agency)
    alike = {"government": government, "owner": agency, "name": "Aplikasi", "status": "registered"}
    Application.objects.bulk_create(
        Application(**alike, code=f"APL-2026-{number:06d}", registered_at=one.registered_at)
        for number in range(2, 1204)
    )
    pages, _last = walk(APIClient(), "/api/v1/applications/?page_size=300&ordering=name&fields=name")
    assert [len(page) for page in pages] == [300, 300, 300, 300, 3]
    assert len({key for page in pages for key in page}) == 1203


def cursor(*said):
    return urlsafe_b64encode(json.dumps(said).encode()).decode()


@pytest.mark.parametrize(
    "query",
    [
        "cursor=abc",
        "cursor=%00",
        f"cursor={cursor(False)}",
        f"cursor={cursor(False, 'x')}",
        f"cursor={cursor(False, {'a': 1})}",
        f"cursor={urlsafe_b64encode(b'7').decode()}",
        f"ordering=registered_at&cursor={cursor(False, 'kemarin', 3)}",
        "page_size=0",
        "page_size=501",
        "page_size=banyak",
    ],
)
def test_what_cannot_be_read_is_refused(rows, query):
    answer = APIClient().get(f"/api/v1/applications/?{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_column_that_may_be_empty_never_ends_the_order(government):
    """No two records share a code, but those without one are many; a number they all have ends it alone."""
    agency = make_agency(government)
    names = [f"Konsep {number}" for number in range(5)]
    Application.objects.bulk_create(
        Application(government=government, owner=agency, name=name, status="draft") for name in names
    )
    pages = [[row.name for row in page] for page in _pages_by("code")]
    assert sum(pages, []) == names and len(pages) == 3


def _pages_by(ordering):
    """Pages of two, straight from the paginator, as a view ordered by this alone would send them."""
    cursor, pages = "", []
    while cursor is not None:
        request = Request(APIRequestFactory().get("/", {"page_size": 2, "cursor": cursor}))
        paginator = KeysetPagination()
        pages.append(
            paginator.paginate_queryset(Application.objects.all(), request, SimpleNamespace(ordering=ordering))
        )
        following = paginator.links()["next"]
        cursor = parse_qs(urlsplit(following).query)["cursor"][0] if following else None
        assert len(pages) <= PAGES_AT_MOST
    return pages


def test_the_count_only_when_asked(rows):
    assert "count" not in APIClient().get("/api/v1/applications/").json()
    assert APIClient().get("/api/v1/applications/?count=true&page_size=2").json()["count"] == len(YEARS)


def test_an_empty_list_has_no_neighbours(government):
    assert APIClient().get("/api/v1/applications/").json() == {"next": None, "previous": None, "results": []}
