"""What a mechanism asks of a proposal beyond what all of them do: its facilities, markers, focus areas, questions and
documents. All are rows, so that a mechanism is added and changed as reference data, not as code (domain guide §1)."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from funds import rules
from sr_portal.history.tracking import tracked

from .bilingual import BilingualName
from .mechanisms import Mechanism


def told_to_the_mechanism() -> tuple[pgtrigger.Trigger, ...]:
    """The mechanism's row knows whether it asks for more (`asks_more`), so that a page of one that does not asks
    nothing of these tables."""
    target = "CASE WHEN TG_OP = 'DELETE' THEN OLD.mechanism_id ELSE NEW.mechanism_id END"
    return (
        pgtrigger.Trigger(
            name="mechanism_asks_more",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Delete,
            func=f"""
                PERFORM mechanism_asks({target});
                RETURN NULL;
            """,
        ),
        pgtrigger.Trigger(
            name="keeps_its_mechanism",
            when=pgtrigger.Before,
            operation=pgtrigger.UpdateOf("mechanism_id"),
            condition=pgtrigger.Q(old__mechanism_id__df=pgtrigger.F("new__mechanism_id")),
            func="RAISE EXCEPTION 'keeps_its_mechanism: this row belongs to mechanism % for good', OLD.mechanism_id;",
        ),
    )


class Asked(BilingualName):
    """A row of a mechanism, known by a short code within it and shown by rank."""

    mechanism = models.ForeignKey(Mechanism, on_delete=models.CASCADE, related_name="+", verbose_name=_("mécanisme"))
    code = models.SlugField(_("code"), max_length=30)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        abstract = True


class BilingualHelp(models.Model):
    help_fr = models.CharField(_("aide en français"), max_length=300, blank=True)
    help_en = models.CharField(_("aide en anglais"), max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def help(self) -> str:
        """In the reader's language."""
        return self.help_en if (get_language() or "fr").startswith("en") else self.help_fr


@tracked()
class Facility(Asked):
    """A window of a mechanism with limits of its own: the PBF's IRF (18 months) and PRF (36 months) (domain guide §1).

    USD `Decimal(12, 2)` and calendar months; an empty limit is the mechanism's. The lower of the two always holds.
    """

    ceiling_usd = models.DecimalField(
        _("plafond par projet (USD)"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(rules.CENT)],
    )  # fmt: skip
    max_months = models.PositiveSmallIntegerField(
        _("durée maximale (mois)"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(rules.LONGEST_MONTHS)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("guichet")
        verbose_name_plural = _("guichets")
        ordering = ["mechanism", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "code"], name="facility_once"),
            models.CheckConstraint(
                name="facility_ceiling_positive", condition=Q(ceiling_usd__isnull=True) | Q(ceiling_usd__gt=0)
            ),
            models.CheckConstraint(
                name="facility_months",
                condition=Q(max_months__isnull=True) | Q(max_months__range=(1, rules.LONGEST_MONTHS)),
            ),
        ]
        triggers = told_to_the_mechanism()


@tracked()
class FocusArea(Asked):
    """A domain of action of a mechanism, one of which each of its projects serves."""

    class Meta:
        verbose_name = _("domaine d’action")
        verbose_name_plural = _("domaines d’action")
        ordering = ["mechanism", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["mechanism", "code"], name="focus_area_once")]
        triggers = told_to_the_mechanism()


@tracked()
class Marker(Asked, BilingualHelp):
    """A scale on which each project of the mechanism places itself: the PBF's gender (0–3) and risk (0–2) markers."""

    class Meta:
        verbose_name = _("marqueur")
        verbose_name_plural = _("marqueurs")
        ordering = ["mechanism", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["mechanism", "code"], name="marker_once")]
        triggers = told_to_the_mechanism()


@tracked()
class MarkerLevel(BilingualName):
    """A step of a marker's scale: its number and what it means."""

    marker = models.ForeignKey(Marker, on_delete=models.CASCADE, related_name="levels", verbose_name=_("marqueur"))
    level = models.PositiveSmallIntegerField(_("niveau"))

    class Meta:
        verbose_name = _("niveau de marqueur")
        verbose_name_plural = _("niveaux de marqueur")
        ordering = ["marker", "level"]
        constraints = [models.UniqueConstraint(fields=["marker", "level"], name="marker_level_once")]

    def __str__(self) -> str:
        return f"{self.level} – {self.name}"


@tracked()
class FormSection(Asked):
    """A heading under which the form of a mechanism's proposals asks further questions."""

    class Meta:
        verbose_name = _("rubrique du formulaire")
        verbose_name_plural = _("rubriques du formulaire")
        ordering = ["mechanism", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["mechanism", "code"], name="form_section_once")]
        triggers = told_to_the_mechanism()


@tracked()
class FormQuestion(BilingualName, BilingualHelp):
    """A question of a section, answered in words; a required one must be answered before submission."""

    section = models.ForeignKey(
        FormSection, on_delete=models.CASCADE, related_name="questions", verbose_name=_("rubrique")
    )
    code = models.SlugField(_("code"), max_length=30)
    required = models.BooleanField(_("réponse exigée à la soumission"), default=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("question du formulaire")
        verbose_name_plural = _("questions du formulaire")
        ordering = ["section", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "code"], name="form_question_once")]


class DocumentStep(models.TextChoices):
    """The step that waits for a document; the words are those of the project's road."""

    SUBMIT = "submit", _("la soumission")
    APPROVE = "approve", _("l’approbation")
    SIGN = "sign_agreement", _("la signature du protocole")
    COMPLETE = "complete", _("l’achèvement")
    CLOSE = "close", _("la clôture")


@tracked()
class RequiredDocument(Asked):
    """A document without which a project of the mechanism does not take a step."""

    step = models.CharField(_("exigé avant"), max_length=20, choices=DocumentStep.choices)

    class Meta:
        verbose_name = _("document exigé")
        verbose_name_plural = _("documents exigés")
        ordering = ["mechanism", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["mechanism", "code"], name="required_document_once"),
            models.CheckConstraint(name="required_document_step", condition=Q(step__in=DocumentStep.values)),
        ]
        triggers = told_to_the_mechanism()
