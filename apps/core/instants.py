"""Moments that clients send, as far as the database can hold them."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_filters.fields import IsoDateTimeField


class InstantField(IsoDateTimeField):
    """An ISO 8601 moment in UTC; ValidationError for one whose zone no calendar has or that lies outside the calendar."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except (OverflowError, ValueError) as error:
            raise ValidationError(_("Isi tanggal dan waktu yang sah, misalnya 2026-05-12T09:00:00+07:00.")) from error


class InstantFilter(django_filters.IsoDateTimeFilter):
    """Rows by a moment."""

    field_class = InstantField
