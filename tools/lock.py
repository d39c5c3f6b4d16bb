"""`make lock`: compile the hashed requirement locks and package-lock.json, without host names or local paths.

Uses uv from PATH or installs it into a temporary virtual environment; the product itself is installed by plain pip.
"""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from provision import PROJECT

OPTIONS = [
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--universal",
    "--python-version=3.11",
]
LOCKS = {"requirements": [], "requirements-dev": [], "requirements-redis": ["--no-deps"]}


def compile_locks(uv: str) -> None:
    for name, extra in LOCKS.items():
        command = [uv, "pip", "compile", "--quiet", *OPTIONS, *extra, "--custom-compile-command", "make lock"]
        subprocess.run([*command, f"{name}.in", "-o", f"{name}.txt"], cwd=PROJECT, check=True)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv")
        if not uv:
            venv.create(folder, with_pip=True)
            subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "uv"], check=True)
            uv = str(Path(folder) / "bin" / "uv")
        compile_locks(uv)
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts"], cwd=PROJECT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
