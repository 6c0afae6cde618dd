"""Addresses from which a token may be used: single ones or networks, IPv4 or IPv6."""

import ipaddress
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_range(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise ValidationError(
            _("« %(text)s » n’est ni une adresse IP ni un réseau, comme 192.0.2.10 ou 192.0.2.0/24."),
            code="address_range",
            params={"text": text},
        ) from error


def lies_in(address: str, ranges: Iterable[str]) -> bool:
    """Whether the address is in one of the ranges; an address that cannot be read is in none."""
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    here = getattr(here, "ipv4_mapped", None) or here
    return any(here in ipaddress.ip_network(one) for one in ranges)
