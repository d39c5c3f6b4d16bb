"""REST for readers outside: stored documents sent as they are, and the feed of their changes."""

import re
from collections.abc import Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.accounts.models import Organization
from apps.core.api import StrictFilterBackend, refuse_unknown_parameters
from apps.core.conditional import asks_conditionally, tag_of, told, unchanged
from apps.core.endpoints import PROBLEM
from apps.core.keyset import Place
from apps.inventory.models import Application, Publication, PublicationMark
from apps.inventory.record_json import HEAD
from apps.inventory.searching import Fitting
from apps.inventory.serializers import ApplicationShape

PAGE, PAGE_AT_MOST = 100, 500
START = "0"
# Asked by every list outside, so written out.
_LATEST = "SELECT head || '-' || mark FROM inventory_publicationmark ORDER BY head DESC LIMIT 1"
# A page of the whole catalogue, and the mark it was read at, in one look.
_NUMBERED = f"""SELECT application_id, body, ({_LATEST}) FROM inventory_publication
WHERE body IS NOT NULL AND application_id {{beyond}} %s {{among}} ORDER BY application_id {{way}} LIMIT %s"""
_BY_NUMBER = {
    (backwards, narrowed): _NUMBERED.format(
        beyond="<" if backwards else ">",
        way="DESC" if backwards else "ASC",
        among="AND application_id = ANY(%s)" if narrowed else "",
    )
    for backwards in (False, True)
    for narrowed in (False, True)
}
PLAIN = frozenset({"cursor", "page_size", "fields", "format"})  # a list asked for no more is read by number
TOKEN = re.compile(r"\A(?:0|[0-9]{1,18}-[0-9]{1,18}-[0-9a-f]{16})\Z")


