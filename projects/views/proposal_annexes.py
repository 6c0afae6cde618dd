"""The files joined to a proposal: the step of the form, and handing them out to those who may see the project."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from funds.asked import asked_by
from projects import asked_documents
from projects.forms.proposal import STEPS
from projects.forms.proposal_annexes import DescribeForm, UploadForm
from projects.models import Attachment, AttachmentKind, Project
from projects.services import annexes
from sr_portal.documents.serving import serve
from sr_portal.web.kept import take_kept

from . import proposal_page


# --- Handing out ---------------------------------------------------------------------------------------------------
@login_required
@require_safe
def attachment(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_joined(request, pk, public_id).document)


@login_required
@require_safe
def attachment_thumbnail(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_joined(request, pk, public_id).document, thumbnail=True)


def _joined(request: HttpRequest, pk: int, public_id: UUID) -> Attachment:
    """The annex of a project that the reader may see; 404 otherwise, and for one that was withdrawn."""
    visible = Project.objects.visible_to(request.user).filter(pk=pk)
    return get_object_or_404(
        Attachment.objects.select_related("document"),
        project__in=visible,
        document__public_id=public_id,
        document__withdrawn_at=None,
    )


# --- The step ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Card:
    """An annex as the page lists it: with its form, and whether its photo knows a place that the project has not."""

    annex: Attachment
    form: DescribeForm
    offers_position: bool


@dataclass(frozen=True)
class Wanted:
    """A piece that the screening will look for."""

    label: str
    is_there: bool
    is_required: bool = False  # without it nothing is submitted


def page(request: HttpRequest, project: Project) -> HttpResponse:
    if request.method != "POST":
        kept = take_kept(request)
        if kept is not None:
            messages.warning(request, _("Les fichiers n’ont pas été reçus : choisissez-les de nouveau."))
        return _show(request, project, initial=kept)
    action, _colon, key = request.POST.get("action", "").partition(":")
    if action == "upload":
        return _upload(request, project)
    if action not in ACTIONS or not key.isdecimal():
        return redirect(request.path)
    annex = project.attachments.select_related("document").filter(pk=int(key)).first()
    if annex is None:
        if action == "remove":  # twice is as good as once
            return redirect(request.path)
        raise Http404
    return ACTIONS[action](request, project, annex)


def _upload(request: HttpRequest, project: Project) -> HttpResponse:
    """Each file for itself: the good ones are kept, the others are named with what is wrong."""
    form = UploadForm(request.POST, {"files": request.FILES.getlist("files")}, asked=asked_documents.choices(project))
    if not form.is_valid():
        return _show(request, project, upload=form)
    joined = 0
    for upload in form.cleaned_data["files"]:
        try:
            annexes.add_annex(
                project=project, user=request.user, upload=upload,
                kind=form.cleaned_data["kind"], caption=form.cleaned_data["caption"],
            )  # fmt: skip
            joined += 1
        except annexes.AlreadyJoined as same:
            messages.info(request, same.messages[0])
        except ValidationError as refusal:
            form.add_error("files", refusal.messages)
    if joined:
        text = ngettext("%(count)s fichier est joint.", "%(count)s fichiers sont joints.", joined)
        messages.success(request, text % {"count": joined})
    return _show(request, project, upload=form) if form.errors else redirect(request.path)


def _describe(request: HttpRequest, project: Project, annex: Attachment) -> HttpResponse:
    form = _description(annex, request.POST)
    if form.is_valid():
        try:
            annexes.describe_annex(project=project, user=request.user, annex=annex, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("C’est enregistré."))
            return redirect(request.path)
    return _show(request, project, described=form)


def _remove(request: HttpRequest, project: Project, annex: Attachment) -> HttpResponse:
    reason = _("Retirée de la proposition par qui la rédige.")
    annexes.remove_annex(project=project, user=request.user, annex=annex, reason=reason)
    messages.success(request, _("« %(annex)s » n’est plus jointe.") % {"annex": annex})
    return redirect(request.path)


def _position(request: HttpRequest, project: Project, annex: Attachment) -> HttpResponse:
    try:
        annexes.use_position(project=project, user=request.user, annex=annex)
    except ValidationError as refusal:
        return _show(request, project, refusals=refusal.messages)
    messages.success(request, _("Le projet est placé là où la photo a été prise."))
    return redirect(request.path)


ACTIONS = {"describe": _describe, "remove": _remove, "position": _position}


def _description(annex: Attachment, data=None) -> DescribeForm:
    return DescribeForm(data, instance=annex, prefix=f"annex-{annex.pk}")


def _show(
    request: HttpRequest,
    project: Project,
    *,
    upload: UploadForm | None = None,
    described: DescribeForm | None = None,
    refusals: list[str] | None = None,
    initial: QueryDict | None = None,
) -> HttpResponse:
    rows = list(project.attachments.select_related("document"))
    forms = {described.instance.pk: described} if described is not None else {}
    context = {
        "project": project,
        "step": STEPS["annexes"],
        "previous": STEPS["care"],
        "marks": proposal_page.marks(project, "annexes"),
        "gauges": proposal_page.gauges(project),
        "asked": proposal_page.return_reasons(project).get("annexes", ""),
        "cards": [Card(row, forms.get(row.pk) or _description(row), _offers_position(project, row)) for row in rows],
        "upload": upload
        or UploadForm(initial=initial.dict() if initial else None, asked=asked_documents.choices(project)),
        "wanted": wanted(project, rows),
        "refusals": refusals or [],
    }
    refused = upload is not None or described is not None or bool(refusals)
    return render(request, "projects/proposal/annexes.html", context, status=422 if refused else 200)


def _offers_position(project: Project, annex: Attachment) -> bool:
    document = annex.document
    if document.latitude is None or document.longitude is None:
        return False
    here = (f"{document.latitude:.5f}", f"{document.longitude:.5f}")
    return project.latitude is None or (f"{project.latitude:.5f}", f"{project.longitude:.5f}") != here


def wanted(project: Project, rows: list[Attachment]) -> list[Wanted]:
    """The pieces that the screening's checklist looks for (domain guide §3, §5, §9)."""
    count = Counter(row.kind for row in rows)
    kinds = [AttachmentKind.PHOTO, AttachmentKind.QUOTE, AttachmentKind.LETTER]
    if project.works:
        kinds += [AttachmentKind.PLAN, AttachmentKind.QUANTITIES, AttachmentKind.ENGINEER, AttachmentKind.LAND_TITLE]
    asked = {row.asked_id for row in rows}
    documents = [term for term in asked_by(project.mechanism).documents if term.step == "submit"]
    return [Wanted(term.name, term.key in asked, is_required=True) for term in documents] + [
        Wanted(kind.label, count[kind] > 0) for kind in kinds
    ]
