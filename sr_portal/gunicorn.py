"""How gunicorn serves the portal: `python -m gunicorn -c sr_portal/gunicorn.py`; everything from the environment."""

import gc
import os
import subprocess
import sys

wsgi_app = "sr_portal.wsgi:application"
bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
# Imported once, before the workers are born: one that is killed is replaced in a moment, and they share its memory. New
# code is served by a restart, not by HUP.
preload_app = True
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
control_socket_disable = True  # nobody commands the server over a socket


def when_ready(server):
    """Just before the first workers: read what the first visitor would wait for, share nothing that is one's own."""
    from django.db import connections
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # imports every view
    connections.close_all()  # a connection belongs to one process
    gc.collect()
    gc.freeze()  # what was read here stays shared
    begin_demo(server)


def begin_demo(server):
    """Say where the portal answers: nothing else prints it once the workers may take visitors."""
    if os.environ.get("PORTAL_ENV") == "demo":
        print(
            f"\n  Portail S&R : http://localhost:{os.environ.get('PORT', '8000')}/  (Ctrl-C or make stop)\n", flush=True
        )
        # Mail goes to files in `var/mail`; the worker ends with this process and keeps neither its port nor its lock.
        command = [sys.executable, "-m", "sr_portal.demo_worker", str(os.getpid())]
        server.mail_worker = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603  our own, no shell


def on_exit(server):
    """Before the database is stopped: the worker would complain of it."""
    if worker := getattr(server, "mail_worker", None):
        worker.terminate()
