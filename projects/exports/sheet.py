"""The project sheet (fiche de projet): what is proposed, on a few pages to read or to hand round."""

from django.utils.translation import gettext as _

from projects.models import Project
from projects.views import road_content
from sr_portal.documents.paper import Block, Bullets, Heading, Paper, Text, facts, section
from sr_portal.web.templatetags.portal import usd

from . import parts

NEED = ("need", "need_expressed_by", "objective", "confidence")


def sheet(project: Project) -> Paper:
    """`project` as `ProjectQuerySet.for_page` reads it."""
    name = project.reference or _("sans référence")
    return parts.new_paper(
        project.title,
        _("Fiche de projet %(reference)s") % {"reference": name},
        subtitle=_("Fiche de projet"),
        reference=project.reference or _("Sans référence"),
        draft="" if project.reference else _("Brouillon : la proposition n’est pas soumise."),
        blocks=content(project),
    )


def content(project: Project) -> list[Block]:
    """The sheet without its letterhead, for larger documents."""
    partner = project.partner
    return [
        *section(_("L’essentiel"), parts.essentials(project), parts.money(project), parts.time_of(project)),
        *section(_("Ce que le fonds demande"), *parts.fund(project)),
        *section(_("Le besoin et l’objectif"), *_titled(project, *NEED)),
        *section(_("Les résultats et le calendrier"), parts.results(project), parts.timeline(project)),
        *section(_("Les bénéficiaires"), *parts.beneficiaries(project)),
        *section(
            _("Le partenaire et la coordination"),
            facts(
                (_("Partenaire de mise en œuvre"), partner),
                (_("Type"), partner.get_kind_display()),
                (_("Personne à contacter"), partner.contact_name),
            )
            if partner
            else Text(_("Aucun partenaire n’est encore choisi.")),
            *_titled(project, "coordination"),
        ),
        *section(_("Le budget"), parts.budget(project), _community(project)),
        *section(_("Les précautions et la suite"), Bullets(_flags(project)), *_care(project)),
        *section(_("Photos avant travaux"), parts.photos_before(project.attachments.all())),
    ]


def _titled(project: Project, *names: str) -> list[Block]:
    return [block for label, text in parts.said_of(project, *names) for block in (Heading(label, 2), text)]


def _care(project: Project) -> list[Block]:
    return [
        block
        for said in road_content.care_of(project)
        if said.text.strip()
        for block in (Heading(said.label, 2), Text(said.text))
    ]


def _community(project: Project) -> Text | None:
    if not project.community_usd:
        return None
    told = _("Apport de la communauté, en nature, hors budget : %(amount)s.")
    return Text(told % {"amount": usd(project.community_usd)}, small=True)


def _flags(project: Project) -> list[str]:
    told = [
        _("Le projet comporte des travaux de construction.")
        if project.works
        else _("Le projet ne comporte pas de travaux de construction."),
        _("Le projet profite à des forces de sécurité.")
        if project.security_forces
        else _("Le projet ne profite pas à des forces de sécurité."),
    ]
    if project.visibility_risk:
        told.append(_("La visibilité mettrait des personnes en danger."))
    return told
