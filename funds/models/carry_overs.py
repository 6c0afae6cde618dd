"""Money carried from the envelope of a year that is over to the next: it leaves the one exactly as it enters the other."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sr_portal.history.tracking import tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .envelopes import Envelope

# Both rows are locked in the order of their years, so that an approval that reserves of either waits or is counted.
WITHIN_THE_RULE = pgtrigger.Trigger(
    name="within_the_rule",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[
        ("old", "funds_envelope%ROWTYPE"), ("next", "funds_envelope%ROWTYPE"), ("m", "funds_mechanism%ROWTYPE"),
        ("carried", "numeric"),
    ],
    func="""
        SELECT * INTO old FROM funds_envelope WHERE id = NEW.source_id FOR UPDATE;
        SELECT * INTO next FROM funds_envelope WHERE id = NEW.target_id FOR UPDATE;
        SELECT * INTO m FROM funds_mechanism WHERE code = old.mechanism_id FOR SHARE;
        IF next.mechanism_id <> old.mechanism_id OR next.fiscal_year <> old.fiscal_year + 1 THEN
            RAISE EXCEPTION 'carry_over_to_the_next: money goes to the next year of the same mechanism';
        END IF;
        IF mission_day(NEW.carried_at) < make_date(old.fiscal_year + 1, m.fiscal_year_first_month::int, 1) THEN
            RAISE EXCEPTION 'carry_over_after_the_end: the year % of % is not over', old.fiscal_year, m.code;
        END IF;
        SELECT coalesce(sum(amount_usd), 0) INTO carried FROM funds_carryover WHERE source_id = old.id;
        IF carried + NEW.amount_usd > round((old.amount_usd + carried) * m.carry_over_max / 100, 2) THEN
            RAISE EXCEPTION 'carry_over_share: at most % %% of the envelope is carried over', m.carry_over_max;
        END IF;
        IF NEW.amount_usd > old.amount_usd - old.reserved_usd THEN
            RAISE EXCEPTION 'carry_over_unreserved: what projects have reserved stays where it is';
        END IF;
        RETURN NEW;
    """,
)  # fmt: skip
MOVES_EXACTLY = pgtrigger.Trigger(
    name="moves_exactly",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        UPDATE funds_envelope SET amount_usd = amount_usd - NEW.amount_usd WHERE id = NEW.source_id;
        UPDATE funds_envelope SET amount_usd = amount_usd + NEW.amount_usd WHERE id = NEW.target_id;
        RETURN NULL;
    """,
)


@tracked()
class CarryOver(ChecksAtOnce):
    """What finance carried of an envelope's unreserved money, USD `Decimal(12, 2)`; for good.

    The database moves the amount from one envelope to the other in the same transaction. A project that closes later
    gives money back to its old envelope: it may be carried then, within the same share of the whole.
    """

    source = models.ForeignKey(
        Envelope, on_delete=models.PROTECT, related_name="carried_out", verbose_name=_("enveloppe d’origine")
    )
    target = models.ForeignKey(
        Envelope, on_delete=models.PROTECT, related_name="carried_in", verbose_name=_("enveloppe de l’exercice suivant")
    )
    amount_usd = models.DecimalField(
        _("montant reporté (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    carried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reporté par")
    )
    carried_at = models.DateTimeField(_("reporté le"), default=clock.now)

    class Meta:
        verbose_name = _("report d’enveloppe")
        verbose_name_plural = _("reports d’enveloppe")
        ordering = ["-carried_at"]
        constraints = [models.CheckConstraint(name="carry_over_positive", condition=Q(amount_usd__gt=0))]
        triggers = [
            WITHIN_THE_RULE,
            MOVES_EXACTLY,
            pgtrigger.Protect(name="carried_for_good", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
