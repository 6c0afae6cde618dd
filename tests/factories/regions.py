"""Places for tests. The eleven regions are there from the migrations: ask for one by its code."""

import factory

from regions.models import Cercle, Region


def region(code: str = "ML-7") -> Region:
    """A region as the migrations load it: Gao unless told otherwise."""
    return Region.objects.get(code=code)


class RegionFactory(factory.django.DjangoModelFactory):
    """A region that is not in the country's list; without an outline, every point lies in it."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"ML-{20 + n}")
    abbreviation = factory.Sequence(lambda n: f"X{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}")
    rank = factory.Sequence(lambda n: 20 + n)
    name = factory.Sequence(lambda n: f"Région {20 + n}")
    capital = factory.SelfAttribute("name")
    capital_lat = 15.0
    capital_lon = -2.0


class CercleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cercle

    region = factory.LazyFunction(region)
    name = factory.Sequence(lambda n: f"Cercle {n}")
