"""Organisations, the government's terms and the calendar, for the administrator."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts import queries, services
from apps.accounts.forms import (
    HolidayConfirmationForm,
    OrganizationEditForm,
    OrganizationForm,
    PolicyForm,
    VersionedReasonForm,
)
from apps.accounts.models import Organization
from apps.accounts.views.people import PER_PAGE, administrator
from apps.core.models import HolidayYear
from apps.core.submit import attempt, status_of


def _found(request: HttpRequest, code: str) -> Organization:
    return get_object_or_404(Organization.objects.visible_to(request.actor), code=code)


@administrator
@require_GET
def administration(request: HttpRequest) -> HttpResponse:
    """What there is to look after, with its numbers."""
    by = request.actor
    context = {
        "people_count": queries.people(by).filter(is_active=True).count(),
        "office_count": queries.offices(by).count(),
        "unconfirmed_years": [row.year for row in queries.holiday_years() if not row.confirmed_at],
    }
    return render(request, "accounts/administration.html", context)


@administrator
@require_GET
def organizations(request: HttpRequest) -> HttpResponse:
    """Offices; dissolved ones on demand."""
    text, kind, ended = (
        request.GET.get("q", "").strip(),
        request.GET.get("jenis", ""),
        bool(request.GET.get("nonaktif")),
    )
    rows = queries.offices(request.actor, text, kind, ended=ended)
    hidden = 0 if ended else queries.offices(request.actor, text, kind, ended=True).count() - rows.count()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
    leaves_out = _("%(count)s yang sudah tidak aktif disembunyikan") % {"count": hidden} if hidden else ""
    context = {
        "page": page,
        "q": text,
        "kind": kind,
        "ended": ended,
        "kinds": Organization.Kind.choices,
        "leaves_out": leaves_out,
    }
    return render(request, "accounts/organizations.html", context)


@administrator
def create_organization(request: HttpRequest) -> HttpResponse:
    """A new office."""
    form = OrganizationForm(request.POST or None, by=request.actor)
    government = request.membership.seat.government_or_self
    if request.method == "POST":
        row = attempt(lambda data: services.create_organization(by=request.actor, government=government, **data), form)
        if row:
            messages.success(request, _("%(name)s ditambahkan.") % {"name": row.name})
            return redirect("accounts:organizations")
    return render(request, "accounts/organization_form.html", {"form": form}, status=status_of([form]))


@administrator
def edit_organization(request: HttpRequest, code: str) -> HttpResponse:
    """Rename or correct an office."""
    office = _found(request, code)
    initial = {
        name: getattr(office, name)
        for name in ("name", "short_name", "kind", "parent", "function", "active_from", "version")
    }
    form = OrganizationEditForm(request.POST or None, by=request.actor, office=office, initial=initial)
    if request.method == "POST" and attempt(
        lambda data: services.edit_organization(code, by=request.actor, **data), form
    ):
        messages.success(request, _("Perubahan tersimpan."))
        return redirect("accounts:organizations")
    return render(
        request, "accounts/organization_form.html", {"form": form, "office": office}, status=status_of([form])
    )


@administrator
def deactivate_organization(request: HttpRequest, code: str) -> HttpResponse:
    """Dissolve an office, or take that back."""
    office = _found(request, code)
    ending = office.active_until is None
    verb = services.deactivate_organization if ending else services.reactivate_organization
    form = VersionedReasonForm(request.POST or None, initial={"version": office.version})
    if request.method == "POST" and attempt(lambda data: verb(code, by=request.actor, **data), form):
        messages.success(
            request,
            _("%(name)s dinonaktifkan.") % {"name": office.name}
            if ending
            else _("%(name)s aktif kembali.") % {"name": office.name},
        )
        return redirect("accounts:organizations")
    context = {
        "form": form,
        "title": (_("Nonaktifkan %(name)s?") if ending else _("Aktifkan kembali %(name)s?")) % {"name": office.name},
        "text": _("Organisasi ini tidak dapat dipilih lagi sebagai pemilik atau kedudukan; catatan lamanya tetap.")
        if ending
        else "",
        "action": _("Nonaktifkan") if ending else _("Aktifkan kembali"),
        "back_url": reverse("accounts:organizations"),
        "tone": "danger" if ending else "",
    }
    return render(request, "accounts/confirm.html", context, status=status_of([form]))


@administrator
def policy(request: HttpRequest) -> HttpResponse:
    """The government's own terms."""
    government = request.membership.seat.government_or_self
    form = PolicyForm(request.POST or None, instance=government.policy)
    if request.method == "POST" and attempt(
        lambda data: services.edit_policy(government, by=request.actor, **data), form
    ):
        messages.success(request, _("Ketentuan tersimpan. Tenggat yang sudah berjalan tidak berubah."))
        return redirect("accounts:policy")
    return render(request, "accounts/policy.html", {"form": form}, status=status_of([form]))


@administrator
@require_GET
def holidays(request: HttpRequest) -> HttpResponse:
    """Years whose days off are known."""
    return render(request, "accounts/holidays.html", {"years": queries.holiday_years()})


@administrator
def holiday_year(request: HttpRequest, year: int) -> HttpResponse:
    """The days off of a year beside the button that confirms them."""
    row = get_object_or_404(HolidayYear.objects.prefetch_related("days"), pk=year)
    form = HolidayConfirmationForm(request.POST or None, initial={"decree": row.decree})
    if request.method == "POST" and attempt(
        lambda data: services.confirm_holidays(year, by=request.actor, decree=data["decree"]), form
    ):
        messages.success(
            request,
            _("Hari libur %(year)s dikonfirmasi; tenggat yang melewatinya kini dapat dihitung.") % {"year": year},
        )
        return redirect("accounts:holidays")
    return render(request, "accounts/holiday_year.html", {"form": form, "year": row}, status=status_of([form]))
