"""Concept notes: the list, one note whole, its history, its document."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from funds import access
from funds import concept_note_rules as rules
from funds.exports.concept_note import concept_note as paper_of
from funds.forms.concept_notes import TITLES, NoteFilter
from funds.models import ConceptNote, NoteDonor, NoteLine, NoteRegion
from funds.themes import themes
from regions.models import Region
from sr_portal.accounts.access import only
from sr_portal.documents.serving import hand_out
from sr_portal.documents.typesetting import typeset
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted


def note_of(pk: int) -> ConceptNote:
    found = ConceptNote.objects.select_related("mechanism", "priority__plan__region", "author")
    places = Prefetch("places", NoteRegion.objects.order_by("region__rank"))
    named = Prefetch("places__region", Region.objects.defer("outline"))
    rows = found.defer("priority__plan__region__outline").prefetch_related(places, named, "addressees__donor", "lines")
    return get_object_or_404(rows, pk=pk)


@require_safe
@only(access.reads_notes)
def notes(request: HttpRequest) -> HttpResponse:
    form = NoteFilter(request.GET)
    form.is_valid()
    found = ConceptNote.objects.filtered(form.cleaned_data)
    context = {
        "filter": form,
        "page": KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="-pk"),
        "count": counted(found),
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
        "may_write": access.writes_notes_somewhere(request.user),
        "reads_money": access.reads_money(request.user),
    }
    return render(request, "funds/notes/list.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_notes)
def note(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = note_of(pk), request.user
    reads_money = access.reads_money(user)
    may_write = access.writes_notes_somewhere(user) and access.writes_note(user, shown)
    context = {
        "note": shown,
        "theme": themes().get(shown.theme, shown.theme) if shown.theme else "",
        "titles": TITLES,
        "lacking": rules.lacks(shown, has_donor=bool(shown.addressees.all())) if shown.status == rules.DRAFT else [],
        "may_write": may_write,
        "may_edit": may_write and shown.is_writable,
        "may_propose": access.proposes(user) and shown.status == rules.ACCEPTED,
        "prospects": shown.prospects.for_list() if reads_money else [],
        "reads_money": reads_money,
    }
    return render(request, "funds/notes/page.html", context)


@require_safe
@only(access.reads_notes)
def note_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    paper = paper_of(note_of(pk))
    return hand_out(typeset(paper), f"{paper.file_name}.pdf", "application/pdf")


@require_safe
@only(access.reads_notes)
def note_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(ConceptNote, pk=pk)
    found = changes_of(
        shown,
        *(records_of(model, note=pk) for model in (NoteRegion, NoteDonor, NoteLine)),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/notes/history.html", {"note": shown, "history": found})
