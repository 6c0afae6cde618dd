"""Every question asked of the funds' tables."""

import datetime as dt
from decimal import Decimal
from typing import Self

from django.apps import apps
from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

from funds import rules
from sr_portal.accounts.roles import Role


class EnvelopeQuerySet(models.QuerySet):
    def for_day(self, mechanism, day: dt.date) -> Self:
        """The envelope of the fiscal year of `mechanism` that holds `day` (at most one row)."""
        year = rules.fiscal_year_of(day, mechanism.fiscal_year_first_month)
        return self.filter(mechanism=mechanism, fiscal_year=year)

    def with_flows(self) -> Self:
        """With what agreements bind (`obligated_usd`), what was paid less refunds (`spent_usd`) and `justified_usd`, of its projects.

        From the sums that the database keeps of a mechanism and fiscal year, which are an envelope's own: no project
        holds money without one, and its fiscal year is then the envelope's.
        """
        zero = models.Value(Decimal(0), output_field=models.DecimalField(max_digits=16, decimal_places=2))
        same = {"mechanism": models.OuterRef("mechanism"), "fiscal_year": models.OuterRef("fiscal_year")}
        sums = apps.get_model("projects", "Cell").objects.filter(grain="whole_state", **same).order_by()

        def kept(amount: str | models.expressions.Combinable) -> Coalesce:
            found = sums.values("mechanism").annotate(kept=models.Sum(amount)).values("kept")
            return Coalesce(models.Subquery(found), zero)

        return self.annotate(
            obligated_usd=kept("obligated_usd"),
            spent_usd=kept(F("paid_usd") - F("refunded_usd")),
            justified_usd=kept("justified_usd"),
        )


class ContributionQuerySet(models.QuerySet):
    def signed(self) -> Self:
        return self.filter(signed_on__isnull=False)

    def serving(self, mechanism_id: str, region_id: int, theme: str | None) -> Self:
        """Signed, and earmarked for nothing but this region and this theme; the same as SQL's `earmark_serves`."""
        return self.signed().filter(
            Q(region__isnull=True) | Q(region_id=region_id),
            Q(theme="") | Q(theme=theme or "-"),
            mechanism_id=mechanism_id,
        )

    def free_usd(self) -> Decimal:
        """Signed and held by no project, of all of these together, USD."""
        return self.aggregate(free=models.Sum(F("signed_usd") - F("allocated_usd")))["free"] or Decimal(0)

    def received_usd(self) -> Decimal:
        return self.aggregate(received=models.Sum("received_usd"))["received"] or Decimal(0)


class OrganisationQuerySet(models.QuerySet):
    def current(self) -> Self:
        """Without the records that were found to be duplicates and merged into another."""
        return self.filter(merged_into__isnull=True)

    def implementing(self) -> Self:
        """Those that can carry out a project: implementing partners that are not excluded."""
        return self.current().filter(is_implementing=True, excluded=False)

    def donors(self) -> Self:
        """Those that give money to the section's funds."""
        return self.current().filter(is_donor=True)

    def ptf(self) -> Self:
        """The technical and financial partners with whom the section coordinates."""
        return self.current().filter(is_ptf=True)

    def by_name(self) -> Self:
        """With `name_key`: the name as a reader sorts it, whatever the collation of the database."""
        return self.annotate(name_key=Unaccent(Lower("name")))

    def search(self, text: str) -> Self:
        """Name or acronym, or those of a record merged into it, contain `text`, accents and case ignored."""
        here = Q(name__unaccent__icontains=text) | Q(acronym__unaccent__icontains=text)
        retired = self.model.objects.filter(here, merged_into__isnull=False)
        return self.filter(here | Q(pk__in=retired.values("merged_into")))

    def named(self, text: str) -> Self:
        """The one whose name this is, else those that `search` finds."""
        whole = self.filter(Q(name__iexact=text) | Q(merged__name__iexact=text)).distinct()
        return self.filter(
            Q(pk__in=whole.values("pk")) | (Q(~models.Exists(whole)) & Q(pk__in=self.search(text).values("pk")))
        )


class BankAccountQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The account that finance verified and the one that waits to be, at most one each of a partner."""
        return self.filter(status__in=("to_verify", "verified"))

    def with_people(self) -> Self:
        return self.select_related("proof", "entered_by", "verified_by", "closed_by")

    def sharing(self, fingerprints: list[str], organisation_id: int) -> Self:
        """The accounts of other organisations that have one of these fingerprints, whatever became of them."""
        return (
            self.filter(fingerprint__in=fingerprints)
            .exclude(organisation_id=organisation_id)
            .select_related("organisation")
        )

    def to_verify_by(self, user) -> Self:
        """What waits for this finance officer: not what they entered, nor where they declared an interest."""
        scope = user.scopes.get(Role.FINANCE_OFFICER)
        if scope is None:
            return self.none()
        own = user.interests.filter(ended_at__isnull=True).values("organisation_id")
        return (
            self.filter(scope.as_q("organisation__region") | Q(organisation__region__isnull=True), status="to_verify")
            .exclude(entered_by=user)
            .exclude(organisation__in=own)
        )


class BankReadingQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """The readings of accounts whose partner lies where `user` is a finance officer or an auditor."""
        where = Q(pk__in=[])
        for role in (Role.FINANCE_OFFICER, Role.AUDITOR):
            if scope := user.scopes.get(role):
                where |= scope.as_q("account__organisation__region") | Q(account__organisation__region__isnull=True)
        return self.filter(where)


def verified_account(organisation):
    """The bank account of `organisation` that finance verified, or None: without one, nothing is agreed nor paid."""
    return organisation.bank_accounts.filter(status="verified").first()
