"""REST: periods, reports, assessments, findings, and the counters applications push."""

from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from apps.accounts.models import Organization
from apps.core import endpoints
from apps.core.api import Reason, require_actor, require_version, validated
from apps.core.endpoints import IF_MATCH, PROBLEM, REFUSALS, VERSIONED_REFUSALS, SeenViewSet
from apps.core.errors import RuleViolation, VersionMissing
from apps.core.quarter import Quarter
from apps.core.repeating import Repeatable
from apps.documents.models import Document
from apps.documents.uploads import taken
from apps.inventory.models import Application
from apps.monitoring import queries, rules, services
from apps.monitoring import serializers as shapes
from apps.monitoring.filters import AssessmentFilter, FindingFilter, PeriodFilter, ReportFilter
from apps.monitoring.models import Assessment, Finding, Period, UsageReport, UsageToken

# Paths name rows by words that are no column of their table.
CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
REPORT_KEY = [
    OpenApiParameter("application", str, OpenApiParameter.PATH, description="Misalnya APL-2026-000042."),
    OpenApiParameter("quarter", str, OpenApiParameter.PATH, description="Misalnya 2026-Q3."),
]
act = partial(endpoints.act, parameters=[CODE])


@extend_schema_view(retrieve=extend_schema(parameters=[CODE]))
class PeriodViewSet(SeenViewSet):
    """Quarters with their windows."""

    model = Period
    serializer_class = shapes.PeriodSerializer
    filterset_class = PeriodFilter
    ordering = ("-year", "-quarter")

    def get_object(self) -> Period:
        quarter = quarter_named(self.kwargs["code"])
        by = require_actor(self.request)
        rows = self.get_queryset().filter(government=by.government_id, year=quarter.year, quarter=quarter.number)
        found = rows.first()
        if found is None:
            raise Http404
        self.check_object_permissions(self.request, found)
        return found

    @act(shapes.Extend, shapes.PeriodSerializer, "extend-closing", may=rules.may_run_periods)
    def extend_closing(self, request: Request, code: str) -> Response:
        by, period, version = require_actor(request), self.get_object(), require_version(request)
        fields = validated(shapes.Extend, request)
        return self.again(services.extend_closing(period.pk, by=by, version=version, **fields))

    @extend_schema(parameters=[CODE], responses={200: shapes.Coverage, **REFUSALS})
    @action(detail=True)
    def coverage(self, request: Request, code: str) -> Response:
        """Who has reported, office by office; `partial` until the quarter is closed."""
        by, period = require_actor(request), self.get_object()
        rows = queries.coverage_seen(by, period)
        sums = queries.coverage_total(rows)
        partial = period.status != Period.Status.CLOSED
        said = {"period": period.code, "status": period.status, "partial": partial, "total": sums, "offices": rows}
        return Response(shapes.Coverage(said).data)

    @extend_schema(responses={200: shapes.Trend(many=True), 401: PROBLEM})
    @action(detail=False, pagination_class=None, filterset_class=None)
    def trend(self, request: Request) -> Response:
        """How the duty to report was met in the last eight closed quarters, oldest first, as corrected since."""
        return Response(shapes.Trend(queries.trend(require_actor(request)), many=True).data)

    @extend_schema(
        request=shapes.Sent,
        responses={200: shapes.ReportSerializer(many=True), **VERSIONED_REFUSALS},
        parameters=[CODE],
    )
    @action(detail=True, methods=["post"], url_path="submit-reports", pagination_class=None)
    def submit_reports(self, request: Request, code: str) -> Response:
        """Send ready drafts, all or none, each in the version that was read (428 without one, 412 names the stale)."""
        by, period = require_actor(request), self.get_object()
        if not by.has_role(rules.OPERATOR, rules.HEAD):
            raise exceptions.PermissionDenied
        versions = {row["application"]: row.get("version") for row in validated(shapes.Sent, request)["reports"]}
        found = dict(Application.objects.visible_to(by).filter(code__in=versions).values_list("code", "pk"))
        if set(versions) - set(found):
            unknown = ", ".join(sorted(set(versions) - set(found)))
            raise exceptions.ValidationError({"reports": [_("Tidak ditemukan: %(codes)s.") % {"codes": unknown}]})
        if None in versions.values():
            raise VersionMissing
        read = {found[key]: version for key, version in versions.items()}
        sent = services.submit_reports(period.pk, by=by, applications=list(read), versions=read)
        return Response(shapes.ReportSerializer(sent, many=True).data)

    @act(shapes.Office, shapes.Reminded, "remind", may=rules.may_run_periods, versioned=False)
    def remind(self, request: Request, code: str) -> Response:
        by, period = require_actor(request), self.get_object()
        named = validated(shapes.Office, request)["organization"]
        office = Organization.objects.visible_to(by).filter(code=named).first()
        if office is None:
            raise exceptions.ValidationError({"organization": [_("Tidak ditemukan: %(codes)s.") % {"codes": named}]})
        return Response({"reminded": services.remind_office(period.pk, office.pk, by=by)})

    @act(shapes.Nothing, shapes.PeriodSerializer, "endorse", versioned=False)
    def endorse(self, request: Request, code: str) -> Response:
        by, period = require_actor(request), self.get_object()
        if not by.has_role(rules.HEAD):
            raise exceptions.PermissionDenied
        validated(shapes.Nothing, request)
        office = Organization.objects.filter(pk=by.seat_id).values_list("pk", flat=True).first()
        if office is None:
            raise exceptions.PermissionDenied
        services.endorse(period.pk, office, by=by)
        return self.again(period)


