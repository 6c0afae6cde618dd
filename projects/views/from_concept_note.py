"""« Créer une proposition » from an accepted concept note, and the way from the note to its project."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from funds.models import ConceptNote
from projects.forms.proposal_fields import regions_open_to
from projects.models import Project
from projects.services.from_concept_note import draft_from_note
from sr_portal.accounts.access import only
from sr_portal.accounts.roles import Role, holds
from sr_portal.web.kept import keeps_input, take_kept

from .project_pages import act


class FromNoteForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Intitulé du projet"), max_length=200)
    region = forms.ModelChoiceField(label=gettext_lazy("Région"), queryset=None)

    def __init__(self, *args, user, note: ConceptNote, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        places = [place.region_id for place in note.places.all()]
        found = regions_open_to(user)
        self.fields["region"].queryset = found = found.filter(pk__in=places) if places else found
        self.fields["region"].empty_label = None if len(found) == 1 else gettext_lazy("Choisir…")


@never_cache
@keeps_input
@only(holds(Role.PROPOSER))
@require_http_methods(["GET", "HEAD", "POST"])
def create_from_note(request: HttpRequest, pk: int) -> HttpResponse:
    notes = ConceptNote.objects.select_related("mechanism", "priority__plan").prefetch_related("places__region")
    note = get_object_or_404(notes, pk=pk)
    data = request.POST if request.method == "POST" else take_kept(request)
    form = FromNoteForm(data, user=request.user, note=note, initial={"title": note.title})

    def effect() -> str:
        project = draft_from_note(by=request.user, note=note, **form.cleaned_data)
        messages.success(request, _("Votre brouillon est créé à partir de la note. Relisez-en chaque étape."))
        return reverse("projects:edit", args=[project.pk, "essentials"])

    return act(request, "projects/proposal/from_note.html", form, effect, {"note": note})


@require_safe
@only(holds(*(set(Role) - {Role.PARTNER})))
def project_of_note(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect("projects:detail", get_object_or_404(Project.objects.visible_to(request.user), origin__note=pk).pk)
