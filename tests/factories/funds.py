"""Partners and envelopes for tests; mechanisms, criteria and sectors come with the migrations."""

from decimal import Decimal

import factory

from funds.models import Envelope, Mechanism, Organisation, OrganisationKind, VettingStatus
from funds.rules import fiscal_year_of
from sr_portal.web import clock


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Association Kanuya {n}")
    kind = OrganisationKind.ASSOCIATION
    vetting_status = VettingStatus.CLEARED
    vetted_on = factory.LazyFunction(clock.today)


def envelope_of(amount: str, mechanism: str = "QIP") -> Envelope:
    """The envelope of `mechanism` for the fiscal year of today."""
    row = Mechanism.objects.get(code=mechanism)
    year = fiscal_year_of(clock.today(), row.fiscal_year_first_month)
    return Envelope.objects.create(mechanism=row, fiscal_year=year, amount_usd=Decimal(amount))
