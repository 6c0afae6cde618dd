"""Numbers of bank accounts: what people type, checked and brought to one form. Pure functions.

In the West African monetary union (UEMOA) an account has a RIB of 24 characters: bank 5, branch 5, account 12, key 2
(BCEAO, identification of accounts); its IBAN is the country, two check digits and the same RIB (ISO 13616). The RIB is
the one form kept there, so that the same account is the same number however it was typed.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

IGNORED = re.compile(r"[\s\u00a0\u202f.\-/_]")
RIB = re.compile(r"([A-Z]{2}\d{3}|[A-Z]\d{4})(\d{5})(\d{12})(\d{2})")
IBAN_START = re.compile(r"[A-Z]{2}\d{2}")
LOCAL = re.compile(r"(?=(?:.*\d){5})[A-Z0-9]{6,34}")
BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# The key's own table of letters (A and J are 1, B, K and S are 2…), which is not that of the IBAN.
KEY_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")


@dataclass(frozen=True)
class Country:
    """`iban_length` is 0 where no IBAN is used; `letter` begins the bank codes of the UEMOA that have one letter."""

    label: str | Promise
    iban_length: int = 0
    letter: str = ""


COUNTRIES: dict[str, Country] = {
    "ML": Country(gettext_lazy("Mali"), 28, "D"),
    "BJ": Country(gettext_lazy("Bénin"), 28, "B"),
    "BF": Country(gettext_lazy("Burkina Faso"), 28, "C"),
    "CI": Country(gettext_lazy("Côte d’Ivoire"), 28, "A"),
    "GW": Country(gettext_lazy("Guinée-Bissau"), 28, "S"),
    "NE": Country(gettext_lazy("Niger"), 28, "H"),
    "SN": Country(gettext_lazy("Sénégal"), 28, "K"),
    "TG": Country(gettext_lazy("Togo"), 28, "T"),
    "DZ": Country(gettext_lazy("Algérie")),
    "GN": Country(gettext_lazy("Guinée")),
    "MR": Country(gettext_lazy("Mauritanie"), 27),
    "KE": Country(gettext_lazy("Kenya")),
    "DE": Country(gettext_lazy("Allemagne"), 22),
    "BE": Country(gettext_lazy("Belgique"), 16),
    "CA": Country(gettext_lazy("Canada")),
    "DK": Country(gettext_lazy("Danemark"), 18),
    "US": Country(gettext_lazy("États-Unis")),
    "FR": Country(gettext_lazy("France"), 27),
    "NO": Country(gettext_lazy("Norvège"), 15),
    "NL": Country(gettext_lazy("Pays-Bas"), 18),
    "GB": Country(gettext_lazy("Royaume-Uni"), 22),
    "SE": Country(gettext_lazy("Suède"), 24),
    "CH": Country(gettext_lazy("Suisse"), 21),
    "ZZ": Country(gettext_lazy("Autre pays")),
}


def parsed(text: str, country: str) -> str:
    """The account's one form: a RIB in the UEMOA, an IBAN or a local number elsewhere. Raises ValidationError.

    `country` is a key of `COUNTRIES`. Spaces, dots, dashes and the case are ignored.
    """
    number = IGNORED.sub("", text).upper()
    place = COUNTRIES[country]
    if place.letter:
        return _in_the_union(number, country, place)
    if place.iban_length or IBAN_START.match(number):
        return _checked_iban(number, country, place)
    if not LOCAL.fullmatch(number):
        _refuse(_("Un numéro de compte a de 6 à 34 lettres et chiffres, dont au moins 5 chiffres."))
    return number


def _in_the_union(number: str, country: str, place: Country) -> str:
    if len(number) == place.iban_length and IBAN_START.match(number):
        number = _checked_iban(number, country, place)[4:]
    parts = RIB.fullmatch(number)
    if not parts:
        _refuse(
            _(
                "Un RIB compte 24 caractères : banque (5), guichet (5), compte (12), clé (2) ; un IBAN en compte 28. "
                "Vous en avez saisi %(count)s : recopiez le numéro entier de l’attestation bancaire."
            )
            % {"count": len(number)}
        )
    bank, branch, account, key = parts.groups()
    if bank[:2] != country and not re.fullmatch(rf"{place.letter}\d{{4}}", bank):
        _refuse(_("Le code de la banque n’est pas celui d’une banque de ce pays : vérifiez le pays ou le numéro."))
    if key != rib_key(bank, branch, account):
        _refuse(
            _(
                "La clé (les deux derniers chiffres) ne correspond pas au reste du RIB : un caractère est faux. "
                "Comparez-le à l’attestation bancaire, caractère par caractère."
            )
        )
    return number


def _checked_iban(number: str, country: str, place: Country) -> str:
    if place.iban_length and (not IBAN_START.match(number) or len(number) != place.iban_length):
        _refuse(
            _(
                "L’IBAN de ce pays commence par %(country)s et compte %(length)s caractères ; vous en avez saisi %(count)s."
            )
            % {"country": country, "length": place.iban_length, "count": len(number)}
        )
    if country != "ZZ" and number[:2] != country:
        _refuse(_("L’IBAN est celui d’un autre pays : vérifiez le pays ou le numéro."))
    if not re.fullmatch(r"[A-Z0-9]{15,34}", number) or _remainder(number) != 1:
        _refuse(
            _(
                "Les chiffres de contrôle de l’IBAN ne correspondent pas : un caractère est faux. "
                "Comparez-le à l’attestation bancaire, caractère par caractère."
            )
        )
    return number


def rib_key(bank: str, branch: str, account: str) -> str:
    """Two digits, 01 to 97: 97 less the remainder by 97 of the number followed by 00, its letters as `KEY_DIGITS`."""
    return f"{97 - int((bank + branch + account).translate(KEY_DIGITS) + '00') % 97:02}"


def iban_of(number: str, country: str) -> str:
    """The IBAN of an account in the form of `parsed`; empty where the country has none."""
    if COUNTRIES[country].letter:
        return f"{country}{98 - _remainder(country + '00' + number):02}{number}"
    return number if COUNTRIES[country].iban_length or IBAN_START.match(number) else ""


def grouped(number: str) -> str:
    """As banks print it: « ML016 01201 026001006684 97 » for a RIB, groups of four for the others."""
    if parts := RIB.fullmatch(number):
        return " ".join(parts.groups())
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def checked_bic(text: str, country: str) -> str:
    """A SWIFT code of 8 or 11 characters, of a bank of `country`. Raises ValidationError."""
    code = IGNORED.sub("", text).upper()
    parts = BIC.fullmatch(code)
    if not parts:
        _refuse(_("Un code SWIFT (BIC) compte 8 ou 11 caractères : banque (4), pays (2), ville (2), agence (3)."))
    if country != "ZZ" and parts[1] != country:
        _refuse(_("Ce code SWIFT (BIC) est celui d’une banque d’un autre pays : vérifiez le pays ou le code."))
    return code


def _remainder(iban: str) -> int:
    """By 97, as ISO 13616 reckons it: A is 10, Z is 35; 1 when the check digits are right."""
    return int("".join(str(int(letter, 36)) for letter in iban[4:] + iban[:4])) % 97


def _refuse(reason: str) -> NoReturn:
    raise ValidationError(reason, code="account_number")
