"""The datasets of a case as the page of the steps shows them, each with the forms of who looks at it."""

from typing import Any

from django.urls import reverse

from apps.deactivation import rules
from apps.deactivation.forms import ReasonForm
from apps.deactivation.models import Case, Dataset
from apps.deactivation.views.follow_up_forms import DatasetForm, SettleDatasetForm
from apps.inventory.models import Application

S = Dataset.Status


def datasets_of(case: Case, by: Any, bound: dict[str, Any]) -> dict[str, Any]:
    """What is listed, what may be added, and what the register says the application holds."""
    open_now = case.status == Case.Status.EXECUTING and not case.retired_at
    rows = list(case.datasets.select_related("certificate"))
    for row in rows:
        row.case = case
        _dress(row, by, bound, open_now)
    adds = open_now and rules.may_list_dataset(by, case)
    return {
        "datasets": rows,
        "dataset_form": bound.get("dataset") or (DatasetForm(prefix="dataset") if adds else None),
        "dataset_url": reverse("deactivation:list_dataset", args=[case.code]),
        "register_says": _register_says(case),
        "shows_datasets": bool(rows) or case.effective_on is not None,
    }


def _dress(row: Dataset, by: Any, bound: dict[str, Any], open_now: bool) -> None:
    args = [row.case.code, row.pk]
    settles = open_now and row.status == S.PLANNED and rules.may_settle_dataset(by, row)
    checks = open_now and row.status == S.DONE and rules.may_verify_dataset(by, row)
    row.settle = bound.get(f"settle-{row.pk}") or (SettleDatasetForm(prefix=f"settle-{row.pk}") if settles else None)
    row.drop = bound.get(f"drop-dataset-{row.pk}") or (ReasonForm(prefix=f"drop-dataset-{row.pk}") if settles else None)
    row.send_back = bound.get(f"return-dataset-{row.pk}") or (
        ReasonForm(prefix=f"return-dataset-{row.pk}") if checks else None
    )
    row.verify_url = reverse("deactivation:verify_dataset", args=args) if checks else ""
    row.settle_url = reverse("deactivation:settle_dataset", args=args)
    row.drop_url = reverse("deactivation:drop_dataset", args=args)
    row.return_url = reverse("deactivation:return_dataset", args=args)


def _register_says(case: Case) -> str:
    """The data the record names, as a reminder of what has to be listed."""
    application = case.application
    personal = [str(Application.PersonalData(kind).label) for kind in application.personal_data]
    return "; ".join(part for part in (*application.databases, application.data_used, *personal) if part)
