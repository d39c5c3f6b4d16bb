"""REST routes: the public catalogue as files, whole and frozen."""

from apps.catalogue.api.exports import export_urls
from apps.catalogue.api.snapshots import snapshot_urls

router_urls = [*export_urls, *snapshot_urls]
