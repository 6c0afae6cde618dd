"""The section's funds: mechanisms and their rules as data, yearly envelopes, organisations, reference data."""

from .envelopes import Envelope
from .mechanisms import Criterion, Mechanism
from .organisations import Interest, Organisation, OrganisationKind, VettingStatus
from .reference import ExchangeRate, Sector

__all__ = [
    "Criterion",
    "Envelope",
    "ExchangeRate",
    "Interest",
    "Mechanism",
    "Organisation",
    "OrganisationKind",
    "Sector",
    "VettingStatus",
]
