"""Concept notes: what the section proposes to donors before there is a project."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from funds import concept_note_rules as rules
from funds.concept_note_querysets import ConceptNoteQuerySet
from funds.rules import LONGEST_MONTHS
from sr_portal.history.tracking import refuse_truncate, tracked
from sr_portal.web import clock
from sr_portal.web.checks import ChecksAtOnce

from .concept_note_triggers import DONOR_TRIGGERS, LINE_TRIGGERS, NOTE_TRIGGERS, REGION_TRIGGERS
from .mechanisms import Mechanism
from .organisations import Organisation


class NoteStatus(models.TextChoices):
    DRAFT = "draft", _("Brouillon")
    SHARED = "shared", _("Partagée avec le donateur")
    ACCEPTED = "accepted", _("Acceptée")
    DECLINED = "declined", _("Déclinée")
    PROJECT = "project", _("Devenue projet")

    @property
    def tone(self) -> str:
        tones = {"shared": "info", "accepted": "positive", "declined": "danger", "project": "positive"}
        return tones.get(self.value, "neutral")

    @property
    def icon(self) -> str:
        icons = {"draft": "pencil", "shared": "send", "accepted": "check-circle", "declined": "x-circle"}
        return icons.get(self.value, "folder")


class OutlineCategory(models.TextChoices):
    """The categories of a project's budget, of which an outline becomes the first lines."""

    WORKS = "works", _("Travaux")
    EQUIPMENT = "equipment", _("Équipement")
    SUPPLIES = "supplies", _("Fournitures")
    LABOUR = "labour", _("Main-d’œuvre")
    TRANSPORT = "transport", _("Transport")
    TRAINING = "training", _("Formation")
    SUPERVISION = "supervision", _("Supervision")
    VISIBILITY = "visibility", _("Visibilité")


@tracked()
class ConceptNote(ChecksAtOnce):
    """A note for one or several donors. `budget_usd` is the sum of its outline, kept by the database, `Decimal(12, 2)`.

    Written section by section while it is a draft or shared; whole when it is shared; what was accepted stays as it
    was. Its versions are its history.
    """

    title = models.CharField(_("intitulé"), max_length=200)
    mechanism = models.ForeignKey(
        Mechanism, on_delete=models.PROTECT, related_name="concept_notes", verbose_name=_("mécanisme")
    )
    theme = models.CharField(_("thème"), max_length=100, blank=True)
    priority = models.ForeignKey(
        "regions.Priority", on_delete=models.PROTECT, null=True, blank=True, related_name="concept_notes",
        verbose_name=_("priorité d’un plan régional"),
    )  # fmt: skip
    months = models.PositiveSmallIntegerField(
        _("durée (mois)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MONTHS)]
    )
    need = models.TextField(_("contexte et besoin"), blank=True)
    objective = models.TextField(_("objectif"), blank=True)
    results = models.TextField(_("résultats attendus"), blank=True, help_text=_("Un résultat par ligne."))
    beneficiaries = models.TextField(_("bénéficiaires"), blank=True)
    beneficiaries_count = models.PositiveIntegerField(_("nombre de bénéficiaires"), null=True, blank=True)
    budget_usd = models.DecimalField(
        _("budget indicatif (USD)"), max_digits=12, decimal_places=2, default=Decimal(0), editable=False
    )
    status = models.CharField(
        _("état"), max_length=10, choices=NoteStatus.choices, default=NoteStatus.DRAFT, editable=False
    )
    shared_on = models.DateField(_("partagée le"), null=True, blank=True, editable=False)
    answered_on = models.DateField(_("réponse du donateur le"), null=True, blank=True, editable=False)
    answer = models.CharField(_("réponse du donateur"), max_length=250, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+",
        verbose_name=_("rédigée par"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("créée le"), default=clock.now, editable=False)

    objects = ConceptNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note conceptuelle")
        verbose_name_plural = _("notes conceptuelles")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="concept_note_length",
                condition=Q(months__isnull=True) | Q(months__isnull=False, months__range=(1, LONGEST_MONTHS)),
            ),
            models.CheckConstraint(
                name="concept_note_shared_whole",
                condition=Q(status=rules.DRAFT)
                | Q(months__isnull=False, budget_usd__gt=0)
                & ~Q(need="") & ~Q(objective="") & ~Q(results="") & ~Q(beneficiaries=""),
                violation_error_message=_("Une note se partage une fois toutes ses sections écrites."),
            ),
            models.CheckConstraint(
                name="concept_note_dated",
                condition=Q(status=rules.DRAFT, shared_on__isnull=True, answered_on__isnull=True)
                | Q(status=rules.SHARED, shared_on__isnull=False, answered_on__isnull=True)
                | Q(status__in=(rules.ACCEPTED, rules.DECLINED, rules.PROJECT), shared_on__isnull=False)
                & Q(answered_on__isnull=False),
            ),
            models.CheckConstraint(
                name="concept_note_declined_with_reason",
                condition=~Q(status=rules.DECLINED) | ~Q(answer=""),
                violation_error_message=_("Dites pourquoi le donateur décline la note."),
            ),
        ]  # fmt: skip
        triggers = [*NOTE_TRIGGERS, refuse_truncate()]

    def __str__(self) -> str:
        return self.title

    @property
    def status_label(self) -> NoteStatus:
        return NoteStatus(self.status)

    @property
    def is_writable(self) -> bool:
        return self.status in rules.WRITABLE

    @property
    def expected(self) -> list[str]:
        """The expected results, without the marks that people put before them."""
        return [line.strip().lstrip("-–•* ") for line in self.results.splitlines() if line.strip()]


@tracked()
class NoteRegion(ChecksAtOnce):
    """A region that a note is about; none: the whole country."""

    note = models.ForeignKey(ConceptNote, on_delete=models.CASCADE, related_name="places")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("région"))

    class Meta:
        verbose_name = _("région d’une note conceptuelle")
        verbose_name_plural = _("régions des notes conceptuelles")
        ordering = ["region"]
        constraints = [models.UniqueConstraint(fields=["note", "region"], name="concept_note_region_once")]
        triggers = [*REGION_TRIGGERS]

    def __str__(self) -> str:
        return str(self.region)


@tracked()
class NoteDonor(ChecksAtOnce):
    """A donor that a note is for."""

    note = models.ForeignKey(ConceptNote, on_delete=models.CASCADE, related_name="addressees")
    donor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="concept_notes", verbose_name=_("donateur")
    )

    class Meta:
        verbose_name = _("donateur d’une note conceptuelle")
        verbose_name_plural = _("donateurs des notes conceptuelles")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["note", "donor"], name="concept_note_donor_once")]
        triggers = [*DONOR_TRIGGERS]

    def __str__(self) -> str:
        return str(self.donor)


@tracked()
class NoteLine(ChecksAtOnce):
    """A row of the budget's outline, USD `Decimal(12, 2)`."""

    note = models.ForeignKey(ConceptNote, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("rang"))
    category = models.CharField(_("rubrique"), max_length=12, choices=OutlineCategory.choices)
    label = models.CharField(_("désignation"), max_length=200)
    amount_usd = models.DecimalField(
        _("montant (USD)"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )

    class Meta:
        verbose_name = _("ligne du budget indicatif")
        verbose_name_plural = _("lignes du budget indicatif")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="concept_note_line_once"),
            models.CheckConstraint(name="concept_note_line_positive", condition=Q(amount_usd__gt=0)),
        ]
        triggers = [*LINE_TRIGGERS]

    def __str__(self) -> str:
        return self.label
