"""Static files of the npm packages: only those a page asks for, straight from node_modules."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

# prefix on our site, folder of the package, files of it that pages use
LIBRARIES = (
    ("tabler", "@tabler/core/dist/css", ("tabler.min.css", "tabler.min.css.map")),
    ("inter", "@fontsource-variable/inter", ("index.css", "files/inter-*-wght-normal.woff2")),
    ("htmx", "htmx.org/dist", ("htmx.min.js",)),
    ("echarts", "echarts/dist", ("echarts.min.js",)),
)


class LibraryFinder(BaseFinder):
    """Find the listed files; everything else of a package stays out of the deployment."""

    def check(self, **kwargs: Any) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        prefix, _slash, rest = path.partition("/")
        for name, folder, patterns in LIBRARIES:
            full = Path(settings.NODE_MODULES, folder, rest)
            if name == prefix and full.is_file() and any(Path(rest).match(pattern) for pattern in patterns):
                return [str(full)] if find_all else str(full)
        return []

    def list(self, ignore_patterns: Iterable[str]) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, folder, patterns in LIBRARIES:
            root = Path(settings.NODE_MODULES, folder)
            storage = FileSystemStorage(location=root)
            storage.prefix = name
            for pattern in patterns:
                for file in sorted(root.glob(pattern)):
                    yield str(file.relative_to(root)), storage
