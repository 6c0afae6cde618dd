"""Mail through the queue to a real SMTP server: taken, refused, put off, unreachable; and never from a roll-back."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sr_portal.notices import sending
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail, Status
from sr_portal.notices.silence import silence
from sr_portal.notices.telling import Message, tell
from sr_portal.web import clock
from tests.factories.accounts import UserFactory

from .smtp import free_port, mail_server, speaking_to, work

pytestmark = pytest.mark.django_db


def write(kind: Kind) -> tuple[str, str]:
    from django.utils.translation import gettext

    return f"{gettext('Accueil')} : forage à Ansongo", "Décidez avant le 1er décembre."


def message(key: str = "step:1", **more) -> Message:
    return Message(key, write, path="/projets/7/", about="QIP-GAO-2026-0007", about_id=7, **more)


def told(*people, key: str = "step:1", kind: Kind = Kind.TURN, **more) -> list[Mail]:
    return tell(message(key, **more), dict.fromkeys(people, kind))


def fate(mail: Mail) -> tuple[str, int]:
    mail.refresh_from_db()
    return mail.status, mail.attempts


@pytest.fixture
def no_wait(monkeypatch):
    monkeypatch.setattr(sending, "BACK_OFF", (dt.timedelta(0),) * 3)


# --- What leaves -----------------------------------------------------------------------------------------------------
def test_a_mail_leaves_in_the_language_of_each_with_its_link(settings):
    settings.PORTAL_URL = "https://portail.example/"
    french, english = UserFactory(name="Awa Diarra"), UserFactory(language="en")
    with mail_server() as desk:
        mails = told(french, english)
        work()

    assert [fate(mail) for mail in mails] == [("sent", 1), ("sent", 1)]
    assert mails[0].sent_at is not None
    first, second = sorted(desk.taken, key=lambda mail: mail["To"] != french.email)
    assert first["Subject"] == "[Portail S&R] Accueil : forage à Ansongo"
    assert second["Subject"] == "[Portail S&R] Home : forage à Ansongo"
    plain, html = first.get_body(("plain",)).get_content(), first.get_body(("html",)).get_content()
    assert "Bonjour Awa Diarra," in plain and "Décidez avant le 1er décembre." in plain
    assert "https://portail.example/projets/7/" in plain and 'href="https://portail.example/projets/7/"' in html
    assert '<html lang="fr">' in html and '<html lang="en">' in second.get_body(("html",)).get_content()
    assert first["Message-ID"] == f"<{mails[0].pk}@localhost>" and first["Auto-Submitted"] == "auto-generated"


def test_markup_in_a_text_is_text():
    with mail_server() as desk:
        tell(
            Message("step:1", lambda kind: ("Titre\r\nBcc: tous@example.org", "<img src=x>")),
            {UserFactory(): Kind.TURN},
        )
        work()

    assert "<img" not in desk.taken[0].get_body(("html",)).get_content()
    assert desk.taken[0]["Bcc"] is None and desk.taken[0]["Subject"] == "[Portail S&R] Titre Bcc: tous@example.org"


def test_somebody_is_told_of_one_thing_once():
    person = UserFactory()
    assert len(told(person)) == 1
    assert told(person) == []
    assert len(told(person, key="step:2")) == 1
    assert Mail.objects.filter(recipient=person).count() == 2


def test_a_closed_account_is_not_written_to():
    gone, leaving = UserFactory(is_active=False), UserFactory()
    assert [mail.recipient for mail in told(gone, leaving)] == [leaving]

    leaving.is_active = False
    leaving.save()
    with mail_server() as desk:
        work()
    assert fate(Mail.objects.get()) == ("failed", 1) and not desk.taken


def test_nothing_is_told_in_silence():
    with silence():
        assert told(UserFactory()) == []
    assert len(told(UserFactory())) == 1


# --- What the server answers -----------------------------------------------------------------------------------------
def test_an_address_refused_for_good_is_not_tried_again():
    person, other = UserFactory(), UserFactory()
    with mail_server() as desk:
        desk.answers[person.email] = ["550 No such user here"]
        refused, taken = told(person, other)
        work()
        work()

    assert fate(refused) == ("failed", 1) and "550" in refused.error and "No such user here" in refused.error
    assert fate(taken) == ("sent", 1)
    assert desk.asked.count(person.email) == 1


def test_a_mail_put_off_leaves_at_the_next_try():
    person = UserFactory()
    with mail_server() as desk:
        desk.answers[person.email] = ["451 Try again later"]
        (mail,) = told(person)
        work()
        assert fate(mail) == ("queued", 1) and "451" in mail.error
        assert mail.next_try_at - clock.now() > dt.timedelta(seconds=50)
        work()
        assert fate(mail) == ("queued", 1), "not before its time"

        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        with clock.at(mail.next_try_at):
            work()
    assert fate(mail) == ("sent", 2) and mail.error == "" and len(desk.taken) == 1


def test_a_server_that_is_down_is_tried_until_patience_ends(no_wait):
    with speaking_to(free_port()):
        (mail,) = told(UserFactory())
        work()

    assert fate(mail) == ("failed", 4) and "ConnectionRefusedError" in mail.error


def test_a_mail_that_breaks_our_own_code_stops_no_other(monkeypatch):
    broken, whole = told(UserFactory(), UserFactory())
    send = sending.send
    monkeypatch.setattr(sending, "send", lambda mail: 1 / 0 if mail.pk == broken.pk else send(mail))
    with mail_server() as desk:
        work()

    assert (fate(broken), fate(whole)) == (("queued", 0), ("sent", 1)) and len(desk.taken) == 1
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_worker_whose_clock_is_a_little_behind_sends_all_the_same():
    (mail,) = told(UserFactory())
    with mail_server(), clock.at(mail.next_try_at - dt.timedelta(seconds=5)):
        work()

    assert fate(mail) == ("sent", 1)


def test_a_wrong_password_of_ours_fails_no_mail(settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portail", "wrong"
    with mail_server():  # it offers no authentication at all
        (mail,) = told(UserFactory())
        work()

    assert fate(mail) == ("queued", 1)


# --- With the rest, or not at all ------------------------------------------------------------------------------------
def test_what_is_rolled_back_was_never_told():
    with mail_server() as desk:
        with pytest.raises(RuntimeError), transaction.atomic():
            told(UserFactory())
            raise RuntimeError
        work()

    assert not desk.taken and not Mail.objects.exists() and not DBTaskResult.objects.exists()


# --- The log ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"text": "Autre chose"}, {"address": "autre@example.org"}, {"subject": "Autre"}, {"key": "step:9"},
        {"status": "gathered"}, {"status": "held"}, {"status": "sent"}, {"status": "failed"}, {"status": "lost"},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_to_rewrite_what_was_said_or_to_invent_a_fate(change):
    (mail,) = told(UserFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**change)


def test_no_mail_leaves_the_log():
    (mail,) = told(UserFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).delete()
    Mail.objects.filter(pk=mail.pk).update(status=Status.SENT, sent_at=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(status=Status.QUEUED, sent_at=None)
