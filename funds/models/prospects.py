"""The pipeline of resource mobilisation: what donors might give, how likely it is, and who does what next."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Round
from django.utils.translation import gettext_lazy as _

from funds import prospect_rules as rules
from funds.prospect_querysets import ProspectQuerySet
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .contributions import Contribution, DonorCurrency, amount, in_usd, rate, user
from .mechanisms import Mechanism
from .organisations import Organisation
from .prospect_triggers import CONTACT_TRIGGERS, PROSPECT_TRIGGERS


class ProspectStage(models.TextChoices):
    IDENTIFIED = "identified", _("Repéré")
    CONTACTED = "contacted", _("Contacté")
    NEGOTIATING = "negotiating", _("En négociation")
    PROMISED = "promised", _("Promis")
    WON = "won", _("Gagné")
    LOST = "lost", _("Perdu")

    @property
    def tone(self) -> str:
        return {"promised": "warning", "won": "positive", "lost": "danger", "identified": "neutral"}.get(
            self.value, "info"
        )

    @property
    def icon(self) -> str:
        icons = {"identified": "search", "contacted": "envelope", "negotiating": "repeat", "promised": "flag"}
        return icons.get(self.value, "check-circle" if self.value == "won" else "x-circle")


def weighted_in_usd(label) -> models.GeneratedField:
    """The USD counted at the likelihood, `Decimal(12, 2)`: the USD rounded first, as `prospect_rules.weighted_usd`."""
    money = models.DecimalField(max_digits=16, decimal_places=2)
    usd = Round(Cast(F("amount"), money) / F("rate"), 2)
    return models.GeneratedField(
        expression=Round(usd * F("likelihood") / Decimal(100), 2, output_field=money),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
        verbose_name=label,
    )


@tracked()
class Prospect(ChecksAtOnce):
    """Money that a donor may give to a mechanism, from the first idea to the contribution that it becomes.

    The donor is of the registry, or a name not yet registered. `amount` is in the donor's currency, `rate` units of it
    for one USD; the USD are computed. While it is open it has a next step, with who takes it and when; once won, the
    contribution that it became; once lost, the reason. `likelihood` is in percent: 100 when won, 0 when lost.
    """

    title = models.CharField(_("objet"), max_length=200)
    donor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="prospects",
        verbose_name=_("donateur"),
    )  # fmt: skip
    donor_name = models.CharField(
        _("donateur pas encore au registre"), max_length=200, blank=True,
        help_text=_("Son nom seulement ; il entre au registre quand il donne."),
    )  # fmt: skip
    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, related_name="prospects", verbose_name=_("mécanisme")
    )
    region = models.ForeignKey(
        "regions.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("région")
    )
    theme = models.CharField(_("thème"), max_length=100, blank=True)
    currency = models.CharField(_("monnaie"), max_length=3, choices=DonorCurrency.choices, default=DonorCurrency.USD)
    amount = amount(_("montant espéré"))
    rate = rate(_("taux"), default=Decimal(1))
    rate_on = models.DateField(_("date du taux"))
    amount_usd = in_usd(_("montant (USD)"), "amount", "rate")
    likelihood = models.PositiveSmallIntegerField(_("probabilité (%)"), validators=[MaxValueValidator(100)])
    weighted_usd = weighted_in_usd(_("montant pondéré (USD)"))
    expected_on = models.DateField(
        _("signature attendue le"), help_text=_("Elle dit sur quel exercice du mécanisme l’argent est espéré.")
    )
    stage = models.CharField(_("étape"), max_length=12, choices=ProspectStage.choices, default=ProspectStage.IDENTIFIED)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="prospects", verbose_name=_("responsable")
    )
    next_step = models.CharField(_("prochaine étape"), max_length=250, blank=True)
    next_step_on = models.DateField(_("à faire avant le"), null=True, blank=True)
    priority = models.ForeignKey(
        "regions.Priority", on_delete=models.PROTECT, null=True, blank=True, related_name="prospects",
        verbose_name=_("priorité d’un plan régional"),
    )  # fmt: skip
    concept_note = models.ForeignKey(
        "funds.ConceptNote", on_delete=models.PROTECT, null=True, blank=True, related_name="prospects",
        verbose_name=_("note conceptuelle"),
    )  # fmt: skip
    note = models.TextField(_("note"), blank=True)
    contribution = models.OneToOneField(
        Contribution, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="prospect",
        verbose_name=_("contribution"),
    )  # fmt: skip
    lost_reason = models.CharField(_("motif de la perte"), max_length=250, blank=True, editable=False)
    closed_on = models.DateField(_("gagné ou perdu le"), null=True, blank=True, editable=False)
    registered_by = user(_("inscrit par"))
    registered_at = models.DateTimeField(_("inscrit le"), default=clock.now, editable=False)

    objects = ProspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        ordering = ["next_step_on", "pk"]
        indexes = [
            models.Index(fields=["next_step_on", "id"], name="prospect_next_step"),
            models.Index(fields=["responsible", "next_step_on"], condition=Q(next_step_on__isnull=False),
                         name="prospect_of_somebody"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="prospect_has_one_donor",
                condition=Q(donor__isnull=False, donor_name="") | Q(donor__isnull=True) & ~Q(donor_name=""),
                violation_error_message=_(
                    "Choisissez le donateur au registre, ou écrivez son nom s’il n’y est pas encore."
                ),
            ),
            models.CheckConstraint(
                name="prospect_amount_positive",
                condition=Q(amount__gt=0, rate__gt=0),
                violation_error_message=_("Le montant et le taux sont supérieurs à zéro."),
            ),
            models.CheckConstraint(
                name="prospect_usd_at_one",
                condition=~Q(currency=DonorCurrency.USD) | Q(rate=1),
                violation_error_message=_("Un montant en USD n’a pas de taux : 1 USD pour 1 USD."),
            ),
            models.CheckConstraint(
                name="prospect_likelihood_of_stage",
                condition=Q(stage__in=rules.OPEN, likelihood__lte=100)
                | Q(stage=rules.WON, likelihood=100)
                | Q(stage=rules.LOST, likelihood=0),
                violation_error_message=_("La probabilité va de 0 à 100 % ; gagné, c’est 100, et perdu, 0."),
            ),
            models.CheckConstraint(
                name="prospect_open_has_next_step",
                condition=Q(stage__in=rules.OPEN, next_step_on__isnull=False) & ~Q(next_step="")
                | Q(stage__in=rules.CLOSED, next_step="", next_step_on__isnull=True),
                violation_error_message=_("Un prospect en cours a une prochaine étape, avec son échéance."),
            ),
            models.CheckConstraint(
                name="prospect_lost_with_reason",
                condition=Q(stage=rules.LOST) & ~Q(lost_reason="") | ~Q(stage=rules.LOST) & Q(lost_reason=""),
                violation_error_message=_("Dites pourquoi le prospect est perdu."),
            ),
            models.CheckConstraint(
                name="prospect_won_with_contribution",
                condition=Q(stage=rules.WON, contribution__isnull=False, donor__isnull=False)
                | ~Q(stage=rules.WON) & Q(contribution__isnull=True),
                violation_error_message=_("Un prospect gagné est devenu une contribution, d’un donateur du registre."),
            ),
            models.CheckConstraint(
                name="prospect_closed_on_a_day",
                condition=Q(stage__in=rules.OPEN, closed_on__isnull=True)
                | Q(stage__in=rules.CLOSED, closed_on__isnull=False),
            ),
        ]
        triggers = [*PROSPECT_TRIGGERS, refuse_truncate()]

    def __str__(self) -> str:
        return self.title

    @property
    def stage_label(self) -> ProspectStage:
        return ProspectStage(self.stage)

    @property
    def is_open(self) -> bool:
        return self.stage in rules.OPEN

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.stage, self.next_step_on, clock.today())

    @property
    def donor_label(self) -> str:
        """The acronym or the name, of the registry or not."""
        return (self.donor.acronym or self.donor.name) if self.donor else self.donor_name


class ContactChannel(models.TextChoices):
    MEETING = "meeting", _("Rencontre")
    CALL = "call", _("Appel")
    MAIL = "mail", _("Courriel ou lettre")
    EVENT = "event", _("Conférence, table ronde")
    OTHER = "other", _("Autre")


@tracked()
class ProspectContact(ChecksAtOnce):
    """A line of the journal of contacts with the donor: dated, signed, never rewritten."""

    prospect = models.ForeignKey(Prospect, on_delete=models.PROTECT, related_name="contacts")
    held_on = models.DateField(_("date"))
    channel = models.CharField(
        _("moyen"), max_length=10, choices=ContactChannel.choices, default=ContactChannel.MEETING
    )
    with_whom = models.CharField(_("avec qui"), max_length=150, blank=True)
    text = models.TextField(_("ce qui s’est dit"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False,
        verbose_name=_("noté par"),
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("noté le"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("contact avec le donateur")
        verbose_name_plural = _("contacts avec le donateur")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="prospect_contact_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Écrivez ce qui s’est dit."),
            ),
        ]
        triggers = [*CONTACT_TRIGGERS, refuse_truncate()]

    def __str__(self) -> str:
        return f"{self.held_on:%d/%m/%Y} – {self.text[:60]}"
