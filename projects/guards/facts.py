"""Guards of completion and of closure (domain guide §4): one SQL condition each, for one project as for a thousand.

A fact is a guard: called with a project, it returns its reasons, none when nothing lacks. Annotated on a queryset
(`ProjectQuerySet.with_facts`), it answers from the row instead of asking again, so that a list of projects costs one
query and says what the step itself will say.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sr_portal.web.templatetags.portal import usd

from . import Words

Reason = Words | Callable[[Any], Words]


@dataclass(frozen=True)
class Fact:
    """Something that must be there. `lacks` is true, in SQL, of the projects where it is not; `label` says it as done.

    `route` is the page of the project on which it is done, `anchor` the part of that page.
    """

    name: str
    label: Words
    lacks: Callable[[], Any]
    reason: Reason
    route: str
    anchor: str = ""

    @property
    def __name__(self) -> str:
        """As a guard written as a function is named, for the diagram of the road."""
        return self.name

    @property
    def column(self) -> str:
        """The name under which a queryset carries the answer."""
        return f"lacks_{self.name}"

    def is_missing(self, project) -> bool:
        if hasattr(project, self.column):
            return getattr(project, self.column)
        together = getattr(project, "facts_together", ())
        wanted = together if self in together else (self,)
        own = type(project)._default_manager.filter(pk=project.pk)
        answers = own.annotate(**columns(wanted)).values(*(fact.column for fact in wanted)).get()
        if together:
            vars(project).update(answers)
        return answers[self.column]

    def __call__(self, project) -> list[Words]:
        if not self.is_missing(project):
            return []
        return [self.reason(project) if callable(self.reason) else self.reason]


def answered_together(project: Any, facts: Iterable[Fact]) -> Any:
    """The project, for a page: the first of these facts that is asked for brings the others too, and they are kept."""
    project.facts_together = tuple(facts)
    return project


def columns(facts: Iterable[Fact]) -> dict[str, Any]:
    """What `annotate` takes, to answer all of these facts in one query."""
    return {fact.column: fact.lacks() for fact in facts}


# --- How a condition is written -------------------------------------------------------------------------------------
def rows(model: str, path: str = "project", **conditions) -> QuerySet:
    """The rows of a model of this app that hang on the project in question."""
    return apps.get_model("projects", model).objects.filter(**{path: OuterRef("pk")}, **conditions).order_by()


def some(model: str, path: str = "project", **conditions) -> Callable[[], Any]:
    """Lacks while there are such rows."""
    return lambda: Exists(rows(model, path, **conditions))


def none(model: str, path: str = "project", **conditions) -> Callable[[], Any]:
    """Lacks while there is no such row."""
    return lambda: ~Exists(rows(model, path, **conditions))


def columns_differ() -> Any:
    gap = ~Q(paid_usd=F("justified_usd") + F("refunded_usd"))
    return ExpressionWrapper(gap, output_field=BooleanField())


def what_is_not_accounted_for(project) -> Words:
    gap = project.paid_usd - project.justified_usd - project.refunded_usd
    if gap > 0:
        return format_lazy(_("Il reste {amount} payés à justifier ou à rembourser."), amount=usd(gap))
    return format_lazy(_("Les pièces acceptées dépassent de {amount} ce qui est payé, net."), amount=usd(-gap))


# --- Before the works are declared complete -------------------------------------------------------------------------
final_visit_done = Fact(
    "final_visit_done", _("Visite finale faite"), none("Visit", kind="final", state="done"),
    _("La visite finale n’est pas faite."), "projects:visits",
)  # fmt: skip
handover_on_file = Fact(
    "handover_on_file", _("Procès-verbal de réception signé, au dossier"),
    none("Handover", signed_copy__isnull=False, signed_copy__withdrawn_at=None),
    _("Le procès-verbal de réception signé n’est pas au dossier."), "projects:completion", "reception",
)  # fmt: skip
photos_after = Fact(
    "photos_after", _("Photos « après » au dossier"),
    none("VisitPhoto", "visit__project", stage="after", document__withdrawn_at=None),
    _("Aucune photo « après » n’est au dossier."), "projects:visits",
)  # fmt: skip
no_blocking_finding = Fact(
    "no_blocking_finding", _("Aucun constat bloquant ouvert"), some("Finding", closed_at=None, severity="blocking"),
    _("Un constat bloquant reste ouvert."), "projects:visits",
)  # fmt: skip
no_open_amendment = Fact(
    "no_open_amendment", _("Aucun avenant en cours"), some("Amendment", state__in=["draft", "submitted"]),
    _("Un avenant est en cours : il doit d’abord être décidé ou retiré."), "projects:amendments",
)  # fmt: skip

BEFORE_COMPLETION = (final_visit_done, handover_on_file, photos_after, no_blocking_finding, no_open_amendment)

# --- Before closure -------------------------------------------------------------------------------------------------
final_narrative_accepted = Fact(
    "final_narrative_accepted", _("Rapport narratif final accepté"),
    none("Report", kind="final_narrative", state="accepted"),
    _("Le rapport narratif final n’est pas accepté."), "projects:reports",
)  # fmt: skip
final_financial_accepted = Fact(
    "final_financial_accepted", _("Rapport financier final accepté"),
    none("Report", kind="final_financial", state="accepted"),
    _("Le rapport financier final n’est pas accepté."), "projects:reports",
)  # fmt: skip
receipts_judged = Fact(
    "receipts_judged", _("Pièces justificatives toutes vérifiées"),
    some("Receipt", "instalment__project", state="submitted"),
    _("Des pièces justificatives attendent leur vérification."), "projects:money",
)  # fmt: skip
nothing_left_to_pay = Fact(
    "nothing_left_to_pay", _("Aucune tranche en attente de paiement"),
    some("Instalment", state__in=["requested", "authorised"]),
    _("Une tranche est demandée ou autorisée : payez-la, soldez-la ou renvoyez-la."), "projects:money",
)  # fmt: skip
reconciled = Fact(
    "reconciled", _("Payé = justifié + remboursé, au centime"), columns_differ, what_is_not_accounted_for,
    "projects:money",
)  # fmt: skip
evaluated = Fact(
    "evaluated", _("Fiche d’évaluation remplie"), none("Evaluation"), _("La fiche d’évaluation n’est pas remplie."),
    "projects:completion", "evaluation",
)  # fmt: skip
no_open_finding = Fact(
    "no_open_finding", _("Aucun constat ouvert"), some("Finding", closed_at=None), _("Un constat reste ouvert."),
    "projects:visits",
)  # fmt: skip

BEFORE_CLOSURE = (
    final_narrative_accepted, final_financial_accepted, receipts_judged, nothing_left_to_pay, reconciled, evaluated,
    no_open_finding,
)  # fmt: skip

# A cancelled project is not closed, but what was paid is accounted for all the same.
AFTER_CANCELLATION = (receipts_judged, reconciled)

FACTS = (*BEFORE_COMPLETION, *BEFORE_CLOSURE)
