"""REST: the register, read by anybody as far as it is public, written by acts with the version that was read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.accounts.models import Organization
from apps.core.api import (
    Reason,
    RightsFirst,
    refuse_unknown_parameters,
    require_actor,
    require_right,
    require_version,
    validated,
)
from apps.core.endpoints import IF_MATCH, PROBLEM, REFUSALS, VERSIONED_REFUSALS
from apps.core.errors import RuleViolation
from apps.core.repeating import Repeatable
from apps.inventory import fields, filters, forms, past, queries, rules, services, sunset, trails
from apps.inventory.api.acts import act
from apps.inventory.api.finding import EditTogetherView, SavedViewViewSet, UndoTogetherView
from apps.inventory.api.published import PublishedReads, with_bodies
from apps.inventory.api.rows import RowActs
from apps.inventory.api.shapes import (
    HistoryEntry,
    MergeInput,
    Nothing,
    SecurityAnswers,
    SecurityInput,
    SuspensionInput,
    UndoInput,
)
from apps.inventory.models import Application
from apps.inventory.models.applications import OWN
from apps.inventory.record_json import AROUND, HEAD, document
from apps.inventory.record_json import OWN as OWN_OBJECT
from apps.inventory.serializers import (
    ApplicationShape,
    AttributesInput,
    CreateInput,
    PatchInput,
    SimilarQuery,
    SimilarShape,
)
from apps.inventory.similar import similar

ORDERINGS = ("name", "code", "updated_at", "registered_at", "year_built")
AS_OF = OpenApiParameter(
    "as_of", str, description="Keadaan register pada akhir tanggal ini, atau pada saat (ISO 8601) ini; perlu masuk."
)
SUBSET = OpenApiParameter("fields", str, description="Nama atribut dipisahkan koma; lainnya tidak dikirim.")
ENDING = [
    OpenApiParameter(name, str, OpenApiParameter.HEADER, description=said, response=[200])
    for name, said in (
        ("Deprecation", "Sejak kapan penghentiannya diumumkan, @detik (RFC 9745)."),
        ("Sunset", "Kapan aplikasinya berhenti (RFC 8594)."),
        ("Link", "Pemberitahuan penghentian dan penggantinya (RFC 8288)."),
    )
]
HISTORY_SHOWN = 500
SENDING = ("list", "retrieve")  # what answers with documents, of rows it reads for that
SORTED = OpenApiParameter("ordering", str, enum=[*ORDERINGS, *(f"-{name}" for name in ORDERINGS)])

Names = list[str]


class ApplicationViewSet(PublishedReads, RowActs, Repeatable, RightsFirst, viewsets.GenericViewSet):
    """Applications of a government. Without a token: registered and retired ones with their public attributes."""

    queryset = Application.objects.none()
    then_pk: int | None = None  # the record's id while its past is shown: its code may be younger
    serializer_class = ApplicationShape
    lookup_field = "key"
    lookup_value_regex = r"(APL|DRF)-[A-Za-z0-9-]+"
    extra_parameters = ("as_of",)

    @property
    def filterset_class(self) -> Any:
        actor = getattr(getattr(self, "request", None), "actor", None)
        if actor is None:
            return filters.PublicApplicationFilter
        return filters.filter_for(actor, own=any(name.startswith(OWN) for name in self.request.query_params))

    @property
    def ordering(self) -> tuple[str, ...]:
        chosen = self.request.query_params.get("ordering", "")
        if not chosen:
            return ("pk",)
        if chosen.removeprefix("-") not in ORDERINGS:
            raise serializers.ValidationError({"ordering": [f"Pilih salah satu: {', '.join(ORDERINGS)}."]})
        return (chosen, "pk")

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self._told(queries.seen(self.request.actor))

    def get_object(self) -> Application:
        key = self.then_pk or self.kwargs["key"]
        found = _one(self.get_queryset().named(key))
        if found is None and self.action == "retrieve" and not past.looking():
            # an old code answers with its tombstone, and where it went
            found = _one(self._said_anew(Application.objects.merged()).named(key))
        if found is None:
            raise Http404
        self.check_object_permissions(self.request, found)
        return found

    @extend_schema(parameters=[SUBSET, SORTED, AS_OF], responses=ApplicationShape(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        with self._as_asked():
            if self._reads_published():
                return self.published_list(request, self._part_asked())
            return self.document_page(request)

    @extend_schema(parameters=[SUBSET, AS_OF, *ENDING], responses=ApplicationShape)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """One application; headers announce its end from the day a decided deactivation begins."""
        with self._as_asked():
            application, names = self.get_object(), self._part_asked()
            stored = hasattr(application, "position")
            response = self.published_detail(request, application, names) if stored else _shown(application)
            for name, said in sunset.headers(application).items():
                response[name] = said
            return response

    @extend_schema(responses=HistoryEntry(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def history(self, request: Request, key: str) -> Response:
        """Who changed what, when and why, newest first."""
        require_actor(request)
        events = queries.events_of(self.get_object())[:HISTORY_SHOWN]
        readable = {attribute.name: attribute for attribute in fields.readable_by(request.actor)}
        return Response(HistoryEntry([trails.entry(event, readable) for event in events], many=True).data)

    @extend_schema(request=CreateInput, responses={201: ApplicationShape, **REFUSALS})
    @transaction.atomic
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.writes)
        values = self._values(CreateInput)
        owner = forms.owners_for(by).filter(code=values.pop("owner")).first()
        if owner is None:
            raise serializers.ValidationError({"owner": ["Perangkat daerah tidak ditemukan."]})
        made = services.start_draft(by=by, owner=owner, name=values["name"])
        services.save_draft(made.reference, by=by, typed={}, values=values)
        return self._again(made.pk, status=201)

    @extend_schema(request=PatchInput, responses={200: ApplicationShape, **VERSIONED_REFUSALS}, parameters=[IF_MATCH])
    @transaction.atomic
    def partial_update(self, request: Request, key: str) -> Response:
        who = self._versioned()
        values = self._values(PatchInput)
        services.edit(key, values=values, reason=values.pop("reason", ""), **who)
        return self._again()

    @extend_schema(responses={204: None, **VERSIONED_REFUSALS}, parameters=[IF_MATCH])
    def destroy(self, request: Request, key: str) -> Response:
        services.delete_draft(key, **self._versioned())
        return Response(status=204)

    @extend_schema(
        parameters=[SimilarQuery], filters=False, responses={200: SimilarShape(many=True), 400: PROBLEM, 401: PROBLEM}
    )
    @action(detail=False, pagination_class=None)
    def similar(self, request: Request) -> Response:
        """What is there already like an application somebody has in mind, retired and national ones included."""
        by = require_actor(request)
        refuse_unknown_parameters(request, {"name", "functions"})
        asked = SimilarQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(SimilarShape(similar(by=by, **asked.validated_data), many=True).data)

    @act(Nothing, "submit", rules.may_submit)
    def submit(self, request: Request, key: str) -> Response:
        return self._act(key, Nothing, services.submit)

    @act(Nothing, "register", rules.may_judge_submission)
    def register(self, request: Request, key: str) -> Response:
        return self._act(key, Nothing, services.register)

    @act(Reason, "return", rules.may_judge_submission)
    def return_submission(self, request: Request, key: str) -> Response:
        return self._act(key, Reason, services.return_submission)

    @act(Reason, "refuse", rules.may_judge_submission)
    def refuse(self, request: Request, key: str) -> Response:
        return self._act(key, Reason, services.refuse)

    @act(Reason, "withdraw", rules.may_withdraw)
    def withdraw(self, request: Request, key: str) -> Response:
        return self._act(key, Reason, services.withdraw)

    @act(Nothing, "confirm-facts", rules.may_confirm_facts)
    def confirm_facts(self, request: Request, key: str) -> Response:
        return self._act(key, Nothing, services.confirm_facts)

    @act(Nothing, "attest", rules.may_attest)
    def attest(self, request: Request, key: str) -> Response:
        return self._act(key, Nothing, services.attest)

    @act(SecurityInput, "categorise", rules.may_change)
    def categorise(self, request: Request, key: str) -> Response:
        return self._act(key, SecurityInput, services.categorise)

    @extend_schema(responses=SecurityAnswers(many=True))
    @action(detail=True, methods=["get"], url_path="security-answers", pagination_class=None, filter_backends=[])
    def security_answers(self, request: Request, key: str) -> Response:
        """Answers given to the ten questions, newest first; for those who may read the category."""
        by = require_actor(request)
        application = self.get_object()
        if fields.BY_NAME["security_category"] not in fields.readable_by(by):
            self.permission_denied(request)
        return Response(SecurityAnswers(application.security_assessments.select_related("form"), many=True).data)

    @act(UndoInput, "undo", rules.may_change)
    def undo(self, request: Request, key: str) -> Response:
        return self._act(key, UndoInput, services.undo)

    @act(SuspensionInput, "grant-suspension", rules.may_grant_suspension)
    def grant_suspension(self, request: Request, key: str) -> Response:
        return self._act(key, SuspensionInput, services.grant_suspension)

    @act(MergeInput, "merge", rules.may_merge)
    @transaction.atomic
    def merge(self, request: Request, key: str) -> Response:
        """Merge this record into another for good; answers with the survivor. This code then answers with a tombstone."""
        who = self._versioned()
        return self._again(services.merge(key, **validated(MergeInput, request), **who).pk)

    @transaction.atomic
    def _act(self, key: str, body: Any, verb: Any) -> Response:
        who = self._versioned()
        verb(key, **validated(body, self.request), **who)
        return self._again()

    def _reads_published(self) -> bool:
        """Whether this reader gets the stored document: all who stand outside, and nobody of the past."""
        return self.request.method in SAFE_METHODS and self.request.actor.is_outside and past.looking() is None

    def _part_asked(self) -> Names:
        """What of each document was asked for, nothing meaning all of it; ValidationError for what this reader cannot ask."""
        self._names()
        return self._asked()

    @contextmanager
    def _as_asked(self) -> Iterator[None]:
        """The present, or the register as it stood at `?as_of=`; only for those who signed in."""
        asked = self.request.query_params.get("as_of", "")
        if not asked:
            yield
            return
        by = require_actor(self.request)
        if by.is_outside:
            self.permission_denied(self.request)
        with past.looking_back(self._moment(asked), by=by):
            yield

    def _moment(self, asked: str) -> past.Moment:
        try:
            moment = past.read_moment(asked, Organization.objects.get(pk=self.request.actor.government_id).zone)
        except RuleViolation as refusal:
            raise serializers.ValidationError({"as_of": [refusal.message]}) from refusal
        if "key" in self.kwargs:
            self.then_pk = self.get_object().pk
        return moment

    def _versioned(self) -> dict[str, Any]:
        """Actor and version; asked in the order 401, 404, 403, 428."""
        by = require_actor(self.request)
        rows = Application.objects.visible_to(by).select_related("owner")  # the rights ask whose it is
        application = get_object_or_404(rows.named(self.kwargs["key"]))
        self.check_object_permissions(self.request, application)
        if self.may is None and not rules.may_change(by, application):
            self.permission_denied(self.request)
        return {"by": by, "version": require_version(self.request)}

    def _told(self, rows: QuerySet) -> QuerySet:
        """With the document that is sent of each, where one is: the stored one, or one said for this reader."""
        if self.action not in SENDING:
            return rows
        return with_bodies(rows) if self._reads_published() else self._said_anew(rows)

    def _said_anew(self, rows: QuerySet) -> QuerySet:
        return rows.annotate(body=document(self.request.actor, self._names()))

    def _values(self, body: type[AttributesInput]) -> dict[str, Any]:
        given = body(data=self.request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        return given.validated_data

    def _again(self, key: int | str = "", status: int = 200) -> Response:
        """The record after an act, as this reader now sees it."""
        rows = self._said_anew(queries.seen(self.request.actor)).named(key or self.kwargs["key"])
        return _shown(get_object_or_404(rows.select_related(None).only("version")), status)

    def _names(self) -> Names:
        """What this reader may read, of that what was asked for; ValidationError."""
        readable = [
            *(attribute.name for attribute in fields.common_readable_by(self.request.actor)),
            *AROUND,
            OWN_OBJECT,
        ]
        asked = self._asked()
        unknown = set(asked) - set(readable)
        if unknown:
            raise serializers.ValidationError({"fields": [f"Atribut tidak dikenal: {', '.join(sorted(unknown))}."]})
        return [*HEAD, *(name for name in readable if not asked or name in asked)]

    def _asked(self) -> Names:
        return [name for name in self.request.query_params.get("fields", "").split(",") if name]


def _one(rows: QuerySet) -> Application | None:
    return next(iter(rows.order_by()[:1]), None)


def _shown(application: Application, status: int = 200) -> Response:
    """The document of one record under its version."""
    return Response(orjson.loads(application.body), status=status, headers={"ETag": f'"{application.version}"'})


router = SimpleRouter()
router.register("applications", ApplicationViewSet, basename="api-application")
router.register("saved-views", SavedViewViewSet, basename="api-saved-view")
router_urls = [
    path("applications/edit-together/", EditTogetherView.as_view(), name="api-application-edit-together"),
    path("applications/undo-together/", UndoTogetherView.as_view(), name="api-application-undo-together"),
    *router.urls,
]
