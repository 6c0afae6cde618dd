"""Start and stop the demo's web server, one for each port of this folder.

    python -m sr_portal.demo_server check|start|stop

The running server holds a lock on `var/server-<port>.lock`, where its pid is written. The kernel lets go of the lock
when the server dies, however it dies: no stale pid file to guess about.
"""

import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR", PROJECT_DIR / "var"))
STOP_SECONDS = 30
ORPHAN_SECONDS = 20  # how long the workers of a killed server may keep its lock and its port


def take_lock(path: Path) -> int | None:
    """The descriptor of the lock, or None when a running server has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def wait_for_orphans(path: Path) -> None:
    """The workers of a server that was killed end by themselves a moment later: let them."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while is_held(path) and not names_a_process(path) and time.monotonic() < deadline:
        time.sleep(0.2)


def names_a_process(path: Path) -> bool:
    """Whether the pid in the lock lives; so does a server that has not written its own yet."""
    try:
        os.kill(int(path.read_text()), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_held(path: Path) -> bool:
    descriptor = take_lock(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def check(port: int) -> int:
    """0: the port is ours to take; 3: the demo already answers there; 1: another program has it."""
    wait_for_orphans(lock_path(port))
    if is_held(lock_path(port)):
        print(f"Portail S&R already runs: http://localhost:{port}/ (make stop stops it; PORT=8001 starts another).")
        return 3
    if not port_is_free(port):
        print(f"Port {port} is taken by another program: choose another, for instance PORT={port + 1} make demo.")
        return 1
    return 0


def start(port: int) -> int:
    wait_for_orphans(lock_path(port))
    descriptor = take_lock(lock_path(port))
    if descriptor is None or not port_is_free(port):
        return check(port)
    os.truncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    os.set_inheritable(descriptor, True)
    command = [sys.executable, "-m", "gunicorn", "-c", str(PROJECT_DIR / "sr_portal" / "gunicorn.py")]
    os.chdir(PROJECT_DIR)
    os.execv(command[0], command)  # noqa: S606  our own server, no shell


def stop() -> int:
    """Stop every server of this folder, whatever its port."""
    locks = [path for path in VAR_DIR.glob("server-*.lock") if is_held(path)]
    for path in locks:
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.kill(int(path.read_text()), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(is_held(path) for path in locks):
        if time.monotonic() > deadline:
            print("The server does not stop.")
            return 1
        time.sleep(0.1)
    print(f"Servers stopped: {len(locks)}." if locks else "No server was running.")
    return 0


def lock_path(port: int) -> Path:
    return VAR_DIR / f"server-{port}.lock"


def main(arguments: list[str]) -> int:
    port = int(os.environ.get("PORT") or "8000")
    match arguments:
        case ["check"]:
            return check(port)
        case ["start"]:
            return 0 if (code := start(port)) == 3 else code
        case ["stop"]:
            return stop()
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
