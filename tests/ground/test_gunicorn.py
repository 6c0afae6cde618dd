"""The portal is imported before its workers are born, which inherit nothing that belongs to one process."""

import gc

from django.db import connections

from sr_portal import gunicorn


def test_workers_are_born_with_the_portal_read_and_without_a_connection(monkeypatch):
    closed: list[bool] = []
    monkeypatch.setattr(connections, "close_all", lambda: closed.append(True))
    monkeypatch.setattr(gc, "freeze", lambda: None)  # the suite goes on in this process
    gunicorn.when_ready(object())
    assert gunicorn.preload_app and closed
