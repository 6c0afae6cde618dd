"""A mail leaves: what the mail server answers decides its fate, and whether and when it is tried again."""

import datetime as dt
import smtplib
from email.utils import parseaddr
from urllib.parse import urljoin
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from sr_portal.web import clock

from .models import Mail, Status

log = structlog.get_logger("portal.notices")

# After each temporary failure: some 36 hours in all, as mail servers themselves do.
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1200))


SKEW = dt.timedelta(seconds=30)  # by how much the clocks of two machines may differ; less than the shortest pause


class Permanent(Exception):
    """The mail will never be taken: the argument says why."""


@task()
def deliver(mails: list[str]) -> None:
    """Try each of these mails (keys) once, each in a transaction of its own; what is not due any more is left.

    A mail that breaks our own code stops none of the others; the task then fails with what it raised.
    """
    broken: Exception | None = None
    for key in mails:
        try:
            deliver_one(UUID(key))
        except Exception as error:
            log.exception("mail_broken", mail=key)
            broken = error
    if broken is not None:
        raise broken


@transaction.atomic
def deliver_one(key: UUID) -> None:
    """The row stays locked until its fate is written, so that two workers never send the same mail."""
    due = Mail.objects.due(clock.now() + SKEW).filter(pk=key)
    mail = due.select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()
    if mail is None:
        return
    mail.attempts += 1
    try:
        send(mail)
    except Permanent as refusal:
        _fail(mail, str(refusal))
    except OSError as trouble:  # smtplib's own errors are OSErrors too
        _try_again(mail, f"{type(trouble).__name__}: {trouble}")
    else:
        mail.status, mail.sent_at, mail.error = Status.SENT, clock.now(), ""
    mail.save(update_fields=["status", "sent_at", "error", "attempts", "next_try_at"])


def _fail(mail: Mail, why: str) -> None:
    mail.status, mail.error = Status.FAILED, why[:1000]
    log.warning("mail_failed", mail=str(mail.pk))  # the error holds the address: it stays in the journal


def _try_again(mail: Mail, why: str) -> None:
    if mail.attempts > len(BACK_OFF):
        _fail(mail, why)
        return
    mail.error = why[:1000]
    mail.next_try_at = clock.now() + BACK_OFF[mail.attempts - 1]
    deliver.using(run_after=mail.next_try_at).enqueue([str(mail.pk)])


def send(mail: Mail) -> None:
    """Hand the mail to the server of Django's EMAIL settings. Raises `Permanent`, or `OSError` when a later try may do."""
    if not mail.recipient.is_active:
        raise Permanent("account closed")
    try:
        as_message(mail).send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = {code for code, _answer in refusal.recipients.values()}
        if all(code >= 500 for code in codes):
            raise Permanent(_told(refusal)) from refusal
        raise
    except smtplib.SMTPAuthenticationError:
        raise  # our own password is wrong: no fault of this mail's
    except smtplib.SMTPResponseException as refusal:
        if refusal.smtp_code >= 500:
            raise Permanent(_told(refusal)) from refusal
        raise
    except (ValueError, UnicodeError) as unsendable:  # an address that no mail can have
        raise Permanent(str(unsendable)) from unsendable


def _told(refusal: smtplib.SMTPException) -> str:
    return f"{type(refusal).__name__}: {refusal}"


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Plain text, and the same as simple HTML, in the recipient's language."""
    with translation.override(mail.recipient.language):
        context = {
            "mail": mail,
            "link": urljoin(settings.PORTAL_URL, mail.path) if mail.path else "",
            "choices": urljoin(settings.PORTAL_URL, reverse("notices:preferences")),
            "language": mail.recipient.language,
        }
        prefix = _("Urgent :") + " " if mail.urgent else ""
        text = render_to_string("notices/mail.txt", context)
        html = render_to_string("notices/mail.html", context)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = EmailMultiAlternatives(
        f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{prefix}{mail.subject}",
        text,
        to=[mail.address],
        headers={
            # The same for every try: a server that took it already can tell.
            "Message-ID": f"<{mail.pk}@{sender.partition('@')[2] or 'localhost'}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message
