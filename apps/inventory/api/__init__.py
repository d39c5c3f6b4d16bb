"""REST routes of the register."""

from apps.inventory.api import applications, imports, published, reorganizations

router_urls: list = [
    *applications.router_urls,
    *published.router_urls,
    *imports.router_urls,
    *reorganizations.router_urls,
]
