"""REST routes: the whole public catalogue as files."""

from apps.catalogue.api.exports import export_urls

router_urls = [*export_urls]
