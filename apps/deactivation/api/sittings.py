"""REST: letters, desk sessions and decisions."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import require_actor, require_right, validated
from apps.core.endpoints import REFUSALS, VERSIONED_REFUSALS, SeenViewSet, act
from apps.deactivation import rules, services
from apps.deactivation.api import inputs
from apps.deactivation.api.acts import said, versioned
from apps.deactivation.api.cases import office_named
from apps.deactivation.api.serializers import DecisionSerializer, LetterSerializer, SessionSerializer
from apps.deactivation.filters import DecisionFilter, LetterFilter, SessionFilter
from apps.deactivation.models import Decision, DeskSession, Letter
from apps.deactivation.queries import invitation


def _manages(by: Any, session: DeskSession) -> bool:
    return rules.may_manage_session(by, session.government_id)


def _signs(by: Any, row: Any) -> bool:
    return rules.may_attach_signed(by, row.government_id)


class LetterViewSet(SeenViewSet):
    """Confirmation letters; sending, proof of delivery and the one extension."""

    model = Letter
    serializer_class = LetterSerializer
    filterset_class = LetterFilter

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .select_related("addressee", "replaces")
            .prefetch_related("items__case", "items__letter")
        )

    @extend_schema(request=inputs.SendLetter, responses={201: LetterSerializer, **VERSIONED_REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.sends_letters)
        fields = validated(inputs.SendLetter, request)
        letter = services.send_letter(list(fields["cases"]), by=by, versions=fields["cases"], note_text=fields["note"])
        return self.shown(letter, status=201)

    @act(inputs.Empty, LetterSerializer, path="open", may=rules.may_open_letter, versioned=False)
    def open(self, request: Request, code: str) -> Response:
        by, letter = require_actor(request), self.get_object()
        return self.again(services.open_letter(letter.pk, by=by))

    @act(inputs.RecordDelivery, LetterSerializer, path="record-delivery", may=rules.may_record_delivery)
    def record_delivery(self, request: Request, code: str) -> Response:
        return self._done(request, code, inputs.RecordDelivery, services.record_delivery)

    @act(inputs.ExtendDeadline, LetterSerializer, path="extend-deadline", may=rules.may_extend_deadline)
    def extend_deadline(self, request: Request, code: str) -> Response:
        return self._done(request, code, inputs.ExtendDeadline, services.extend_deadline)

    @transaction.atomic
    def _done(self, request: Request, code: str, body: Any, verb: Any) -> Response:
        who = versioned(self, request)
        return self.again(verb(code, **said(body, request), **who))


class SessionViewSet(SeenViewSet):
    """Desk sessions; agenda, invitations, attendance and minutes."""

    model = DeskSession
    serializer_class = SessionSerializer
    filterset_class = SessionFilter

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .select_related("government")
            .prefetch_related(
                "items__case", "attendances__organization", "minutes__issued__signed_copies", "remarks__organization"
            )
        )

    @extend_schema(request=inputs.ScheduleSession, responses={201: SessionSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.holds_sessions)
        session = services.schedule_session(by=by, **validated(inputs.ScheduleSession, request))
        return self.shown(session, status=201)

    @act(inputs.Empty, SessionSerializer, path="start", may=_manages)
    def start(self, request: Request, code: str) -> Response:
        return self.again(services.start_session(code, **versioned(self, request)))

    @act(inputs.CaseReason, SessionSerializer, path="cancel", may=_manages)
    def cancel(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        return self.again(services.cancel_session(code, **validated(inputs.CaseReason, request), **who))

    @act(inputs.AddToAgenda, SessionSerializer, path="add-to-agenda", may=_manages)
    def add_to_agenda(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        return self.again(services.add_to_agenda(code, case_ids=validated(inputs.AddToAgenda, request)["cases"], **who))

    @act(inputs.Invite, SessionSerializer, path="invite", may=_manages, versioned=False)
    def invite(self, request: Request, code: str) -> Response:
        by, session = require_actor(request), self.get_object()
        fields = validated(inputs.Invite, request)
        offices = [office_named(by, name) for name in fields["organizations"]]
        return self.again(services.invite(session.code, by=by, organization_ids=offices, reference=fields["reference"]))

    @extend_schema(responses={(200, "text/calendar"): OpenApiTypes.STR, **REFUSALS})
    @action(detail=True, methods=["get"])
    def calendar(self, request: Request, code: str) -> HttpResponse:
        """The session as iCalendar text (RFC 5545); the same entry moves when it is put off."""
        require_actor(request)
        return HttpResponse(invitation.as_calendar(self.get_object()), content_type=invitation.KIND)

    @act(inputs.RecordAttendance, SessionSerializer, path="record-attendance", may=_manages, versioned=False)
    def record_attendance(self, request: Request, code: str) -> Response:
        by, session = require_actor(request), self.get_object()
        fields = validated(inputs.RecordAttendance, request)
        office = office_named(by, fields.pop("organization"))
        services.record_attendance(session.code, by=by, organization_id=office, **fields)
        return self.again(session)

    @act(inputs.Text, SessionSerializer, path="draft-minutes", may=rules.may_issue_minutes)
    def draft_minutes(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        return self.again(services.draft_minutes(code, **validated(inputs.Text, request), **who))

    @act(inputs.Text, SessionSerializer, path="remark-on-minutes", may=rules.may_remark_on_minutes, versioned=False)
    def remark_on_minutes(self, request: Request, code: str) -> Response:
        by, session = require_actor(request), self.get_object()
        services.remark_on_minutes(session.code, by=by, **validated(inputs.Text, request))
        return self.again(session)

    @act(inputs.OptionalText, SessionSerializer, path="issue-minutes", may=rules.may_issue_minutes)
    def issue_minutes(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        return self.again(services.issue_minutes(code, **validated(inputs.OptionalText, request), **who).session)

    @act(inputs.Text, SessionSerializer, path="amend-minutes", may=rules.may_issue_minutes, versioned=False)
    def amend_minutes(self, request: Request, code: str) -> Response:
        by, session = require_actor(request), self.get_object()
        services.amend_minutes(session.code, by=by, **validated(inputs.Text, request))
        return self.again(session)

    @act(inputs.AttachSignedMinutes, SessionSerializer, path="attach-signed-minutes", may=_signs, versioned=False)
    @transaction.atomic
    def attach_signed_minutes(self, request: Request, code: str) -> Response:
        by, session = require_actor(request), self.get_object()
        services.attach_signed_minutes(session.code, by=by, **said(inputs.AttachSignedMinutes, request))
        return self.again(session)


class DecisionViewSet(SeenViewSet):
    """Decisions; one act may decide several cases, all or nothing."""

    model = Decision
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .select_related("issued")
            .prefetch_related("items__case", "items__target", "issued__signed_copies")
            .distinct()
        )

    @extend_schema(request=inputs.Decide, responses={201: DecisionSerializer, **VERSIONED_REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.decides)
        fields = validated(inputs.Decide, request)
        choices = [_choice(row) for row in fields.pop("cases")]
        return self.shown(services.decide(choices, by=by, **fields), status=201)

    @act(inputs.AttachSigned, DecisionSerializer, path="attach-signed", may=_signs, versioned=False)
    @transaction.atomic
    def attach_signed(self, request: Request, code: str) -> Response:
        by, decision = require_actor(request), self.get_object()
        services.attach_signed_decision(decision.code, by=by, **said(inputs.AttachSigned, request))
        return self.again(decision)


def _choice(row: dict[str, Any]) -> services.Choice:
    target = row.pop("target", None)
    return services.Choice(**{**row, "conditions": tuple(row["conditions"])}, target_id=target)
