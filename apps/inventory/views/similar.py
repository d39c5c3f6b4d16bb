"""Similar applications: as a piece of the form while it is typed, and as a page of its own."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.inventory.forms import SimilarForm
from apps.inventory.models import Application
from apps.inventory.similar import Similar, similar


@signed_in
@require_GET
def similar_applications(request: HttpRequest) -> HttpResponse:
    """Whether what somebody has in mind is there already; htmx gets the answer alone."""
    form = SimilarForm(request.GET or None)
    asked = form.is_valid()
    found = _asked_for(request.actor, form.cleaned_data) if asked else []
    context = {
        "form": form if asked else SimilarForm(initial=request.GET.dict()),
        "similar": found,
        "asked": asked,
        "asks": bool(request.GET.get("asks")),
    }
    piece = request.headers.get("HX-Request") == "true"
    return render(request, "inventory/_similar.html" if piece else "inventory/similar.html", context)


def similar_to(by: Any, application: Application) -> list[Similar]:
    """What is like this record already, the record itself aside."""
    functions = f"{application.functions} {application.services_supported}"
    return similar(
        application.name, by=by, functions=functions, owner_id=application.owner_id, leave_out=application.pk
    )


def _asked_for(by: Any, typed: dict[str, Any]) -> list[Similar]:
    owner = Organization.objects.visible_to(by).filter(code=typed["owner"]).first() if typed["owner"] else None
    left_out = Application.objects.visible_to(by).named(typed["record"]).first() if typed["record"] else None
    return similar(
        typed["name"],
        by=by,
        functions=f"{typed['functions']} {typed['services_supported']}",
        owner_id=owner.pk if owner else left_out.owner_id if left_out else None,
        leave_out=left_out.pk if left_out else None,
    )
