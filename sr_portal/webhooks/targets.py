"""Where a webhook may go: never to this machine, its network, or what only the inside of a cloud can reach (SSRF).

An address is checked twice: its form when it is typed, and what its name stands for both then and at each sending. What
is dialled is the very address that was checked, so that a name that answers otherwise a moment later leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 500  # characters of an address
LOOPBACK: tuple[Network, ...] = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))

# The registries of special addresses of the IANA (RFC 6890), and what clouds answer their own machines at.
REFUSED: tuple[tuple[str, str | Promise], ...] = (
    ("0.0.0.0/8", _lazy("cette machine")),
    ("127.0.0.0/8", _lazy("cette machine")),
    ("::/128", _lazy("cette machine")),
    ("::1/128", _lazy("cette machine")),
    ("10.0.0.0/8", _lazy("un réseau privé")),
    ("172.16.0.0/12", _lazy("un réseau privé")),
    ("192.168.0.0/16", _lazy("un réseau privé")),
    ("fc00::/7", _lazy("un réseau privé")),
    ("fec0::/10", _lazy("un réseau privé")),
    ("169.254.0.0/16", _lazy("une adresse de lien local")),
    ("fe80::/10", _lazy("une adresse de lien local")),
    ("100.64.0.0/10", _lazy("le réseau d’un opérateur")),
    ("168.63.129.16/32", _lazy("l’intérieur d’un nuage")),
    ("224.0.0.0/4", _lazy("un groupe de machines")),
    ("ff00::/8", _lazy("un groupe de machines")),
    ("192.0.0.0/24", _lazy("une plage réservée")),
    ("192.0.2.0/24", _lazy("une plage réservée")),
    ("192.31.196.0/24", _lazy("une plage réservée")),
    ("192.52.193.0/24", _lazy("une plage réservée")),
    ("192.88.99.0/24", _lazy("une plage réservée")),
    ("192.175.48.0/24", _lazy("une plage réservée")),
    ("198.18.0.0/15", _lazy("une plage réservée")),
    ("198.51.100.0/24", _lazy("une plage réservée")),
    ("203.0.113.0/24", _lazy("une plage réservée")),
    ("240.0.0.0/4", _lazy("une plage réservée")),
    ("64:ff9b:1::/48", _lazy("une plage réservée")),
    ("100::/64", _lazy("une plage réservée")),
    ("2001::/23", _lazy("une plage réservée")),  # Teredo among them, which hides an IPv4 address
    ("2001:db8::/32", _lazy("une plage réservée")),
    ("2002::/16", _lazy("une plage réservée")),  # 6to4, likewise
    ("3fff::/20", _lazy("une plage réservée")),
    ("5f00::/16", _lazy("une plage réservée")),
)
NETWORKS = tuple((ipaddress.ip_network(text), why) for text, why in REFUSED)
GLOBAL_V6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """An address taken apart: the name in ASCII, the path with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"


def parse(url: str) -> Target:
    """Raises ValidationError when the form of the address is refused; nothing is looked up."""
    local = settings.WEBHOOK_LOCAL_RECEIVERS
    if len(url) > LONGEST:
        raise ValidationError(_("Au plus %(most)d caractères."), code="url", params={"most": LONGEST})
    unreadable = ValidationError(_("Ce n’est pas une adresse du web, comme https://exemple.org/recevoir."), code="url")
    try:
        URLValidator(schemes=["http", "https"])(url)
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode()
    except (ValidationError, ValueError) as error:  # UnicodeError is a ValueError
        raise unreadable from error
    scheme = parts.scheme.lower()
    if parts.username is not None or parts.password is not None:
        raise ValidationError(_("Ôtez le nom et le mot de passe : la signature dit qui envoie."), code="credentials")
    if parts.fragment:
        raise ValidationError(_("Ôtez ce qui suit « # » : cela n’est jamais envoyé."), code="fragment")
    if scheme != "https" and not local:
        raise ValidationError(_("L’adresse commence par https:// : rien ne part en clair."), code="scheme")
    if port not in settings.WEBHOOK_PORTS and not local:
        raise ValidationError(
            _("Le port %(port)d n’est pas permis : %(ports)s seulement."), code="port",
            params={"port": port, "ports": ", ".join(map(str, sorted(settings.WEBHOOK_PORTS)))},
        )  # fmt: skip
    if not host:
        raise unreadable
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise ValidationError(_("Écrivez les accents du chemin sous la forme %C3%A9."), code="path")
    return Target(scheme, host, port, path)


def resolve(target: Target) -> list[str]:
    """The addresses that the name stands for now, each of which may be dialled. Raises ValidationError.

    One that may not refuses them all: a name that leads inside, even once in two, was not given by mistake. Which address
    it was is not told: the names of our own network are nobody's business.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError) as error:
        raise ValidationError(
            _("Le nom « %(host)s » ne correspond à aucune adresse."), code="unknown", params={"host": target.host}
        ) from error
    addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
    for text in addresses:
        if why := refusal(text):
            raise ValidationError(
                _("« %(host)s » désigne %(why)s : le portail n’y envoie rien."), code="inside",
                params={"host": target.host, "why": why},
            )  # fmt: skip
        if not target.is_secure and not _is_loopback(_inner(ipaddress.ip_address(text))):
            raise ValidationError(_("L’adresse commence par https:// : rien ne part en clair."), code="scheme")
    return addresses


def check(url: str) -> Target:
    """Both; for forms. Raises ValidationError."""
    target = parse(url)
    resolve(target)
    return target


def refusal(text: str) -> str:
    """Why nothing is sent to this address; empty when it may be dialled."""
    try:
        address = _inner(ipaddress.ip_address(text))
    except ValueError:  # with a zone, « fe80::1%eth0 »
        return _("une adresse de lien local")
    if settings.WEBHOOK_LOCAL_RECEIVERS and _is_loopback(address):
        return ""
    for network, why in NETWORKS:
        if address.version == network.version and address in network:
            return str(why)
    outside = address.is_global and not address.is_multicast and (address.version == 4 or address in GLOBAL_V6)
    return "" if outside else _("une plage réservée")


def _inner(address: Address) -> Address:
    """An IPv6 address that carries an IPv4 one goes where that one goes."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in NAT64 or address in ipaddress.ip_network("::/96") and int(address) > 1:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_loopback(address: Address) -> bool:
    return any(address.version == network.version and address in network for network in LOOPBACK)


def validate_address(url: str) -> None:
    """For the model's field: the form only."""
    parse(url)
