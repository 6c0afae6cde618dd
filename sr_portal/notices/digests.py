"""What may wait is gathered: one mail a day to each person, whatever happened."""

import datetime as dt
from itertools import groupby
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import ngettext

from sr_portal.accounts.models import User
from sr_portal.web.templatetags.portal import day as written_day

from .kinds import Kind
from .models import Mail, Status
from .sending import deliver


@transaction.atomic
def gather(on: dt.date) -> int:
    """Gather what waits, for everybody who has not had the digest of this day yet; gives how many digests.

    What is held after it waits for the next day's.
    """
    done = Mail.objects.filter(kind=Kind.DIGEST, key=key_of(on)).values("recipient_id")
    waiting = Mail.objects.ready_to_gather(on).exclude(recipient__in=done).select_for_update(of=("self",))
    rows = waiting.select_related("recipient").order_by("recipient_id", "kind", "about", "created_at", "id")
    made = [_digest(user, list(mails), on) for user, mails in groupby(rows, key=lambda mail: mail.recipient)]
    for digest in made:
        deliver.enqueue([str(digest.pk)])
    return len(made)


def key_of(on: dt.date) -> str:
    return f"digest:{on.isoformat()}"


def _digest(user: User, mails: list[Mail], on: dt.date) -> Mail:
    with translation.override(user.language):
        count = len(mails)
        subject = ngettext(
            "Récapitulatif du %(day)s : %(count)s point", "Récapitulatif du %(day)s : %(count)s points", count
        ) % {"day": written_day(on), "count": count}
        text = "\n\n".join(
            f"{str(Kind(kind).label).upper()}\n\n" + "\n\n".join(_entry(mail) for mail in of_kind)
            for kind, of_kind in groupby(mails, key=lambda mail: mail.kind)
        )
    digest = Mail.objects.create(
        recipient=user, address=user.email, kind=Kind.DIGEST, key=key_of(on), subject=subject, text=text,
        status=Status.QUEUED,
    )  # fmt: skip
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(status=Status.GATHERED, digest=digest)
    return digest


def _entry(mail: Mail) -> str:
    link = f"\n{urljoin(settings.PORTAL_URL, mail.path)}" if mail.path else ""
    return f"{mail.subject}\n{mail.text}{link}"
