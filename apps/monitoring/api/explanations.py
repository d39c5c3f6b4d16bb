"""REST: requests for explanation and their answers."""

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from apps.core.api import require_actor, require_version, validated
from apps.core.endpoints import IF_MATCH, VERSIONED_REFUSALS, SeenViewSet, with_files
from apps.core.parsing import JSONParser
from apps.documents.uploads import taken
from apps.monitoring import rules, services
from apps.monitoring import serializers as shapes
from apps.monitoring.api.quarters import CODE
from apps.monitoring.filters import ExplanationFilter
from apps.monitoring.models import ExplanationRequest


@extend_schema_view(retrieve=extend_schema(parameters=[CODE]))
class ExplanationViewSet(SeenViewSet):
    """What reviewers asked and agencies explained."""

    model = ExplanationRequest
    related = ("application", "report__period", "finding")
    serializer_class = shapes.ExplanationSerializer
    filterset_class = ExplanationFilter

    @extend_schema(
        request=with_files(shapes.Explain),
        responses={200: shapes.ExplanationSerializer, **VERSIONED_REFUSALS},
        parameters=[CODE, IF_MATCH],
    )
    @action(detail=True, methods=["post"], parser_classes=[JSONParser, MultiPartParser], may=rules.may_explain)
    def explain(self, request: Request, code: str) -> Response:
        by, row, version = require_actor(request), self.get_object(), require_version(request)
        said = validated(shapes.Explain, request)
        with transaction.atomic():
            document = taken(said.get("document"), by, field="document")
            services.explain(row.pk, by=by, version=version, answer=said["answer"], document=document)
        return self.again(row)


router = SimpleRouter()
router.register("explanations", ExplanationViewSet, basename="api-explanation")
router_urls: list = router.urls
