"""Activities read from any file, compared with those that are there: what would be created, changed, left alone."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from funds import access
from funds.activity_rules import in_usd
from funds.imports.known import Known
from funds.models import ActivityStatus, ExchangeRate, Organisation, OrganisationKind, PartnerActivity
from funds.services.activities import SAID
from regions.points import outside
from sr_portal.imports.kinds import Cells, Faults
from sr_portal.spreadsheets.cells import CellError, as_text, key
from sr_portal.web import clock

BATCH = 500
Identity = tuple[Any, ...]


class ActivityPlan:
    """See `sr_portal.imports.kinds.Plan`."""

    def __init__(self, faults: Faults, rows: int, new: list[PartnerActivity], changed: list[PartnerActivity]) -> None:
        self.faults, self.rows, self.new, self.changed = faults, rows, new, changed
        self.created, self.updated = len(new), len(changed)
        self.unchanged = max(rows - self.created - self.updated, 0) if not faults.count else 0

    def write(self, record: Any, step: Callable[[int], None]) -> None:
        unknown = {id(one.organisation): one.organisation for one in self.new if one.organisation.pk is None}
        for organisation in unknown.values():
            organisation.save()
        now = clock.now()
        for one in (*self.new, *self.changed):
            one.organisation_id = one.organisation.pk
            one.data_import, one.updated_at = record, now
        for start in range(0, len(self.new), BATCH):
            step(len(PartnerActivity.objects.bulk_create(self.new[start : start + BATCH])))
        fields = [*SAID, "data_import", "import_row", "updated_at"]
        for start in range(0, len(self.changed), BATCH):
            step(PartnerActivity.objects.bulk_update(self.changed[start : start + BATCH], fields))


class Drafts:
    """The rows of one file as they are read. What is wrong is a fault of its row; a row with one is not kept."""

    def __init__(self, by: Any, source: str, known: Known, *, registers_unknown: bool) -> None:
        self.by, self.source, self.known = by, source, known
        self.registers_unknown = registers_unknown
        self.faults = Faults()
        self.rows = 0
        self.today = clock.today()
        self.rates = list(ExchangeRate.objects.order_by("-month").values_list("month", "xof_per_usd"))
        self.drafts: dict[Identity, tuple[Cells, dict[str, Any]]] = {}
        self.unknown: dict[str, Organisation] = {}

    # --- Cells -------------------------------------------------------------------------------------------------------
    def organisation(self, value: Any) -> Organisation | None:
        """The registry's, or, where that was asked for, a new one of this name."""
        try:
            return self.known.organisation(value)
        except CellError:
            name = key(as_text(value))
            if not self.registers_unknown or name in self.known.organisations:
                raise
            return self.unknown.setdefault(name, self._new(as_text(value, 200)))

    def _new(self, name: str) -> Organisation:
        return Organisation(name=name, kind=OrganisationKind.NGO_INTERNATIONAL, is_ptf=True, created_by=self.by)

    def status_of(self, starts_on: dt.date | None, ends_on: dt.date | None) -> str:
        if starts_on and starts_on > self.today:
            return ActivityStatus.PLANNED
        return ActivityStatus.DONE if ends_on and ends_on < self.today else ActivityStatus.ONGOING

    def rate_at(self, day: dt.date) -> Decimal | None:
        earlier = next((rate for month, rate in self.rates if month <= day), None)
        return earlier or (self.rates[-1][1] if self.rates else None)

    # --- Rows --------------------------------------------------------------------------------------------------------
    def add(self, cells: Cells, values: dict[str, Any]) -> None:
        """A row whose cells were all good: what they say together is checked here."""
        self._check_together(cells, values)
        region = values["region"]
        if not access.writes_activities_in(self.by, region.pk if region else None):
            cells.fault("region", _("Vous n’inscrivez d’activités que dans les régions de votre rôle."))
        identity = self._identity(values)
        if cells.good and identity in self.drafts:
            row = self.drafts[identity][0].line.number
            cells.fault("title", _("La même activité est déjà à la ligne %(row)s.") % {"row": row})
        if cells.good:
            self.drafts[identity] = (cells, values)

    @staticmethod
    def _identity(values: dict[str, Any]) -> Identity:
        who, region = key(values["organisation"].name), values["region"].pk if values["region"] else None
        if values["external_id"]:
            return (who, region, values["external_id"])
        return (who, region, "", key(values["title"]), key(values["locality"]), values["starts_on"])

    def _check_together(self, cells: Cells, values: dict[str, Any]) -> None:
        starts, ends = values["starts_on"], values["ends_on"]
        if ends and ends < starts:
            cells.fault("ends_on", _("La fin précède le début."))
        if (values["latitude"] is None) != (values["longitude"] is None):
            cells.fault("latitude", _("Donnez la latitude et la longitude, ou aucune des deux."))
        elif values["latitude"] is not None and not -90 <= values["latitude"] <= 90:
            cells.fault("latitude", _("Ce nombre est hors des limites."))
        amount, currency, worth = values["amount"], values["currency"], values["amount_usd"]
        if amount is None and worth is not None and not currency:
            amount, currency = worth, "USD"
        if amount is None:
            if currency and worth is not None:
                cells.fault("amount", _("Donnez le montant et sa monnaie, ou aucun des deux."))
            currency, worth = "", None
        elif not currency:
            cells.fault("currency", _("Donnez le montant et sa monnaie, ou aucun des deux."))
        elif currency == "USD":
            if worth is not None and worth != amount:
                cells.fault("amount_usd", _("Un montant en USD est le même en USD."))
            worth = amount
        elif worth is None:
            worth = in_usd(amount, currency, self.rate_at(starts))
        values.update(amount=amount, currency=currency, amount_usd=worth)

    # --- All together -------------------------------------------------------------------------------------------------
    def planned(self) -> ActivityPlan:
        self._refuse_points_outside()
        there = self._there()
        new, changed = [], []
        for identity, (cells, values) in self.drafts.items():
            known = there.get(identity)
            if known is None:
                one = PartnerActivity(created_by=self.by, source=self.source, import_row=cells.line.number, **values)
                new.append(one)
            elif any(getattr(known, name) != values[name] for name in SAID):
                for name in SAID:
                    setattr(known, name, values[name])
                known.import_row = cells.line.number
                changed.append(known)
        return ActivityPlan(self.faults, self.rows, new, changed)

    def _there(self) -> dict[Identity, PartnerActivity]:
        """Those of the same organisations, by the identity that a row of theirs would have."""
        organisations = {values["organisation"].pk for _cells, values in self.drafts.values()} - {None}
        found = PartnerActivity.objects.filter(organisation__in=organisations).select_related(
            "organisation", "region", "cercle", "sector"
        )
        return {
            self._identity({name: getattr(one, name) for name in SAID}): one for one in found.defer("region__outline")
        }

    def _refuse_points_outside(self) -> None:
        """One question for all the points of the file."""
        placed = [
            (identity, values["region"].pk, float(values["latitude"]), float(values["longitude"]))
            for identity, (_cells, values) in self.drafts.items()
            if values["region"] and values["latitude"] is not None
        ]
        for identity in [placed[rank][0] for rank in outside([point[1:] for point in placed])]:
            cells, _values = self.drafts.pop(identity)
            cells.fault("latitude", _("Ce point est hors de la région."))
