"""The approving authority's form: how much, on which conditions."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import AgendaItem, ItemState
from sr_portal.web.fields import MoneyField
from sr_portal.web.templatetags.portal import usd

from .road import LONG, StepForm


def recommendation_of(project) -> AgendaItem | None:
    """The last closed agenda item: what the committee says to the authority."""
    closed = [item for item in project.agenda_items.all() if item.state == ItemState.CLOSED]
    return max(closed, key=lambda item: (item.closed_at, item.pk), default=None)


class ApprovalForm(StepForm):
    """The whole recommended amount, or less; the committee's conditions are taken up, to be kept or changed."""

    amount_usd = MoneyField(
        label=gettext_lazy("Montant approuvé"),
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        error_messages={"min_value": gettext_lazy("Le montant approuvé doit être positif.")},
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Ce que le projet doit remplir. Laissez vide s’il n’y en a pas."),
    )

    def __init__(self, data=None, *, project, user) -> None:
        super().__init__(data, project=project, user=user)
        item = recommendation_of(project)
        self.recommended = project.recommended_usd or Decimal(0)
        self.initial = {"amount_usd": self.recommended, "conditions": item.conditions if item else ""}
        self.fields["amount_usd"].help_text = _(
            "La totalité du montant recommandé, %(amount)s, ou moins : diminuez-le pour approuver un budget réduit."
        ) % {"amount": usd(self.recommended)}

    def clean_amount_usd(self) -> Decimal:
        amount = self.cleaned_data["amount_usd"]
        if amount > self.recommended:
            raise forms.ValidationError(
                _("Le montant approuvé ne peut dépasser le montant recommandé, %(amount)s."),
                params={"amount": usd(self.recommended)},
            )
        return amount
