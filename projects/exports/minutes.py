"""The minutes of a review committee's session (procès-verbal): presence, interests, scores, votes, decisions."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from projects.models import ReviewSession, SessionState, VoteValue
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
    facts,
    section,
)
from sr_portal.web.templatetags.portal import day, moment, usd

from . import parts

if TYPE_CHECKING:
    from projects.views.proceedings import Judge, Standing


def minutes(session: ReviewSession, standings: Sequence["Standing"]) -> Paper:
    """`session` as `ReviewSessionQuerySet.for_page` reads it, with the standing of each of its items."""
    committee = session.committee
    return parts.new_paper(
        _("Procès-verbal de la séance du %(day)s") % {"day": day(session.held_on)},
        _("Procès-verbal %(day)s %(committee)s") % {"day": session.held_on.isoformat(), "committee": committee},
        subtitle=committee,
        reference=_("PV du %(day)s") % {"day": day(session.held_on)},
        draft="" if session.state == SessionState.CLOSED else _("Projet de procès-verbal : la séance n’est pas close."),
        blocks=[
            *section(_("Séance"), *_sitting(session)),
            *_agenda(standings),
            *[block for rank, standing in enumerate(standings, 1) for block in _item(rank, standing)],
            *section(_("Observations"), Text(session.minutes.strip() or _("Aucune observation."))),
            _signed(session, standings),
        ],
    )


def _chair(session: ReviewSession) -> str:
    return next((member.user.name for member in session.members.all() if member.seat == "chair"), "")


def _secretary(session: ReviewSession) -> str:
    named = (member.user.name for member in session.members.all() if member.seat == "secretary")
    return next(named, session.created_by.name)


def _sitting(session: ReviewSession) -> list[Block]:
    members = list(session.members.all())
    told = facts(
        (_("Date et lieu"), ", ".join(part for part in (day(session.held_on), session.place) if part)),
        (_("Ouverture"), moment(session.opened_at)),
        (_("Clôture"), moment(session.closed_at)),
        (_("Président"), _chair(session)),
        (_("Secrétaire"), _secretary(session)),
    )
    rows = [
        [member.user.name, member.get_seat_display(), _("présent") if member.present else _("absent")]
        for member in sorted(members, key=lambda member: not member.present)
    ]
    columns = [Column(_("Membre"), weight=2), Column(_("Siège"), weight=1.4), Column(_("Présence"), weight=1)]
    return [*([told] if told else []), Table(columns, rows)] if rows else [told] if told else []


def _agenda(standings: Sequence["Standing"]) -> list[Block]:
    if not standings:
        return [Heading(_("Ordre du jour")), Text(_("Aucun point à l’ordre du jour."))]
    rows = []
    for rank, standing in enumerate(standings, 1):
        item, project = standing.item, standing.item.project
        outcome = item.outcome.label if item.outcome else item.state_label.label
        rows.append([
            str(rank), f"{project.title}\n{project.reference or ''}", usd(project.budget_usd), outcome,
            usd(item.recommended_usd) or parts.NOTHING,
        ])  # fmt: skip
    columns = [
        Column(_("N°"), "right"), Column(_("Projet"), weight=3), Column(_("Demandé"), "right"),
        Column(_("Recommandation"), weight=1.3), Column(_("Recommandé"), "right"),
    ]  # fmt: skip
    total = sum((standing.item.recommended_usd or Decimal(0) for standing in standings), Decimal(0))
    return [Heading(_("Ordre du jour")), Table(columns, rows, [["", _("Total recommandé"), "", "", usd(total)]])]


def _item(rank: int, standing: "Standing") -> list[Block]:
    item, project = standing.item, standing.item.project
    head = Heading(f"{rank}. {project.title}")
    about = facts(
        (_("Référence"), project.reference or ""),
        (_("Partenaire"), project.partner or ""),
        (_("Demandé"), usd(project.budget_usd)),
        *(_concluded(standing) if standing.is_closed else []),
    )
    if not standing.is_closed:
        return [head, *([about] if about else []), Text(_("Ce point n’est pas clos."))]
    uncounted = [
        _("le vote de %(name)s : %(reason)s") % {"name": name, "reason": reason} for name, reason in standing.uncounted
    ]
    told = [
        head,
        about,
        Note(_("La voix du président l’emporte."), _("Partage des voix")) if standing.ties else None,
        *section(_("Votes et récusations"), _votes(standing), level=2),
        *section(_("Ne comptent pas :"), Bullets(uncounted) if uncounted else None, level=3),
        *section(_("Notes par critère"), _grid(standing), level=2),
        Text(_("Point clos : %(when)s, par %(who)s.") % {"when": moment(item.closed_at), "who": item.closed_by}, True),
    ]
    return [block for block in told if block is not None]


def _concluded(standing: "Standing") -> list[tuple[str, object]]:
    item, tally = standing.item, standing.tally
    quorum = _("votants présents : %(present)s, requis : %(needed)s dont le président") % {
        "present": tally.present, "needed": tally.needed,
    }  # fmt: skip
    count = ngettext("%(count)s abstention", "%(count)s abstentions", tally.abstentions) % {"count": tally.abstentions}
    votes = _("%(for)s pour, %(against)s contre") % {"for": tally.votes_for, "against": tally.votes_against}
    needed = _("%(mean)s sur 5 (il faut %(mark)s)") % {
        "mean": floatformat(tally.mean, 2), "mark": floatformat(item.project.mechanism.pass_mark, 2),
    }  # fmt: skip
    return [
        (_("Recommandation"), item.outcome.label if item.outcome else ""),
        (_("Montant recommandé"), usd(item.recommended_usd)),
        (_("Conditions"), item.conditions),
        (_("Motif"), item.explanation),
        (_("Quorum"), f"{_('Atteint') if tally.quorum else _('Non atteint')} ({quorum})"),
        (_("Votes comptés"), f"{votes}, {count}"),
        (_("Note pondérée"), needed if tally.mean is not None else _("aucune grille complète")),
    ]


def _votes(standing: "Standing") -> Table:
    rows = [
        [
            judge.seat.user.name, judge.seat.get_seat_display(), _vote(judge),
            floatformat(judge.mean, 2) if judge.mean is not None and judge.is_complete else parts.NOTHING,
            _remark(judge),
        ]
        for judge in standing.voters
    ]  # fmt: skip
    columns = [
        Column(_("Membre"), weight=1.5), Column(_("Siège")), Column(_("Vote")), Column(pgettext("comité", "Note"), "right"),
        Column(_("Intérêt déclaré, explication de vote"), weight=2.2),
    ]  # fmt: skip
    return Table(columns, rows)


def _vote(judge: "Judge") -> str:
    if judge.recusal:
        return _("Récusé")
    if judge.bar:
        return _("Écarté")
    if not judge.present:
        return _("Absent")
    return VoteValue(judge.vote.value).label if judge.vote else _("Pas de vote")


def _remark(judge: "Judge") -> str:
    told = []
    if judge.recusal:
        told.append(_("Intérêt déclaré : %(reason)s") % {"reason": judge.recusal.reason})
    elif judge.bar:
        told.append(str(judge.bar))
    if judge.vote and judge.vote.comment:
        told.append(f"«\u00a0{judge.vote.comment}\u00a0»")
    if judge.vote and judge.uncounted:
        told.append(_("Vote non compté : %(reason)s") % {"reason": judge.uncounted})
    return "\n".join(told)


def _grid(standing: "Standing") -> Table | None:
    rows = [
        [row.name, f"{row.weight}\u00a0%", floatformat(row.mean, 2) if row.mean is not None else parts.NOTHING]
        for row in standing.grid()
    ]
    columns = [Column(_("Critère"), weight=3), Column(_("Poids"), "right"), Column(_("Note moyenne"), "right")]
    return Table(columns, rows) if rows else None


def _signed(session: ReviewSession, standings: Sequence["Standing"]) -> Together:
    total = sum((standing.item.recommended_usd or Decimal(0) for standing in standings), Decimal(0))
    lead = _("Total recommandé : %(amount)s.") % {"amount": usd(total)}
    signatories = [Signatory(_("Le président"), _chair(session)), Signatory(_("Le secrétaire"), _secretary(session))]
    return Together([Heading(_("Signatures")), Signatures(signatories, lead)])
