"""A worker in a process of its own, to be killed: `python -m tests.webhooks.worker DATABASE`.

What takes minutes in life takes seconds here: a claim that runs out, a message that lost its task, a pause.
"""

import datetime as dt
import sys
import time
from unittest import mock

import django
from django.conf import settings

SOON = dt.timedelta(seconds=1)


def main(database: str) -> None:
    settings.DATABASES["default"]["NAME"] = database
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    django.setup()
    from sr_portal.webhooks import delivering, upkeep
    from tests.notices.smtp import work

    with (
        mock.patch.object(delivering, "LEASE", 5 * SOON),
        mock.patch.object(delivering, "SKEW", dt.timedelta()),
        mock.patch.object(delivering, "BACK_OFF", (SOON / 10,) * 50),
        mock.patch.object(upkeep, "FORGOTTEN", SOON),
    ):
        while True:
            upkeep.take_back_lost()
            upkeep.queue_again()
            work()
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1])