def head() -> str:
    """The state of the catalogue of all governments: the latest mark, which no other state ever bears."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST)
        latest = cursor.fetchone()
    return latest[0] if latest else START


class PublishedReads:
    """List and details of a viewset as anybody reads them: one statement, nothing put together again."""

    def published_list(self: Any, request: Request, names: list[str]) -> HttpResponse:
        """A page of stored documents, or 304 while nothing in the catalogue changed; of each only `names` when there are any."""
        asked = PLAIN.union(request.query_params)
        if asked == PLAIN and not asks_conditionally(request._request):
            return self._list_by_number(request, names)
        tag = tag_of(request._request, head())  # before the rows: never of more than was read
        if same := unchanged(request._request, tag):
            return same
        found = self._fitting(request) if asked == PLAIN | {"q"} else None
        if found and found.is_whole:
            return told(self._list_by_number(request, names, found.ids), tag)
        return told(self.document_page(request, names), tag)

    def document_page(self: Any, request: Request, names: Sequence[str] = ()) -> HttpResponse:
        """A page of the documents that the rows were given, of each only `names` when there are any."""
        rows = self.filter_queryset(self.get_queryset())
        page = self.paginator.paginate_queryset(rows, request, view=self, columns=["body"])
        return _json(self.paginator.links(), [_part(row["body"], names) for row in page])

    def _list_by_number(self: Any, request: Request, names: list[str], among: list[int] | None = None) -> HttpResponse:
        """A page of all there is, or of these, without asking the records beside their documents; with the tag of all."""
        refuse_unknown_parameters(request, set())
        pages = self.paginator
        pages.begin(request, Application, "pk")
        mark, found = _documents(pages.place, pages.size + 1, among)
        page = pages.end(found)
        answer = _json(pages.links(), [_part(row["body"], names) for row in page])
        return told(answer, tag_of(request._request, mark))

    def _fitting(self: Any, request: Request) -> Fitting | None:
        """What fits the words of `q`; None without any."""
        return StrictFilterBackend().asked_by(request, Application.objects.public(), self).fitting

    def published_detail(self: Any, request: Request, application: Any, names: list[str]) -> HttpResponse:
        """One stored document under a tag of its own: it also changes when an office is renamed."""
        tag = tag_of(request._request, application.position, application.published_at)
        same = unchanged(request._request, tag)
        return same or told(HttpResponse(_part(application.body, names), content_type="application/json"), tag)


def _documents(place: Place | None, most: int, among: list[int] | None) -> tuple[str, list[dict]]:
    """The mark of the catalogue and at most so many documents on from a place, each with the number it stands under."""
    backwards, number = (place.backwards, place.values[0]) if place else (False, -1)
    narrowed = [] if among is None else [among]
    sql = _BY_NUMBER[backwards, bool(narrowed)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [number, *narrowed, most])
        rows = cursor.fetchall()
    return rows[0][2] if rows else head(), [{"pk": number, "body": body} for number, body, _mark in rows]


def with_bodies(rows: QuerySet) -> QuerySet:
    """The records, each with the document that stands for it, and with what the headers say beside it.

    Looked up for each record of the page: of a join PostgreSQL may read all documents before the page first.
    """
    kept = Publication.objects.filter(pk=OuterRef("pk"))
    told_of = {"body": "body", "position": "position", "published_at": "changed_at"}
    looked_up = {name: Subquery(kept.values(column)) for name, column in told_of.items()}
    return rows.select_related("government", "sunset__successor").annotate(**looked_up)


class UnknownPosition(APIException):
    """A past that this register does not have: it was restored from a copy older than what the client read."""

    status_code = 410
    default_code = "unknown_position"


class ChangeShape(serializers.Serializer):
    """One record that changed, as it is now."""

    position = serializers.IntegerField()
    code = serializers.CharField()
    change = serializers.ChoiceField(choices=[("put", "ada"), ("gone", "keluar dari katalog")])
    merged_into = serializers.CharField(allow_null=True, help_text="Kode aplikasi yang menggantikan catatan ini.")
    changed_at = serializers.DateTimeField()
    application = ApplicationShape(allow_null=True)


class ChangesShape(serializers.Serializer):
    """A page of changes and where to go on."""

    results = ChangeShape(many=True)
    after = serializers.CharField(help_text="Tanyakan berikutnya dengan ?after= ini, seperti adanya; bukan angka.")
    more = serializers.BooleanField(help_text="Masih ada perubahan sesudahnya.")


class ChangesQuery(serializers.Serializer):
    """Where to begin, how many, and of whom."""

    after = serializers.RegexField(
        TOKEN,
        default=START,
        error_messages={
            "invalid": gettext_lazy("Pakai `after` dari halaman sebelumnya seperti adanya, atau 0 untuk semuanya.")
        },
    )
    page_size = serializers.IntegerField(min_value=1, max_value=PAGE_AT_MOST, default=PAGE)
    government = serializers.SlugRelatedField(
        slug_field="code", queryset=Organization.objects.filter(kind=Organization.Kind.GOVERNMENT), required=False
    )


class ChangesView(APIView):
    """Changes of the public catalogue in the order they were committed, each record once, at its latest change.

    A client that keeps what it was given and asks on with `after` has the catalogue exactly, tombstones included. 410 says
    that the register was restored from a copy older than what the client has read: begin again with 0, in an empty place.
    """

    @extend_schema(
        operation_id="changes_list",
        parameters=[
            OpenApiParameter(
                "after", str, description="`after` dari halaman sebelumnya, seperti adanya; 0 untuk semuanya."
            ),
            OpenApiParameter("page_size", int, description=f"Paling banyak {PAGE_AT_MOST}."),
            OpenApiParameter("government", str, description="Kode pemerintah daerah; tanpa ini semuanya."),
        ],
        responses={200: ChangesShape, 400: PROBLEM, 410: PROBLEM},
    )
    def get(self, request: Request) -> HttpResponse:
        refuse_unknown_parameters(request, set(ChangesQuery().fields))
        asked = ChangesQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        tag = tag_of(request._request, head())
        same = unchanged(request._request, tag)
        return same or told(_changes(**asked.validated_data), tag)


def _changes(after: str, page_size: int, government: Organization | None = None) -> HttpResponse:
    position = _position_of(after)
    rows = Publication.objects.filter(position__gt=position).order_by("position")
    if government:
        rows = rows.filter(government_id=government.pk)
    found = list(rows[: page_size + 1])
    page = found[:page_size]
    reached = page[-1].position if page else position
    # The mark is read after the rows, never before: a copy without this mark may lack something that was just read.
    links = {"after": f"{reached}-{head()}" if reached else START, "more": len(found) > page_size}
    return _json(links, [_change(row) for row in page])


def _position_of(after: str) -> int:
    """Where the client stands; UnknownPosition when this register does not have the past that the client read."""
    if after == START:
        return 0
    position, had, mark = after.split("-")
    if not PublicationMark.objects.filter(head=had, mark=mark).exists():
        raise UnknownPosition(
            _(
                "Register ini dipulihkan dari cadangan yang lebih tua daripada salinan Anda. Kosongkan salinan, mulai lagi dari 0."
            )
        )
    return int(position)


def _change(row: Publication) -> bytes:
    told_of = {
        "position": row.position,
        "code": row.code,
        "change": "gone" if row.body is None else "put",
        "merged_into": row.merged_into or None,
        "changed_at": row.changed_at,
    }
    return orjson.dumps(told_of)[:-1] + b',"application":' + (row.body or "null").encode() + b"}"


def _part(body: str, names: Sequence[str]) -> bytes:
    if not names:
        return body.encode()
    document = orjson.loads(body)
    return orjson.dumps({name: document[name] for name in (*HEAD, *names) if name in document})


def _json(links: dict[str, Any], results: list[bytes]) -> HttpResponse:
    parts = [orjson.dumps(links)[:-1], b',"results":[', b",".join(results), b"]}"]
    return HttpResponse(b"".join(parts), content_type="application/json")


router_urls = [path("changes/", ChangesView.as_view(), name="api-changes")]
