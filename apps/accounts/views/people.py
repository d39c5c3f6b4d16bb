"""People and their roles, for the administrator."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from apps.accounts import queries, rules, services
from apps.accounts.access import only_roles
from apps.accounts.forms import GrantForm, InvitationForm, PersonForm, ReasonForm
from apps.accounts.models import Membership, Role, User
from apps.core import clock
from apps.core.submit import attempt, status_of

administrator = only_roles(Role.ADMINISTRATOR)
PER_PAGE = 50


def _found(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.actor), pk=pk)


def _from_today(request: HttpRequest) -> dict[str, Any]:
    return {"starts_on": clock.today(request.membership.seat.zone)}


@administrator
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role in this government."""
    text, role = request.GET.get("q", "").strip(), request.GET.get("peran", "")
    page = Paginator(queries.people(request.actor, text, role), PER_PAGE).get_page(request.GET.get("halaman"))
    today = _from_today(request)["starts_on"]
    for person in page:
        person.roles_now = [row for row in person.memberships.all() if row.in_force(today)]
    return render(request, "accounts/people.html", {"page": page, "q": text, "role": role, "roles": Role.choices})


@administrator
def invite(request: HttpRequest) -> HttpResponse:
    """A new person with the first role."""
    form = InvitationForm(request.POST or None, by=request.actor, initial=_from_today(request))
    answer = attempt(lambda data: services.invite(by=request.actor, **data), form) if request.method == "POST" else None
    if answer is None:
        return render(request, "accounts/invite.html", {"form": form}, status=status_of([form]))
    user, token = answer
    if token:
        return _link(request, user, token)
    messages.success(request, _("Orang dengan NIP ini sudah mempunyai akun; perannya ditambahkan."))
    return redirect("accounts:person", user.pk)


def _link(request: HttpRequest, user: User, token: str) -> HttpResponse:
    """Show the link once; it is stored nowhere in clear."""
    link = settings.BASE_URL + reverse("accounts:invitation", args=[token])
    days = rules.INVITATION_LIFETIME.days
    return render(request, "accounts/invitation_link.html", {"person": user, "link": link, "days": days})


@administrator
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person with all roles, past and present."""
    found = _found(request, pk)
    seen = Membership.objects.visible_to(request.actor).filter(user=found).select_related("seat__government", "scope")
    rows = list(seen)
    for row in rows:
        row.tenure = _tenure(row)
    context = {"person": found, "rows": rows, "may_change": rules.may_change_person(request.actor, found.pk)}
    return render(request, "accounts/person.html", context)


def _tenure(row: Membership) -> str:
    """active, upcoming or ended."""
    today = clock.today(row.seat.zone)
    if row.in_force(today):
        return "active"
    return "upcoming" if row.ended_at is None and row.starts_on > today else "ended"


@administrator
def edit_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct name, NIP, sign-in name, address."""
    found = _found(request, pk)
    initial = {name: getattr(found, name) for name in ("name", "nip", "username", "email")}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and attempt(lambda data: services.edit_person(pk, by=request.actor, **data), form):
        messages.success(request, _("Perubahan tersimpan."))
        return redirect("accounts:person", pk)
    return render(request, "accounts/person_edit.html", {"form": form, "person": found}, status=status_of([form]))


@administrator
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a further role."""
    found = _found(request, pk)
    form = GrantForm(request.POST or None, by=request.actor, initial=_from_today(request))
    if request.method == "POST" and attempt(lambda data: services.grant(pk, by=request.actor, **data), form):
        messages.success(request, _("Peran diberikan."))
        return redirect("accounts:person", pk)
    return render(request, "accounts/grant.html", {"form": form, "person": found}, status=status_of([form]))


@administrator
def end_membership(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    """End a role now."""
    row = get_object_or_404(Membership.objects.visible_to(request.actor).filter(user=pk), pk=membership)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(
        lambda data: services.end_membership(row.pk, by=request.actor, **data), form
    ):
        messages.success(request, _("Peran diakhiri dan berlaku seketika."))
        return redirect("accounts:person", pk)
    title = _("Akhiri peran %(role)s dari %(name)s sekarang?") % {"role": row, "name": row.user.name}
    text = _("Orang itu kehilangan hak peran ini pada klik berikutnya, dan token yang memakai peran ini mati.")
    return _confirm(request, form, title, text, _("Akhiri peran"), reverse("accounts:person", args=[pk]))


@administrator
def renew_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link to set a password."""
    found = _found(request, pk)
    form = ReasonForm(request.POST or None)
    del form.fields["reason"]
    token = (
        attempt(lambda data: services.renew_invitation(pk, by=request.actor), form)
        if request.method == "POST"
        else None
    )
    if token:
        return _link(request, found, token)
    title = _("Buat tautan kata sandi baru untuk %(name)s?") % {"name": found.name}
    text = _("Tautan lama tidak berlaku lagi. Kata sandi sekarang tetap berlaku sampai tautan baru dipakai.")
    return _confirm(request, form, title, text, _("Buat tautan"), reverse("accounts:person", args=[pk]), tone="")


@administrator
def deactivate_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut an account, or open it again."""
    found = _found(request, pk)
    verb = services.deactivate_person if found.is_active else services.reactivate_person
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and attempt(lambda data: verb(pk, by=request.actor, **data), form):
        messages.success(request, _("Akun ditutup.") if found.is_active else _("Akun dibuka kembali."))
        return redirect("accounts:person", pk)
    title = (_("Tutup akun %(name)s?") if found.is_active else _("Buka kembali akun %(name)s?")) % {"name": found.name}
    text = (
        _("Semua sesi, token, dan tautannya berakhir seketika. Catatan perbuatannya tetap ada.")
        if found.is_active
        else ""
    )
    action = _("Tutup akun") if found.is_active else _("Buka kembali akun")
    return _confirm(request, form, title, text, action, reverse("accounts:person", args=[pk]))


def _confirm(
    request: HttpRequest, form: Any, title: str, text: str, action: str, back_url: str, tone: str = "danger"
) -> HttpResponse:
    context = {"form": form, "title": title, "text": text, "action": action, "back_url": back_url, "tone": tone}
    return render(request, "accounts/confirm.html", context, status=status_of([form]))
