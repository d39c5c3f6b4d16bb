"""Web routes: each app names its own whole paths."""

from django.urls import include, path

from apps.core import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("spbe_portfolio.api_urls")),
    path("", include("apps.dashboard.urls")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.inventory.urls")),
    path("", include("apps.monitoring.urls")),
    path("", include("apps.deactivation.urls")),
    path("", include("apps.catalogue.urls")),
    path("", include("apps.notifications.urls")),
    path("", include("apps.webhooks.urls")),
]
handler400 = "apps.core.web.bad_request"
handler403 = "apps.core.web.forbidden"
handler404 = "apps.core.web.not_found"
handler500 = "apps.core.web.server_error"
