"""What the author and the screener should look at twice; a warning never blocks (domain guide §5, §9)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from funds.models import PartnerActivity, VettingStatus
from projects import rules
from projects.concentration import Share, share_with
from projects.models import Project
from projects.rules.likeness import look_alike
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day, number, usd


@dataclass(frozen=True)
class Warning:
    """What is suspected, why, in which step it is mended, and the projects concerned that the reader may open."""

    code: str  # splitting, duplicate, others_active, partner_excluded, partner_not_vetted, partner_late, concentration
    step: str
    title: str
    why: str
    projects: tuple[Project, ...] = ()
    hidden: int = 0  # how many more there are that the reader may not open
    grave: bool = False
    activities: tuple[PartnerActivity, ...] = ()  # what other partners do; everybody of the mission reads it

    @property
    def tone(self) -> str:
        return "danger" if self.grave else "warning"

    @property
    def hidden_text(self) -> str:
        if not self.hidden:
            return ""
        text = ngettext(
            "et %(count)s autre, hors de votre périmètre",
            "et %(count)s autres, hors de votre périmètre",
            self.hidden,
        )
        return text % {"count": self.hidden}


LOOKED_AT = 200  # the latest of those that share a word at one place in one sector
DUPLICATES_SHOWN = 20
ACTIVITIES_SHOWN = 10
SHOWN = ("pk", "reference", "title", "state", "budget_usd", "approved_usd", "locality", "created_at")


def warnings_for(project: Project, user, *, step: str = "") -> list[Warning]:
    """Likely splitting, likely duplicates, and a partner to look at. At most five queries, whatever the projects.

    `project` comes with its mechanism and partner. With `step`, only what is mended in that step of the form.
    """
    splitting = _splitting_suspects(project) if step in ("", "budget") else []
    duplicates = _duplicate_suspects(project) if step in ("", "essentials") else []
    suspects = {other.pk for other in (*splitting, *duplicates)}
    visible = (
        set(Project.objects.visible_to(user).filter(pk__in=suspects).values_list("pk", flat=True))
        if suspects
        else set()
    )
    found = [*_partner_warnings(project, clock.today())] if step in ("", "partner") else []
    if splitting:
        total = project.budget_usd + _total(splitting)
        why = ngettext(
            "En douze mois, %(count)s autre projet pour le même partenaire ou au même endroit : %(total)s avec cette "
            "proposition, pour un plafond de %(ceiling)s par projet.",
            "En douze mois, %(count)s autres projets pour le même partenaire ou au même endroit : %(total)s avec cette "
            "proposition, pour un plafond de %(ceiling)s par projet.",
            len(splitting),
        ) % {
            "count": number(len(splitting)),
            "total": usd(total),
            "ceiling": usd(rules.ceiling_of(project.mechanism, project.facility)),
        }
        found.append(_about("splitting", "budget", _("Fractionnement possible"), why, splitting, visible))
    if duplicates:
        alike = _("Même lieu, même secteur et intitulé proche : vérifiez que le besoin n’est pas déjà couvert.")
        found.append(_about("duplicate", "essentials", _("Double emploi possible"), alike, duplicates, visible))
    if step in ("", "essentials") and (others := _others_active(project)):
        found.append(_about_others(others))
    return found


def _about(code: str, step: str, title, why, others: list[Project], visible: set[int]) -> Warning:
    seen = tuple(other for other in others if other.pk in visible)
    return Warning(code, step, title, why, seen, hidden=len(others) - len(seen))


def _others_active(project: Project) -> list[PartnerActivity]:
    serving = PartnerActivity.objects.serving_the_same(project, clock.today()).for_list()
    return list(serving.order_by("-starts_on", "pk")[: ACTIVITIES_SHOWN + 1])


def _about_others(activities: list[PartnerActivity]) -> Warning:
    why = _(
        "Dans la même famille de secteurs et près du même lieu : voyez avec eux que le besoin n’est pas déjà couvert."
    )
    if len(activities) > ACTIVITIES_SHOWN:
        why = format_lazy("{why} {more}", why=why, more=_("Seules les plus récentes sont montrées ici."))
    shown = tuple(activities[:ACTIVITIES_SHOWN])
    return Warning("others_active", "essentials", _("D’autres partenaires y travaillent"), why, activities=shown)


def _total(projects: Iterable[Project]) -> Decimal:
    return sum((p.budget_usd if p.approved_usd is None else p.approved_usd for p in projects), Decimal(0))


def _splitting_suspects(project: Project) -> list[Project]:
    """Those that together with `project` pass the ceiling of their mechanism; none when they do not."""
    ceiling = rules.ceiling_of(project.mechanism, project.facility)
    if ceiling is None or not (project.partner_id or project.locality):
        return []
    others = list(Project.objects.likely_splitting(project, ceiling=ceiling).only(*SHOWN).order_by("-created_at", "pk"))
    return others if others and project.budget_usd + _total(others) > ceiling else []


def _duplicate_suspects(project: Project) -> list[Project]:
    if not (project.sector_id and (project.locality or project.cercle_id)):
        return []
    sharing = Project.objects.likely_duplicates(project).only(*SHOWN).order_by("-created_at", "pk")[:LOOKED_AT]
    alike = (other for other in sharing if look_alike(other.own_stems, other.stems, other.dull_stems))
    return list(islice(alike, DUPLICATES_SHOWN))


def _partner_warnings(project: Project, on: dt.date) -> Iterable[Warning]:
    partner = project.partner
    if partner is None:
        return
    if partner.excluded:
        title = _("Partenaire exclu")
        why = format_lazy(
            _("{partner} est exclu : {reason} La proposition ne pourra pas être soumise avec ce partenaire."),
            partner=partner.name,
            reason=f"{partner.exclusion_reason.rstrip('.')}.",
        )
        yield Warning("partner_excluded", "partner", title, why, grave=True)
    elif not partner.is_cleared(on):
        yield Warning("partner_not_vetted", "partner", _("Partenaire non vérifié"), _vetting_text(partner))
    share = share_with(project)
    if share is not None and share.is_over:
        yield Warning("concentration", "partner", _("Même partenaire à plusieurs reprises"), _share_text(share))
    if partner.late_reports:
        late = ngettext(
            "%(partner)s doit encore %(count)s rapport au titre d’anciens projets.",
            "%(partner)s doit encore %(count)s rapports au titre d’anciens projets.",
            partner.late_reports,
        ) % {"partner": partner.name, "count": number(partner.late_reports)}
        yield Warning("partner_late", "partner", _("Rapports en retard"), late)


def _share_text(share: Share):
    text = _(
        "Avec cette proposition, {partner} aurait {percent} % de ce que le mécanisme accorde cette année, pour {count} "
        "projets ; à partir de {limit} %, le comité en est averti."
    )
    numbers = {"percent": number(share.percent), "count": number(share.projects), "limit": number(share.limit)}
    return format_lazy(text, partner=share.name, **numbers)


def _vetting_text(partner) -> str:
    if partner.vetting_status == VettingStatus.REJECTED:
        text = _("La vérification de {partner} a conclu à la non-conformité : aucun projet ne peut lui être confié.")
        return format_lazy(text, partner=partner.name)
    if partner.vetting_status == VettingStatus.CLEARED and partner.vetting_expires_on:
        text = _(
            "La vérification de {partner} a expiré le {expiry} ; il en faut une de moins de 12 mois pour approuver."
        )
        return format_lazy(text, partner=partner.name, expiry=day(partner.vetting_expires_on))
    text = _("{partner} n’a pas encore été vérifié ; il devra l’être avant l’approbation.")
    return format_lazy(text, partner=partner.name)
