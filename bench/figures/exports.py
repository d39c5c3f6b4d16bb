"""Taking the register out."""

import tempfile

import openpyxl
from figure import NATION, Measured, figure, medians

from apps.accounts.actor import Actor
from apps.inventory import cells, exporting, fields
from apps.inventory.models import Application


@figure(
    "P10",
    "ekspor XLSX dari register, baris/s dibanding openpyxl write_only, baris dan sel yang sama",
    floor=8,
    aim=15,
    at_least=True,
)
def export_to_xlsx(world) -> Measured:
    with world.at(NATION):
        rows = Application.objects.visible_to(Actor.system()).order_by("name", "pk")
        columns = exporting.exported([attribute for attribute in fields.ATTRIBUTES if attribute.listed])
        size = rows.count()

        def with_openpyxl() -> None:
            book = openpyxl.Workbook(write_only=True)
            sheet = book.create_sheet()
            for line in cells.lines(rows, columns, internal=True):
                sheet.append(line)
            with tempfile.TemporaryFile() as file:
                book.save(file)

        def with_the_product() -> None:
            exporting.workbook(rows, columns, internal=True).close()

        theirs, ours = medians(with_openpyxl, with_the_product)
    return Measured(theirs / ours, f"{size} baris × {len(columns)} kolom: {ours:.2f} s, openpyxl {theirs:.2f} s")
