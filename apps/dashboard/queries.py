"""What waits for a person, counted over the person's own scope."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from apps.deactivation.models import Case
from apps.inventory.models import Application

# role: status of an application, status of a case that waits for it
WAITS = {
    "operator": (("draft", "returned"), ()),
    "agency_head": ((), ("awaiting_answer",)),
    "reviewer": (("submitted",), ("nominated", "answered")),
    "companion": ((), ("on_desk",)),
    "approver": ((), ("recommended",)),
}


def waiting(by: Any) -> list[dict[str, Any]]:
    """Rows of work by state with their number and where to do it; two statements."""
    applications, cases = WAITS.get(by.role, ((), ()))
    rows = _rows(Application, by, applications, "/aplikasi/", _("aplikasi"))
    return rows + _rows(Case, by, cases, "/kasus/", _("kasus"))


def _rows(model: Any, by: Any, states: tuple[str, ...], path: str, noun: str) -> list[dict[str, Any]]:
    if not states:
        return []
    found = model.objects.visible_to(by).filter(status__in=states).order_by().values("status")
    label = dict(model._meta.get_field("status").choices)
    return [
        {"number": row["number"], "noun": noun, "state": label[row["status"]], "path": f"{path}?status={row['status']}"}
        for row in found.annotate(number=Count("pk", distinct=True))
    ]
