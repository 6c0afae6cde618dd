"""The other recipients of a proposal, as rows of the step of the fund."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from funds.models import Organisation
from projects.models import Recipient
from projects.rules import recipients as rules
from sr_portal.web.fields import AmountField

from .proposal_rows import RowForm


class RecipientForm(RowForm):
    """An organisation of the registry and its share. `organisations` are read once for all the rows."""

    share = AmountField(
        label=_("Part du budget (%)"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal("99.99"))],
    )  # fmt: skip

    class Meta:
        model = Recipient
        fields = ("organisation", "share")

    def __init__(self, *args, organisations: list[tuple[int | str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations

    @classmethod
    def options(cls, project, rate) -> dict:
        known = Organisation.objects.implementing() | Organisation.objects.filter(recipient_of__project=project)
        rows = known.distinct().by_name().order_by("name_key", "pk")
        return {"organisations": [("", _("Choisir dans le registre…")), *((row.pk, str(row)) for row in rows)]}

    @classmethod
    def wrong_together(cls, project, rows) -> list:
        given = [
            (row.form.cleaned_data["organisation"].pk, row.form.cleaned_data["share"])
            for row in rows
            if row.form.is_bound
        ]
        found = rules.wrong(project.partner_id, given)
        return [found] if found else []
