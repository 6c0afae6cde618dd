"""Every question asked of instalments, payments and receipts."""

from decimal import Decimal
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from projects.querysets import keys_of_interest_to, written_by
from projects.rules.gates import FINAL_REPORTS, Facts
from projects.states import PAYABLE, State
from sr_portal.accounts.roles import Role


def facts_of(project: Any) -> Facts:
    """What the gates of the project's instalments are judged by, as the database stands now; one query."""
    from funds.models import BankAccount
    from projects.models import Agreement, Finding, Project, Report, Visit

    here = OuterRef("pk")
    accepted = Report.objects.filter(project=here, state="accepted").order_by()
    row = (
        Project.objects.filter(pk=project.pk)
        .values(
            "state", "justified_usd", share=F("mechanism__justified_share_min"),
            counts=F("mechanism__next_tranche_counts"), last_held=F("mechanism__last_after_final_report"),
        )
        .annotate(
            signed=Exists(Agreement.objects.filter(project=here, signed_at__isnull=False)),
            bank_verified=Exists(BankAccount.objects.filter(organisation=OuterRef("partner"), status="verified")),
            blocking_finding=Exists(Finding.objects.filter(project=here, severity="blocking", closed_at=None)),
            visited=Exists(Visit.objects.filter(project=here, state="done")),
            final_reports=ArraySubquery(accepted.filter(kind__in=FINAL_REPORTS).values("kind")),
            reported_up_to=Greatest(
                Coalesce(
                    models.Subquery(
                        accepted.filter(kind="interim").values("project").annotate(last=Max("instalment__position")).values("last")
                    ),
                    0,
                ),
                Coalesce(_reported_by_period(), 0),
            ),
            declared_usd=Coalesce(
                models.Subquery(
                    accepted.filter(declared_spent_usd__isnull=False, declared_committed_usd__isnull=False)
                    .order_by(F("period_to").desc(nulls_last=True), "-pk")
                    .values(sum=F("declared_spent_usd") + F("declared_committed_usd"))[:1]
                ),
                Decimal(0),
            ),
        )
        .get()
    )  # fmt: skip
    row |= {"state": State(row["state"]), "final_reports": frozenset(row["final_reports"])}
    return Facts(**row)


def _reported_by_period() -> models.Subquery:
    """Position of the last instalment of which something was paid within what accepted periodic reports cover."""
    from projects.models import Payment, Report

    covered = Report.objects.filter(project=OuterRef(OuterRef("pk")), state="accepted", kind="periodic").order_by()
    last = covered.values("project").annotate(last=Max("period_to")).values("last")
    paid = Payment.objects.filter(
        instalment__project=OuterRef("pk"), kind="payment", undone=False, paid_on__lte=models.Subquery(last)
    ).order_by()
    return models.Subquery(paid.values("instalment__project").annotate(at=Max("instalment__position")).values("at"))


def not_mine(user: Any, project: str) -> Q:
    """Records whose project (at the lookup `project`) the user neither wrote nor has an interest in, as `access` says."""
    return ~written_by(user, project) & ~Q(**{f"{project}__in": keys_of_interest_to(user)})


def _where(user: Any, role: Role, region: str) -> list[Q]:
    """Where the user holds the role, as no condition or one."""
    scope = user.scopes.get(role)
    return [scope.as_q(region)] if scope else []


def _either(conditions: list[Q]) -> Q:
    """One of them at least; none holds nothing. An empty `Q`, which everything meets, would vanish in an « or »."""
    if not all(conditions):
        return Q()
    either = Q(pk__in=[])
    for condition in conditions:
        either |= condition
    return either


