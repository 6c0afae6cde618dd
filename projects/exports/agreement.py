"""The agreement (protocole d’accord) to sign, with its annexes, in the agreement's own language."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from funds.rules import add_months
from projects.models import Agreement, AmendmentState, ClauseKind, Project
from sr_portal.documents.paper import (
    Block,
    Bullets,
    Column,
    Heading,
    Note,
    Paper,
    Signatory,
    Signatures,
    Table,
    Text,
    Together,
)
from sr_portal.web.templatetags.portal import day, is_french, number, usd

from . import parts

Articles = list[tuple[str, list[Block]]]


def agreement_paper(project: Project) -> Paper:
    """`project` as `for_page().with_life("agreement", "plan", "amendments")` reads it; its agreement is prepared.

    To be called in the agreement's language. Once signed, it tells who signed when, and which copies are the originals.
    """
    agreement = project.agreement
    return parts.new_paper(
        _("Protocole d’accord"),
        _("Protocole d’accord %(number)s") % {"number": agreement.number},
        subtitle=project.title,
        reference=agreement.number,
        blocks=content(project),
    )


def content(project: Project) -> list[Block]:
    """The agreement without its letterhead, for larger documents."""
    agreement = project.agreement
    articles = _articles(project, agreement)
    last = articles.pop()
    numbered: list[Block] = []
    for rank, (title, blocks) in enumerate(articles, 1):
        numbered += [Heading(_heading(rank, title)), *blocks]
    closing = Together([Heading(_heading(len(articles) + 1, last[0])), *last[1], _signatures(agreement)])
    return [*_standing(project, agreement), *_parties(project, agreement), *numbered, closing, *_annexes(project)]


def last_day(project: Project) -> dt.date | None:
    """The day that the agreement's start and the project's length fix (domain guide §4)."""
    start, length = project.agreement.starts_on, project.duration_months
    return add_months(start, length) if length else None


def _heading(rank: int, title: str) -> str:
    return _("Article %(rank)s – %(title)s") % {"rank": rank, "title": title}


def _standing(project: Project, agreement: Agreement) -> list[Block]:
    """What a reader of the printed text must know: the signed copy rules, and amendments are worked in."""
    told: list[Block] = []
    approved = [amendment for amendment in project.amendments.all() if amendment.state == AmendmentState.APPROVED]
    if approved:
        numbers = ", ".join(str(amendment.number) for amendment in approved)
        told.append(
            Note(_("Texte consolidé : il tient compte des avenants approuvés (n° %(numbers)s).") % {"numbers": numbers})
        )
    copies = [copy.document for copy in agreement.copies.all() if not copy.document.is_withdrawn]
    if agreement.signed_at and copies:
        prints = "\n".join(f"{document.original_name} – SHA-256 {document.sha256}" for document in copies)
        told.append(Note(prints, _("Seul l’exemplaire signé fait foi. Empreintes des exemplaires au dossier :")))
    return told


def _parties(project: Project, agreement: Agreement) -> list[Block]:
    partner = project.partner
    between = _(
        "Entre la mission, que représente %(name)s, %(function)s, ci-après « la mission », d’une part,"
    ) % {"name": agreement.mission_signatory, "function": agreement.mission_function}  # fmt: skip
    address = f", {partner.address}" if partner.address else ""
    other = _(
        "et %(partner)s (%(kind)s)%(address)s, que représente %(name)s, %(function)s, ci-après « le partenaire », "
        "d’autre part,"
    ) % {
        "partner": partner, "kind": partner.get_kind_display(), "address": address,
        "name": agreement.partner_signatory, "function": agreement.partner_function,
    }  # fmt: skip
    return [Heading(_("Parties")), Text("\n\n".join((between, other, _("il est convenu ce qui suit."))))]


def _articles(project: Project, agreement: Agreement) -> Articles:
    """Title and blocks of each article, in their order; the last is the one that the parties sign under."""
    return [
        (_("Objet"), _purpose(project)),
        (_("Durée"), [Text(_duration(project, agreement))]),
        (_("Montant"), [Text(_amount(project))]),
        *_clauses(agreement),
        *_special(project, agreement),
        (
            _("Annexes"),
            [Text(_("Les annexes ci-après font partie du présent protocole :")), Bullets(_annex_titles(project))],
        ),
        (_("Entrée en vigueur"), [Text(_in_force(agreement))]),
    ]


def _purpose(project: Project) -> list[Block]:
    told = _(
        "Le partenaire réalise le projet « %(title)s » (%(reference)s), %(place)s, financé au titre du mécanisme "
        "« %(mechanism)s »."
    ) % {
        "title": project.title, "reference": project.reference, "place": parts.place_of(project),
        "mechanism": project.mechanism.name,
    }  # fmt: skip
    return [Text(told), *(text for _label, text in parts.said_of(project, "objective"))]


def _duration(project: Project, agreement: Agreement) -> str:
    end = last_day(project)
    if end is None:
        return _("Le projet commence le %(start)s.") % {"start": day(agreement.starts_on)}
    return _(
        "Le projet commence le %(start)s et dure %(months)s : ses activités sont achevées au plus tard le %(end)s. "
        "Une suspension ne prolonge pas ce délai."
    ) % {"start": day(agreement.starts_on), "months": parts.months(project.duration_months), "end": day(end)}


def _amount(project: Project) -> str:
    told = [
        _(
            "La mission finance le projet à hauteur de %(amount)s, montant maximal et définitif, versé en "
            "%(count)s tranches selon l’annexe du plan des versements, sur le compte ouvert au nom du partenaire et "
            "vérifié par les finances de la mission. Les montants sont en dollars des États-Unis ; un versement en "
            "francs CFA (XOF) se fait au taux opérationnel des Nations Unies du jour du paiement."
        )
        % {"amount": usd(project.approved_usd), "count": len(project.instalments.all())}
    ]
    if project.community_usd:
        told.append(
            _("La communauté apporte en nature l’équivalent de %(amount)s, en plus de ce montant.")
            % {"amount": usd(project.community_usd)}
        )
    told.append(_("Toute somme non dépensée ou non justifiée à la fin du projet est remboursée à la mission."))
    return "\n\n".join(told)


def _clauses(agreement: Agreement) -> Articles:
    """The clauses as they stood when the agreement was prepared, one article for each kind, in the kinds' order."""
    found: dict[str, list[Block]] = {}
    for clause in agreement.clauses:
        found.setdefault(str(clause.get("kind", "")), []).append(Text(str(clause.get("text", ""))))
    known = [(str(kind.label), found.pop(kind.value)) for kind in ClauseKind if kind.value in found]
    return [*known, *((_("Autres clauses"), texts) for texts in found.values())]


