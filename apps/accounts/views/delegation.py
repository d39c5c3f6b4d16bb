"""The head's page of temporary reporters."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.accounts import queries, services
from apps.accounts.access import only_roles
from apps.accounts.forms import DelegationForm, ReasonForm
from apps.accounts.models import Membership, Role
from apps.core.submit import attempt, status_of


@only_roles(Role.AGENCY_HEAD)
def delegations(request: HttpRequest) -> HttpResponse:
    """Who reports for the office for a time, and naming somebody."""
    by = request.actor
    form = DelegationForm(request.POST if request.method == "POST" else None, colleagues=queries.colleagues(by))
    row = None
    if request.method == "POST":
        row = attempt(lambda said: services.delegate_reporting(by=by, **said), form)
    if row:
        messages.success(request, _("%(name)s dapat melapor untuk kantor Anda.") % {"name": row.user.name})
        return redirect("accounts:delegations")
    return _page(request, form)


@only_roles(Role.AGENCY_HEAD)
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    form = ReasonForm(request.POST, prefix=f"p{pk}")
    row = attempt(lambda said: services.recall_delegate(pk, by=request.actor, **said), form)
    if row:
        messages.success(request, _("Penunjukan %(name)s diakhiri.") % {"name": row.user.name})
        return redirect("accounts:delegations")
    return _page(request, DelegationForm(colleagues=queries.colleagues(request.actor)), {pk: form})


def _page(request: HttpRequest, form: DelegationForm, bound: dict[int, ReasonForm] | None = None) -> HttpResponse:
    rows: list[Membership] = queries.delegates(request.actor)
    recalls = bound or {}
    for row in rows:
        row.form = recalls.get(row.pk) or ReasonForm(prefix=f"p{row.pk}")
    context = {"form": form, "rows": rows, "has_colleagues": len(form.fields["person_id"].choices) > 1}
    return render(request, "accounts/delegations.html", context, status=status_of([form, *recalls.values()]))
