"""Taking what proves a case out of the register."""

from typing import IO, Any

from django.db import transaction
from django.shortcuts import get_object_or_404

from apps.audit.services import record
from apps.deactivation.models import Case, Letter
from apps.deactivation.queries import evidence_pack
from apps.deactivation.services.letters import open_letter


@transaction.atomic
def take_evidence_pack(code: str, *, by: Any) -> IO[bytes]:
    """The ZIP that proves a case, for whoever may read it; the government's trail keeps who took it.

    Whom a letter is addressed to has opened it with the pack: that is its recorded delivery.
    The event is not the case's own: taking the proof must not change what is proven.
    """
    case = get_object_or_404(Case.objects.visible_to(by).select_related("government"), code=code)
    for letter in Letter.objects.visible_to(by).filter(items__case=case).values_list("pk", flat=True):
        open_letter(letter, by=by)
    pack = evidence_pack.build(case, by)
    record(by, "case.evidence_taken", case.government, organization=case.government, case=case.code)
    return pack
