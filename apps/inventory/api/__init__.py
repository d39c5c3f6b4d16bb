"""REST routes of the register."""

from apps.inventory.api import applications, imports, reorganizations

router_urls: list = [*applications.router_urls, *imports.router_urls, *reorganizations.router_urls]
