"""Activities from an IATI 2.03 file of another publisher: what concerns Mali, one row for each region that it names.

An activity is recognised by its `iati-identifier`. Its amount is the sum of its budgets, else of its commitments, else of
what it disbursed and spent, times the share of Mali; several regions share it evenly, since the standard does not say how.
Source: IATI Standard 2.03, activity standard (https://iatistandard.org/en/iati-standard/203/).
"""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from funds import access
from funds.activity_rules import in_usd, split_evenly
from funds.imports.activities import activities_url
from funds.imports.activity_plan import ActivityPlan, Drafts
from funds.imports.known import Known
from funds.models import ActivitySource, ActivityStatus
from regions.models import Region
from sr_portal.imports.kinds import Cells, Kind, Line, Source, register
from sr_portal.spreadsheets.cells import as_text, key

STATUSES = {
    "1": ActivityStatus.PLANNED, "2": ActivityStatus.ONGOING, "3": ActivityStatus.ONGOING, "4": ActivityStatus.DONE,
    "5": ActivityStatus.CANCELLED, "6": ActivityStatus.ONGOING,
}  # fmt: skip
FUNDING, IMPLEMENTING = "1", "4"
COMMITMENT, SPENT = ("2",), ("3", "4")  # transaction types: outgoing commitment; disbursement and expenditure
MOST_ACTIVITIES = 20_000
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HEADINGS = {
    "organisation": "reporting-org", "title": "title", "starts_on": "activity-date", "ends_on": "activity-date",
    "latitude": "location/point", "amount": "budget", "currency": "budget/value", "region": "location",
    "external_id": "iati-identifier", "sector": "sector",
}  # fmt: skip


class NotIati(ValidationError):
    """The file is no IATI activity file, or not one that can be read safely."""


