"""What of a project is public: its page, the choice with its reason, and the clearing of photos and documents."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects import publication_access as access
from projects.dossier_pieces import Piece, piece_for, pieces_of
from projects.forms.publication import ClearForm, DisclosureForm, TakeBackForm
from projects.models import Project, PublishedFile
from projects.rules.publication import Disclosure
from projects.services import publication as services
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import act, must, project_for


@dataclass(frozen=True)
class Line:
    """A file that may be published, and its clearing when it is."""

    piece: Piece
    cleared: PublishedFile | None


@require_safe
@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_for(request.user, pk)
    shown = (
        Project.objects.with_shown()
        .select_related("disclosed_by", "cercle", "region")
        .defer("region__outline")
        .get(pk=pk)
    )
    files = project.published_files.select_related("document", "cleared_by", "withdrawn_by")
    cleared = {row.document_id: row for row in files if row.withdrawn_at is None}
    lines = [
        Line(piece, cleared.get(piece.document.pk)) for piece in pieces_of(project) if services.is_publishable(piece)
    ]
    context = {
        "project": project,
        "shown": shown,
        "level": Disclosure(project.disclosure),
        "lines": lines,
        "taken_back": [row for row in files if row.withdrawn_at is not None],
        "may_choose": access.may_restrict(request.user, project),
        "may_clear": access.may_clear(request.user, project),
    }
    return render(request, "projects/publication/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def disclosure(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_for(request.user, pk)
    must(access.may_restrict(request.user, project), [access.NOT_YOURS])
    kept = None if request.method == "POST" else take_kept(request)
    initial = kept.dict() if kept else {"level": project.disclosure, "public_title": project.public_title}
    typed = request.POST if request.method == "POST" else None
    form = DisclosureForm(typed, initial=initial, project=project, user=request.user)

    def effect() -> str:
        data = form.cleaned_data
        services.set_disclosure(
            project=project, user=request.user, level=data["level"], reason=data["reason"],
            public_title=data["public_title"],
        )  # fmt: skip
        messages.success(request, _("C’est enregistré : « %(level)s ».") % {"level": Disclosure(data["level"]).short})
        return reverse("projects:publication", args=[pk])

    only_head = not access.head(request.user, project)
    context = {"project": project, "level": Disclosure(project.disclosure), "only_head": only_head}
    return act(request, "projects/publication/disclosure.html", form, effect, context)


def _piece(request: HttpRequest, pk: int, public_id: UUID) -> tuple[Project, Piece]:
    """The project and one of its files that may be published; 404 for any other."""
    project = project_for(request.user, pk)
    must(access.may_clear(request.user, project), [access.NOT_YOURS])
    piece = piece_for(project, public_id)
    if piece is None or not services.is_publishable(piece):
        raise Http404
    return project, piece


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def clear(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    project, piece = _piece(request, pk, public_id)
    kept = None if request.method == "POST" else take_kept(request)
    initial = kept.dict() if kept else {"title": piece.caption}
    form = ClearForm(request.POST if request.method == "POST" else None, initial=initial)

    def effect() -> str:
        services.clear_file(project=project, user=request.user, public_id=public_id, **form.cleaned_data)
        messages.success(request, _("Le fichier est publié."))
        return reverse("projects:publication", args=[pk])

    return act(request, "projects/publication/clear.html", form, effect, {"project": project, "piece": piece})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def take_back(request: HttpRequest, pk: int, public_id: UUID) -> HttpResponse:
    project = project_for(request.user, pk)
    must(access.may_clear(request.user, project), [access.NOT_YOURS])
    rows = project.published_files.select_related("document", "cleared_by")
    cleared = get_object_or_404(rows, document__public_id=public_id, withdrawn_at=None)
    kept = None if request.method == "POST" else take_kept(request)
    form = TakeBackForm(request.POST if request.method == "POST" else None, initial=kept.dict() if kept else None)

    def effect() -> str:
        services.take_back(cleared=cleared, user=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Le fichier n’est plus publié."))
        return reverse("projects:publication", args=[pk])

    return act(request, "projects/publication/take_back.html", form, effect, {"project": project, "cleared": cleared})
