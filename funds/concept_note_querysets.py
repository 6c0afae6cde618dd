"""Every question asked of the concept notes."""

from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf


class ConceptNoteQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        """With its priority and author, `place_names` and `donor_names` (the acronym where there is one); one query."""
        places = self.model.places.rel.related_model.objects.filter(note=OuterRef("pk")).order_by("region__rank")
        addressees = self.model.addressees.rel.related_model.objects.filter(note=OuterRef("pk")).order_by("pk")
        short = Coalesce(NullIf("donor__acronym", Value("")), "donor__name")
        return (
            self.select_related("priority", "author")
            .defer("need", "objective", "results", "beneficiaries")
            .annotate(
                place_names=ArraySubquery(places.values("region__name")),
                donor_names=ArraySubquery(addressees.annotate(short=short).values("short")),
            )
        )

    def filtered(self, wanted: dict[str, Any]) -> Self:
        """By the cleaned data of `NoteFilter`."""
        found = self
        if text := wanted.get("q"):
            found = found.filter(Q(title__unaccent__icontains=text) | Q(objective__unaccent__icontains=text))
        if status := wanted.get("etat"):
            found = found.filter(status=status)
        if mechanism := wanted.get("mecanisme"):
            found = found.filter(mechanism=mechanism)
        if region := wanted.get("region"):
            found = found.filter(places__region=region)
        if theme := wanted.get("theme"):
            found = found.filter(theme=theme)
        if donor := wanted.get("donateur"):
            found = found.filter(addressees__donor=donor)
        return found
