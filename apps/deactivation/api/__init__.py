"""REST routes of cases, letters, desk sessions and decisions."""

from rest_framework.routers import SimpleRouter

from apps.deactivation.api.cases import CaseViewSet
from apps.deactivation.api.sittings import DecisionViewSet, LetterViewSet, SessionViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="api-case")
router.register("letters", LetterViewSet, basename="api-letter")
router.register("desk-sessions", SessionViewSet, basename="api-desk-session")
router.register("decisions", DecisionViewSet, basename="api-decision")
router_urls = router.urls
