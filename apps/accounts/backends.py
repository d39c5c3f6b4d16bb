"""Who a name and a password are."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.http import HttpRequest

from apps.accounts.models import User


class AccountBackend:
    """Sign-in by user name or NIP. Demo accounts exist only while DEMO is set."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> User | None:
        name = (username or "").strip().lower()
        user = User.objects.filter(Q(username=name) | Q(nip=name)).first() if name else None
        if user is None:
            make_password(password)  # an unknown name costs as much time as a known one
            return None
        return user if user.check_password(password) and self.may_enter(user) else None

    def get_user(self, user_id: int) -> User | None:
        """The person of a session, asked anew for each request: a deactivated account is out at once."""
        user = User.objects.filter(pk=user_id).first()
        return user if user and self.may_enter(user) else None

    def may_enter(self, user: User) -> bool:
        return user.is_active and (settings.DEMO or not user.is_demo)
