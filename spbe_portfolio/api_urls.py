"""REST routes of version 1: each app's `api.router_urls`, the schema and its reader."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import path
from drf_spectacular.views import SpectacularSwaggerSplitView

from apps.accounts import api as accounts
from apps.catalogue import api as catalogue
from apps.core.schema import SchemaView
from apps.dashboard import api as dashboard
from apps.deactivation import api as deactivation
from apps.inventory import api as inventory
from apps.monitoring import api as monitoring
from apps.webhooks import api as webhooks

# The one page with a looser policy: the reader of the schema is a library's bundle that writes its own styles
# into the page. Its script still comes from our own address, and the page shows no data of the register.
docs = csp_update({"style-src": [UNSAFE_INLINE]})(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    *catalogue.router_urls,
    *inventory.router_urls,
    *monitoring.router_urls,
    *deactivation.router_urls,
    *dashboard.router_urls,
    *accounts.router_urls,
    *webhooks.router_urls,
]