@extend_schema_view(retrieve=extend_schema(parameters=REPORT_KEY))
class ReportViewSet(SeenViewSet):
    """Reports; addressed by application and quarter, as in APL-2026-000042/2026-Q3."""

    model = UsageReport
    related = ("period", "application__owner")
    serializer_class = shapes.ReportSerializer
    filterset_class = ReportFilter
    lookup_url_kwarg = "application"

    def get_object(self) -> UsageReport:
        quarter = quarter_named(self.kwargs["quarter"])
        rows = self.get_queryset().filter(period__year=quarter.year, period__quarter=quarter.number)
        found = rows.filter(application__code=self.kwargs["application"]).first()
        if found is None:
            raise Http404
        self.check_object_permissions(self.request, found)
        return found

    @extend_schema(
        request=shapes.Answers,
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def save(self, request: Request, application: str, quarter: str) -> Response:
        """Keep the answers as a draft; If-Match is asked once the report exists."""
        by = require_actor(request)
        row, period = self._subject(by, application, quarter)
        if not rules.may_report(by, row):
            raise exceptions.PermissionDenied
        known = UsageReport.objects.filter(period=period, application=row).exists()
        version = require_version(request) if known else None
        values = validated(shapes.Answers, request)
        return self.again(services.save_report(period.pk, row.pk, by=by, values=values, version=version))

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def accept(self, request: Request, application: str, quarter: str) -> Response:
        by, report = self._reviewed(request)
        version = require_version(request)
        validated(shapes.Nothing, request)
        return self.again(services.accept_report(report.pk, by=by, version=version))

    @extend_schema(
        request=shapes.Note,
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def give_back(self, request: Request, application: str, quarter: str) -> Response:
        by, report = self._reviewed(request)
        version = require_version(request)
        return self.again(services.return_report(report.pk, by=by, version=version, **validated(shapes.Note, request)))

    @extend_schema(
        request=shapes.Nothing,
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def reopen(self, request: Request, application: str, quarter: str) -> Response:
        """Back to draft while the window is open; until it is sent again it counts as none."""
        by, report = self._allowed(request, lambda by, row: rules.may_report(by, row.application))
        version = require_version(request)
        validated(shapes.Nothing, request)
        return self.again(services.reopen_report(report.pk, by=by, version=version))

    @extend_schema(
        request={"multipart/form-data": shapes.Paper},
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def enter_for(self, request: Request, application: str, quarter: str) -> Response:
        """Enter a signed paper for an agency, with its scan; If-Match is asked when a returned report exists."""
        by = require_actor(request)
        row, period = self._subject(by, application, quarter)
        if not rules.may_report_on_paper(by, row):
            raise exceptions.PermissionDenied
        known = self.get_queryset().filter(period=period, application=row).exists()
        version = require_version(request) if known else None
        values = validated(shapes.Paper, request)
        with transaction.atomic():
            scan = taken(values.pop("scan"), by, Document.Kind.SCAN, "scan")
            sent = services.enter_report_for(period.pk, row.pk, by=by, values=values, scan=scan, version=version)
        return self.again(sent)

    @extend_schema(
        request={"multipart/form-data": shapes.File},
        responses={200: shapes.ReportSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def attach(self, request: Request, application: str, quarter: str) -> Response:
        """Put a file beside the draft; If-Match is asked once the report exists."""
        by = require_actor(request)
        row, period = self._subject(by, application, quarter)
        if not rules.may_report(by, row):
            raise exceptions.PermissionDenied
        known = UsageReport.objects.filter(period=period, application=row).exists()
        version = require_version(request) if known else None
        upload = validated(shapes.File, request)["file"]
        with transaction.atomic():
            document = taken(upload, by, field="file")
            kept = services.attach_file(period.pk, row.pk, by=by, document=document, version=version)
        return self.again(kept.report)

    @extend_schema(
        request=shapes.Ask,
        responses={200: shapes.ExplanationSerializer, **VERSIONED_REFUSALS},
        parameters=[*REPORT_KEY, IF_MATCH],
    )
    def ask(self, request: Request, application: str, quarter: str) -> Response:
        """Ask the agency to explain its report."""
        by, report = self._allowed(request, rules.may_ask)
        version = require_version(request)
        asked = services.ask_about_report(report.pk, by=by, version=version, **validated(shapes.Ask, request))
        return Response(shapes.ExplanationSerializer(asked).data)

    def _reviewed(self, request: Request) -> tuple[Any, UsageReport]:
        return self._allowed(request, rules.may_review)

    def _allowed(self, request: Request, may: Any) -> tuple[Any, UsageReport]:
        by, report = require_actor(request), self.get_object()
        if not may(by, report):
            raise exceptions.PermissionDenied
        return by, report

    def _subject(self, by: Any, application: str, quarter: str) -> tuple[Application, Period]:
        """The application and the quarter of a report that may not exist yet; 404 when either is out of sight."""
        wanted = quarter_named(quarter)
        row = Application.objects.visible_to(by).filter(code=application).first()
        periods = Period.objects.visible_to(by).filter(year=wanted.year, quarter=wanted.number)
        period = periods.filter(government=row.government_id).first() if row else None
        if row is None or period is None:
            raise Http404
        return row, period


class AssessmentViewSet(SeenViewSet):
    """What closes concluded, with the evidence; corrections are further rows."""

    model = Assessment
    related = ("period", "application", "owner")
    serializer_class = shapes.AssessmentSerializer
    filterset_class = AssessmentFilter
    lookup_field = "pk"
    lookup_value_regex = r"\d+"


class FindingViewSet(SeenViewSet):
    """Findings and setting one aside."""

    model = Finding
    related = ("opened_in", "application__owner")
    serializer_class = shapes.FindingSerializer
    filterset_class = FindingFilter

    @act(Reason, shapes.FindingSerializer, "dismiss", may=rules.may_dismiss)
    def dismiss(self, request: Request, code: str) -> Response:
        by, finding, version = require_actor(request), self.get_object(), require_version(request)
        fields = validated(Reason, request)
        return self.again(services.dismiss(finding.pk, by=by, version=version, **fields))

    @act(shapes.Ask, shapes.ExplanationSerializer, "ask", may=rules.may_ask)
    def ask(self, request: Request, code: str) -> Response:
        by, finding, version = require_actor(request), self.get_object(), require_version(request)
        asked = services.ask_about_finding(finding.pk, by=by, version=version, **validated(shapes.Ask, request))
        return Response(shapes.ExplanationSerializer(asked).data)


class UsageTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer spbe_u_…`: the key stands for one application."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, UsageToken] | None:
        parts = get_authorization_header(request).decode("latin-1").split()
        if len(parts) != 2 or parts[0].lower() != "bearer":
            return None
        rows = UsageToken.objects.usable().filter(token_hash=services.hash_of(parts[1]))
        token = rows.select_related("application__government").first()
        if token is None:
            raise exceptions.AuthenticationFailed(_("Kunci tidak dikenal, sudah dicabut, atau sudah habis masanya."))
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class UsageTokenScheme(OpenApiAuthenticationExtension):
    """How the OpenAPI document describes the key of one application."""

    target_class = UsageTokenAuthentication
    name = "usageToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class UsageView(Repeatable, APIView):
    """Daily counters, in batches; the same day sent again replaces what was known of it."""

    authentication_classes = (UsageTokenAuthentication,)
    permission_classes = ()

    @extend_schema(request=shapes.Usage, responses={200: shapes.Kept, 400: PROBLEM, 401: PROBLEM})
    def post(self, request: Request) -> Response:
        if request.auth is None:
            raise exceptions.NotAuthenticated
        samples = validated(shapes.Usage, request)["samples"]
        received = services.receive_usage(request.auth.application, samples, token=request.auth)
        body = {"application": received.application.code, "kept": received.kept, "too_late": received.too_late}
        return Response(shapes.Kept(body).data)


def quarter_named(text: str) -> Quarter:
    """The quarter of a path; 404 when it is not one."""
    try:
        return Quarter.parse(text)
    except RuleViolation:
        raise Http404


router = SimpleRouter()
router.register("periods", PeriodViewSet, basename="api-period")
router.register("assessments", AssessmentViewSet, basename="api-assessment")
router.register("findings", FindingViewSet, basename="api-finding")
FILES = (MultiPartParser,)
_ONE = "reports/<application>/<quarter>/"
router_urls: list = [
    *router.urls,
    path("reports/", ReportViewSet.as_view({"get": "list"}), name="api-report-list"),
    path(_ONE, ReportViewSet.as_view({"get": "retrieve"}), name="api-report-detail"),
    path(f"{_ONE}save/", ReportViewSet.as_view({"post": "save"}), name="api-report-save"),
    path(f"{_ONE}accept/", ReportViewSet.as_view({"post": "accept"}), name="api-report-accept"),
    path(f"{_ONE}reopen/", ReportViewSet.as_view({"post": "reopen"}), name="api-report-reopen"),
    path(f"{_ONE}ask/", ReportViewSet.as_view({"post": "ask"}), name="api-report-ask"),
    path(
        f"{_ONE}enter-for/",
        ReportViewSet.as_view({"post": "enter_for"}, parser_classes=FILES),
        name="api-report-enter-for",
    ),
    path(f"{_ONE}attach/", ReportViewSet.as_view({"post": "attach"}, parser_classes=FILES), name="api-report-attach"),
    path(f"{_ONE}return/", ReportViewSet.as_view({"post": "give_back"}), name="api-report-return"),
    path("usage/", UsageView.as_view(), name="api-usage"),
]
