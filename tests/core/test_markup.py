"""Markup put together in Python escapes what Django's own would."""

import pytest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from apps.core.markup import filled, filled_each

VALUES = ["<script>", "a & b", "\"kutip'", 7, None, 0.5, mark_safe("<b>aman</b>"), gettext_lazy("Aplikasi"), "{}", "é"]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_is_escaped_as_django_does(value):
    assert filled('<p title="{}">{}</p>', value, value) == format_html('<p title="{}">{}</p>', value, value)


def test_rows_are_joined_as_django_does():
    rows = [(value, value) for value in VALUES]
    assert filled_each("<td{}>{}</td>", rows, "\n") == format_html_join("\n", "<td{}>{}</td>", rows)


def test_what_is_filled_is_safe_to_fill_with():
    assert filled("<i>{}</i>", filled("<b>{}</b>", "<")) == "<i><b>&lt;</b></i>"
