"""REST routes."""

router_urls: list = []
