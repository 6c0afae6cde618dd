"""Every question asked of the funds' tables."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q

from funds import rules


class EnvelopeQuerySet(models.QuerySet):
    def for_day(self, mechanism, day: dt.date) -> Self:
        """The envelope of the fiscal year of `mechanism` that holds `day` (at most one row)."""
        year = rules.fiscal_year_of(day, mechanism.fiscal_year_first_month)
        return self.filter(mechanism=mechanism, fiscal_year=year)


class OrganisationQuerySet(models.QuerySet):
    def implementing(self) -> Self:
        """Those that can carry out a project: everyone but pure donors and the excluded."""
        return self.exclude(kind="donor").filter(excluded=False)

    def search(self, text: str) -> Self:
        """Name or acronym contains `text`, accents and case ignored."""
        return self.filter(Q(name__unaccent__icontains=text) | Q(acronym__unaccent__icontains=text))
