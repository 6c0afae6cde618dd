"""How a mechanism pays: the shares of its tranches for each kind of recipient, as rows (domain guide §1, §7)."""

from collections.abc import Sequence
from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds import rules
from sr_portal.history.tracking import tracked
from sr_portal.web.checks import ChecksAtOnce
from sr_portal.web.templatetags.portal import number

from .mechanisms import Mechanism
from .organisations import OrganisationKind

# At most `rules.MOST_TRANCHES`; `rules.tranche_shares_lack` says the same to people.
SHARES_HOLD = pgtrigger.Trigger(
    name="shares_hold",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("m", "funds_mechanism%ROWTYPE"), ("total", "numeric"), ("least", "numeric"), ("count", "int")],
    func="""
        SELECT sum(share), min(share), count(*) INTO total, least, count FROM unnest(NEW.shares) share;
        IF total IS DISTINCT FROM 100 OR least <= 0 OR count > 6 THEN
            RAISE EXCEPTION 'tranche_shares: the shares of a plan are above 0 and make 100 %%, not %', total;
        END IF;
        SELECT * INTO m FROM funds_mechanism WHERE code = NEW.mechanism_id FOR SHARE;
        IF NEW.shares[1] > m.first_share_max OR NEW.shares[count] < m.last_share_min THEN
            RAISE EXCEPTION 'tranche_shares: the plan passes the limits of the mechanism %', m.code;
        END IF;
        RETURN NEW;
    """,
)


@tracked()
class TranchePlan(ChecksAtOnce):
    """The tranches of a mechanism for one kind of recipient, or for all that have no plan of their own.

    `shares` are percents of the approved amount in the order of payment: `[70, 30]`. An agreement takes them as its
    plan; its first share may be smaller and its last larger, never the other way. A mechanism without a plan proposes
    what its own limits allow (`projects.rules.agreement.first_plan`).
    """

    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.CASCADE, related_name="tranche_plans", verbose_name=_("mécanisme")
    )
    recipient = models.CharField(
        _("bénéficiaire"), max_length=20, choices=OrganisationKind.choices, blank=True,
        help_text=_("Vide : toute organisation qui n’a pas son propre plan."),
    )  # fmt: skip
    shares = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2),
        verbose_name=_("parts (%)"),
        help_text=_("Dans l’ordre des versements, séparées par des virgules : 35,35,30."),
    )

    class Meta:
        verbose_name = _("plan de tranches")
        verbose_name_plural = _("plans de tranches")
        ordering = ["mechanism", "recipient"]
        constraints = [
            models.UniqueConstraint(
                fields=["mechanism", "recipient"], name="tranche_plan_once",
                violation_error_message=_("Ce mécanisme a déjà un plan pour ce type de bénéficiaire."),
            ),
        ]  # fmt: skip
        triggers = [SHARES_HOLD]

    def __str__(self) -> str:
        return f"{self.mechanism_id} – {self.recipient_label} : {self.shares_label}"

    @property
    def recipient_label(self) -> str:
        return self.get_recipient_display() if self.recipient else str(pgettext_lazy("bénéficiaire", "Tous les autres"))

    @property
    def shares_label(self) -> str:
        """« 35 / 35 / 30 »"""
        return shares_label(self.shares)

    def clean(self) -> None:
        if self.shares and self.mechanism_id:
            found = rules.tranche_shares_lack(
                self.shares, self.mechanism.first_share_max, self.mechanism.last_share_min
            )
            if found:
                raise ValidationError({"shares": found})


def shares_label(shares: Sequence[Decimal]) -> str:
    return " / ".join(number(share) for share in shares)
