"""The demo's own worker of the queue: beside its server, and never longer.

    python -m sr_portal.demo_worker

Started by gunicorn (`sr_portal.gunicorn.when_ready`); it ends when its parent does, however that ends. In production
the worker is a service of its own (docs/mail.md).
"""

import os
import sys
import threading
import time


def end_with(parent: int, seconds: float = 2) -> None:
    """End this process once another has adopted it: its parent is gone."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def main(parent: int) -> None:
    if os.getppid() != parent:
        return
    end_with(parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sr_portal.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("db_worker", interval=3, reload=False, verbosity=0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
