"""What waits for somebody in the money of all projects: to request, to authorise, to pay, to verify, to be refunded."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from projects import money_access
from projects.models import Instalment, Project, Receipt
from projects.money_querysets import refunds_awaited
from sr_portal.accounts.access import only
from sr_portal.accounts.roles import Role
from sr_portal.web.keyset import PARAMETER, KeysetPage
from sr_portal.web.keyset import Count as Total

AT_MOST = 100  # counted on the home page, which must not read every plan of a mission to say that many wait
FINANCE = frozenset({Role.FINANCE_OFFICER})


@dataclass(frozen=True)
class Queue:
    """A list of what waits. `mine` is what this user can act upon, `seen` all that they may read, the oldest first."""

    name: str
    label: Any
    roles: frozenset[Role]  # who acts
    mine: Callable[[Any], Any]
    seen: Callable[[Any], Any]
    shown: Callable[[Any], Any]  # the columns of the list
    order: str
    empty: Any


def _instalments(user) -> Any:
    return Instalment.objects.filter(project__in=_visible(user))


def _visible(user) -> Any:
    return Project.objects.visible_to(user).order_by().values("pk")


def _receipts(user) -> Any:
    return Receipt.objects.waiting().filter(instalment__project__in=_visible(user))


QUEUES = {
    queue.name: queue
    for queue in (
        Queue(
            "demander", gettext_lazy("À demander"), frozenset({Role.PROGRAMME_OFFICER}),
            lambda user: Instalment.objects.to_request_by(user), lambda user: _instalments(user).to_request(),
            lambda found: found.for_queue(), "project__state_since", gettext_lazy("Aucune tranche n’est à demander."),
        ),
        Queue(
            "autoriser", gettext_lazy("À autoriser"), FINANCE | {Role.APPROVER},
            lambda user: Instalment.objects.to_authorise_by(user), lambda user: _instalments(user).moving("requested"),
            lambda found: found.for_queue(), "requested_at", gettext_lazy("Aucune demande n’attend d’être autorisée."),
        ),
        Queue(
            "payer", gettext_lazy("À payer"), FINANCE,
            lambda user: Instalment.objects.to_pay_by(user), lambda user: _instalments(user).moving("authorised"),
            lambda found: found.for_queue(), "authorised_at", gettext_lazy("Aucune tranche n’attend d’être payée."),
        ),
        Queue(
            "verifier", gettext_lazy("Pièces à vérifier"), FINANCE,
            lambda user: Receipt.objects.to_verify_by(user), _receipts,
            lambda found: found.for_queue(), "entered_at", gettext_lazy("Aucune pièce n’attend d’être vérifiée."),
        ),
        Queue(
            "justifier", gettext_lazy("À justifier"), frozenset({Role.PROGRAMME_OFFICER}),
            lambda user: Instalment.objects.to_justify_by(user), lambda user: _instalments(user).to_justify(),
            lambda found: found.for_queue(), "authorised_at", gettext_lazy("Aucune tranche payée n’attend de pièce."),
        ),
        Queue(
            "rembourser", gettext_lazy("À rembourser"), FINANCE,
            lambda user: refunds_awaited(Project.objects.visible_to(user)),
            lambda user: refunds_awaited(Project.objects.visible_to(user)),
            lambda found: found.select_related("region", "partner").defer("search", "region__outline"), "state_since",
            gettext_lazy("Aucun projet annulé n’attend de remboursement."),
        ),
    )
}  # fmt: skip


@require_safe
@only(money_access.reads_payments_due)
def payments_due(request: HttpRequest) -> HttpResponse:
    """One queue at a time (?file=): of those who act, their own queues and what they can act upon; all with ?tout=1."""
    user = request.user
    everything = bool(request.GET.get("tout")) or not any(user.has_role(*queue.roles) for queue in QUEUES.values())
    queues = {name: queue for name, queue in QUEUES.items() if everything or user.has_role(*queue.roles)}
    counts = _counts(queues, user, everything)
    first = next((name for name, count in counts.items() if count), next(iter(queues)))
    queue = queues.get(request.GET.get("file", ""), queues[first])
    page = KeysetPage.of(
        queue.shown(_found(queue, user, everything)), request.GET.get(PARAMETER, ""), order=queue.order
    )
    context = {
        "queue": queue,
        "queues": [(each, counts[each.name]) for each in queues.values()],
        "page": page,
        "everything": everything,
        "acts": any(user.has_role(*each.roles) for each in QUEUES.values()),
        "heading": _("Paiements à suivre"),
    }
    return render(request, "projects/money/payments_due.html", context)


def awaiting(user) -> list[tuple[Queue, Total]]:
    """The queues of the user's roles, with how many they can act upon, each at most `AT_MOST`; one query, or none."""
    queues = [queue for queue in QUEUES.values() if user.has_role(*queue.roles)]
    if not queues:
        return []
    parts = [
        queue.mine(user).order_by().annotate(file=Value(queue.name)).values_list("file")[: AT_MOST + 1]
        for queue in queues
    ]
    found = Counter(name for (name,) in (parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]))
    return [(queue, Total(min(found[queue.name], AT_MOST), found[queue.name] > AT_MOST)) for queue in queues]


def _found(queue: Queue, user, everything: bool) -> Any:
    return queue.seen(user) if everything else queue.mine(user)


def _counts(queues: dict[str, Queue], user, everything: bool) -> dict[str, int]:
    """How many wait in each queue; one query."""
    parts = [
        _found(queue, user, everything).order_by().values(file=Value(queue.name)).annotate(count=Count("pk"))
        .values_list("file", "count")
        for queue in queues.values()
    ]  # fmt: skip
    found = dict(parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0])
    return {name: found.get(name, 0) for name in queues}
