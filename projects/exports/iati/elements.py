"""The small pieces of an IATI file: elements, texts in two languages, organisations, money."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from funds.models import Organisation, OrganisationKind
from sr_portal.web.publisher import Publisher

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
UNSPEAKABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COUNTRY = "ML"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
Element = etree._Element

# OrganisationType
ORGANISATION_TYPES = {
    OrganisationKind.NGO_NATIONAL: "24", OrganisationKind.NGO_INTERNATIONAL: "21", OrganisationKind.ASSOCIATION: "24",
    OrganisationKind.LOCAL_AUTHORITY: "11", OrganisationKind.STATE_SERVICE: "10", OrganisationKind.UN_AGENCY: "40",
    OrganisationKind.COMPANY: "72", OrganisationKind.DONOR: "10",
}  # fmt: skip
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"


@dataclass(frozen=True)
class Context:
    """`now` (aware, UTC) and `today` (the mission's day) are those of the file; `files_url` leads to published files."""

    publisher: Publisher
    now: dt.datetime
    today: dt.date
    files_url: str  # with « {} » for the file's public key

    def past(self, day: dt.date) -> dt.date:
        """That day, or today: nothing that happened is in the future."""
        return min(day, self.today)


def plain(text: str) -> str:
    return UNSPEAKABLE.sub("", text).strip()


def add(parent: Element, tag: str, **attributes: str) -> Element:
    return etree.SubElement(parent, tag, {name.replace("_", "-"): value for name, value in attributes.items()})


def narrate(parent: Element, fr: str = "", en: str = "") -> Element:
    """The texts that are there; the file's own language, French, goes first and is not named."""
    for text, language in ((plain(fr), ""), (plain(en), "en")):
        if text:
            etree.SubElement(parent, "narrative", {LANG: language} if language else {}).text = text
    return parent


def organisation(parent: Element, tag: str, who: Organisation, **attributes: str) -> Element:
    """An organisation under its identifier, when the registry knows one, and its name."""
    ref = {"ref": who.iati_ref} if who.iati_ref else {}
    kind = ORGANISATION_TYPES[OrganisationKind(who.kind)]
    return narrate(add(parent, tag, **ref, type=kind, **attributes), who.name)


def publisher(parent: Element, tag: str, context: Context, **attributes: str) -> Element:
    who = context.publisher
    return narrate(add(parent, tag, ref=who.ref, type=who.kind, **attributes), who.name_fr, who.name_en)


def value(parent: Element, amount: Decimal, day: dt.date) -> None:
    element = add(parent, "value", currency="USD")
    element.set("value-date", day.isoformat())
    element.text = f"{amount:.2f}"


def contact(parent: Element, context: Context) -> None:
    made = add(parent, "contact-info", type="1")
    narrate(add(made, "organisation"), context.publisher.name_fr, context.publisher.name_en)
    add(made, "email").text = context.publisher.email


def date(parent: Element, kind: str, day: dt.date) -> None:
    element = add(parent, "activity-date", type=kind)
    element.set("iso-date", day.isoformat())


def attributes(identity: str, updated: dt.datetime, context: Context) -> dict[str, str]:
    """Those of an activity; `identity` is « 1 » for a fund, « 2 » for a project."""
    return {
        LANG: "fr",
        "default-currency": "USD",
        "last-updated-datetime": min(updated, context.now).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "hierarchy": identity,
        "humanitarian": "0",
    }


def whole_shares(weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """Percentages with two decimals that sum to exactly 100 (largest remainders); nothing for no weight."""
    total = sum(weights.values())
    if not total:
        return {}
    exact = {code: weight * 10_000 / total for code, weight in weights.items()}
    floors = {code: int(share) for code, share in exact.items()}
    left = 10_000 - sum(floors.values())
    for code in sorted(exact, key=lambda one: (floors[one] - exact[one], one))[:left]:
        floors[code] += 1
    return {code: Decimal(share) / 100 for code, share in floors.items() if share}