def activities_of(content: bytes) -> list[etree._Element]:
    """The activities of a file. Raises NotIati. No entity, no document type, no address is followed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotIati(_("Ce fichier n’est pas du XML correct : %(why)s") % {"why": str(error)[:150]}) from error
    if root.getroottree().docinfo.doctype:
        raise NotIati(_("Ce fichier contient une déclaration de type de document : elle n’est pas acceptée."))
    if root.tag != "iati-activities":
        raise NotIati(_("Ce n’est pas un fichier d’activités IITA (IATI)."))
    if not root.get("version", "").startswith("2."):
        raise NotIati(_("Seule la version 2 de la norme IITA (IATI) se lit ici."))
    found = root.findall("iati-activity")
    if len(found) > MOST_ACTIVITIES:
        raise NotIati(_("Ce fichier a plus de %(count)s activités.") % {"count": MOST_ACTIVITIES})
    return found


def check(source: Source, by: Any) -> ActivityPlan:
    """A file that cannot be read at all is one fault of the whole file."""
    drafts = Drafts(by, ActivitySource.IATI, Known(), registers_unknown=access.registers_partners(by))
    try:
        activities = activities_of(source.content)
    except NotIati as error:
        drafts.faults.add(source.name, 0, "", error.messages[0])
        return drafts.planned()
    for number, element in enumerate(activities, 1):
        reader = Reader(element, drafts)
        if reader.share_of_mali():
            _read(reader, number, drafts)
    if not drafts.rows:
        drafts.faults.add(source.name, 0, "recipient-country", _("Aucune activité de ce fichier ne concerne le Mali."))
    return drafts.planned()


def _read(reader: "Reader", number: int, drafts: Drafts) -> None:
    identifier = (reader.element.findtext("iati-identifier") or "").strip()
    places = reader.places() or [{"region": None, "cercle": None, "locality": "", "latitude": None, "longitude": None}]
    amount, currency, worth = reader.money()
    parts = [None] * len(places) if amount is None else split_evenly(amount, len(places))
    worths = [None] * len(places) if worth is None else split_evenly(worth, len(places))
    for place, part, in_dollars in zip(places, parts, worths, strict=True):
        drafts.rows += 1
        cells = Cells(Line(number, {"organisation": reader.publisher()}), identifier, HEADINGS, drafts.faults)
        starts, ends = reader.day(cells, "2", "1", "starts_on"), reader.day(cells, "4", "3", "ends_on")
        values = {
            "organisation": cells.read("organisation", drafts.organisation),
            "implementer": reader.participants(IMPLEMENTING), "funder": reader.participants(FUNDING),
            "title": reader.words("title")[:250], "description": reader.words("description")[:5_000],
            "sector": reader.sector(), "starts_on": starts, "ends_on": ends,
            "status": STATUSES.get(reader.code("activity-status"), drafts.status_of(starts, ends)),
            "amount": part, "currency": currency if part is not None else "", "amount_usd": in_dollars,
            "beneficiaries": None, "external_id": identifier[:160], **place,
        }  # fmt: skip
        for name in ("organisation", "title", "starts_on", "external_id"):
            if cells.good and not values[name]:
                cells.fault(name, _("L’activité ne le dit pas."))
        if cells.good:
            drafts.add(cells, values)


class Reader:
    """What one `iati-activity` says."""

    def __init__(self, element: etree._Element, drafts: Drafts) -> None:
        self.element, self.drafts = element, drafts

    # --- Words -------------------------------------------------------------------------------------------------------
    def words(self, path: str, within: etree._Element | None = None) -> str:
        """The French narrative, else the first."""
        found = (self.element if within is None else within).findall(f"{path}/narrative")
        default = self.element.get(LANG, "")
        french = [one for one in found if (one.get(LANG) or default).lower().startswith("fr")]
        return as_text(" ".join((french or found)[0].itertext())) if found else ""

    def code(self, path: str) -> str:
        found = self.element.find(path)
        return found.get("code", "") if found is not None else ""

    def publisher(self) -> str:
        organisation = self.element.find("reporting-org")
        return self.words("reporting-org") or (organisation.get("ref", "") if organisation is not None else "")

    def participants(self, role: str) -> str:
        found = [self.words(".", one) for one in self.element.findall("participating-org") if one.get("role") == role]
        return ", ".join(dict.fromkeys(name for name in found if name))[:200]

    def day(self, cells: Cells, actual: str, planned: str, name: str) -> dt.date | None:
        days = {one.get("type"): one.get("iso-date", "") for one in self.element.findall("activity-date")}
        text = days.get(actual) or days.get(planned) or ""
        try:
            return dt.date.fromisoformat(text[:10]) if text else None
        except ValueError:
            cells.fault(name, _("« %(text)s » n’est pas un jour du calendrier.") % {"text": text[:40]})
            return None

    def sector(self) -> Any:
        """The DAC purpose of the greatest share that is known here, else one of its family."""
        known = self.drafts.known.sectors
        found = [one for one in self.element.iter("sector") if one.get("vocabulary", "1") in ("1", "2")]
        found.sort(key=lambda one: -(_number(one.get("percentage")) or Decimal(100)))
        for one in found:
            if sector := known.get(one.get("code", "")):
                return sector
        for one in found:
            family = [
                sector for code, sector in known.items() if code.startswith(one.get("code", "")[:3]) and code.isdigit()
            ]
            if family and len(one.get("code", "")) >= 3:
                return min(family, key=lambda sector: sector.code)
        return None

    # --- Mali and its places ------------------------------------------------------------------------------------------
    def share_of_mali(self) -> Decimal:
        """Per cent of the activity, 0 when it does not concern the country."""
        for one in self.element.findall("recipient-country"):
            if one.get("code") == "ML":
                return _number(one.get("percentage")) or Decimal(100)
        within = self.element.findall("transaction/recipient-country")
        return Decimal(100) if any(one.get("code") == "ML" for one in within) else Decimal(0)

    def places(self) -> list[dict[str, Any]]:
        """One for each region that a location names or lies in; the first location of each region says where."""
        places: dict[int, dict[str, Any]] = {}
        for one in self.element.findall("location"):
            text = self.words("name", one)
            latitude, longitude = _point(one)
            region, cercle = self._named(one, text)
            if region is None and latitude is not None and longitude is not None:
                region = self._around(latitude, longitude)
            if region is None:
                continue
            point = (latitude, longitude) if latitude is not None and longitude is not None else (None, None)
            places.setdefault(
                region.pk,
                {
                    "region": region,
                    "cercle": cercle,
                    "locality": text[:120],
                    "latitude": point[0],
                    "longitude": point[1],
                },
            )
        return list(places.values())

    def _named(self, location: etree._Element, text: str) -> tuple[Region | None, Any]:
        known = self.drafts.known
        codes = [one.get("code", "") for one in location.findall("administrative")]
        for name in (text, *codes):
            if region := known.regions.get(key(name)):
                return region, None
        for (region_id, name), cercle in known.cercles.items():
            if name and name in {key(text), *map(key, codes)}:
                return next(region for region in known.regions.values() if region.pk == region_id), cercle
        return None, None

    def _around(self, latitude: Decimal, longitude: Decimal) -> Region | None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM regions_region WHERE outline IS NOT NULL AND region_contains(id, %s, %s) ORDER BY rank LIMIT 1",
                [float(latitude), float(longitude)],
            )
            found = cursor.fetchone()
        regions = self.drafts.known.regions.values()
        return next((region for region in regions if region.pk == found[0]), None) if found else None

    # --- Money -------------------------------------------------------------------------------------------------------
    def money(self) -> tuple[Decimal | None, str, Decimal | None]:
        """Amount and currency, and its worth in USD where each part has a rate; several currencies become USD."""
        share = self.share_of_mali() / 100
        sums = self._values("budget") or self._transactions(COMMITMENT) or self._transactions(SPENT)
        if not sums:
            return None, "", None
        worths = [in_usd(amount, currency, self.drafts.rate_at(day)) for amount, currency, day in sums]
        known = [worth for worth in worths if worth is not None]
        worth = sum(known, Decimal(0)) * share if len(known) == len(worths) else None
        currencies = {currency for _amount, currency, _day in sums}
        if len(currencies) == 1:
            amount = sum((amount for amount, _currency, _day in sums), Decimal(0)) * share
            currency = currencies.pop()
        elif worth is not None:
            amount, currency = worth, "USD"
        else:
            return None, "", None
        if amount < 0:
            return None, "", None
        worth = amount if currency == "USD" else worth
        return round(amount, 2), currency, None if worth is None else round(worth, 2)

    def _values(self, path: str) -> list[tuple[Decimal, str, dt.date]]:
        default = self.element.get("default-currency", "")
        found = []
        for one in self.element.findall(f"{path}/value"):
            amount, currency = _number(one.text), one.get("currency") or default
            try:
                day = dt.date.fromisoformat(one.get("value-date", "")[:10])
            except ValueError:
                day = self.drafts.today
            if amount is not None and len(currency) == 3 and currency.isalpha():
                found.append((amount, currency.upper(), day))
        return found

    def _transactions(self, types: tuple[str, ...]) -> list[tuple[Decimal, str, dt.date]]:
        found = []
        for one in self.element.findall("transaction"):
            kind = one.find("transaction-type")
            if kind is not None and kind.get("code") in types:
                found += self._values_of(one)
        return found

    def _values_of(self, transaction: etree._Element) -> list[tuple[Decimal, str, dt.date]]:
        holder = Reader(transaction, self.drafts)
        transaction.set("default-currency", self.element.get("default-currency", ""))
        return holder._values(".")


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < Decimal(10) ** 12 else None


def _point(location: etree._Element) -> tuple[Decimal | None, Decimal | None]:
    """Latitude and longitude as EPSG:4326 writes them: « 16.27 -0.04 »."""
    parts = (location.findtext("point/pos") or "").split()
    numbers = [_number(part) for part in parts] if len(parts) == 2 else [None, None]
    latitude, longitude = numbers
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    return round(latitude, 5), round(longitude, 5)


def declare() -> None:
    register(
        Kind(
            code="iati",
            label=gettext_lazy("Activités des partenaires (fichier IITA / IATI)"),
            text=gettext_lazy("Un fichier d’activités IATI 2 d’un autre publicateur : ce qui concerne le Mali est lu."),
            accept=".xml",
            may=access.writes_activities_somewhere,
            check=check,
            result_url=activities_url,
        )
    )
