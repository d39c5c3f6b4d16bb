"""REST: the quarters' reports as issued."""

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.routers import SimpleRouter

from apps.core.api import require_actor
from apps.dashboard.models import QuarterReport


class QuarterReportSerializer(serializers.ModelSerializer):
    """A report's frozen figures and the hashes of its files."""

    quarter = serializers.CharField(source="period.code", read_only=True)
    paper_sha256 = serializers.CharField(source="paper.sha256", read_only=True)
    sheet_sha256 = serializers.CharField(source="sheet.sha256", read_only=True)

    class Meta:
        model = QuarterReport
        fields = ("number", "quarter", "created_at", "register_sha256", "paper_sha256", "sheet_sha256", "figures")


@extend_schema(tags=["quarter-reports"])
class QuarterReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """What the regional secretary was told of each closed quarter."""

    queryset = QuarterReport.objects.none()
    serializer_class = QuarterReportSerializer
    lookup_field = "number"
    lookup_value_regex = "LTW-[0-9-]+"
    ordering = ("-pk",)

    def get_queryset(self):
        seen = QuarterReport.objects.visible_to(require_actor(self.request))
        return seen.select_related("period", "paper", "sheet")


router = SimpleRouter()
router.register("quarter-reports", QuarterReportViewSet, basename="api-quarter-report")
router_urls = router.urls
