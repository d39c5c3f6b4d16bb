"""Work of the quarter: reports to send, endorse, accept; findings to look at."""

from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.clock import CoreNow
from apps.core.templatetags.spbe import angka
from apps.dashboard.queries.task import Task, few, last_day
from apps.monitoring.models import ExplanationRequest, Finding, Period, UsageReport

SENT = ("submitted", "accepted")


def to_report(by: Any, zone: ZoneInfo) -> list[Task]:
    """The open quarter of the own offices, with how far it is."""
    return [_report_task(period, zone) for period in _open_periods(by) if period.sent < period.owed]


def _report_task(period: Any, zone: ZoneInfo) -> Task:
    words = {"quarter": period, "left": angka(period.owed - period.sent), "due": angka(period.owed)}
    title = _("Isi laporan %(quarter)s: %(left)s dari %(due)s aplikasi belum") % words
    returned = ngettext("%(n)s laporan dikembalikan.", "%(n)s laporan dikembalikan.", period.returned)
    return Task(
        title,
        reverse("monitoring:grid", args=[period.code]),
        _("Lanjut mengisi") if period.begun else _("Mulai mengisi"),
        returned % {"n": angka(period.returned)} if period.returned else "",
        until=last_day(period.closes_at, zone),
        done=period.sent,
        total=period.owed,
    )


def to_endorse(by: Any, zone: ZoneInfo) -> list[Task]:
    """A quarter whose reports are sent and that the head has not endorsed yet."""
    mine = Q(endorsements__organization__in=by.organization_ids)
    rows = _open_periods(by).annotate(endorsed=Count("endorsements", filter=mine, distinct=True))
    return [
        Task(
            _("Sahkan laporan %(quarter)s") % {"quarter": period},
            reverse("monitoring:board"),
            _("Baca dan sahkan"),
            _("%(sent)s dari %(due)s laporan sudah terkirim.")
            % {"sent": angka(period.sent), "due": angka(period.owed)},
            until=last_day(period.closes_at, zone),
        )
        for period in rows
        if period.sent and not period.endorsed
    ]


def _open_periods(by: Any) -> QuerySet:
    """Open periods in which something is due of the own offices; counts of theirs that are not exempt."""
    rows = Period.objects.filter(
        status=Period.Status.OPEN, closes_at__gt=CoreNow(), due__owner__in=by.organization_ids, due__exemption=""
    )
    report = Q(due__application__usage_reports__period=F("pk"))
    status = "due__application__usage_reports__status"
    return rows.annotate(
        owed=Count("due", distinct=True),
        sent=Count("due", filter=report & Q(**{f"{status}__in": SENT}), distinct=True),
        returned=Count("due", filter=report & Q(**{status: "returned"}), distinct=True),
        begun=Count("due", filter=report, distinct=True),
    )


def to_review(by: Any, zone: ZoneInfo) -> list[Task]:
    """Reports that wait for the reviewer: a row for each quarter still open, one for all that are closed."""
    sent = UsageReport.objects.visible_to(by).filter(status=UsageReport.Status.SUBMITTED)
    others = sent.exclude(submitted_by_id=by.person_id).values("pk")
    counted = Period.objects.filter(reports__in=others).annotate(waits=Count("reports", distinct=True))
    rows = list(counted.order_by("-opens_at"))
    past = [period for period in rows if period.status == Period.Status.CLOSED]
    now = [_review_task(period, zone) for period in rows if period not in past]
    return [*now, *([_past_task(past)] if past else [])]


def _review_task(period: Any, zone: ZoneInfo) -> Task:
    return Task(
        _("Terima atau kembalikan %(n)s laporan %(quarter)s") % {"n": angka(period.waits), "quarter": period},
        reverse("monitoring:review", args=[period.code]),
        _("Periksa laporan"),
        _("Laporan yang belum diterima tetap dihitung pada penutupan."),
        until=last_day(period.closes_at, zone) if period.status == Period.Status.OPEN else None,
    )


def _past_task(past: list[Any]) -> Task:
    reports = angka(sum(period.waits for period in past))
    title = ngettext(
        "Terima %(reports)s laporan dari %(n)s triwulan yang sudah ditutup",
        "Terima %(reports)s laporan dari %(n)s triwulan yang sudah ditutup",
        len(past),
    )
    return Task(
        title % {"reports": reports, "n": angka(len(past))},
        reverse("monitoring:review", args=[past[0].code]),
        _("Mulai dari %(quarter)s") % {"quarter": past[0]},
        _("Triwulannya sudah ditutup; laporan terlambat yang diterima memperbaiki hasilnya."),
    )


def to_explain(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Questions of reviewers the own offices have not answered."""
    rows = ExplanationRequest.objects.visible_to(by).filter(status=ExplanationRequest.Status.ASKED)
    found, more = few(rows.select_related("application").order_by("due_on", "pk"))
    tasks = [
        Task(
            _("Jelaskan: %(name)s") % {"name": row.application.name},
            reverse("monitoring:explanation", args=[row.code]),
            _("Beri penjelasan"),
            f"“{row.question}”",
            until=row.due_on,
        )
        for row in found
    ]
    if more:
        title = ngettext("%(n)s permintaan penjelasan lain", "%(n)s permintaan penjelasan lain", more)
        tasks.append(
            Task(title % {"n": angka(more)}, reverse("monitoring:explanations"), _("Buka daftar"), number=more)
        )
    return tasks


def findings(by: Any, _zone: ZoneInfo) -> list[Task]:
    """Open findings nobody has taken up, in one row."""
    number = Finding.objects.visible_to(by).filter(status=Finding.Status.OPEN).count()
    if not number:
        return []
    title = ngettext("Telaah %(n)s temuan terbuka", "Telaah %(n)s temuan terbuka", number) % {"n": angka(number)}
    text = _("Tindak lanjuti menjadi kasus, atau kesampingkan dengan alasan.")
    return [Task(title, reverse("monitoring:findings"), _("Buka temuan"), text)]
