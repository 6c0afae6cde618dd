"""Guards that come from the rows of a project's mechanism: documents before a step, the word of headquarters."""

from collections.abc import Callable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from projects import asked_documents, clearance
from sr_portal.web.templatetags.portal import usd

from . import Words


def documents_before(step: str) -> Callable[..., list[Words]]:
    """The documents that the mechanism requires before `step` are on file."""

    def documents_filed(project) -> list[Words]:
        return [
            format_lazy(_("Il manque au dossier : {document}."), document=document.name)
            for document in asked_documents.lacking(project, step)
        ]

    return documents_filed


def headquarters_cleared(project) -> list[Words]:
    """Above the mechanism's amount, headquarters has cleared what may now be approved."""
    amount = clearance.to_be_approved(project)
    if not clearance.is_asked_for(project) or clearance.is_given(project, amount):
        return []
    return [
        format_lazy(
            _("L’accord du siège est exigé au-delà de {above} : il n’est pas enregistré pour {amount}."),
            above=usd(project.mechanism.headquarters_above_usd), amount=usd(amount),
        )
    ]  # fmt: skip
