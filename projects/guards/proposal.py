"""Guards of the road to a decision (domain guide §4)."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from funds.models import Envelope
from projects.checklist import blocking_noes, unanswered
from projects.completeness import missing
from projects.funding import reasons_of_empty_purse
from projects.recipients import organisations
from sr_portal.web import clock

from . import Words


def is_complete(project) -> list[Words]:
    return [format_lazy(_("Il manque {what}."), what=lack.message) for lack in missing(project)]


def partner_not_excluded(project) -> list[Words]:
    return [
        _("Le partenaire de mise en œuvre est exclu.")
        if organisation.pk == project.partner_id
        else format_lazy(_("« {organisation} », qui recevrait une part, est exclue."), organisation=str(organisation))
        for organisation in organisations(project)
        if organisation.excluded
    ]


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
    today = clock.today()
    if project.partner is None:
        return [_("Le partenaire n’a pas été vérifié depuis moins de 12 mois.")]
    return [
        _("Le partenaire n’a pas été vérifié depuis moins de 12 mois.")
        if organisation.pk == project.partner_id
        else format_lazy(
            _("« {organisation} », qui recevrait une part, n’a pas été vérifiée depuis moins de 12 mois."),
            organisation=str(organisation),
        )
        for organisation in organisations(project)
        if not organisation.is_cleared(today)
    ]


def envelope_covers(project) -> list[Words]:
    """The whole recommended amount; the service checks again, under a lock, what is really approved."""
    envelope = Envelope.objects.for_day(project.mechanism, clock.today()).select_related("mechanism").first()
    if envelope is None:
        return [_("Aucune enveloppe n’est ouverte pour cet exercice.")]
    return [] if envelope.available_usd > 0 else [_("L’enveloppe de l’exercice est épuisée.")]


def contributions_cover(project) -> list[Words]:
    """Where the mechanism lives from contributions; the service checks the amount again, under a lock."""
    return list(reasons_of_empty_purse(project))
