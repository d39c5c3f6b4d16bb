"""Pages of signing in and of administration."""

from apps.accounts.views import keys, offices, people, sign_in

__all__ = ["keys", "offices", "people", "sign_in"]
