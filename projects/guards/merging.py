"""What of the projects stands in the way of merging two partners."""

from django.db.models import Q
from django.utils.translation import gettext as _

from funds.models import Organisation
from projects.models import Amendment, Recipient


def open_amendments(duplicate: Organisation, survivor: Organisation) -> list[str]:
    """An amendment under way that changes the partner names organisations by their keys: it is decided first."""
    from_it = Q(project__partner=duplicate, changes__contains=[{"field": "partner"}])
    to_it = Q(changes__contains=[{"field": "partner", "after": duplicate.pk}])
    found = Amendment.objects.filter(from_it | to_it, state__in=["draft", "submitted"]).select_related("project")
    return [
        _("L’avenant n° %(number)s de %(project)s change le partenaire : décidez-le ou retirez-le d’abord.")
        % {"number": amendment.number, "project": amendment.project.reference}
        for amendment in found.order_by("pk")
    ]


def both_in_one_project(duplicate: Organisation, survivor: Organisation) -> list[str]:
    """A project whose lead is one of them and of which the other receives a share would have its lead twice."""
    pairs = Q(project__partner=duplicate, organisation=survivor) | Q(project__partner=survivor, organisation=duplicate)
    found = Recipient.objects.filter(pairs).select_related("project").order_by("pk")
    return [
        _("« %(project)s » a l’une pour chef de file et l’autre pour bénéficiaire d’une part.")
        % {"project": recipient.project.reference or recipient.project.title}
        for recipient in found
    ]
