"""`make run`: the whole product on one machine until Ctrl-C or SIGTERM.

Environment: PORT (8000), HOST (127.0.0.1), STATE_DIR (var), DEMO (1; 0 starts without the demo government).
With DATABASE_URL and REDIS_URL set the named servers are used and nothing of the demo is loaded.
Runs with the virtual environment's Python, after tools/provision.py.
"""

import fcntl
import hashlib
import http.client
import os
import secrets
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import commands
from embedded import PostgreSQL, Redis, data_folder, socket_folder
from processes import Family, die_with_parent
from provision import PROJECT, PYTHON, VENV, StepFailed, once, outside_servers, say

STATIC_SOURCES = ("package-lock.json", "requirements.txt", "spbe_portfolio/settings.py", "apps/core/staticfiles.py")
LOCK_PATIENCE = 45  # seconds for the guardian of a killed start to end what was left


class Stopped(Exception):
    """Somebody asked the launcher to stop."""


def on_signal(_signum: int, _frame: object) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # stopping is under way; once is enough
    raise Stopped


def alive(pid: str) -> bool:
    return pid.isdigit() and Path("/proc", pid).exists()


def lock_state(state: Path) -> int:
    """Hold the state folder alone; after a hard kill wait until its guardian has let go."""
    state.mkdir(parents=True, exist_ok=True)
    handle = os.open(state / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            holder = os.pread(handle, 20, 0).decode().strip()
            if alive(holder) or time.monotonic() > deadline:
                raise StepFailed(
                    f"Folder {state} sedang dipakai proses lain (pid {holder or 'tidak diketahui'}). "
                    "Hentikan yang itu, atau pilih folder lain: make run STATE_DIR=var2 PORT=8001"
                ) from busy
            time.sleep(0.2)
        else:
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            return handle


def check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StepFailed(
                f"Alamat {host}:{port} tidak dapat dipakai ({error.strerror}). Pilih porta lain: make run PORT=8001"
            ) from error


def secret_key(state: Path) -> str:
    """The demo's own key, made once and readable by its owner only."""
    path = state / "secret_key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


def digest_static() -> str:
    """Changes whenever collectstatic would have something new to do."""
    digest = hashlib.sha256()
    for name in STATIC_SOURCES:
        digest.update((PROJECT / name).read_bytes())
    for path in sorted((PROJECT / "static").rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()


class Launcher:
    """One start: servers, preparation, the three processes, and the end of all of them."""

    def __init__(self) -> None:
        self.state = Path(os.environ.get("STATE_DIR") or PROJECT / "var").resolve()
        self.host = os.environ.get("HOST") or "127.0.0.1"
        self.port = int(os.environ.get("PORT") or 8000)
        self.outside = outside_servers()
        self.demo = not self.outside and os.environ.get("DEMO", "1") not in {"0", "false", ""}
        self.sockets: Path | None = None
        self.family: Family | None = None
        self.env: dict[str, str] = {}

    def start(self) -> None:
        check_port(self.host, self.port)
        lock = lock_state(self.state)
        self.family = Family(self.state / "logs", lock)
        self.env = self.environment()
        if not self.outside:
            self.start_servers()
        self.prepare()
        self.start_product()
        self.wait_until_ready()
        self.greet()

    def environment(self) -> dict[str, str]:
        env = os.environ | {"STATE_DIR": str(self.state), "DJANGO_SETTINGS_MODULE": "spbe_portfolio.settings"}
        env |= {"PATH": f"{VENV / 'bin'}:{env.get('PATH', '')}", "PYTHONUNBUFFERED": "1"}
        env.pop("DEMO", None)
        if self.outside:
            missing = [name for name in ("SECRET_KEY", "BASE_URL") if not env.get(name)]
            if missing:
                raise StepFailed(f"Dengan server sendiri, isi juga {' dan '.join(missing)} (lihat .env.example).")
            return env
        env.setdefault("SECRET_KEY", secret_key(self.state))
        env.setdefault("BASE_URL", f"http://{self.host}:{self.port}")
        return env | ({"DEMO": "1"} if self.demo else {})

    def start_servers(self) -> None:
        say("Menjalankan PostgreSQL dan Redis")
        self.sockets = socket_folder()
        self.family.own_folder(self.sockets)
        if os.geteuid() == 0:
            self.sockets.chmod(0o711)  # the account of PostgreSQL passes through to its own 0700 folder
        postgresql = PostgreSQL(self.family, data_folder(self.state), self.sockets)
        redis = Redis(self.family, self.state / "redis", self.sockets)
        redis.start()
        postgresql.start()
        self.env |= {
            "DATABASE_URL": postgresql.url("spbe_app"),
            "MIGRATION_DATABASE_URL": postgresql.url("spbe_owner"),
            "REDIS_URL": redis.url,
        }

    def manage(self, title: str, *arguments: str) -> None:
        say(title)
        code = self.family.run(arguments[0], [PYTHON, "manage.py", *arguments], env=self.env, cwd=PROJECT)
        if code:
            raise StepFailed(f"manage.py {arguments[0]} gagal (kode {code}).", self.family.logs / f"{arguments[0]}.log")

    def prepare(self) -> None:
        self.manage("Menyiapkan basis data", "prepare_database", "-v", "0")
        arguments = ("Mengumpulkan berkas statis", "collectstatic", "--noinput", "--clear", "-v", "0")
        once(self.state / "static.stamp", digest_static(), lambda: self.manage(*arguments))
        if self.demo:
            self.load_demo()

    def load_demo(self) -> None:
        """Fill an empty registry; what a person has changed since the first start is left alone."""
        cluster = str((data_folder(self.state) / "PG_VERSION").stat().st_mtime_ns)
        title = "Memuat pemerintah daerah contoh (sekali saja, paling lama 90 detik)"
        once(self.state / "demo.stamp", cluster, lambda: self.manage(title, "seed_demo"))

    def start_product(self) -> None:
        say("Menjalankan web, worker, dan beat")
        start, cwd = self.family.start, PROJECT
        start("web", commands.web(self.host, self.port), env=self.env, cwd=cwd)
        start("worker", commands.worker(), env=self.env, cwd=cwd, stop_seconds=20)
        start("beat", commands.beat(self.state / "celerybeat-schedule"), env=self.env, cwd=cwd)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while self.ask("/healthz") != 200:
            self.refuse_dead_children()
            if time.monotonic() > deadline:
                raise StepFailed("Server web tidak menjawab.", self.family.logs / "web.log")
            time.sleep(0.1)
        if self.ask("/readyz") != 200:
            say(f"PERINGATAN: belum sepenuhnya siap; lihat http://{self.host}:{self.port}/readyz")

    def ask(self, path: str) -> int:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def greet(self) -> None:
        print(f"\nPortofolio SPBE berjalan di {self.env['BASE_URL']}\n", flush=True)
        if self.demo:
            print(self.demo_accounts(), flush=True)
        elif not self.outside:
            print("Pengelola pertama dibuat dengan perintah createadministrator.\n", flush=True)
        shell = f". {self.write_environment()} && {PYTHON.relative_to(PROJECT)} manage.py ..."
        print(f"Perintah pengelolaan: {shell}\nLog: {self.family.logs}    Berhenti: Ctrl-C", flush=True)

    def write_environment(self) -> Path:
        """What another shell needs to reach this start; for the owner only, it holds the secret key."""
        path = self.state / "env"
        path.unlink(missing_ok=True)
        names = ("DATABASE_URL", "MIGRATION_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "BASE_URL", "STATE_DIR", "DEMO")
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"export {name}={shlex.quote(self.env[name])}\n" for name in names if name in self.env)
        return path

    def demo_accounts(self) -> str:
        done = subprocess.run(
            [PYTHON, "manage.py", "demo_accounts"],
            cwd=PROJECT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return done.stdout if done.returncode == 0 else "Akun contoh tidak dapat dibaca; lihat README.\n"

    def refuse_dead_children(self) -> None:
        child = self.family.dead()
        if child:
            code = child.process.returncode
            raise StepFailed(f"Proses {child.name} berakhir sendiri (kode {code}); semua dihentikan.", child.log)
        if self.family.guardian.poll() is not None:
            raise StepFailed("Penjaga proses berakhir; semua dihentikan.")

    def watch(self) -> None:
        while True:
            self.refuse_dead_children()
            time.sleep(0.5)

    def stop(self) -> None:
        if self.family:
            say("Menghentikan semua proses")
            self.family.stop()
            (self.state / "env").unlink(missing_ok=True)


def main() -> int:
    if os.environ.get("MAKELEVEL"):
        die_with_parent()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, on_signal)
    launcher = None
    try:
        launcher = Launcher()
        launcher.start()
        launcher.watch()
    except Stopped:
        return 0
    except StepFailed as error:
        print(f"\nGAGAL: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        if launcher:
            launcher.stop()
    return 1


if __name__ == "__main__":
    sys.exit(main())
