"""How the steps of the road and the rounds of screening are named in pages."""

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.checklist import CHECKLIST
from projects.forms.screening import SECTIONS
from projects.lifecycle import TRANSITIONS
from projects.models import AgendaItem, Answer, Recommendation, ReturnReason, Screening, StateChange
from projects.views import road_page
from projects.views.tabs import tabs_of

register = template.Library()


@dataclass(frozen=True)
class ChecklistLine:
    label: str
    answer: str
    said: str
    comment: str


@register.inclusion_tag("projects/parts/tabs.html")
def project_tabs(project, current: str) -> dict[str, object]:
    """The tabs above a page of the project; `current` is the name of that page in `tabs.TABS`."""
    return {"tabs": tabs_of(project, current)}


@register.filter
def step_label(change: StateChange) -> str:
    """The name of the step taken; « Création » for the first."""
    if change.transition == "create":
        return _("Création du brouillon")
    if change.transition == "import":
        return _("Reprise d’un fichier")
    step = TRANSITIONS.get(change.transition)
    return str(step.label) if step else change.transition


@register.filter
def verdict_of(item: AgendaItem) -> Recommendation:
    """The recommendation with its tone and icon, for a badge."""
    return Recommendation(item.recommendation)


@register.filter
def votes_text(item: AgendaItem) -> str:
    """« 3 voix pour, 1 contre, 1 abstention »."""
    abstentions = ngettext("%(count)s abstention", "%(count)s abstentions", max(item.abstentions, 1))
    return _("%(for)s voix pour, %(against)s contre, %(abstentions)s") % {
        "for": item.votes_for,
        "against": item.votes_against,
        "abstentions": abstentions % {"count": item.abstentions},
    }


@register.filter
def for_point(evidence: dict[str, list[str]], code: str) -> list[str]:
    """What the proposal says about a point of the checklist."""
    return evidence.get(code, [])


@register.filter
def section_label(code: str) -> str:
    """The name of a section of the form by its code."""
    return str(SECTIONS.get(code, code))


@register.filter
def section_of(reason: ReturnReason) -> str:
    return road_page.section_label(reason)


@register.filter
def reasons_in_order(screening: Screening) -> list[ReturnReason]:
    return road_page.in_form_order(screening)


@register.filter
def checklist_lines(screening: Screening) -> list[ChecklistLine]:
    """Every point of the checklist, answered or not."""
    answers = {answer.item: answer for answer in screening.answers.all()}
    lines = []
    for item in CHECKLIST:
        answer = answers.get(item.code)
        value = answer.answer if answer else ""
        said = str(Answer(value).label) if value else _("sans réponse")
        lines.append(ChecklistLine(str(item.label), value, said, answer.comment if answer else ""))
    return lines
