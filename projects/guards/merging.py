"""What of the projects stands in the way of merging two partners."""

from django.db.models import Q
from django.utils.translation import gettext as _

from funds.models import Organisation
from projects.models import Amendment


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
