"""Signing in by name and password."""

from django.contrib.auth.backends import BaseBackend, ModelBackend


class AccountBackend(ModelBackend):
    """People sign in by their sign-in name."""
