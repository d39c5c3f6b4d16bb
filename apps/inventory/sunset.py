"""The announced end of an application in the headers machines read (RFC 9745, RFC 8594, RFC 8288)."""

from datetime import date, datetime, time

from django.conf import settings
from django.urls import reverse
from django.utils.http import http_date

from apps.inventory.models import Application

ENDING = (Application.Status.RETIRING, Application.Status.RETIRED)


def headers(application: Application) -> dict[str, str]:
    """Deprecation, Sunset and links to the notice and the successor; empty while no end is announced, and of the past."""
    sunset = getattr(application, "sunset", None) if application.status in ENDING else None
    if sunset is None:
        return {}
    links = [
        f'<{settings.BASE_URL}{reverse("catalogue:detail", args=[application.code])}>; rel="sunset"; type="text/html"'
    ]
    if sunset.successor:
        there = reverse("api-application-detail", args=[sunset.successor.code])
        links.append(f'<{settings.BASE_URL}{there}>; rel="successor-version"')
    return {
        "Deprecation": f"@{_begin(application, sunset.announced_on)}",
        "Sunset": http_date(_begin(application, sunset.ends_on)),
        "Link": ", ".join(links),
    }


def _begin(application: Application, day: date) -> int:
    """The first second of a day in the government's zone, in seconds since 1970."""
    return int(datetime.combine(day, time(), application.government.zone).timestamp())
