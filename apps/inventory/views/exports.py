"""The list as a file: exactly the rows, columns and order on the screen."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from apps.accounts.access import signed_in
from apps.accounts.models import Organization
from apps.audit.services import record
from apps.core import clock
from apps.inventory import exporting, fields, filters, queries
from apps.inventory.views.listing import ORDERINGS

FORMS = ("csv", "xlsx")


@signed_in
@require_GET
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the list shows with the same parameters; the trail keeps who took it."""
    if form not in FORMS:
        raise Http404
    found = filters.filter_for(request.actor)(request.GET, queryset=queries.seen(request.actor), request=request)
    if not found.form.is_valid():
        return HttpResponse(status=400)
    rows = found.qs if request.GET.getlist("status") else found.qs.exclude(status__in=queries.HIDDEN)
    rows = ORDERINGS.get(request.GET.get("urut", "nama"), ORDERINGS["nama"])[0]
    return HttpResponse()
