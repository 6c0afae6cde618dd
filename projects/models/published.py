"""What makes a project public: since when, under which identifier, and how much of it is told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.rules.publication import REASON_NEEDED, Disclosure
from projects.states import GRANTED, State


class Published(models.Model):
    """The columns of publication, on the project's own row.

    `published_on` (a day of the mission) and `iati_identifier` are written by the database at the first approval and
    never change. `disclosed_by` is empty where nobody chose: at approval a project whose visibility endangers people
    is published without its place by itself.
    """

    published_on = models.DateField(_("publié le"), null=True, blank=True, editable=False)
    iati_identifier = models.CharField(
        _("identifiant IATI"), max_length=120, unique=True, null=True, blank=True, editable=False
    )
    disclosure = models.CharField(
        _("publication"), max_length=8, choices=Disclosure.choices, default=Disclosure.FULL, editable=False
    )
    disclosure_reason = models.CharField(_("motif de la publication restreinte"), max_length=300, blank=True, editable=False)  # fmt: skip
    public_title = models.CharField(_("intitulé publié"), max_length=200, blank=True, editable=False)
    disclosed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("publication décidée par"),
    )  # fmt: skip
    disclosed_at = models.DateTimeField(_("publication décidée le"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


CONSTRAINTS = [
    models.CheckConstraint(
        name="project_published_once_approved",
        condition=Q(
            state__in=[state for state in State if state not in GRANTED],
            published_on__isnull=True,
            iati_identifier__isnull=True,
        )
        | Q(state__in=sorted(GRANTED), published_on__isnull=False, iati_identifier__isnull=False),
    ),
    models.CheckConstraint(
        name="project_disclosure_with_reason",
        condition=Q(disclosure=Disclosure.FULL)
        | (
            Q(disclosure__in=[Disclosure.CERCLE, Disclosure.HIDDEN], disclosed_at__isnull=False)
            & ~Q(disclosure_reason="")
        ),
        violation_error_message=REASON_NEEDED,
    ),
    models.CheckConstraint(
        name="project_disclosure_by_somebody",
        condition=Q(disclosed_at__isnull=True, disclosed_by__isnull=True)
        | Q(disclosed_at__isnull=False, disclosed_by__isnull=False)
        | Q(disclosed_at__isnull=False, disclosure=Disclosure.CERCLE, visibility_risk=True),
    ),
]