def _special(project: Project, agreement: Agreement) -> Articles:
    decision = getattr(project, "decision", None)
    told = [Text(text) for text in (getattr(decision, "conditions", ""), agreement.special_conditions) if text.strip()]
    return [(_("Conditions particulières"), list(told))] if told else []


def _in_force(agreement: Agreement) -> str:
    return _(
        "Le présent protocole entre en vigueur à la date de la dernière signature. Il est établi en deux exemplaires "
        "originaux, en %(language)s, un pour chaque partie ; il ne se modifie que par un avenant signé des deux parties."
    ) % {"language": _language(agreement)}


def _language(agreement: Agreement) -> str:
    """« en français », but "in English": only French writes its languages without a capital."""
    name = str(agreement.get_language_display())
    return name.lower() if is_french() else name


def _signatures(agreement: Agreement) -> Signatures:
    return Signatures(
        [
            Signatory(
                _("Pour le partenaire"), agreement.partner_signatory, agreement.partner_function,
                _signed(agreement, agreement.partner_signed_on),
            ),
            Signatory(
                _("Pour la mission"), agreement.mission_signatory, agreement.mission_function,
                _signed(agreement, agreement.mission_signed_on),
            ),
        ]
    )  # fmt: skip


def _signed(agreement: Agreement, on: dt.date | None) -> str:
    return _("Signé le %(day)s") % {"day": day(on)} if agreement.signed_at and on else ""


# --- Annexes --------------------------------------------------------------------------------------------------------
def _annex_list(project: Project) -> list[tuple[str, Block]]:
    found = (
        (_("Budget convenu par ligne"), agreed_budget(project)),
        (_("Résultats attendus et indicateurs"), parts.results(project)),
        (_("Calendrier des activités"), parts.timeline(project)),
        (_("Plan des versements"), instalment_plan(project)),
    )
    return [(title, block) for title, block in found if block is not None]


def _annex_titles(project: Project) -> list[str]:
    return [_annex_title(rank, title) for rank, (title, _block) in enumerate(_annex_list(project), 1)]


def _annex_title(rank: int, title: str) -> str:
    return _("Annexe %(rank)s – %(title)s") % {"rank": rank, "title": title}


def _annexes(project: Project) -> list[Block]:
    told: list[Block] = []
    for rank, (title, block) in enumerate(_annex_list(project), 1):
        told += [Heading(_annex_title(rank, title), new_page=rank == 1), block]
    return told


def agreed_budget(project: Project) -> Table | None:
    lines = list(project.agreed_lines.all())
    rows = [
        [str(rank), line.label, line.get_category_display(), usd(line.amount_usd)] for rank, line in enumerate(lines, 1)
    ]
    total = sum((line.amount_usd for line in lines), Decimal(0))
    columns = [
        Column(_("N°"), "right"), Column(_("Désignation"), weight=3), Column(_("Rubrique"), weight=1.4),
        Column(_("Montant"), "right"),
    ]  # fmt: skip
    return Table(columns, rows, [["", _("Total"), "", usd(total)]]) if rows else None


def instalment_plan(project: Project) -> Table | None:
    plan = list(project.instalments.all())
    total = sum((instalment.amount_usd for instalment in plan), Decimal(0))
    rows = [
        [
            str(instalment.position), usd(instalment.amount_usd),
            f"{number(round(100 * instalment.amount_usd / total, 1))}\u00a0%", day(instalment.planned_on) or parts.NOTHING,
            instalment.condition or parts.NOTHING,
        ]
        for instalment in plan
    ]  # fmt: skip
    columns = [
        Column(_("Tranche"), "right"), Column(_("Montant"), "right"), Column(_("Part"), "right"),
        Column(_("Prévue le"), weight=1), Column(_("Condition de versement"), weight=2.4),
    ]  # fmt: skip
    return Table(columns, rows, [[_("Total"), usd(total), "100\u00a0%", "", ""]]) if rows else None
