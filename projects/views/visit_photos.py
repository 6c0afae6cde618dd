"""The photos of a visit made: joined one by one by a device, described, withdrawn, handed to who sees the project."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from projects.forms.visits import DescribePhotoForm, PhotoForm, WithdrawPhotoForm
from projects.models import Project, Visit, VisitPhoto, VisitState
from projects.services import visit_reports as services
from projects.visit_access import Rights, rights_of
from sr_portal.documents.serving import serve
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import must
from .visit_report import by_script, file_lists, must_be_theirs
from .visits import context_of, followed_project, must_have, visit_of


# --- Handing out -----------------------------------------------------------------------------------------------------
@login_required
@require_safe
def visit_photo(request: HttpRequest, pk: int, visit_pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_joined(request, pk, visit_pk, public_id).document)


@login_required
@require_safe
def visit_photo_thumbnail(request: HttpRequest, pk: int, visit_pk: int, public_id: UUID) -> HttpResponseBase:
    return serve(_joined(request, pk, visit_pk, public_id).document, thumbnail=True)


def _joined(request: HttpRequest, pk: int, visit_pk: int, public_id: UUID) -> VisitPhoto:
    """The photo of a visit of a project that the reader may see; 404 otherwise, and for one that was withdrawn."""
    visible = Project.objects.visible_to(request.user).filter(pk=pk)
    return get_object_or_404(
        VisitPhoto.objects.select_related("document"), visit_id=visit_pk, visit__project__in=visible,
        document__public_id=public_id, document__withdrawn_at=None,
    )  # fmt: skip


# --- The page --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@keeps_input
@login_required
def visit_photos(request: HttpRequest, pk: int, visit_pk: int) -> HttpResponse:
    project = followed_project(request.user, pk)
    rights = rights_of(request.user, project)
    visit = visit_of(project, visit_pk)
    must_have(rights.visits, rights)
    must(visit.state == VisitState.DONE, [_("Les photos se joignent au compte rendu : la visite n’en a pas encore.")])
    if request.method != "POST":
        if take_kept(request) is not None:
            messages.warning(request, _("Les fichiers n’ont pas été reçus : choisissez-les de nouveau."))
        return _show(request, visit, rights)
    must_be_theirs(request)
    action, _colon, key = request.POST.get("action", "add").partition(":")
    if action == "add":
        return _add(request, visit, rights)
    if action not in ACTIONS or not key.isdecimal():
        return redirect(request.path)
    photo = visit.photos.select_related("document").filter(pk=int(key)).first()
    if photo is None:
        raise Http404
    photo.visit = visit
    return ACTIONS[action](request, visit, rights, photo)


def _add(request: HttpRequest, visit: Visit, rights: Rights) -> HttpResponse:
    """Each photo for itself: the good ones are kept, the others are named with what is wrong."""
    form = PhotoForm(request.POST, file_lists(request))
    joined = 0
    if form.is_valid():
        for photo in form.new_photos:
            try:
                services.add_photo(visit=visit, user=request.user, photo=photo)
                joined += 1
            except ValidationError as refusal:
                form.add_error("photos", refusal.messages)
    if by_script(request):
        errors = {name: list(texts) for name, texts in form.errors.items()}
        return JsonResponse({"saved": not errors, "errors": errors}, status=422 if errors else 200)
    if joined:
        text = ngettext("%(count)s photo est jointe.", "%(count)s photos sont jointes.", joined)
        messages.success(request, text % {"count": joined})
    return _show(request, visit, rights, form) if form.errors else redirect(request.path)


def _describe(request: HttpRequest, visit: Visit, rights: Rights, photo: VisitPhoto) -> HttpResponse:
    form = DescribePhotoForm(request.POST, prefix=prefix_of(photo))
    if not form.is_valid():
        return _show(request, visit, rights, mended={photo.pk: form})
    services.describe_photo(photo=photo, user=request.user, **form.cleaned_data)
    messages.success(request, _("C’est enregistré."))
    return redirect(request.path)


def _withdraw(request: HttpRequest, visit: Visit, rights: Rights, photo: VisitPhoto) -> HttpResponse:
    form = WithdrawPhotoForm(request.POST, prefix=f"{prefix_of(photo)}-withdraw")
    if not form.is_valid():
        return _show(request, visit, rights, withdrawn={photo.pk: form})
    services.withdraw_photo(photo=photo, user=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("La photo est retirée."))
    return redirect(request.path)


ACTIONS = {"describe": _describe, "withdraw": _withdraw}


def prefix_of(photo: VisitPhoto) -> str:
    return f"photo-{photo.pk}"


def _show(
    request: HttpRequest, visit: Visit, rights: Rights, form: PhotoForm | None = None, *,
    mended: dict[int, DescribePhotoForm] | None = None, withdrawn: dict[int, WithdrawPhotoForm] | None = None,
) -> HttpResponse:  # fmt: skip
    mended, withdrawn = mended or {}, withdrawn or {}
    cards = []
    for photo in visit.photos.filter(document__withdrawn_at=None).select_related("document"):
        photo.visit = visit
        cards.append(
            {
                "photo": photo,
                "may_mend": services.may_mend_photo(rights, photo),
                "describe": mended.get(photo.pk)
                or DescribePhotoForm(initial={"stage": photo.stage, "caption": photo.caption}, prefix=prefix_of(photo)),
                "withdraw": withdrawn.get(photo.pk) or WithdrawPhotoForm(prefix=f"{prefix_of(photo)}-withdraw"),
                "is_open": photo.pk in withdrawn,
            }
        )
    context = context_of(visit.project, rights) | {"visit": visit, "cards": cards, "form": form or PhotoForm()}
    refused = form is not None or mended or withdrawn
    return render(request, "projects/visits/photos.html", context, status=422 if refused else 200)
