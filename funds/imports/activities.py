"""Activities of partners from a spreadsheet: each row checked by its cells, then all written or none.

An activity is recognised by its organisation, its number there and its region; one without a number by its title, place
and start. What is there and says the same is left alone; what says something else is changed, history kept.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds import access
from funds.activity_columns import COLUMNS
from funds.imports.activity_plan import ActivityPlan, Drafts
from funds.imports.known import Known, codes
from funds.models import ActivitySource, ActivityStatus
from sr_portal.imports.kinds import Cells, Kind, SheetKind, Source, register
from sr_portal.spreadsheets.cells import CellError, as_amount, as_count, as_day, as_one_of, as_text

SHEET = SheetKind("activities", gettext_lazy("Activités"), COLUMNS)
REGISTERS = "registers_unknown"
STATUSES = {
    **{status.value: status for status in ActivityStatus},
    **dict.fromkeys(("prevue", "prevu", "planifiee", "planifie", "planned", "pipeline"), ActivityStatus.PLANNED),
    **dict.fromkeys(("en cours", "ongoing", "active", "implementation"), ActivityStatus.ONGOING),
    **dict.fromkeys(("terminee", "termine", "achevee", "done", "completed", "closed"), ActivityStatus.DONE),
    **dict.fromkeys(("abandonnee", "abandonne", "annulee", "annule", "cancelled"), ActivityStatus.CANCELLED),
}
TEXTS = {"implementer": 200, "funder": 200, "title": 250, "locality": 120, "external_id": 160, "description": 5_000}


def check(source: Source, by: Any) -> ActivityPlan:
    registers = bool(source.options.get(REGISTERS)) and access.registers_partners(by)
    drafts = Drafts(by, ActivitySource.SHEET, Known(), registers_unknown=registers)
    sheet = source.titles.get(SHEET.code, "")
    headings = source.headings.get(SHEET.code, {})
    for line in source.sheets.get(SHEET.code, ()):
        cells = Cells(line, sheet, headings, drafts.faults)
        drafts.rows += 1
        _read(cells, drafts)
    return drafts.planned()


def _read(cells: Cells, drafts: Drafts) -> None:
    known = drafts.known
    values: dict[str, Any] = {name: cells.read(name, as_text, longest) for name, longest in TEXTS.items()}
    values["organisation"] = cells.read("organisation", drafts.organisation)
    values["sector"] = cells.read("sector", known.sector)
    region = values["region"] = cells.read("region", known.region)
    values["cercle"] = cells.read("cercle", known.cercle, region)
    for name in ("latitude", "longitude"):
        values[name] = cells.read(name, as_amount, places=5, most=180 if name == "longitude" else 90, least=-180)
    values["starts_on"] = cells.read("starts_on", as_day)
    values["ends_on"] = cells.read("ends_on", as_day)
    for name in ("amount", "amount_usd"):
        values[name] = cells.read(name, as_amount)
    values["currency"] = cells.read("currency", _currency)
    values["beneficiaries"] = cells.read("beneficiaries", as_count)
    status = cells.read("status", as_one_of, STATUSES, _("« %(text)s » n’est pas un état d’activité."))
    values["status"] = status or drafts.status_of(values["starts_on"], values["ends_on"])
    for column in COLUMNS:
        if column.required and cells.good and not values[column.name]:
            cells.fault(column.name, _("Cette cellule est obligatoire."))
    if cells.good:
        drafts.add(cells, values)


def _currency(value: Any) -> str:
    text = as_text(value).upper()
    text = {"FCFA": "XOF", "CFA": "XOF", "F CFA": "XOF", "€": "EUR", "$": "USD", "US$": "USD"}.get(text, text)
    if text and not (len(text) == 3 and text.isascii() and text.isalpha()):
        raise CellError(_("« %(text)s » n’est pas une monnaie (USD, EUR, XOF…).") % {"text": text[:20]})
    return text


def _codes() -> Iterator[tuple[str, str, str]]:
    yield from codes()
    for status in ActivityStatus:
        yield _("État"), status.value, str(status.label)


def activities_url() -> str:
    from django.urls import reverse

    return reverse("funds:activities")


def declare() -> None:
    register(
        Kind(
            code="activities",
            label=gettext_lazy("Activités des partenaires (tableur)"),
            text=gettext_lazy(
                "Qui fait quoi, où, quand : un fichier XLSX, ODS ou CSV, une ligne par activité et par région."
            ),
            accept=".xlsx,.ods,.csv",
            may=access.writes_activities_somewhere,
            check=check,
            result_url=activities_url,
            sheets=(SHEET,),
            lists=_codes,
            options=(
                (
                    REGISTERS,
                    gettext_lazy("Inscrire au registre les organisations inconnues"),
                    gettext_lazy(
                        "Sinon, une organisation inconnue est une erreur. Elles y entrent comme PTF, à vérifier."
                    ),
                ),
            ),
        )
    )
