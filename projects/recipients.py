"""Who receives a project's money: the lead alone, or with others where the mechanism allows several."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from funds.models import Organisation
from projects.rules.recipients import amounts_usd, lead_share


def _others(project: Any) -> list[Any]:
    if not project.mechanism.several_recipients:
        return []
    prefetch_related_objects([project], "recipients")
    return list(project.recipients.all())


def organisation_ids(project: Any) -> set[int]:
    """The keys of all who receive; one query the first time, none where the lead is alone by rule."""
    lead = {project.partner_id} if project.partner_id else set()
    return lead | {row.organisation_id for row in _others(project)}


def organisations(project: Any) -> list[Organisation]:
    """The lead first."""
    lead = [project.partner] if project.partner_id else []
    return lead + [row.organisation for row in _others(project)]


@dataclass(frozen=True)
class Share:
    """`percent` of a sum, and what it makes, USD."""

    organisation: Organisation
    percent: Decimal
    amount_usd: Decimal
    is_lead: bool


def shares_of(project: Any, amount_usd: Decimal | None = None) -> list[Share]:
    """The lead and the others with what each receives of `amount_usd`, by default of the budget; empty when the lead is
    alone. The lead is paid, and passes on what is theirs."""
    others = _others(project)
    if not others or not project.partner_id:
        return []
    percents = [lead_share(row.share for row in others), *(row.share for row in others)]
    if amount_usd is None:
        amount_usd = project.approved_usd if project.approved_usd is not None else project.budget_usd
    return [
        Share(organisation, percent, amount, is_lead=rank == 0)
        for rank, (organisation, percent, amount) in enumerate(
            zip(organisations(project), percents, amounts_usd(amount_usd, percents), strict=True)
        )
    ]
