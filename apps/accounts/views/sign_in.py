"""Coming in, going out, changing role, password and appearance."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import rules, services
from apps.accounts.access import signed_in
from apps.accounts.forms import NewPasswordForm, PasswordChangeForm, PersonForm, SignInForm
from apps.accounts.models import User
from apps.accounts.queries import actor_of_session
from apps.core import clock
from apps.core.submit import attempt, status_of
from apps.core.templatetags.theme import CHOSEN

BACKEND = "apps.accounts.backends.AccountBackend"
EXPIRED = "password_expired_for"
YEAR = 31_536_000  # seconds


def _next(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else settings.LOGIN_REDIRECT_URL


@sensitive_post_parameters("password")
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; whoever is in already goes on."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect(_next(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user:
            return _enter(request, user)
        form.add_error(
            None, _("Nama masuk atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi.")
        )
    return render(request, "accounts/sign_in.html", {"form": form, "next": _next(request), "demo": settings.DEMO})


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Begin the session, unless the policy first wants a new password."""
    if rules.password_expired(settings.PASSWORD_POLICY, user.password_changed_at, clock.now()):
        request.session[EXPIRED] = user.pk
        return redirect("accounts:password_change")
    login(request, user, backend=BACKEND)
    _take_role(request)
    actor, _membership, _choices = actor_of_session(user, request.session)
    services.note_sign_in(user, by=actor)
    return _themed(redirect(_next(request)), user.theme)


def _take_role(request: HttpRequest, membership_id: int | None = None) -> None:
    """Put the chosen role and the zone of its government into the session."""
    _actor, _first, memberships = actor_of_session(request.user, request.session)
    chosen = next((row for row in memberships if row.pk == membership_id), memberships[0] if memberships else None)
    if chosen:
        request.session["membership"] = chosen.pk
        request.session["time_zone"] = chosen.seat.government_or_self.time_zone


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    messages.success(request, _("Anda sudah keluar."))
    return redirect("accounts:sign_in")


@signed_in
@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    """Go on in another of the own roles."""
    wanted = request.POST.get("membership", "")
    if wanted not in {str(row.pk) for row in request.memberships}:
        raise Http404
    _take_role(request, int(wanted))
    return redirect("/")


@sensitive_post_parameters()
@never_cache
def password_change(request: HttpRequest) -> HttpResponse:
    """Change the own password, also when it has expired at sign-in."""
    expired = request.session.get(EXPIRED)
    person_id = request.user.pk or expired
    if person_id is None:
        return redirect_to_login(request.get_full_path())
    form = PasswordChangeForm(request.POST or None)
    if request.method == "POST":
        user = attempt(
            lambda data: services.change_password(person_id, current=data["current"], password=data["password"]), form
        )
        if user:
            return _go_on(request, user)
    return render(
        request, "accounts/password_change.html", {"form": form, "expired": bool(expired)}, status=status_of([form])
    )


def _go_on(request: HttpRequest, user: User) -> HttpResponse:
    """Keep this session after the change; all others have ended."""
    messages.success(request, _("Kata sandi diganti. Sesi lain Anda sudah diakhiri."))
    if request.user.is_authenticated:
        update_session_auth_hash(request, user)
        return redirect("/")
    request.session.pop(EXPIRED, None)
    return _enter(request, user)


@sensitive_post_parameters()
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Set the first password by the link that was handed over."""
    try:
        found = services.invitation_of(token)
    except Http404:
        return render(request, "accounts/invitation_gone.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and attempt(
        lambda data: services.accept_invitation(token, password=data["password"]), form
    ):
        messages.success(
            request, _("Kata sandi tersimpan. Silakan masuk dengan nama %(name)s.") % {"name": found.user.username}
        )
        return redirect("accounts:sign_in")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found}, status=status_of([form]))


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, kept for a year in a cookie that says nothing else."""
    chosen = "dark" if request.POST.get("theme") == "dark" else "light"
    if request.user.is_authenticated:
        services.choose_theme(request.user.pk, chosen)
    return _themed(redirect(_next(request)), chosen)


def _themed(response: HttpResponse, chosen: str) -> HttpResponse:
    """Keep a made choice in this browser; an account that made none leaves the browser's own."""
    if chosen in ("light", "dark"):
        response.set_cookie(CHOSEN, chosen, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)
    return response


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use these pages."""
    return render(request, "accounts/accessibility.html")


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for builders; only in a demo."""
    if not settings.DEMO:
        raise Http404
    form = PersonForm({"name": "", "nip": "1987", "username": "sari@contoh.example", "email": ""})
    return render(request, "accounts/style.html", {"form": form, "moment": clock.now(), **STYLE_EXAMPLES})


STYLE_EXAMPLES = {
    "strip_example": [
        ("Triwulan IV 2024", "exempt"),
        ("Triwulan I 2025", "active"),
        ("Triwulan II 2025", "active"),
        ("Triwulan III 2025", "unreported"),
        ("Triwulan IV 2025", "active"),
        ("Triwulan I 2026", "conflict"),
        ("Triwulan II 2026", "idle"),
        ("Triwulan III 2026", "idle"),
    ],
    "states": [
        ("draft", "Konsep"),
        ("submitted", "Diajukan"),
        ("returned", "Dikembalikan"),
        ("registered", "Terdaftar"),
        ("retiring", "Dalam penonaktifan"),
        ("retired", "Pensiun"),
        ("accepted", "Diterima"),
        ("deemed_agreed", "Dianggap setuju"),
    ],
    "changes": [("Alamat", "absen.tirtaraya.go.id", "eabsensi.tirtaraya.go.id")],
}
