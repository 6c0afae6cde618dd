"""The road to a decision as one table (domain guide §4): from it come buttons, permissions, trigger and diagram."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import rules
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.models import Envelope
from projects import access
from projects.checklist import blocking_noes, unanswered
from projects.completeness import missing
from projects.lifecycle_table import ROAD
from projects.states import State
from sr_portal.accounts.roles import Role
from sr_portal.web import clock

Words = str | Promise  # a sentence in the reader's language, now or when it is shown
Guard = Callable[..., Iterable[Words]]


@dataclass(frozen=True)
class Transition:
    """One way to go on. `role` opens it; `barred` predicates close it, each with its reason; guards say what lacks."""

    name: str
    label: Words
    role: rules.Predicate
    barred: tuple[rules.Predicate, ...] = ()
    guards: tuple[Guard, ...] = ()
    needs_note: bool = False
    by_system: bool = False  # made by closing an agenda item, never by a button of the project's page
    danger: bool = False

    @property
    def sources(self) -> tuple[State, ...]:
        return ROAD[self.name][0]

    @property
    def target(self) -> State:
        return ROAD[self.name][1]

    def is_allowed(self, user, project) -> bool:
        """Who may: the role here, and none of the bars. Says nothing of the state or of the guards."""
        return self.role(user, project) and not any(bar(user, project) for bar in self.barred)

    def reasons_against(self, user, project) -> list[Words]:
        """Why this user cannot do it to this project now; empty when they can."""
        if State(project.state) not in self.sources:
            return [format_lazy(_("La proposition est à l’état « {state} »."), state=State(project.state).label)]
        if not self.role(user, project):
            return [_("Votre rôle ne le permet pas ici.")]
        against: list[Words] = [access.SEPARATION[bar.name] for bar in self.barred if bar(user, project)]
        return against or [reason for guard in self.guards for reason in guard(project)]


def is_complete(project) -> list[Words]:
    return [format_lazy(_("Il manque {what}."), what=lack.message) for lack in missing(project)]


def partner_not_excluded(project) -> list[Words]:
    return [_("Le partenaire de mise en œuvre est exclu.")] if project.partner and project.partner.excluded else []


def _answers(project) -> dict[str, str]:
    rounds = [screening for screening in project.screenings.all() if screening.closed_at is None]
    return {answer.item: answer.answer for answer in rounds[-1].answers.all()} if rounds else {}


def checklist_complete(project) -> list[Words]:
    return [
        format_lazy(_("Point sans réponse : {item}."), item=item.label)
        for item in unanswered(project, _answers(project))
    ]


def nothing_blocking(project) -> list[Words]:
    return [format_lazy(_("Réponse bloquante : {item}."), item=item.label) for item in blocking_noes(_answers(project))]


def partner_cleared(project) -> list[Words]:
    if project.partner is None or not project.partner.is_cleared(clock.today()):
        return [_("Le partenaire n’a pas été vérifié depuis moins de 12 mois.")]
    return []


def envelope_covers(project) -> list[Words]:
    """The whole recommended amount; the service checks again, under a lock, what is really approved."""
    envelope = Envelope.objects.for_day(project.mechanism, clock.today()).select_related("mechanism").first()
    if envelope is None:
        return [_("Aucune enveloppe n’est ouverte pour cet exercice.")]
    return [] if envelope.available_usd > 0 else [_("L’enveloppe de l’exercice est épuisée.")]


proposer = access.in_scope(Role.PROPOSER) & access.is_writer
officer = access.in_scope(Role.PROGRAMME_OFFICER)
secretary = access.in_scope(Role.COMMITTEE_SECRETARY)
chair = access.in_scope(Role.COMMITTEE_CHAIR)
SEPARATE = (access.is_writer, access.has_interest)

TRANSITIONS: dict[str, Transition] = {
    transition.name: transition
    for transition in (
        Transition("submit", _("Soumettre la proposition"), proposer, guards=(is_complete, partner_not_excluded)),
        Transition("start_screening", _("Prendre en examen"), officer, SEPARATE),
        Transition("admit", _("Déclarer recevable"), officer & access.is_its_screener, SEPARATE, (checklist_complete, nothing_blocking)),
        Transition("send_back", _("Renvoyer pour complément"), officer & access.is_its_screener, SEPARATE, needs_note=True),
        Transition("declare_inadmissible", _("Déclarer irrecevable"), officer & access.is_its_screener, SEPARATE, needs_note=True, danger=True),
        Transition("put_on_agenda", _("Inscrire à l’ordre du jour"), secretary),
        Transition("recommend", _("Recommander"), chair, by_system=True),
        Transition("not_recommend", _("Ne pas recommander"), chair, by_system=True),
        Transition("defer", _("Ajourner"), chair, by_system=True),
        Transition("approve", _("Approuver"), access.is_competent_approver, (*SEPARATE, access.has_screened, access.has_voted), (partner_cleared, envelope_covers)),
        Transition("refuse", _("Refuser"), access.is_competent_approver, (*SEPARATE, access.has_screened, access.has_voted), needs_note=True, danger=True),
        Transition("withdraw", _("Retirer"), proposer, needs_note=True, danger=True),
    )
}  # fmt: skip
