"""REST routes of the quarter."""

from apps.monitoring.api import evidence, explanations, quarters, reminders, thresholds

router_urls: list = [
    *quarters.router_urls,
    *explanations.router_urls,
    *evidence.router_urls,
    *reminders.router_urls,
    *thresholds.router_urls,
]
