"""Workers and tellers at once, with real commits: one mail, sent once."""

import threading
from collections.abc import Callable

from django.db import connection
from django_tasks_db.models import DBTaskResult

from sr_portal.notices.models import Mail
from sr_portal.notices.sending import deliver_one
from tests.factories.accounts import UserFactory

from .smtp import mail_server
from .test_sending import fate, told


def together(act: Callable[[], object], count: int = 6) -> None:
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_six_workers_send_one_mail(own_database):
    """The others find the row locked while the first speaks to the server."""
    with mail_server() as desk:
        (mail,) = told(UserFactory())
        together(lambda: deliver_one(mail.pk))

    assert fate(mail) == ("sent", 1) and len(desk.taken) == 1


def test_six_at_once_tell_it_once(own_database):
    person = UserFactory()
    together(lambda: told(person))

    assert Mail.objects.count() == 1 and DBTaskResult.objects.count() == 1
