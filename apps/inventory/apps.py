from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string


class InventoryConfig(AppConfig):
    name = "apps.inventory"
    verbose_name = "Aplikasi"

    def ready(self) -> None:
        # Named, because the models are not there yet when this module is read.
        post_migrate.connect(import_string("apps.inventory.publishing.install"), sender=self)
