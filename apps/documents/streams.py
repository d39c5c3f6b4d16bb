"""Files too long for memory, kept under the SHA-256 of their content in a folder of their own."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from apps.documents.services import sync_folder


@dataclass(frozen=True)
class Kept:
    """What a file is known by: SHA-256 and size in bytes."""

    sha256: str
    size: int


def keep(folder: str, parts: Iterable[bytes]) -> Kept:
    """Write the parts and let the whole appear at once under its name; a process that dies leaves only a temporary file."""
    place = folder_of(folder)
    with _fresh(place) as (file, temporary):
        digest, size = hashlib.sha256(), 0
        for part in parts:
            digest.update(part)
            size += file.write(part)
        file.flush()
        os.fsync(file.fileno())
        temporary.chmod(0o640)
        temporary.rename(place / digest.hexdigest())
    sync_folder(place)
    return Kept(digest.hexdigest(), size)


def folder_of(folder: str) -> Path:
    """Where the files of this folder lie, beside the documents."""
    return Path(settings.MEDIA_ROOT) / folder


def path_of(folder: str, sha256: str) -> Path:
    """Where content with this hash lies."""
    return folder_of(folder) / sha256


def read(folder: str, sha256: str, block: int = 256 * 1024) -> Iterator[bytes]:
    """The content, block by block."""
    with path_of(folder, sha256).open("rb") as file:
        while part := file.read(block):
            yield part


def keep_only(folder: str, wanted: set[str]) -> None:
    """Remove every other file, also what dead processes left; who is still reading one goes on reading."""
    for path in folder_of(folder).iterdir():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


@contextmanager
def _fresh(place: Path) -> Iterator[tuple[BinaryIO, Path]]:
    place.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file, Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
