"""Keeping, changing and dropping a view of the list."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from apps.accounts.models import Organization
from apps.audit.services import record
from apps.inventory import rules
from apps.inventory.models import SavedView

LONGEST_QUERY = 4000
MOST_VIEWS = 50
ROUTES = ("simpan",)  # addresses beneath the views' that mean an act


@transaction.atomic
def save_view(
    *, by: Any, name: str, query: str, shared: str = "private", organization: Organization | None = None
) -> SavedView:
    """Keep a question to the register under a name, for oneself, an office or all."""
    organization = organization if shared == SavedView.Shared.ORGANIZATION else None
    if not rules.may_keep_views(by):
        raise PermissionDenied
    _refuse_sharing(by, shared, organization)
    _refuse_fields(name, query)
    government = Organization.objects.select_for_update().get(pk=by.government_id)
    _refuse_more(by)
    view = SavedView(
        government=government,
        slug=_free_slug(government, name),
        name=name.strip(),
        query=query,
        shared=shared,
        organization=organization,
        author_id=by.person_id,
        author_name=by.name,
    )
    view.save()
    record(by, "view.saved", view, organization=organization, name=view.name, query=query, shared=shared)
    return view


@transaction.atomic
def edit_view(
    slug: str,
    *,
    by: Any,
    version: int,
    name: str,
    query: str,
    shared: str,
    organization: Organization | None = None,
) -> SavedView:
    """Rename, share anew or ask anew; the address stays."""
    view = _own(slug, by, version)
    organization = organization if shared == SavedView.Shared.ORGANIZATION else None
    if (shared, organization) != (view.shared, view.organization):
        _refuse_sharing(by, shared, organization)
    _refuse_fields(name, query)
    wanted = {"name": name.strip(), "query": query, "shared": shared, "organization": organization}
    changes = {
        field: [str(getattr(view, field) or ""), str(value or "")]
        for field, value in wanted.items()
        if getattr(view, field) != value
    }
    for field, value in wanted.items():
        setattr(view, field, value)
    view.version += 1
    view.save()
    record(by, "view.edited", view, organization=organization, changes=changes)
    return view


@transaction.atomic
def drop_view(slug: str, *, by: Any, version: int) -> None:
    """Forget a view; the records it showed stay."""
    view = _own(slug, by, version)
    record(by, "view.dropped", view, organization=view.organization, name=view.name, query=view.query)
    view.delete()


def _own(slug: str, by: Any, version: int) -> SavedView:
    view = SavedView.objects.visible_to(by).locked(slug)
    if not rules.may_change_view(by, view):
        raise PermissionDenied
    return SavedView.objects.visible_to(by).locked(slug, version)


def _refuse_sharing(by: Any, shared: str, organization: Organization | None) -> None:
    if shared == SavedView.Shared.ORGANIZATION and organization is None:
        raise ValidationError({"organization": [_("Pilih OPD yang boleh membuka tampilan ini.")]})
    if not rules.may_share_view(by, shared, organization):
        raise PermissionDenied


def _refuse_fields(name: str, query: str) -> None:
    if not name.strip():
        raise ValidationError({"name": [_("Isi nama tampilan.")]})
    if len(query) > LONGEST_QUERY:
        raise ValidationError({"query": [_("Saringan terlalu banyak untuk satu tampilan. Hapus sebagian.")]})


def _refuse_more(by: Any) -> None:
    if SavedView.objects.filter(government=by.government_id, author_id=by.person_id).count() >= MOST_VIEWS:
        text = _("Anda sudah menyimpan %(most)s tampilan. Hapus yang tidak dipakai lebih dahulu.")
        raise ValidationError({"name": [text % {"most": MOST_VIEWS}]})


def _free_slug(government: Organization, name: str) -> str:
    """The name as an address; a number behind it when taken."""
    wish = slugify(name)[:60] or "tampilan"
    like = SavedView.objects.filter(government=government, slug__startswith=wish)
    taken = {*ROUTES, *like.values_list("slug", flat=True)}
    return next(slug for slug in (wish, *(f"{wish}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
