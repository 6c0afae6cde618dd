"""What the proposal itself says about each point of the checklist, so that the screener need not look for it."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import rules
from projects.models import AttachmentKind, Project
from projects.services.warnings import Warning
from sr_portal.web.templatetags.portal import day, number, usd


def evidence_for(project: Project, warnings: Iterable[Warning], record: Iterable[str] = ()) -> dict[str, list[str]]:
    """Item code → short facts; points without a fact are absent. `record` are the lines of the partner's track record.
    Asks nothing of the database."""
    joined = Counter(a.kind for a in project.attachments.all() if not a.document.is_withdrawn)
    warned = {warning.code: str(warning.title) for warning in warnings}
    facts = {
        "ceiling": [_budget(project), _length(project)],
        "budget": [
            ngettext("%(count)s ligne budgétaire", "%(count)s lignes budgétaires", len(project.lines.all()))
            % {"count": number(len(project.lines.all()))},
            _joined(joined, AttachmentKind.QUOTE),
        ],
        "technical": [
            _("Travaux de construction prévus") if project.works else _("Pas de travaux prévus"),
            _joined(joined, AttachmentKind.ENGINEER),
        ],
        "partner": [*_partner(project), *record, warned.get("concentration", "")],
        "duplication": [warned.get("duplicate", "")],
        "splitting": [warned.get("splitting", "")],
        "gender": [_women(project)],
        "due_diligence": [
            _("Des forces de sécurité en bénéficient")
            if project.security_forces
            else _("Aucune force de sécurité n’en bénéficie")
        ],
        "land": [
            _("Entretien : %(who)s") % {"who": project.maintained_by} if project.maintained_by else "",
            _joined(joined, AttachmentKind.LAND_TITLE),
        ],
        "authorities": [
            _("Besoin exprimé par : %(who)s") % {"who": project.need_expressed_by} if project.need_expressed_by else "",
            _joined(joined, AttachmentKind.LETTER),
        ],
        "regional_plan": [
            _("Sert la priorité %(priority)s, %(plan)s") % {"priority": project.priority, "plan": project.priority.plan}
            if project.priority
            else _("La proposition ne nomme aucune priorité du plan régional"),
        ],
        "visibility": [_("La visibilité mettrait des personnes en danger")] if project.visibility_risk else [],
    }
    return {code: [line for line in lines if line] for code, lines in facts.items() if any(lines)}


def _joined(counts: Counter, kind: AttachmentKind) -> str:
    if not counts[kind]:
        return _("%(kind)s : aucune pièce jointe") % {"kind": kind.label}
    text = ngettext("%(kind)s : %(count)s pièce jointe", "%(kind)s : %(count)s pièces jointes", counts[kind])
    return text % {"kind": kind.label, "count": number(counts[kind])}


def _budget(project: Project) -> str:
    ceiling = rules.ceiling_of(project.mechanism, project.facility)
    if ceiling is None:
        return usd(project.budget_usd)
    return _("%(budget)s, pour un plafond de %(ceiling)s") % {
        "budget": usd(project.budget_usd),
        "ceiling": usd(ceiling),
    }


def _length(project: Project) -> str:
    if not project.duration_months:
        return ""
    longest = rules.longest_months(project.mechanism, project.facility)
    if longest is None:
        return ngettext("%(count)s mois", "%(count)s mois", project.duration_months) % {
            "count": project.duration_months
        }
    return _("%(months)s mois, pour %(longest)s au plus") % {"months": project.duration_months, "longest": longest}


def _partner(project: Project) -> list[str]:
    partner = project.partner
    if partner is None:
        return []
    told = [f"{partner} – {partner.get_vetting_status_display()}"]
    if partner.vetted_on:
        told.append(_("vérification du %(day)s") % {"day": day(partner.vetted_on)})
    if partner.late_reports:
        late = ngettext("%(count)s rapport en retard", "%(count)s rapports en retard", partner.late_reports)
        told.append(late % {"count": number(partner.late_reports)})
    return told


def _women(project: Project) -> str:
    if not project.direct_total:
        return ""
    share = round(100 * (project.direct_women + project.direct_girls) / project.direct_total)
    text = _("Femmes et filles : %(share)s %% des %(total)s bénéficiaires directs")
    return text % {"share": share, "total": number(project.direct_total)}
