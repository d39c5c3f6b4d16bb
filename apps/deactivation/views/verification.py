"""The public page that says whether a paper was issued by this register and has not been changed."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from apps.deactivation.forms import CheckFileForm
from apps.deactivation.models import Annulment, IssuedDocument
from apps.inventory.models import Application


def verify_document(request: HttpRequest, address: str) -> HttpResponse:
    issued = get_object_or_404(IssuedDocument.objects.select_related("government", "amends"), address=address)
    form = CheckFileForm(request.POST, request.FILES) if request.method == "POST" else CheckFileForm()
    given = digest_of(form) if form.is_bound and form.is_valid() else ""
    context = {
        "issued": issued,
        "named": objects_of(issued),
        "amendments": issued.amendments.all(),
        "status_word": status_word(issued),
        "headline": _("%(paper)s %(number)s") % {"paper": issued.get_paper_display(), "number": issued.number},
        "form": form,
        "given": given,
        "signed_copies": issued.signed_copies.all(),
        **compared(issued, given),
    }
    return render(request, "deactivation/verify_document.html", context, status=400 if form.errors else 200)


def compared(issued: IssuedDocument, given: str) -> dict[str, Any]:
    """Whether a file is the original, one of its signed copies, or neither; nothing while none was given."""
    if not given:
        return {"result": ""}
    if given == issued.sha256:
        return {"result": "match"}
    copy = issued.signed_copies.filter(sha256=given).first()
    return {"result": "signed" if copy else "differ", "signed_copy": copy}


def digest_of(form: CheckFileForm) -> str:
    """The SHA-256 of the uploaded file, read in pieces and not kept, or the one typed in."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return form.cleaned_data["sha256"].strip().lower()
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return digest.hexdigest()


def objects_of(issued: IssuedDocument) -> list[dict[str, str]]:
    """The applications a paper names, by code and public name."""
    codes = [row["application"] for row in issued.objects_named]
    names = dict(Application.objects.public().filter(code__in=codes).values_list("code", "name"))
    return [{"code": code, "name": names.get(code, "")} for code in codes]


def status_word(issued: IssuedDocument) -> str:
    """Whether the paper stands as it was issued."""
    if issued.paper == IssuedDocument.Paper.DECISION and Annulment.objects.filter(decision__issued=issued).exists():
        return _("Berlaku, sebagian atau seluruhnya dibatalkan")
    words: dict[bool, Any] = {True: _("Berlaku, dengan perubahan"), False: _("Berlaku")}
    return words[issued.amendments.exists()]
