"""What an application takes up, its year of quarters, history and audit included."""

from figure import NATION, Measured, figure
from server import actor

from apps.inventory import services
from apps.inventory.models import Application
from figures import closing

EDITS, REPORTS = 4, 4  # of one application in a year; assumptions, not measured
ONCE = ("inventory_application", "inventory_standing", "inventory_address", "inventory_publication")
EACH_QUARTER = ("monitoring_dueapplication", "monitoring_usagereport", "monitoring_assessment")
EACH_ACT = ("audit_event", "audit_link")
HISTORY = "inventory_applicationevent"
SAMPLE = 500  # edits made to see what one leaves


@figure("S3", "penyimpanan satu aplikasi selama setahun, dengan indeks, riwayat, dan audit", floor=100, unit="KB")
def a_year_of_one(world) -> Measured:
    with world.at(NATION):
        closing.prepared(world, NATION)
        by = actor("reviewer")
        for pk, version in Application.objects.order_by("pk").values_list("pk", "version")[:SAMPLE]:
            services.edit(pk, by=by, version=version, values={"vendor": "PT Ukuran"}, reason="Pengukuran")
        link = world.connect(NATION, "spbe_admin")
        with link.cursor() as cursor:
            once, quarter, act, history = (
                sum(bytes_of_row(cursor, name) for name in names)
                for names in (ONCE, EACH_QUARTER, EACH_ACT, (HISTORY,))
            )
        link.close()
    year = once + REPORTS * quarter + EDITS * history + (EDITS + REPORTS) * act
    said = f"sekali {once:.0f} B, tiap triwulan {quarter:.0f}, tiap suntingan {history:.0f}, tiap peristiwa audit {act:.0f}"
    return Measured(year / 1024, said)


def bytes_of_row(cursor, table: str) -> float:
    """A row with its share of the indexes, in bytes."""
    cursor.execute(f"SELECT pg_total_relation_size('{table}') / greatest(count(*), 1)::float FROM {table}")
    return cursor.fetchone()[0]
