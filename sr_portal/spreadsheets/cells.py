"""What one cell says: a text, a day, an amount, a number, one of a list. Each raises CellError with what is wrong."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from sr_portal.web.fields import plain_number

Found = TypeVar("Found")
FRENCH_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
ISO_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
WORDS = re.compile(r"[^0-9a-z]+")
MOST = Decimal(10) ** 15
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CellError(ValueError):
    """What is wrong with a cell, said to the one who filled it."""


def key(text: Any) -> str:
    """The words of a text, accents, case and signs ignored: « Date de début » is « date de debut »."""
    plain = unicodedata.normalize("NFD", str(text).casefold().replace("œ", "oe"))
    return WORDS.sub(" ", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip()


def as_text(value: Any, longest: int = 0) -> str:
    """A number without its decimals when it has none: 14031.0 is « 14031 »."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time.min:
        value = value.date()
    text = CONTROL.sub(" ", unicodedata.normalize("NFC", str(value))).strip()
    if longest and len(text) > longest:
        raise CellError(_("Ce texte dépasse %(count)s caractères.") % {"count": longest})
    return text


def as_day(value: Any) -> dt.date | None:
    """A day: a date of the sheet, AAAA-MM-JJ, or the French jour/mois/année."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = as_text(value)
    if match := ISO_DAY.match(text):
        year, month, day = map(int, match.groups())
    elif match := FRENCH_DAY.match(text):
        day, month, year = map(int, match.groups())
    else:
        raise CellError(_("« %(text)s » n’est pas une date (jour/mois/année).") % {"text": text[:40]})
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise CellError(_("« %(text)s » n’est pas un jour du calendrier.") % {"text": text[:40]}) from error


def as_amount(
    value: Any, *, places: int = 2, most: Decimal = Decimal("999999999999.99"), least: int = 0
) -> Decimal | None:
    """A number as people write it, between `least` and `most`, rounded to `places` only when it is a sheet's own float."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        raise CellError(_("Ce n’est pas un nombre."))
    try:
        number = Decimal(repr(value)) if isinstance(value, int | float) else Decimal(plain_number(as_text(value)))
    except InvalidOperation as error:
        raise CellError(_("« %(text)s » n’est pas un nombre.") % {"text": as_text(value)[:40]}) from error
    if not number.is_finite():
        raise CellError(_("Ce n’est pas un nombre."))
    if abs(number) > MOST:
        raise CellError(_("Ce nombre est hors des limites."))
    rounded = round(number, places)
    if rounded != number and not isinstance(value, float):
        raise CellError(_("Au plus %(count)s décimales.") % {"count": places})
    if not least <= rounded <= most:
        raise CellError(_("Ce nombre est hors des limites."))
    return rounded


def as_count(value: Any, most: int = 2_000_000_000) -> int | None:
    number = as_amount(value, places=6, most=Decimal(most))
    if number is None:
        return None
    if number != int(number):
        raise CellError(_("Un nombre entier est attendu."))
    return int(number)


def as_one_of(value: Any, known: Mapping[str, Found], missing: str) -> Found | None:
    """What `known` has under the key of this text; `missing` says that there is none, with %(text)s in it."""
    text = as_text(value)
    if not text:
        return None
    found = known.get(key(text))
    if found is None:
        raise CellError(missing % {"text": text[:60]})
    return found
