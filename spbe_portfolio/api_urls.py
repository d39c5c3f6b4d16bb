"""REST routes of version 1: each app's `api.router_urls`, the schema and its reader."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.accounts import api as accounts
from apps.catalogue import api as catalogue
from apps.deactivation import api as deactivation
from apps.inventory import api as inventory
from apps.monitoring import api as monitoring

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    *catalogue.router_urls,
    *inventory.router_urls,
    *monitoring.router_urls,
    *deactivation.router_urls,
    *accounts.router_urls,
]
