"""Asking for the password once more before an act of weight."""

from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _


def confirm(request: HttpRequest, password: str) -> None:
    """Return quietly when `password` is the signed-in person's own.

    ValidationError for the field `password` otherwise; wrong tries count toward the sign-in throttle.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    user = authenticate(request, username=request.user.get_username(), password=password)
    if user is None or user.pk != request.user.pk:
        raise ValidationError(
            {"password": [_("Kata sandi tidak cocok. Ketik kata sandi yang Anda pakai untuk masuk.")]}
        )
