"""Questions asked of mails."""

import datetime as dt
from typing import Self

from django.db import models


class MailQuerySet(models.QuerySet):
    def due(self, now: dt.datetime) -> Self:
        """Those that may be sent, or tried again, at this instant."""
        return self.filter(status="queued", next_try_at__lte=now)

    def ready_to_gather(self, on: dt.date) -> Self:
        """What waits for a digest of this day or an earlier one."""
        return self.filter(status="held", waits_until__lte=on)

    def for_journal(self) -> Self:
        """The columns of the journal, with who it is to; one query."""
        return self.select_related("recipient", "digest").only(
            "kind", "subject", "about", "about_id", "urgent", "status", "attempts", "sent_at", "error", "created_at",
            "address", "waits_until", "recipient__name", "recipient__email", "digest__status", "digest__sent_at", "digest__error",
        )  # fmt: skip

    def matching(self, *, status: str = "", person: str = "", project: str = "") -> Self:
        """The journal's filters: a status, words of the person's name or address, the start of a reference."""
        found = self.filter(status=status) if status else self
        for word in person.split()[:5]:
            found = found.filter(models.Q(recipient__name__icontains=word) | models.Q(address__icontains=word))
        return found.filter(about__startswith=project.strip().upper()) if project.strip() else found
