"""REST of offices and their people, a module per noun."""

from apps.accounts.api import delegations, organizations

router_urls: list = [*organizations.router_urls, *delegations.router_urls]
