"""The empty workbook to fill in: a head per attribute, lists to choose from, and a page that explains each column."""

import tempfile
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from apps.inventory import fields, rules
from apps.inventory.importing import columns

ROWS = 5000  # rows with lists to choose from
LEFT_OUT = ("code", columns.VERSION)
OFFICES = "Daftar"


def heads(government_id: int | None) -> dict[str, str]:
    """The columns of the template by attribute."""
    return {name: label for name, label in columns.readable(government_id).items() if name not in LEFT_OUT}


def workbook(offices: list[str], government_id: int | None) -> BinaryIO:
    """The template as a temporary file; `offices` are those the person may register for."""
    file = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115  the response closes it
    with xlsxwriter.Workbook(file.name) as book:
        table, guide, lists = (book.add_worksheet(name) for name in (_("Aplikasi"), _("Petunjuk"), OFFICES))
        bold = book.add_format({"bold": True, "bottom": 1})
        for row, office in enumerate(offices):
            lists.write_string(row, 0, office)
        lists.hide()
        table.freeze_panes(1, 1)
        attributes = fields.BY_NAME | {attribute.name: attribute for attribute in fields.own(government_id)}
        for place, (name, label) in enumerate(heads(government_id).items()):
            table.write_string(0, place, capital(label), bold)
            table.write_comment(0, place, explained(attributes[name]))
            table.set_column(place, place, max(14, min(40, len(label) + 4)))
            _offer(table, place, attributes[name], len(offices))
        _explain(guide, book, [attributes[name] for name in heads(government_id)])
    file.seek(0)
    return file


def explained(attribute: fields.Attribute) -> str:
    """What belongs in a column, in a sentence or two."""
    name = attribute.name
    parts = [str(attribute.help)] if attribute.help else []
    if name in rules.REQUIRED or name == "owner":
        parts.insert(0, _("Wajib."))
    words = ", ".join(str(label) for _value, label in attribute.choices if label)
    if words:
        said = _("Boleh beberapa, pisahkan dengan titik koma: %s.") if attribute.several else _("Salah satu: %s.")
        parts.append(said % words)
    if name == "owner":
        parts.append(_("Nama perangkat daerah seperti di daftar organisasi."))
    return " ".join(parts) or capital(str(attribute.label))


def capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _offer(table: Any, place: int, attribute: fields.Attribute, offices: int) -> None:
    words = [str(label) for value, label in attribute.choices if value]
    warned = {
        "error_type": "warning",
        "error_title": _("Tidak ada di daftar"),
        "error_message": explained(attribute)[:255],
    }
    if attribute.name == "owner" and offices:
        source: Any = f"={OFFICES}!$A$1:$A${offices}"
    elif words and not attribute.several and len(",".join(words)) <= 255:
        source = words
    else:
        return
    table.data_validation(1, place, ROWS, place, {"validate": "list", "source": source, **warned})


def _explain(guide: Any, book: Any, attributes: list[fields.Attribute]) -> None:
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    guide.set_column(0, 0, 30)
    guide.set_column(1, 1, 90, wrapped)
    guide.write_row(0, 0, [_("Kolom"), _("Yang diisikan")], book.add_format({"bold": True}))
    for row, attribute in enumerate(attributes, start=1):
        guide.write_string(row, 0, capital(str(attribute.label)))
        guide.write_string(row, 1, explained(attribute), wrapped)
