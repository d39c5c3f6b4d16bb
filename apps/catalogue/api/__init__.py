"""REST routes: the public catalogue as files, whole and frozen, and what describes them."""

from apps.catalogue.api.describing import describing_urls
from apps.catalogue.api.exports import export_urls
from apps.catalogue.api.snapshots import snapshot_urls

router_urls = [*export_urls, *describing_urls, *snapshot_urls]
