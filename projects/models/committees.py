"""Standing review committees and their members."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.committee_querysets import CommitteeQuerySet
from sr_portal.history.tracking import tracked


class CommitteeSeat(models.TextChoices):
    CHAIR = "chair", _("Président")
    MEMBER = "member", _("Membre")
    SECRETARY = "secretary", _("Secrétaire (sans voix)")
    OBSERVER = "observer", _("Observateur (sans voix)")


VOTING_SEATS = (CommitteeSeat.CHAIR, CommitteeSeat.MEMBER)


@tracked()
class Committee(models.Model):
    """A regional committee (region given: up to the delegated amount) or the central one (region empty).

    With a mechanism it is that mechanism's own body, and takes its projects before the others do.
    """

    name = models.CharField(_("nom"), max_length=150, unique=True)
    region = models.ForeignKey(
        "regions.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="committees",
        verbose_name=_("région"),
    )  # fmt: skip
    mechanism = models.ForeignKey(
        "funds.Mechanism",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mécanisme"),
    )

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("comité de revue")
        verbose_name_plural = _("comités de revue")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "mechanism"],
                nulls_distinct=False,
                name="committee_one_per_place",
                violation_error_message=_("Un comité siège déjà à cet endroit."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CommitteeMember(models.Model):
    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="committee_seats", verbose_name=_("personne")
    )
    seat = models.CharField(_("siège"), max_length=10, choices=CommitteeSeat.choices, default=CommitteeSeat.MEMBER)

    class Meta:
        verbose_name = _("membre du comité")
        verbose_name_plural = _("membres du comité")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "user"], name="committee_member_once"),
            models.UniqueConstraint(fields=["committee"], condition=Q(seat="chair"), name="committee_one_chair"),
        ]

    def __str__(self) -> str:
        return str(self.user)
