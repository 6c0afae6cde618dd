"""Every question asked of the reports that are owed to donors."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from sr_portal.accounts.roles import Role

NEAR_DAYS = 30


class DonorReportQuerySet(models.QuerySet):
    def due(self) -> Self:
        return self.filter(state="due")

    def late(self, on: dt.date) -> Self:
        return self.due().filter(due_on__lt=on)

    def near(self, on: dt.date) -> Self:
        """Still due, and late or due within `NEAR_DAYS`."""
        return self.due().filter(due_on__lte=on + dt.timedelta(days=NEAR_DAYS))

    def waiting_for(self, user) -> Self:
        """Those that this person answers for; the section head answers for all of them."""
        return self if Role.SECTION_HEAD in user.scopes else self.filter(responsible=user)

    def for_list(self) -> Self:
        return self.select_related("contribution__donor", "responsible", "document").only(
            "kind", "content", "period_start", "period_end", "due_days", "due_on", "state", "sent_on", "note",
            "waiver_reason", "responsible__name", "responsible__email", "contribution__reference",
            "contribution__title", "contribution__mechanism", "contribution__donor__name",
            "contribution__donor__acronym", "document__original_name", "document__withdrawn_at",
        )  # fmt: skip

    def of_donor(self, donor) -> Self:
        """Those of a donor, under the names that were merged into its record too."""
        return self.filter(contribution__donor=donor)

    def last_covered(self) -> dt.date | None:
        """The last day that the reports already sent cover, None when none was."""
        return self.filter(Q(state="sent")).aggregate(last=models.Max("covers_until"))["last"]
