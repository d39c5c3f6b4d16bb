"""The person's own notifications, and the administrator's view of mail that cannot be sent."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import only_roles, signed_in
from apps.core.web import act
from apps.notifications import services
from apps.notifications.models import Delivery, Notification

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
