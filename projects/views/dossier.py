"""A project's file: every document by kind and state, what is missing, and the whole of it as ZIP or PDF."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects import access, asked_documents, dossier_access
from projects.dossier_pieces import (
    Piece,
    by_folder,
    counts_of,
    facts_of,
    newest,
    of_the_mechanism,
    piece_for,
    pieces_of,
)
from projects.exports.catalogue import papers_of, printed_of
from projects.exports.dossier import dossier as dossier_paper
from projects.exports.dossier_zip import dossier_zip
from projects.forms.dossier import PieceForm, WithdrawForm
from projects.models import Project
from projects.rules.dossier import ENDED_FILE, PROPOSAL, Wanted, reasons_against_withdrawing, wanted
from projects.services import dossier as services
from projects.states import ENDED, State
from sr_portal.documents.paper import Paper
from sr_portal.documents.serving import hand_out, serve
from sr_portal.history.reading import changes_of
from sr_portal.web.kept import keeps_input, take_kept

from .history_records import records_about
from .papers import printed, told
from .project_pages import act, must, project_in_short

LATEST = 40  # changes told in the PDF of the whole file


@require_safe
@never_cache
@login_required
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_in_short(request.user, pk)
    pieces = pieces_of(project)
    may_file = dossier_access.may_file(request.user, project)
    may_withdraw = dossier_access.may_withdraw(request.user, project)
    asked = wanted(project.state, facts_of(project), counts_of(pieces)) + of_the_mechanism(project)
    context = {
        "project": project,
        "state": State(project.state),
        "folders": [
            (folder, [_row(project, piece, may_file, may_withdraw) for piece in held])
            for folder, held in by_folder(newest(pieces))
        ],
        "count": len(pieces),
        "due": [_asked(project, each) for each in asked if each.is_due],
        "ahead": [_asked(project, each) for each in asked if not each.is_due],
        "missing": sum(each.is_missing for each in asked),
        "printed": printed_of(project),
        "may_file": may_file,
        "has_ended": State(project.state) in ENDED,
        "annexes_url": reverse("projects:edit", args=[pk, "annexes"]) if access.can_edit(request.user, project) else "",
    }
    return render(request, "projects/dossier/index.html", context)


def _row(project: Project, piece: Piece, may_file: bool, may_withdraw: bool) -> dict[str, object]:
    is_there = not piece.document.is_withdrawn
    return {
        "piece": piece,
        "may_replace": may_file and is_there and piece.kind in PROPOSAL,
        "may_withdraw": may_withdraw and is_there and not reasons_against_withdrawing(piece.kind, project.state),
    }


def _asked(project: Project, each: Wanted) -> dict[str, object]:
    """A need with where to meet it; nowhere while that page is not there."""
    try:
        url = reverse(each.need.route, args=[project.pk]) if each.need.route else ""
    except NoReverseMatch:
        url = ""
    return {"wanted": each, "url": url, "here": not each.need.route}


# --- Handing out ----------------------------------------------------------------------------------------------------
def _held(request: HttpRequest, pk: int, public_id: UUID) -> Piece:
    """The document of a project that the reader may see; 404 otherwise, and for one that was withdrawn."""
    piece = piece_for(project_in_short(request.user, pk), public_id)
    if piece is None or piece.document.is_withdrawn:
        raise Http404
    return piece


@require_safe
@login_required
def file(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_held(request, pk, public_id).document)


@require_safe
@login_required
def thumbnail(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_held(request, pk, public_id).document, thumbnail=True)


@require_safe
@login_required
def as_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    project = told(request.user, pk)
    return printed(_whole(request, project, pieces_of(project)))


@require_safe
@login_required
def as_zip(request: HttpRequest, pk: int) -> HttpResponseBase:
    project = told(request.user, pk)
    pieces = pieces_of(project)
    whole = [*papers_of(project), lambda: _whole(request, project, pieces)]
    name = _("Dossier %(reference)s") % {"reference": project.reference or _("sans référence")}
    return hand_out(dossier_zip(pieces, whole), f"{name}.zip", "application/zip")


def _whole(request: HttpRequest, project: Project, pieces: list[Piece]) -> Paper:
    """With the latest changes that this reader may see on the history page."""
    latest = changes_of(project, *records_about(project, request.user), page_size=LATEST)
    return dossier_paper(project, pieces, latest.entries)


# --- Writing --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def add(request: HttpRequest, pk: int, public_id: UUID | None = None) -> HttpResponse:
    """A document more, or a newer version of the one that `public_id` names."""
    project = project_in_short(request.user, pk)
    older = _held(request, pk, public_id) if public_id else None
    must(dossier_access.may_file(request.user, project), [ENDED_FILE] if State(project.state) in ENDED else [])
    if older and (older.kind not in PROPOSAL or older.is_superseded):
        raise Http404
    is_post = request.method == "POST"
    kept = None if is_post else take_kept(request)
    form = PieceForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        is_version=older is not None,
        asked=asked_documents.choices(project),
        initial=kept.dict() if kept else {"caption": older.caption if older else "", "kind": request.GET.get("nature")},
    )

    def effect() -> str:
        data = form.cleaned_data
        services.file_piece(
            project=project, user=request.user, upload=data["file"], kind=data.get("kind", ""),
            caption=data["caption"], replaces=public_id,
        )  # fmt: skip
        messages.success(
            request, _("La nouvelle version est au dossier.") if older else _("Le document est au dossier.")
        )
        return reverse("projects:dossier", args=[pk])

    context = {"project": project, "older": older, "typed_once_more": is_post}
    return act(request, "projects/dossier/file.html", form, effect, context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def withdraw(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    project = project_in_short(request.user, pk)
    piece = piece_for(project, public_id)
    if piece is None:
        raise Http404
    must(dossier_access.may_withdraw(request.user, project), [ENDED_FILE] if State(project.state) in ENDED else [])
    reasons = reasons_against_withdrawing(piece.kind, project.state)
    must(not reasons, reasons)
    form = WithdrawForm(request.POST if request.method == "POST" else take_kept(request))

    def effect() -> str:
        services.withdraw_piece(
            project=project, user=request.user, public_id=public_id, reason=form.cleaned_data["reason"]
        )
        messages.success(request, _("Le document est retiré ; son nom, son empreinte et le motif restent au dossier."))
        return reverse("projects:dossier", args=[pk])

    return act(request, "projects/dossier/withdraw.html", form, effect, {"project": project, "piece": piece})
