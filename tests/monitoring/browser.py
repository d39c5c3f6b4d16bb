"""A browser session as one actor."""

from tests.deactivation.web import api, signed_in

__all__ = ["api", "form_of", "signed_in"]


def form_of(rows, **typed):
    """What a browser posts for the grid: each field as shown, then what was typed."""
    posted = {}
    for row in rows:
        for field in row.form:
            shown = field.value()
            shown = "" if shown is None else shown
            posted[field.html_initial_name] = str(shown)
            if field.name == "attested":
                if shown:
                    posted[field.html_name] = "on"
            else:
                posted[field.html_name] = str(shown)
    for name, value in typed.items():
        posted[name] = value
    return posted
