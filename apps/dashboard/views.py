"""Home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from apps.dashboard import queries


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me; the public is shown the catalogue."""
    if not request.actor.is_authenticated:
        return redirect("/katalog/")
    rows = queries.waiting(request.actor)
    return render(request, "dashboard/home.html", {"rows": rows, "total": sum(row["number"] for row in rows)})
