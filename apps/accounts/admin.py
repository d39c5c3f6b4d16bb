"""Looking, not touching: every change goes through the services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.accounts.models import GovernmentPolicy, Membership, Organization, User


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nothing can be added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


admin.site.register(Organization, ReadOnlyAdmin)
admin.site.register(GovernmentPolicy, ReadOnlyAdmin)
admin.site.register(User, ReadOnlyAdmin, exclude=("password",))
admin.site.register(Membership, ReadOnlyAdmin)
