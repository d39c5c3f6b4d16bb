"""What a change costs once everything that follows from it is true: history, audit, the documents clients pull."""

import itertools
import time

import orjson
from figure import NATION, Measured, figure, medians
from server import actor, alternately, good, key_of, serving

from apps.accounts.models import Organization
from apps.accounts.services import edit_organization
from apps.inventory import services
from apps.inventory.models import Application

TIMES = 10
BARE = "UPDATE inventory_application SET vendor = %s, updated_at = core_now(), version = version + 1 WHERE id = %s"


def codes(world) -> list[tuple[int, str]]:
    """Records far from each other."""
    rows = Application.objects.order_by("pk").values_list("pk", "code")
    return list(rows.filter(pk__in=range(3, NATION, max(1, NATION // 200))))


@figure("P18", "satu suntingan aplikasi lewat API, p50, dibanding UPDATE yang sama dengan psycopg2", floor=12, aim=6)
def one_edit(world) -> Measured:
    with world.at(NATION):
        key, rows = key_of("reviewer"), codes(world)
    turns, said = itertools.cycle(rows), itertools.count()
    with serving(world, NATION) as server, world.at(NATION):
        line, by = server.line(key), actor("reviewer")
        link = world.connect(NATION)

        def bare(_number: int) -> None:
            with link.cursor() as cursor:
                cursor.execute(BARE, [f"PT Polos {next(said)}", next(turns)[0]])

        def by_service(_number: int) -> float:
            pk, _code = next(turns)
            version = Application.objects.values_list("version", flat=True).get(pk=pk)
            began = time.perf_counter()
            values = {"vendor": f"PT Layanan {next(said)}"}
            services.edit(pk, by=by, version=version, values=values, reason="Pengukuran")
            return time.perf_counter() - began

        def by_api(_number: int) -> float:
            path = f"/api/v1/applications/{next(turns)[1]}/"
            tag = good(line.get(path)).headers["etag"]
            body = orjson.dumps({"vendor": f"PT API {next(said)}", "reason": "Pengukuran"})
            return good(line.ask("PATCH", path, body, If_Match=tag, Content_Type="application/json")).whole

        raw, service, api = medians(
            *(lambda side=side: alternately([side], TIMES) for side in (bare, by_service, by_api))
        )
        link.close()
    return Measured(api / raw, f"{api * 1000:.1f} ms, layanan saja {service * 1000:.1f}, UPDATE {raw * 1000:.2f}")


@figure("P19", "OPD dengan 1.000 aplikasi diganti namanya: sampai semua turunannya benar", floor=2, aim=0.5, unit="s")
def renamed_office(world) -> Measured:
    said = itertools.count()
    with world.at(NATION):
        key = key_of()
        office = Application.objects.select_related("owner").order_by("pk").first().owner
        by, owned = actor("administrator"), Application.objects.filter(owner=office).count()
    with serving(world, NATION) as server, world.at(NATION):
        line = server.line(key)

        def renamed() -> float:
            word = f"berganti{next(said)}x"
            version = Organization.objects.get(pk=office.pk).version
            began = time.perf_counter()
            edit_organization(office.code, by=by, version=version, reason="Pengukuran", name=f"Dinas {word}")
            until_found(line, word, owned)
            return time.perf_counter() - began

        return Measured(medians(renamed)[0], f"{owned} aplikasi, dicari lewat API dengan nama barunya")


def until_found(line, word: str, owned: int) -> None:
    """Every application of the office is found under its new name, by a client."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = orjson.loads(good(line.get(f"/api/v1/applications/?q={word}&count=true&page_size=1")).body)
        if page["count"] == owned:
            return
    raise RuntimeError("nama baru tidak sampai ke semua aplikasi dalam satu menit")
