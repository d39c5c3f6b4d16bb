"""Files are taken in by content, stored once by hash, and served so that no browser interprets them (T-18 small)."""

import hashlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import ProgrammingError

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.documents import rules, services
from apps.documents.models import Document
from apps.documents.responses import file_response

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF"


def packed(members, *, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def store(content, name="bukti.pdf"):
    return services.store(SimpleUploadedFile(name, content), by=Actor.system(), kind=Document.Kind.EVIDENCE)


GOOD = {
    "surat.pdf": (PDF, "application/pdf"),
    "layar.png": (b"\x89PNG\r\n\x1a\n" + b"0" * 20, "image/png"),
    "foto.jpg": (b"\xff\xd8\xff\xe0" + b"0" * 20, "image/jpeg"),
    "daftar.csv": ("nama;tahun\nÉ;2020\n".encode(), "text/csv"),
    "daftar.xlsx": (packed({"xl/workbook.xml": "<workbook/>"}), rules.XLSX),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_kept_by_their_hash(name):
    content, content_type = GOOD[name]
    document = store(content, name)
    assert document.content_type == content_type
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    with services.open_file(document) as file:
        assert file.read() == content
    assert Event.objects.get(verb="document.stored").details["sha256"] == document.sha256


HOSTILE = {
    "kosong.pdf": b"",
    "spasi.csv": b"   \n",
    "halaman.html": b"<html><script>alert(1)</script>",
    "halaman-bom.csv": b"\xef\xbb\xbf   <svg onload=alert(1)>",
    "gambar.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "naskah.csv": b"#!/bin/sh\nrm -rf /",
    "program.pdf": b"MZ\x90\x00",
    "elf.png": b"\x7fELF\x02\x01\x01" + b"\x00" * 8,
    "arsip.zip": packed({"a.txt": "x"}),
    "dokumen.docx": packed({"word/document.xml": "x"}),
    "makro.xlsx": packed({"xl/workbook.xml": "x", "xl/vbaProject.bin": "x"}),
    "bom.xlsx": packed({"xl/workbook.xml": "x", "xl/a.xml": b"0" * 30_000_000}),
    "banyak.xlsx": packed({"xl/workbook.xml": "x"} | {f"xl/{i}.xml": "" for i in range(2100)}),
    "rusak.xlsx": b"PK\x03\x04" + b"\x00" * 40,
    "terpotong.xlsx": packed({"xl/workbook.xml": "x" * 5000})[:60],
    "skrip.pdf": PDF + b"/JavaScript (app.alert(1))",
    "luncur.pdf": PDF + b"<< /Launch /F (cmd.exe) >>",
    "lampiran.pdf": PDF + b"/EmbeddedFile",
    "buka.pdf": PDF + b"/OpenAction",
    "biner.csv": b"a,b\n\x00\x01\x02",
    "bukan-utf8.csv": b"nama\n\xff\xfe\xfa",
    "gif.png": b"GIF89a" + b"\x00" * 5,
    "rar.xlsx": b"Rar!\x1a\x07\x00",
    "7z.xlsx": b"7z\xbc\xaf\x27\x1c\x00",
    "gz.csv": b"\x1f\x8b\x08\x00\x00",
    "ole.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00",
    "tar.pdf": b"a" * 100 + b"\x00ustar",
    "xml.csv": b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    "php.jpg": b"<?php system($_GET['c']);",
    "doctype.png": b"<!doctype html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_and_leave_nothing(name):
    with pytest.raises(ValidationError), transaction.atomic():
        store(HOSTILE[name], name)
    assert not Document.objects.exists()


def test_too_large_says_the_limit(settings):
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024
    with pytest.raises(ValidationError, match="1 MB"):
        store(PDF + b"0" * 1024 * 1024)


def test_the_name_cannot_leave_its_folder_nor_choose_its_type():
    assert store(PDF, "../../etc/pass wd.exe").original_name == "pass_wd.pdf"


def test_it_is_served_as_an_attachment_nobody_interprets():
    response = file_response(store(PDF))
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    response.close()


def test_the_row_cannot_be_changed():
    document = store(PDF)
    with pytest.raises(ProgrammingError, match="written once"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(sha256="0" * 64)
