"""The Celery application and its beat table.

Beat knows no local times: every sweep runs each minute, compares instants in the database and is harmless to run
twice. Messages expire before the next but few ticks, so a backlog never piles up while a worker is away.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spbe_portfolio.settings")
app = Celery("spbe_portfolio")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SWEEPS = (
    "apps.core.tasks.heartbeat",
    "apps.inventory.tasks.remind_of_expiry",
    "apps.inventory.tasks.execute_due_reorganizations",
    "apps.inventory.tasks.work_on_waiting_imports",
    "apps.monitoring.tasks.open_due_periods",
    "apps.monitoring.tasks.close_due_periods",
    "apps.monitoring.tasks.probe_declared_addresses",
    "apps.monitoring.tasks.forget_raw_evidence",
    "apps.monitoring.tasks.follow_register",
    "apps.monitoring.tasks.remind_people",
    "apps.monitoring.tasks.review_register_keeping",
    "apps.deactivation.tasks.nominate_idle_findings",
    "apps.deactivation.tasks.deem_silent_letters",
    "apps.deactivation.tasks.start_retiring",
    "apps.deactivation.tasks.execute_due",
    "apps.deactivation.tasks.chase_conditions",
    "apps.dashboard.tasks.issue_quarter_reports",
    "apps.deactivation.tasks.follow_owners",
    "apps.catalogue.tasks.freeze_closed_quarters",
    "apps.catalogue.tasks.write_catalogue_files",
    "apps.notifications.tasks.tell_unread_events",
    "apps.notifications.tasks.send_due_mail",
    "apps.webhooks.tasks.announce_events",
    "apps.webhooks.tasks.send_due_deliveries",
    "apps.webhooks.tasks.forget_old_deliveries",
)
SWEEP_SECONDS = float(os.environ.get("SWEEP_SECONDS", "60"))
app.conf.beat_schedule = {
    name: {"task": name, "schedule": SWEEP_SECONDS, "options": {"expires": 5 * SWEEP_SECONDS}} for name in SWEEPS
}
# Beat keeps no state worth keeping: a second beat or a lost file is harmless.
app.conf.beat_schedule_filename = os.path.join(os.environ.get("STATE_DIR", "var"), "celerybeat-schedule")
