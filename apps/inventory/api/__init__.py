"""REST routes of the register."""

from apps.inventory.api import applications, reorganizations

router_urls: list = [*applications.router_urls, *reorganizations.router_urls]