class InstalmentQuerySet(models.QuerySet):
    def for_page(self) -> Self:
        """With the people of its steps and the reasons of its returns."""
        return self.select_related("requested_by", "authorised_by").prefetch_related(
            models.Prefetch("returns", _returns().select_related("returned_by"))
        )

    def for_queue(self) -> Self:
        return self.select_related("project__region", "project__partner", "requested_by", "authorised_by").only(
            "position", "amount_usd", "paid_usd", "refunded_usd", "justified_usd", "state", "settled", "planned_on", "requested_at", "authorised_at",
            "requested_by__name", "authorised_by__name", "project__reference", "project__title", "project__state",
            "project__state_since", "project__region__name", "project__partner__name", "project__partner__acronym",
        )  # fmt: skip

    def moving(self, state: str) -> Self:
        """Those at `state` whose project may be paid now."""
        return self.filter(state=state, project__state__in=PAYABLE)

    def to_request(self) -> Self:
        """The planned ones whose gates are all open: the database's own answer."""
        gate = models.Func(F("pk"), function="instalment_gate", output_field=models.TextField())
        return self.moving("planned").annotate(closed_gate=gate).filter(closed_gate=None)

    def to_request_by(self, user: Any) -> Self:
        here = _either(_where(user, Role.PROGRAMME_OFFICER, "project__region_id"))
        return self.to_request().filter(here, not_mine(user, "project"))

    def to_authorise_by(self, user: Any) -> Self:
        """See `money_access.authority`; who asked for an instalment does not authorise it."""
        places = _where(user, Role.FINANCE_OFFICER, "project__region_id")
        if scope := user.scopes.get(Role.APPROVER):
            competent = Q() if scope.everywhere else Q(project__budget_usd__lte=F("project__mechanism__delegated_usd"))
            places.append(scope.as_q("project__region_id") & competent)
        return self.moving("requested").filter(_either(places), not_mine(user, "project")).exclude(requested_by=user)

    def to_justify(self) -> Self:
        """Paid, and not yet covered by receipts, those that finance has still to verify included."""
        paid = self.filter(state="paid").exclude(project__state=State.CLOSED)
        entered = Coalesce(_entered(), models.Value(Decimal(0)))
        return paid.annotate(entered_usd=entered).filter(paid_usd__gt=F("refunded_usd") + F("entered_usd"))

    def to_justify_by(self, user: Any) -> Self:
        """See `money_access.keeps_receipts`: their officers; who wrote the project is reminded of its reports."""
        here = _either(_where(user, Role.PROGRAMME_OFFICER, "project__region_id"))
        return self.to_justify().filter(here, not_mine(user, "project"))

    def to_pay_by(self, user: Any) -> Self:
        here = _either(_where(user, Role.FINANCE_OFFICER, "project__region_id"))
        mine = Q(requested_by=user) | Q(authorised_by=user)
        return self.moving("authorised").filter(here, not_mine(user, "project")).exclude(mine)


def _entered() -> models.Subquery:
    """What the receipts of an instalment come to, verified or not yet, USD."""
    from projects.models import Receipt

    pieces = Receipt.objects.filter(instalment=OuterRef("pk")).exclude(state="rejected").order_by()
    return models.Subquery(pieces.values("instalment").annotate(sum=models.Sum("amount_usd")).values("sum"))


def _returns() -> models.QuerySet:
    from projects.models import InstalmentReturn

    return InstalmentReturn.objects.all()


class PaymentQuerySet(models.QuerySet):
    def for_page(self) -> Self:
        return self.select_related("recorded_by", "reverses", "reversed_by", "account", "proof", "signed_receipt")


class ReceiptQuerySet(models.QuerySet):
    def for_list(self) -> Self:
        return self.select_related("line", "instalment", "entered_by", "judged_by").only(
            "number", "supplier", "issued_on", "description", "amount_usd", "currency", "local_amount", "state",
            "entered_at", "judgement", "line__label", "instalment__position", "instalment__project_id",
            "entered_by__name", "judged_by__name",
        )  # fmt: skip

    def for_queue(self) -> Self:
        return self.select_related("instalment__project", "entered_by").only(
            "number", "supplier", "amount_usd", "entered_at", "entered_by__name", "instalment__position",
            "instalment__project__reference", "instalment__project__title",
        )  # fmt: skip

    def alike(self, receipt: Any) -> Self:
        """Others not rejected, of any project, with the same supplier and number, or the same file."""
        same = Q(supplier__iexact=receipt.supplier, number__iexact=receipt.number)
        same |= Q(document__sha256=receipt.document.sha256)
        return self.filter(same).exclude(pk=receipt.pk).exclude(state="rejected")

    def waiting(self) -> Self:
        """Entered and not yet judged, of projects whose books are open."""
        return self.filter(state="submitted").exclude(instalment__project__state=State.CLOSED)

    def to_verify_by(self, user: Any) -> Self:
        here = _either(_where(user, Role.FINANCE_OFFICER, "instalment__project__region_id"))
        return self.waiting().filter(here, not_mine(user, "instalment__project")).exclude(entered_by=user)


def refunds_awaited(projects: models.QuerySet) -> models.QuerySet:
    """Cancelled projects of which paid is not yet justified + refunded (see `Project.to_refund_usd`)."""
    return projects.filter(state=State.CANCELLED, paid_usd__gt=F("justified_usd") + F("refunded_usd"))
