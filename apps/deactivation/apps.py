from django.apps import AppConfig


class DeactivationConfig(AppConfig):
    name = "apps.deactivation"
    verbose_name = "Penonaktifan"
