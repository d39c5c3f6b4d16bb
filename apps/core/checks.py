"""What is wrong with an installation's settings, said before anything runs."""

from typing import Any

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from apps.core.outbound import Policy


def outbound_places(**_kwargs: Any) -> list[checks.CheckMessage]:
    """The inner places the guarded client may reach are readable and narrow."""
    try:
        Policy.of_installation()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="core.E001")]
    return []
