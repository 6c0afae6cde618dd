"""What is asked for a move between two lines of the agreed budget."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.models import AgreedLine, Project
from projects.services.budget_moves import room
from sr_portal.web.fields import MoneyField
from sr_portal.web.templatetags.portal import usd

from .road import LONG


class LineField(forms.TypedChoiceField):
    """One of the project's lines, which the page has at hand already."""

    def __init__(self, *, lines: dict[str, AgreedLine], texts: dict[str, str], **more):
        choices = [("", gettext_lazy("Choisir…")), *texts.items()]
        super().__init__(choices=choices, coerce=lines.__getitem__, empty_value=None, **more)


class MoveForm(forms.Form):
    amount_usd = MoneyField(
        label=gettext_lazy("Montant à virer"), max_digits=12, decimal_places=2, min_value=Decimal("0.01"),
        error_messages={"min_value": gettext_lazy("Le montant doit être positif.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Motif"), max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ce qui a changé depuis la signature. Tous ceux qui lisent le projet le verront."),
    )  # fmt: skip
    field_order = ("source", "target", "amount_usd", "reason")

    def __init__(self, data=None, *, project: Project, lines: list[AgreedLine]):
        super().__init__(data)
        keyed = {str(line.pk): line for line in lines}
        rooms = {key: room(project, line) for key, line in keyed.items()}
        out = {
            k: _("%(line)s – peut céder %(room)s") % {"line": keyed[k], "room": usd(r.out)} for k, r in rooms.items()
        }
        into = {
            k: _("%(line)s – peut recevoir %(room)s") % {"line": keyed[k], "room": usd(r.into)}
            for k, r in rooms.items()
        }
        self.fields["source"] = LineField(label=gettext_lazy("De la ligne"), lines=keyed, texts=out)
        self.fields["target"] = LineField(label=gettext_lazy("Vers la ligne"), lines=keyed, texts=into)
        self.order_fields(self.field_order)
