"""Every question asked of deadlines, in one SQL condition each, for one project as for a thousand."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from projects.deadlines.turns import ASKED, TURNS, Party
from projects.querysets import keys_of_interest_to, written_by
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

ROLES_OF: dict[Party, tuple[Role, ...]] = {
    Party.OFFICERS: (Role.PROGRAMME_OFFICER,),
    Party.SECRETARIES: (Role.COMMITTEE_SECRETARY,),
    Party.APPROVERS: (Role.APPROVER,),
    Party.AUTHORITY: (Role.APPROVER, Role.FINANCE_OFFICER),
    Party.FINANCE: (Role.FINANCE_OFFICER,),
}
# Those who wrote the proposal or hold an interest in its partner do not judge it (`lifecycle.SEPARATE`).
SEPARATE = frozenset({Party.OFFICERS, Party.APPROVERS, Party.AUTHORITY, Party.FINANCE, Party.JUDGES})


def turns_of(*parties: Party) -> list[str]:
    return [name for name, turn in TURNS.items() if turn.party in parties]


class DeadlineQuerySet(models.QuerySet):
    def asked(self) -> Self:
        """Open, and somebody's turn to act, now or later."""
        return self.filter(turn__in=ASKED)

    def now(self) -> Self:
        """Somebody's turn today: what waits already, and what is planned within `AHEAD_DAYS`."""
        return self.asked().filter(opens_on__lte=clock.today())

    def late(self, on: dt.date | None = None) -> Self:
        return self.asked().filter(due_on__lt=on or clock.today())

    def most_pressing_first(self) -> Self:
        """The latest, then what is due next, then what waits without limit, the oldest first."""
        return self.order_by(F("due_on").asc(nulls_last=True), F("since").asc(nulls_last=True), "id")

    def for_list(self) -> Self:
        """With the columns of its project that a list of deadlines shows."""
        return self.select_related("project__region", "project__mechanism", "person").only(
            "code", "turn", "record_id", "detail", "state", "since", "opens_on", "due_on", "done_on", "region_id",
            "person__name", "person__email",
            "project__reference", "project__title", "project__state", "project__state_since", "project__locality",
            "project__budget_usd", "project__approved_usd", "project__mechanism__name_fr",
            "project__mechanism__name_en", "project__region__name", "project__region__code",
        )  # fmt: skip

    def of_visible(self, user) -> Self:
        """Those of the projects that the user may read."""
        from projects.models import Project

        return self.filter(project__in=Project.objects.visible_to(user).order_by().values("pk"))

    def for_user(self, user) -> Self:
        """Those on which it is this user's turn: the other half of `deadlines.people`, asked of the database."""
        from projects.models import AgendaItem

        mine = written_by(user, "project")
        elsewhere = ~mine & ~Q(project__in=keys_of_interest_to(user))
        theirs = Q(person=user, turn__in=turns_of(Party.SCREENER))
        if Role.PROPOSER in user.scopes:
            theirs |= mine & Q(person=None, turn__in=turns_of(Party.WRITERS))
        theirs |= Q(person=user, turn__in=turns_of(Party.WRITERS))
        for party, roles in ROLES_OF.items():
            for scope, role in ((user.scopes[role], role) for role in roles if role in user.scopes):
                here = Q(person=None, turn__in=turns_of(party)) & scope.as_q("region_id")
                if role is Role.APPROVER and not scope.everywhere:
                    here &= Q(project__budget_usd__lte=F("project__mechanism__delegated_usd"))
                theirs |= here & elsewhere if party in SEPARATE else here
        seats = user.session_seats.filter(present=True, seat__in=["chair", "member"]).values("session_id")
        items = (
            AgendaItem.objects.filter(state="waiting", session__state="open", session__in=seats)
            .exclude(votes__user=user)
            .exclude(recusals__user=user)
        )
        theirs |= elsewhere & Q(turn__in=turns_of(Party.JUDGES), project__in=items.order_by().values("project_id"))
        return self.asked().filter(theirs).exclude(barred__contains=[user.pk])
