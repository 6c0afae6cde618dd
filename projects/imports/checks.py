"""What the rows of a portfolio say together: sums, law of the QIP, envelopes, places. Each fault names its row."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from funds.imports.contributions import ToldContribution
from funds.models import Envelope, OrganisationKind
from funds.rules import fiscal_year_of
from projects import rules
from projects.funding import Purse
from projects.imports.reading import Portfolio, Told
from projects.states import SETTLED, UNDER_AGREEMENT, State
from regions.points import outside
from sr_portal.spreadsheets.cells import key
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd


def check_together(portfolio: Portfolio) -> None:
    """Note every fault of the projects as wholes; those already known are left out of what is asked of the envelopes."""
    for told in portfolio.projects.values():
        _check_days(told)
        _check_law(told)
        _check_money(told)
        told.values["organisation"] = _partner_of(told, portfolio)
    _check_points(list(portfolio.projects.values()))


def _check_days(told: Told) -> None:
    values, today = told.values, clock.today()
    for name in ("approved_on", "since"):
        if values[name] and values[name] > today:
            told.cells.fault(name, _("Ce jour est à venir."))
    if values["since"] and values["since"] < values["approved_on"]:
        told.cells.fault("since", _("Ce jour précède celui de l’approbation."))


def _check_law(told: Told) -> None:
    """The ceiling and the length of the mechanism: a QIP of 60,000 USD or of 7 months does not enter."""
    mechanism, months = told.values["mechanism"], told.values["duration_months"]
    facility = told.values["facility"]
    for name, check in (
        ("reference", lambda: rules.validate_budget(mechanism, told.budget_usd, facility)),
        ("duration_months", lambda: rules.validate_length(mechanism, months, facility)),
    ):
        try:
            check()
        except ValidationError as error:
            text = error.messages[0]
            told.cells.fault(name, f"{text} ({usd(told.budget_usd)})" if name == "reference" else text)
    if not months:
        told.cells.fault("duration_months", _("La durée est d’un mois au moins."))


def _check_money(told: Told) -> None:
    state, budget = told.values["state"], told.budget_usd
    if not told.lines:
        told.cells.fault("reference", _("Ce projet n’a aucune ligne sur la feuille du budget."))
        return
    if budget <= 0:
        told.cells.fault("reference", _("Le budget est nul."))
    if state == State.APPROVED and told.instalments:
        told.cells.fault(
            "state", _("Un projet approuvé n’a pas encore de tranches : elles viennent avec le protocole.")
        )
    planned, paid = told.total("amount_usd"), told.total("paid_usd")
    if (state in UNDER_AGREEMENT or state == State.CLOSED) and planned != budget:
        message = _("Les tranches font %(planned)s et le budget %(budget)s : les deux doivent être égaux.")
        told.cells.fault("reference", message % {"planned": usd(planned), "budget": usd(budget)})
    if state == State.CLOSED and paid != told.total("justified_usd") + told.total("refunded_usd"):
        told.cells.fault("state", _("Un projet se clôture quand payé = justifié + remboursé, au centime."))


def _partner_of(told: Told, portfolio: Portfolio) -> Any:
    """The registry's organisation, or the key of one that the file brings."""
    name = told.values["partner"]
    found = portfolio.known.organisations.get(key(name))
    if found is None and key(name) in portfolio.partners:
        if portfolio.partners[key(name)][1]["kind"] == OrganisationKind.DONOR:
            told.cells.fault("partner", _("Cette organisation n’est pas un partenaire de mise en œuvre."))
        return key(name)
    if found is None or not hasattr(found, "pk"):
        told.cells.fault("partner", _("« %(text)s » n’est pas au registre des partenaires.") % {"text": name[:60]})
        return None
    if not found.is_implementing:
        told.cells.fault("partner", _("Cette organisation n’est pas un partenaire de mise en œuvre."))
    return found


def _check_points(projects: list[Told]) -> None:
    placed = []
    for told in projects:
        latitude, longitude = told.values["latitude"], told.values["longitude"]
        if (latitude is None) != (longitude is None):
            told.cells.fault("latitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        elif latitude is not None:
            placed.append((told, (told.values["region"].pk, float(latitude), float(longitude))))
    for rank in outside([point for _told, point in placed]):
        placed[rank][0].cells.fault("latitude", _("Ce point est hors de la région."))


def check_envelopes(new: list[Told]) -> None:
    """Each project holds its money in the envelope of its approval's fiscal year; the first that it cannot cover is told."""
    envelopes = {(one.mechanism_id, one.fiscal_year): one for one in Envelope.objects.select_related("mechanism")}
    taken: dict[int, Decimal] = defaultdict(Decimal)
    for told in new:
        mechanism = told.values["mechanism"]
        year = fiscal_year_of(told.values["approved_on"], mechanism.fiscal_year_first_month)
        envelope = told.values["envelope"] = envelopes.get((mechanism.code, year))
        if envelope is None:
            message = _(
                "Le mécanisme %(code)s n’a pas d’enveloppe pour l’exercice commencé en %(year)s : ouvrez-la d’abord."
            )
            told.cells.fault("approved_on", message % {"code": mechanism.code, "year": year})
            continue
        taken[envelope.pk] += held_by(told)
        if taken[envelope.pk] > envelope.available_usd:
            message = _("L’enveloppe %(envelope)s ne couvre plus ce projet : il lui reste %(left)s avant cet import.")
            told.cells.fault("approved_on", message % {"envelope": envelope, "left": usd(envelope.available_usd)})


def check_contributions(new: list[Told], given: list[ToldContribution]) -> None:
    """Where a mechanism lives from contributions, signed money that each project may use covers what it holds.

    `given` are the contributions that the same file brings.
    """
    if not any(told.values["mechanism"].funded_by_contributions for told in new):
        return
    purse = Purse(given)
    for told in new:
        mechanism, sector = told.values["mechanism"], told.values["sector"]
        if mechanism.funded_by_contributions:
            theme = sector.group_fr if sector else None
            lacking = purse.take(mechanism.pk, told.values["region"].pk, theme, held_by(told))
            if lacking > 0:
                message = _("Il manque %(amount)s de contributions signées que ce projet puisse utiliser.")
                told.cells.fault("approved_on", message % {"amount": usd(lacking)})


def held_by(told: Told) -> Decimal:
    """What the project takes of its envelope: all that was approved, or, once settled, what was really paid; USD."""
    if told.values["state"] in SETTLED:
        return told.total("paid_usd") - told.total("refunded_usd")
    return told.budget_usd
