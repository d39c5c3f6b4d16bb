"""REST acts on the rows of an application, and the impact of its stop."""

from typing import Any

from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.api import require_actor, validated
from apps.core.endpoints import REFUSALS
from apps.documents.responses import file_response
from apps.inventory import rules, services
from apps.inventory.api.acts import act
from apps.inventory.impact import impact_of
from apps.inventory.models import Application
from apps.inventory.rows.serializers import (
    ContractInput,
    CostInput,
    DocumentInput,
    RelationInput,
    RowInput,
    RowRemoval,
    changing,
)  # fmt: skip

RelationChange, CostChange = changing(RelationInput), changing(CostInput)
ContractChange, DocumentChange = changing(ContractInput), changing(DocumentInput)


class HurtShape(serializers.Serializer):
    """One application that is hurt, how far away and by which way."""

    key = serializers.CharField()
    name = serializers.CharField()
    owner = serializers.CharField()
    depth = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField())


class ImpactShape(serializers.Serializer):
    """Who is hurt when the application stops; `is_cut` when there may be more beyond ten steps."""

    key = serializers.CharField()
    is_cut = serializers.BooleanField()
    hurt = HurtShape(many=True)


class RowActs:
    """Acts on relations, costs, contracts and documents, each moving the version of the application."""

    @act(RelationInput, "add-relation", rules.may_change)
    def add_relation(self, request: Request, key: str) -> Response:
        return self._row(services.RELATION, RelationInput)

    @act(RelationChange, "change-relation", rules.may_change)
    def change_relation(self, request: Request, key: str) -> Response:
        return self._row(services.RELATION, RelationChange)

    @act(RowRemoval, "remove-relation", rules.may_change)
    def remove_relation(self, request: Request, key: str) -> Response:
        return self._row(services.RELATION, RowRemoval)

    @act(CostInput, "add-cost", rules.may_change)
    def add_cost(self, request: Request, key: str) -> Response:
        return self._row(services.COST, CostInput)

    @act(CostChange, "change-cost", rules.may_change)
    def change_cost(self, request: Request, key: str) -> Response:
        return self._row(services.COST, CostChange)

    @act(RowRemoval, "remove-cost", rules.may_change)
    def remove_cost(self, request: Request, key: str) -> Response:
        return self._row(services.COST, RowRemoval)

    @act(ContractInput, "add-contract", rules.may_change)
    def add_contract(self, request: Request, key: str) -> Response:
        return self._row(services.CONTRACT, ContractInput)

    @act(ContractChange, "change-contract", rules.may_change)
    def change_contract(self, request: Request, key: str) -> Response:
        return self._row(services.CONTRACT, ContractChange)

    @act(RowRemoval, "remove-contract", rules.may_change)
    def remove_contract(self, request: Request, key: str) -> Response:
        return self._row(services.CONTRACT, RowRemoval)

    @act(DocumentInput, "add-document", rules.may_change)
    def add_document(self, request: Request, key: str) -> Response:
        return self._row(services.DOCUMENT, DocumentInput)

    @act(DocumentChange, "change-document", rules.may_change)
    def change_document(self, request: Request, key: str) -> Response:
        return self._row(services.DOCUMENT, DocumentChange)

    @act(RowRemoval, "remove-document", rules.may_change)
    def remove_document(self, request: Request, key: str) -> Response:
        return self._row(services.DOCUMENT, RowRemoval)

    @extend_schema(responses={200: ImpactShape, **REFUSALS})
    @action(detail=True, methods=["get"], url_path="impact")
    def impact(self, request: Request, key: str) -> Response:
        """Who is hurt when the application stops."""
        application = self._internal(request)
        found = impact_of(application, clock.today(application.government.zone))
        hurt = [
            {
                "key": row.application.key,
                "name": row.application.name,
                "owner": row.application.owner.code,
                "depth": row.depth,
                "path": [step.key for step in row.path],
            }
            for row in found.hurt
        ]
        return Response({"key": application.key, "is_cut": found.is_cut, "hurt": hurt})

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY, **REFUSALS})
    @action(detail=True, methods=["get"], url_path=r"documents/(?P<pk>\d+)/file")
    def document_file(self, request: Request, key: str, pk: str) -> FileResponse:
        """The stored file of one document."""
        rows = self._internal(request).documents.readable_by(request.actor)
        row = get_object_or_404(rows, pk=int(pk))
        if row.document is None:
            raise Http404
        return file_response(row.document)

    def _internal(self, request: Request) -> Application:
        """The application, for people of the government: what hangs together is not public."""
        application = self.get_object()  # type: ignore[attr-defined]
        require_actor(request)
        return application

    @transaction.atomic
    def _row(self, noun: services.Noun, body: type[RowInput]) -> Response:
        """Add without an id; with one change, or remove when the body says no more."""
        who = self._versioned()  # type: ignore[attr-defined]
        key = self.kwargs["key"]  # type: ignore[attr-defined]
        values = validated(body, self.request)  # type: ignore[attr-defined]
        reason, row_id = values.pop("reason"), values.pop("id", None)
        self._named(values, key)
        if body is RowRemoval:
            services.remove_row(noun, key, row_id, reason=reason, **who)
        elif row_id is None:
            services.add_row(noun, key, values=values, reason=reason, **who)
        else:
            services.change_row(noun, key, row_id, values=values, reason=reason, **who)
        return self._again()  # type: ignore[attr-defined]

    def _named(self, values: dict[str, Any], key: str) -> None:
        """Other records and contracts are named by code and number."""
        application = self.get_object()  # type: ignore[attr-defined]
        if "target" in values:
            others = Application.objects.public().filter(government=application.government_id)
            values["target"] = _one(others.filter(code=values["target"]), "target", values["target"])
        if values.get("contract"):
            values["contract"] = _one(
                application.contracts.filter(number=values["contract"]), "contract", values["contract"]
            )


def _one(rows: Any, field: str, said: str) -> Any:
    found = rows.first()
    if found is None:
        raise ValidationError({field: [f"Tidak ditemukan: {said}."]})
    return found
