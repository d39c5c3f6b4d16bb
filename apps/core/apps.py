from django.apps import AppConfig
from django.core import checks

from apps.core.checks import outbound_places


class CoreConfig(AppConfig):
    name = "apps.core"
    verbose_name = "Inti"

    def ready(self) -> None:
        checks.register(outbound_places)
