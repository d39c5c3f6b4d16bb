"""REST: cases and every act in them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from apps.accounts.models import Organization
from apps.core.api import require_actor, require_right, validated
from apps.core.endpoints import REFUSALS, SeenViewSet, act
from apps.deactivation import rules, services
from apps.deactivation.api import inputs
from apps.deactivation.api.acts import said, versioned
from apps.deactivation.api.overview import LedgerSerializer, OverviewSerializer
from apps.deactivation.api.serializers import CaseDetailSerializer, CaseSerializer
from apps.deactivation.filters import CaseFilter
from apps.deactivation.models import Case, ChecklistItem, Condition, Dataset
from apps.deactivation.queries import ledger, overview
from apps.documents.responses import pack_response
from apps.inventory.models import Application
from apps.monitoring.models import Finding


class CaseViewSet(SeenViewSet):
    """Cases: list, detail, opening one, and the acts that move it."""

    model = Case
    serializer_class = CaseSerializer
    detail_serializer_class = CaseDetailSerializer
    filterset_class = CaseFilter

    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("application__owner", "caretaker", "finding", "target", "decision")

    @extend_schema(request=inputs.Nominate, responses={201: CaseDetailSerializer, **REFUSALS})
    def create(self, request: Request) -> Response:
        by = require_right(request, rules.nominates)
        fields = validated(inputs.Nominate, request)
        application = _application(by, fields["application"])
        finding = _finding(by, fields.get("finding"))
        case = services.nominate(
            application.pk,
            by=by,
            ground=fields["ground"],
            reason=fields["reason"],
            kind=fields["kind"],
            finding_id=finding,
        )
        return self.shown(case, status=201)

    @extend_schema(responses={200: OverviewSerializer, **REFUSALS})
    @action(detail=False, methods=["get"], url_path="overview", filterset_class=None, pagination_class=None)
    def overview(self, request: Request) -> Response:
        """Board by state and age, what is late in working days, median days per step and office, and the roadmap."""
        return Response(OverviewSerializer(overview.overview(require_actor(request))).data)

    @extend_schema(responses={200: LedgerSerializer, **REFUSALS})
    @action(detail=False, methods=["get"], url_path="savings", filterset_class=None, pagination_class=None)
    def savings(self, request: Request) -> Response:
        """Savings planned, verified and realised: in total with and without the unverified, by office, year and line."""
        return Response(LedgerSerializer(ledger.ledger(require_actor(request))).data)

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY, **REFUSALS})
    @action(detail=True, methods=["get"], url_path="evidence-pack")
    def evidence_pack(self, request: Request, code: str) -> FileResponse:
        """Everything that proves the case as a ZIP with a manifest of SHA-256 hashes."""
        return pack_response(services.take_evidence_pack(code, by=require_actor(request)), code)

    @act(inputs.Empty, CaseDetailSerializer, path="sign-request", may=rules.may_sign_request)
    def sign_request(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.Empty, services.sign_request)

    @act(inputs.CaseReason, CaseDetailSerializer, path="withdraw", may=rules.may_withdraw)
    def withdraw(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.CaseReason, services.withdraw)

    @act(inputs.NameCaretaker, CaseDetailSerializer, path="name-caretaker", may=rules.may_name_caretaker)
    def name_caretaker(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        fields = validated(inputs.NameCaretaker, request)
        office = office_named(request.actor, fields["organization"])
        return self.again(services.name_caretaker(code, organization_id=office, reason=fields["reason"], **who))

    @act(inputs.Answer, CaseDetailSerializer, path="answer", may=rules.may_answer)
    def answer(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.Answer, services.answer)

    @act(inputs.GiveOpinion, CaseDetailSerializer, path="give-opinion", may=rules.may_give_opinion, versioned=False)
    def give_opinion(self, request: Request, code: str) -> Response:
        by, case = require_actor(request), self.get_object()
        fields = validated(inputs.GiveOpinion, request)
        services.give_opinion(case.code, by=by, session_id=fields.pop("session"), **fields)
        return self.again(case)

    @act(inputs.Recommend, CaseDetailSerializer, path="recommend", may=rules.may_recommend)
    def recommend(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        fields = validated(inputs.Recommend, request)
        session, target = fields.pop("session"), fields.pop("target", None)
        return self.again(services.recommend(code, session_id=session, target_id=target, **fields, **who))

    @act(inputs.Postpone, CaseDetailSerializer, path="postpone", may=rules.may_postpone)
    def postpone(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        fields = validated(inputs.Postpone, request)
        return self.again(services.postpone(code, session_id=fields["session"], reason=fields["reason"], **who))

    @act(inputs.CaseReason, CaseDetailSerializer, path="send-back", may=rules.may_send_back)
    def send_back(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.CaseReason, services.send_back)

    @act(inputs.RaiseObjection, CaseDetailSerializer, path="raise-objection", may=rules.may_object)
    def raise_objection(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.RaiseObjection, services.raise_objection)

    @act(inputs.CaseReason, CaseDetailSerializer, path="uphold-objection", may=rules.may_uphold_objection)
    def uphold_objection(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.CaseReason, services.uphold_objection)

    @act(inputs.CaseReason, CaseDetailSerializer, path="dismiss-objection", may=rules.may_dismiss_objection)
    def dismiss_objection(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.CaseReason, services.dismiss_objection)

    @act(inputs.Annul, CaseDetailSerializer, path="annul", may=rules.may_annul)
    def annul(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.Annul, services.annul)

    @act(inputs.WriteNotice, CaseDetailSerializer, path="write-notice", may=rules.may_write_notice)
    def write_notice(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.WriteNotice, services.write_notice)

    @act(inputs.Empty, CaseDetailSerializer, path="close", may=rules.may_close)
    def close(self, request: Request, code: str) -> Response:
        return self._reasoned(request, code, inputs.Empty, services.close)

    @act(inputs.CompleteItem, CaseDetailSerializer, path=r"items/(?P<item>\d+)/complete")
    def complete_item(self, request: Request, code: str, item: str) -> Response:
        return self._on_item(
            request, item, inputs.CompleteItem, services.complete_item, ChecklistItem, rules.may_complete_item
        )

    @act(inputs.Empty, CaseDetailSerializer, path=r"items/(?P<item>\d+)/verify")
    def verify_item(self, request: Request, code: str, item: str) -> Response:
        return self._on_item(request, item, inputs.Empty, services.verify_item, ChecklistItem, rules.may_verify_item)

    @act(inputs.CaseReason, CaseDetailSerializer, path=r"items/(?P<item>\d+)/return")
    def return_item(self, request: Request, code: str, item: str) -> Response:
        return self._on_item(
            request, item, inputs.CaseReason, services.return_item, ChecklistItem, rules.may_return_item
        )

    @act(inputs.ListDataset, CaseDetailSerializer, path="list-dataset", may=rules.may_list_dataset)
    def list_dataset(self, request: Request, code: str) -> Response:
        who = versioned(self, request)
        return self.again(services.list_dataset(code, **validated(inputs.ListDataset, request), **who).case)

    @act(inputs.SettleDataset, CaseDetailSerializer, path=r"datasets/(?P<dataset>\d+)/settle")
    def settle_dataset(self, request: Request, code: str, dataset: str) -> Response:
        return self._on_item(
            request, dataset, inputs.SettleDataset, services.settle_dataset, Dataset, rules.may_settle_dataset
        )

    @act(inputs.Empty, CaseDetailSerializer, path=r"datasets/(?P<dataset>\d+)/verify")
    def verify_dataset(self, request: Request, code: str, dataset: str) -> Response:
        return self._on_item(request, dataset, inputs.Empty, services.verify_dataset, Dataset, rules.may_verify_dataset)

    @act(inputs.CaseReason, CaseDetailSerializer, path=r"datasets/(?P<dataset>\d+)/return")
    def return_dataset(self, request: Request, code: str, dataset: str) -> Response:
        return self._on_item(
            request, dataset, inputs.CaseReason, services.return_dataset, Dataset, rules.may_verify_dataset
        )

    @act(inputs.CaseReason, CaseDetailSerializer, path=r"datasets/(?P<dataset>\d+)/drop")
    def drop_dataset(self, request: Request, code: str, dataset: str) -> Response:
        return self._on_item(
            request, dataset, inputs.CaseReason, services.drop_dataset, Dataset, rules.may_settle_dataset
        )

    @act(inputs.SettleCondition, CaseDetailSerializer, path=r"conditions/(?P<condition>\d+)/settle")
    def settle_condition(self, request: Request, code: str, condition: str) -> Response:
        return self._on_item(
            request, condition, inputs.SettleCondition, services.settle_condition, Condition, rules.may_settle_condition
        )

    @act(
        inputs.VerifySaving,
        CaseDetailSerializer,
        path=r"savings/(?P<saving>\d+)/verify",
        may=rules.may_verify_saving,
    )
    def verify_saving(self, request: Request, code: str, saving: str) -> Response:
        return self._on_saving(request, code, saving, inputs.VerifySaving, services.verify_saving)

    @act(
        inputs.RecordRealised,
        CaseDetailSerializer,
        path=r"savings/(?P<saving>\d+)/record-realised",
        may=rules.may_record_realised,
    )
    def record_realised(self, request: Request, code: str, saving: str) -> Response:
        return self._on_saving(request, code, saving, inputs.RecordRealised, services.record_realised)

    @transaction.atomic
    def _on_saving(self, request: Request, code: str, key: str, body: Any, verb: Any) -> Response:
        case = self.get_object()
        row = get_object_or_404(case.savings, pk=key)
        who = versioned(self, request)
        verb(row.pk, **said(body, request), **who)
        return self.again(case)

    @transaction.atomic
    def _reasoned(self, request: Request, code: str, body: Any, verb: Any) -> Response:
        who = versioned(self, request)
        return self.again(verb(code, **said(body, request), **who))

    @transaction.atomic
    def _on_item(self, request: Request, key: str, body: Any, verb: Any, model: Any, may: Any) -> Response:
        case = self.get_object()
        row = get_object_or_404(model, case=case, pk=key)
        if not may(request.actor, row):
            raise PermissionDenied
        who = versioned(self, request)
        row = verb(int(key), **said(body, request), **who)
        return self.again(row.case)


def office_named(by: Any, code: str) -> int:
    """The office with this code in the actor's government; 400 when there is none."""
    office = Organization.objects.visible_to(by).filter(code=code).values_list("pk", flat=True).first()
    if office is None:
        raise ValidationError({"organization": ["Perangkat daerah tidak ditemukan."]})
    return office


def _application(by: Any, code: str) -> Application:
    found = Application.objects.visible_to(by).named(code).first()
    if found is None:
        raise ValidationError({"application": ["Aplikasi tidak ditemukan."]})
    return found


def _finding(by: Any, code: str | None) -> int | None:
    if not code:
        return None
    found = Finding.objects.visible_to(by).filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise ValidationError({"finding": ["Temuan tidak ditemukan."]})
    return found
