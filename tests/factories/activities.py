"""Activities of partners for tests."""

import datetime as dt

import factory

from funds.models import PartnerActivity
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory


class ActivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PartnerActivity

    organisation = factory.SubFactory(PartnerFactory)
    title = factory.Sequence(lambda n: f"Points d’eau {n}")
    starts_on = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=30))
    created_by = factory.LazyFunction(lambda: user_with(Role.SECTION_HEAD))
