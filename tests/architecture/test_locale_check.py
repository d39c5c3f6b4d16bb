"""The guard of the English catalogue finds what it is for: a message left out, an empty one, a lost placeholder."""

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from tools import locale_check


@pytest.fixture
def catalogue():
    catalogue = Catalog(locale="en")
    catalogue.add("Simpan", "Save")
    catalogue.add("Halo %(name)s", "Hello")
    catalogue.add("Kosong", "")
    catalogue.add("Ragu", "Doubtful", flags=["fuzzy"])
    catalogue.add(("%(n)s kasus", "%(n)s kasus"), ("%(n)s case", "%(n)s cases"))
    catalogue.add("Buka", "Open", context="kata kerja")
    return catalogue


@pytest.mark.parametrize("message", ["Tidak ada", "Kosong", "Ragu", "Halo %(name)s", "Buka"])
def test_a_gap_is_found(catalogue, message):
    assert locale_check.problem(catalogue, message, None)


def test_what_is_translated_passes(catalogue):
    assert locale_check.problem(catalogue, "Simpan", None) is None
    assert locale_check.problem(catalogue, ("%(n)s kasus", "%(n)s kasus"), None) is None
    assert locale_check.problem(catalogue, "Buka", "kata kerja") is None


def test_messages_of_code_and_templates_are_collected(tmp_path):
    code = tmp_path / "views.py"
    code.write_text("from django.utils.translation import gettext as _\nx = _('Satu')\ny = ngettext('a', 'b', n)\n")
    page = tmp_path / "page.html"
    page.write_text(
        "{% load i18n %}{% translate 'Dua' %}{% blocktranslate trimmed %}\n Tiga {{ x }}\n{% endblocktranslate %}"
    )
    assert [message for _line, message, _context in locale_check.messages_of(code)] == ["Satu", ("a", "b")]
    assert [message for _line, message, _context in locale_check.messages_of(page)] == ["Dua", "Tiga %(x)s"]


def test_a_compiled_file_of_another_catalogue_is_found(catalogue, tmp_path, monkeypatch):
    monkeypatch.setattr(locale_check, "PROJECT", tmp_path)
    monkeypatch.setattr(locale_check, "CATALOGUE", tmp_path / "django.po")
    assert locale_check.stale(catalogue)
    with (tmp_path / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    assert locale_check.stale(catalogue) == []
    catalogue.add("Batal", "Cancel")
    assert locale_check.stale(catalogue)
