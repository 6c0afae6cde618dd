"""Partners and envelopes for tests; mechanisms, criteria and sectors come with the migrations."""

import datetime as dt
from decimal import Decimal

import factory
from django.db.models import Sum

from funds.models import (
    Contribution,
    ContributionReceipt,
    DonorReport,
    Envelope,
    Mechanism,
    Organisation,
    OrganisationKind,
    VettingStatus,
)
from funds.rules import fiscal_year_of
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Association Kanuya {n}")
    kind = OrganisationKind.ASSOCIATION
    vetting_status = VettingStatus.CLEARED
    vetted_on = factory.LazyFunction(clock.today)


class DonorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Royaume du Nord {n}")
    kind = OrganisationKind.DONOR


def pledged(amount: str = "100000", mechanism: str = "TF", *, by: User | None = None, **fields) -> Contribution:
    """A promise of `amount` USD, made today."""
    today = clock.today()
    values = {
        "reference": f"CTB-{Contribution.objects.count() + 1:04}",
        "title": "Appui à la paix et à la sécurité",
        "donor": fields.pop("donor", None) or DonorFactory(),
        "pledged_amount": Decimal(amount),
        "pledged_on": today,
        "pledged_rate_on": fields.get("pledged_on", today),
        "registered_by": by or user_with(Role.SECTION_HEAD),
        **fields,
    }
    return Contribution.objects.create(mechanism_id=mechanism, **values)


def signed(amount: str = "100000", mechanism: str = "TF", *, by: User | None = None, **fields) -> Contribution:
    made = pledged(amount, mechanism, **fields)
    made.signed_amount, made.signed_rate = made.pledged_amount, made.pledged_rate
    made.signed_on, made.signed_rate_on = made.pledged_on, made.pledged_rate_on
    made.signature_by, made.signature_at = by or user_with(Role.FINANCE_OFFICER), clock.now()
    made.save()
    return made


def came_in(contribution: Contribution, amount: str, *, by: User | None = None, **fields) -> ContributionReceipt:
    """A transfer of `amount` in the donor's currency."""
    from tests.factories.implementation import pdf_of

    by = by or user_with(Role.FINANCE_OFFICER)
    today = clock.today()
    values = {
        "reference": f"AV-{ContributionReceipt.objects.count() + 1:05}",
        "received_on": today,
        "rate": contribution.signed_rate,
        "rate_on": fields.get("received_on", today),
        "proof": pdf_of(by, "Avis de crédit.pdf"),
        **fields,
    }
    made = ContributionReceipt.objects.create(
        contribution=contribution, amount=Decimal(amount), recorded_by=by, **values
    )
    contribution.refresh_from_db()
    return made


def owed(contribution: Contribution, **fields) -> DonorReport:
    """A report that the donor is owed in 30 days, and the section head answers for."""
    head = fields.get("responsible") or user_with(Role.SECTION_HEAD)
    values = {
        "kind": "annual",
        "content": "both",
        "due_on": clock.today() + dt.timedelta(days=30),
        "responsible": head,
        "created_by": head,
        **fields,
    }
    return DonorReport.objects.create(contribution=contribution, **values)


def received(amount: str = "100000", mechanism: str = "TF", **fields) -> Contribution:
    """Pledged, signed and received in whole today; earmarked for nothing unless `region` or `theme` says so."""
    made = signed(amount, mechanism, **fields)
    came_in(made, amount)
    return made


def fill_envelopes(mechanism: str, amount: str) -> None:
    """What came in covers `amount` USD more than the envelopes of the mechanism: with a contribution when need be."""
    contributions = Contribution.objects.filter(mechanism=mechanism)
    set_aside = Envelope.objects.filter(mechanism=mechanism).aggregate(all=Sum("amount_usd"))["all"] or 0
    lacking = set_aside + Decimal(amount) - contributions.received_usd()
    if lacking > 0:
        received(str(lacking), mechanism)


def envelope_of(amount: str, mechanism: str = "QIP") -> Envelope:
    """The envelope of `mechanism` for the fiscal year of today; contributions fill it where that is the law."""
    row = Mechanism.objects.get(code=mechanism)
    if row.funded_by_contributions:
        fill_envelopes(mechanism, amount)
    year = fiscal_year_of(clock.today(), row.fiscal_year_first_month)
    return Envelope.objects.create(mechanism=row, fiscal_year=year, amount_usd=Decimal(amount))
