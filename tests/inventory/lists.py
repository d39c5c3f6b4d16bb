"""Lists as people make them from an export: the file, cells edited in a spreadsheet, the file again."""

import csv
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.inventory import cells, exporting, fields, services
from apps.inventory.models import Application

TYPED = [attribute for attribute in fields.ATTRIBUTES if attribute.step]
COLUMNS = [fields.BY_NAME["code"], fields.BY_NAME["owner"], fields.BY_NAME["status"], *TYPED, cells.VERSION]
NAMES = [column.name for column in COLUMNS]


def exported(form="xlsx", columns=COLUMNS):
    """The whole register as a file."""
    rows = Application.objects.order_by("pk")
    written = exporting.WRITERS[form][1](rows, columns, internal=True)
    if form == "xlsx":
        with written as file:
            return file.read()
    return "".join(written).encode()


def edited(content, edits, form="xlsx"):
    """The file with {(row, column name): text}; row 0 is the first below the heads."""
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        for (row, name), text in edits.items():
            book.active.cell(row + 2, NAMES.index(name) + 1).value = text or None
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for (row, name), text in edits.items():
        lines[row + 1][NAMES.index(name)] = text
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue().encode()


def judged(content, *, by, government, form="xlsx"):
    """The dry run of the file."""
    upload = SimpleUploadedFile(f"register.{form}", content)
    return services.check_import(upload, by=by, government=government, at_once=True)


def fates(job):
    """How many rows met which fate, those without rows left out."""
    names = ("new", "changed", "same", "refused", "asked")
    return {name: job.summary[name] for name in names if job.summary[name]}
