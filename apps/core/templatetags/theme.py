"""Light or dark: what somebody chose, else what the device says."""

from django import template
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

CHOSEN, DEVICE = "spbe_theme", "spbe_device"  # cookies; the second is written by static/js/theme.js


@register.simple_tag
def theme_of(request: HttpRequest | str | None) -> str:
    """`dark` or `light`; a page of an error may be drawn without its request."""
    cookies = getattr(request, "COOKIES", {})
    said = cookies.get(CHOSEN) or cookies.get(DEVICE)
    return "dark" if said == "dark" else "light"


@register.simple_tag
def theme_attributes(request: HttpRequest | str | None) -> SafeString:
    """What the html element says; without a choice the page follows the device."""
    follows = "" if CHOSEN in getattr(request, "COOKIES", {}) else " data-follows-device"
    return mark_safe(f'data-bs-theme="{theme_of(request)}"{follows}')
