"""Mechanisms for tests, made of reference rows alone, as an administrator makes them."""

from decimal import Decimal

from funds.models import Criterion, Facility, Mechanism


def mechanism_of(code: str = "FIX", **terms) -> Mechanism:
    """A mechanism that asks for nothing beyond a proposal, with two criteria of review."""
    values = {
        "name_fr": "Fonds d’essai", "name_en": "Test fund", "approving_body_fr": "Comité du fonds",
        "approving_body_en": "Fund committee", "delegated_usd": Decimal(0), **terms,
    }  # fmt: skip
    mechanism = Mechanism.objects.create(code=code, **values)
    for code_of, weight in (("effect", 60), ("need", 40)):
        Criterion.objects.create(mechanism=mechanism, code=code_of, name_fr=code_of, name_en=code_of, weight=weight)
    return mechanism


def facility_of(mechanism: Mechanism | str, code: str = "window", **limits) -> Facility:
    key = mechanism if isinstance(mechanism, str) else mechanism.pk
    return Facility.objects.create(
        mechanism_id=key, code=code, name_fr=f"Guichet {code}", name_en=f"Window {code}", **limits
    )


def irf() -> Facility:
    return Facility.objects.get(mechanism="PBF", code="irf")


def prf() -> Facility:
    return Facility.objects.get(mechanism="PBF", code="prf")
