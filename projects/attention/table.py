"""Every detector of the attention list as one row: what it looks for, why it matters, what to do (domain guide §9).

`projects` takes a queryset of projects and today's day and keeps those concerned: one SQL condition, so that the list of
projects filters by it (`?signal=`) and counts the same. `wide` ones compare a project with all the others: the attention
page asks them, a dashboard does not.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import (
    Avg,
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from funds.models import Facility, Mechanism
from funds.rules import QIP, QIP_CEILING_USD
from projects.guards import Words
from projects.querysets import LEADS_TO_NOTHING
from projects.stages import TO_DECIDE, UNDER_WAY
from projects.states import GRANTED, State

STUCK_DAYS = 42  # the time that a whole road should take (domain guide §4)
SUSPENDED_DAYS = 60
UNJUSTIFIED_DAYS = 90
UNUSUAL_TIMES = 3  # a unit cost so many times the usual one
FEW_COMPARED = 4  # lines at least, to speak of a usual cost

SAME_REGION = Q(fact__region=F("region"))  # always so; said, it lets the index of the facts of one region be walked
Finder = Callable[[QuerySet, dt.date], QuerySet]


@dataclass(frozen=True)
class Detector:
    code: str
    label: Words
    why: Words
    todo: Words
    projects: Finder
    grave: bool = False
    wide: bool = False
    order: str = "state_since"  # the most pressing first, along an index

    @property
    def tone(self) -> str:
        return "danger" if self.grave else "warning"


def _late(projects: QuerySet, today: dt.date) -> QuerySet:
    return projects.filter(SAME_REGION, fact__due_on__lt=today)


def _works_over(projects: QuerySet, today: dt.date) -> QuerySet:
    return projects.filter(SAME_REGION, fact__works_due_on__lt=today)


def _closure_late(projects: QuerySet, today: dt.date) -> QuerySet:
    return projects.filter(SAME_REGION, fact__closure_due_on__lt=today)


def _stuck(projects: QuerySet, today: dt.date) -> QuerySet:
    def since(days: int) -> dt.datetime:
        from projects.filters import midnight

        return midnight(today - dt.timedelta(days=days))

    waiting = projects.filter(
        state__in=(*TO_DECIDE, State.APPROVED, State.SUSPENDED), state_since__lt=since(STUCK_DAYS)
    )
    return waiting.exclude(state=State.SUSPENDED, state_since__gte=since(SUSPENDED_DAYS))


def _unvisited(projects: QuerySet, today: dt.date) -> QuerySet:
    from projects.models import Deadline

    first = Deadline.objects.filter(code="first_visit", turn__isnull=False, due_on__lt=today, project=OuterRef("pk"))
    return projects.filter(Exists(first), fact__due_on__lt=today)


def _blocking(projects: QuerySet, today: dt.date) -> QuerySet:
    from projects.models import Finding

    return projects.filter(
        Exists(Finding.objects.open().filter(severity="blocking", project=OuterRef("pk"))), state__in=UNDER_WAY
    )


def _unjustified(projects: QuerySet, today: dt.date) -> QuerySet:
    from projects.models import Payment

    old = Payment.objects.filter(
        kind="payment", undone=False, paid_on__lt=today - dt.timedelta(days=UNJUSTIFIED_DAYS),
        instalment__project=OuterRef("pk"), instalment__paid_usd__gt=F("instalment__refunded_usd") + F("instalment__justified_usd"),
    )  # fmt: skip
    return projects.filter(Exists(old), state__in=sorted(GRANTED), paid_usd__gt=F("refunded_usd") + F("justified_usd"))


def _unsafe_partner(projects: QuerySet, today: dt.date) -> QuerySet:
    return projects.filter(partner__excluded=True, state__in=(*TO_DECIDE, *UNDER_WAY))


def _split(projects: QuerySet, today: dt.date) -> QuerySet:
    from projects.models import Project

    others = (
        Project.objects.filter(
            Q(partner_id=OuterRef("partner_id")) | Q(region_id=OuterRef("region_id"), locality__iexact=OuterRef("locality")) & ~Q(locality=""),
            mechanism_id=OuterRef("mechanism_id"),
            created_at__gte=OuterRef("created_at") - dt.timedelta(days=365),
            created_at__lte=OuterRef("created_at") + dt.timedelta(days=365),
        )
        .exclude(pk=OuterRef("pk"))
        .exclude(state__in=LEADS_TO_NOTHING)
        .order_by()
    )  # fmt: skip
    summed = others.values("mechanism_id").annotate(sum=Sum(Coalesce("approved_usd", "budget_usd"))).values("sum")
    of_qip = Case(When(mechanism_id=QIP, then=Value(QIP_CEILING_USD, DecimalField(max_digits=12, decimal_places=2))))
    # Read and not joined, so that the database reckons what a project costs and stops at the first hundred found.
    ceilings = (
        Subquery(of.objects.filter(pk=OuterRef(name)).values("ceiling_usd"))
        for of, name in ((Mechanism, "mechanism"), (Facility, "facility"))
    )
    ceiling = Least(*ceilings, of_qip)  # of those that there are
    return projects.filter(Q(GreaterThan(Subquery(summed), ceiling - F("budget_usd"))), state__in=TO_DECIDE)


def _concentrated(projects: QuerySet, today: dt.date) -> QuerySet:
    from projects.concentration import of_partners_over_their_share

    return of_partners_over_their_share(projects.filter(state__in=UNDER_WAY))


def _costly(projects: QuerySet, today: dt.date) -> QuerySet:
    """A line that costs several times the mean of the others of the same name, unit and kind, over three at least."""
    from projects.models import BudgetLine

    alike = (
        BudgetLine.objects.filter(
            category=OuterRef("category"), unit=OuterRef("unit"), label__iexact=OuterRef("label"), amount_usd__gt=0
        )
        .exclude(project=OuterRef("project"))
        .exclude(project__state__in=LEADS_TO_NOTHING)
        .order_by()
        .values("category")
        .annotate(number=Count("pk"), usual=Avg(F("amount_usd") / F("quantity")))
        .filter(number__gte=FEW_COMPARED)
        .values("usual")
    )
    lines = (
        BudgetLine.objects.filter(project=OuterRef("pk"), amount_usd__gt=0)
        .annotate(usual=Subquery(alike))
        .filter(amount_usd__gt=F("usual") * F("quantity") * UNUSUAL_TIMES)
    )
    return projects.filter(Exists(lines), state__in=TO_DECIDE)


DETECTORS: dict[str, Detector] = {
    detector.code: detector
    for detector in (
        Detector(
            "retard", _("En retard"),
            _("Une étape attendue a dépassé son échéance."),
            _("Voyez à qui revient l’étape et relancez cette personne."), _late, order="fact__due_on",
        ),
        Detector(
            "travaux", _("Fin des travaux dépassée"),
            _("Le dernier jour du protocole est passé et l’achèvement n’est pas constaté."),
            _("Faites constater l’achèvement, ou préparez un avenant s’il est encore possible."), _works_over, grave=True, order="fact__works_due_on",
        ),
        Detector(
            "cloture", _("Clôture en retard"),
            _("Les travaux sont achevés, le délai de clôture est passé."),
            _("Réunissez les pièces qui manquent et rapprochez les comptes."), _closure_late, order="fact__closure_due_on",
        ),
        Detector(
            "bloque", _("Bloqué"),
            _("Le dossier n’a pas changé d’état depuis plus de six semaines (deux mois pour une suspension)."),
            _("Décidez de la suite : compléter, statuer, reprendre ou annuler."), _stuck,
        ),
        Detector(
            "visite", _("Sans visite"),
            _("La première visite aurait dû avoir lieu et aucune n’est faite."),
            _("Planifiez une visite cette semaine, ou confiez-la à un autre service présent sur place."), _unvisited, grave=True,
        ),
        Detector(
            "constat", _("Constat bloquant"),
            _("Une visite a relevé un constat bloquant qui n’est pas levé : plus aucun paiement n’est possible."),
            _("Convenez avec le partenaire de la correction, puis faites lever le constat."), _blocking, grave=True,
        ),
        Detector(
            "justifier", _("Argent non justifié"),
            _("Un paiement de plus de 90 jours n’est pas couvert par des pièces justificatives."),
            _("Réclamez les pièces, ou le remboursement."), _unjustified, grave=True,
        ),
        Detector(
            "exclu", _("Partenaire exclu"),
            _("Le partenaire a été exclu alors que le dossier est ouvert."),
            _("Changez de partenaire par un avenant, ou annulez."), _unsafe_partner, grave=True, order="partner",
        ),
        Detector(
            "fractionnement", _("Fractionnement possible"),
            _("Avec d’autres projets du même partenaire ou du même lieu en douze mois, le plafond du mécanisme est dépassé."),
            _("Examinez ces projets ensemble avant de les soumettre au comité."), _split, wide=True,
        ),
        Detector(
            "concentration", _("Même partenaire à plusieurs reprises"),
            _("Le partenaire reçoit une part de l’enveloppe qui dépasse le seuil du mécanisme."),
            _("Cherchez d’autres partenaires dans la zone ; signalez-le au comité."), _concentrated, wide=True,
        ),
        Detector(
            "cout", _("Coût unitaire inhabituel"),
            _("Une ligne du budget coûte plus de trois fois ce que coûtent les lignes semblables."),
            _("Demandez des devis comparables ou une justification du prix."), _costly, wide=True,
        ),
    )
}  # fmt: skip
