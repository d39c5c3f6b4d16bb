"""The person's own notifications, and the administrator's view of mail that cannot be sent."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import only_roles, signed_in
from apps.core import clock, icalendar
from apps.core.web import act
from apps.notifications import queries, services
from apps.notifications.models import CalendarFeed, Delivery, Notification

PAGE_SIZE = 50


@signed_in
@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    mine = Notification.objects.visible_to(request.actor)
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "notifications/list.html", {"page": page, "unread": mine.unread().count()})


@signed_in
@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    services.mark_read(by=request.actor)
    return redirect("notifications:list")


@only_roles("administrator")
@require_GET
def dead(request: HttpRequest) -> HttpResponse:
    rows = Delivery.objects.visible_to(request.actor).filter(status=Delivery.Status.DEAD).select_related("notification")
    page = Paginator(rows.order_by("pk"), PAGE_SIZE).get_page(request.GET.get("halaman"))
    return render(request, "notifications/dead.html", {"page": page, "number": page.paginator.count})


@only_roles("administrator")
@require_POST
@act
def requeue(request: HttpRequest, pk: int) -> HttpResponse:
    services.requeue(pk, by=request.actor)
    messages.success(request, _("Surat elektronik dimasukkan lagi ke antrean."))
    return redirect("notifications:dead")


@signed_in
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The person's calendar: what is in it, and its address from outside."""
    return _calendar_page(request)


@signed_in
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    token = services.renew_calendar(by=request.actor)
    return _calendar_page(request, settings.BASE_URL + reverse("notifications:calendar_feed", args=[token]))


@signed_in
@require_POST
@act
def revoke_calendar(request: HttpRequest) -> HttpResponse:
    services.revoke_calendar(by=request.actor)
    messages.success(request, _("Alamat kalender dicabut."))
    return redirect("notifications:calendar")


@require_GET
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar for a program that knows its secret address."""
    person = services.read_calendar(token)
    text = icalendar.calendar(_("Tenggat Portofolio SPBE"), queries.deadlines(person), clock.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _calendar_page(request: HttpRequest, address: str = "") -> HttpResponse:
    feed = CalendarFeed.objects.filter(person=request.actor.person_id, revoked_at__isnull=True).first()
    context = {"feed": feed, "address": address, "entries": queries.deadlines(request.user)}
    response = render(request, "notifications/calendar.html", context)
    response["Cache-Control"] = "no-store" if address else "private"
    return response
