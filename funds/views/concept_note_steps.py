"""What is done to a concept note: begin, write a section, share, record the answer, take up again."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from funds import access
from funds.forms.concept_notes import FORMS, TITLES, AnswerForm, BudgetForm, EssentialsForm
from funds.models import ConceptNote, Prospect
from funds.services import concept_notes as services
from funds.services.versions import Changed
from regions.models import Priority
from sr_portal.accounts.access import only
from sr_portal.web.acting import act_on_form
from sr_portal.web.kept import keeps_input, typed_or_kept

from .concept_notes import note_of

writes = require_http_methods(["GET", "HEAD", "POST"])


def _home(pk: int) -> str:
    return reverse("funds:concept_note", args=[pk])


def _writable(request: HttpRequest, pk: int) -> ConceptNote:
    found = note_of(pk)
    if not access.writes_note(request.user, found):
        raise PermissionDenied
    return found


def acted(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[], str],
    note: ConceptNote | None,
    section: str = "",
    **more: Any,
) -> HttpResponse:
    """Act once; over a newer version of the section, the page shows what stands and the form may be sent again."""
    shown = {"note": note, "section": section, **more}

    def effect() -> str:
        try:
            return act()
        except Changed:
            if note is not None:
                shown["theirs"] = theirs = note_of(note.pk)
                form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
                form.data["seen"] = services.section_version(theirs, section)  # type: ignore[index]
            raise

    return act_on_form(request, "funds/notes/step.html", form, effect, lambda: shown)


def _asked(model: type[Any], number: str) -> Any:
    """The record that the address names, or None: what only fills a form in is never an error."""
    return model.objects.filter(pk=number).first() if number.isdecimal() and len(number) < 10 else None


@writes
@keeps_input
@only(access.writes_notes_somewhere)
def create(request: HttpRequest) -> HttpResponse:
    """A new note, filled in from the prospect or the priority of a plan that the address names."""
    prospect = _asked(Prospect, request.GET.get("prospect", ""))
    if prospect is not None and not access.writes_prospect(request.user, prospect):
        prospect = None
    priority = _asked(Priority, request.GET.get("priorite", ""))
    form = EssentialsForm(typed_or_kept(request), initial=_initial(prospect, priority))

    def act() -> str:
        made = services.create(by=request.user, values=form.values, prospect=prospect)
        messages.success(request, _("La note est créée. Écrivez-en les sections."))
        return _home(made.pk)

    return acted(request, form, act, None, "essentials", heading=_("Rédiger une note conceptuelle"))


def _initial(prospect: Prospect | None, priority: Priority | None) -> dict[str, Any]:
    if prospect is not None:
        return {
            "title": prospect.title, "mechanism": prospect.mechanism_id, "theme": prospect.theme,
            "priority": prospect.priority_id, "regions": [prospect.region_id] if prospect.region_id else [],
            "donors": [prospect.donor_id] if prospect.donor_id else [],
        }  # fmt: skip
    if priority is not None:
        return {
            "title": priority.title,
            "theme": priority.theme,
            "priority": priority.pk,
            "regions": [priority.plan.region_id],
        }
    return {}


@writes
@keeps_input
@only(access.writes_notes_somewhere)
def edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    if section not in TITLES:
        raise Http404
    shown = _writable(request, pk)
    heading = str(TITLES[section])
    if section == services.BUDGET:
        budget = BudgetForm(typed_or_kept(request), instance=shown)

        def act_on_budget() -> str:
            services.save_budget(by=request.user, note=shown, rows=budget.rows, seen=budget.cleaned_data["seen"])
            messages.success(request, _("Le budget indicatif est enregistré."))
            return f"{_home(pk)}#{section}" if request.POST.get("action") != "more" else request.path

        return acted(request, budget, act_on_budget, shown, section, heading=heading)
    form = FORMS[section](typed_or_kept(request), instance=note_of(pk))

    def act() -> str:
        services.save_section(
            by=request.user, note=shown, section=section, values=form.values, seen=form.cleaned_data["seen"]
        )
        messages.success(request, _("La section est enregistrée."))
        return f"{_home(pk)}#{section}"

    return acted(request, form, act, shown, section, heading=heading)


def _confirmed(
    request: HttpRequest, pk: int, act: Callable[[ConceptNote], Any], done: str, **words: Any
) -> HttpResponse:
    """A step without anything to type, on a page that says what it does."""
    shown = _writable(request, pk)

    def effect() -> str:
        act(shown)
        messages.success(request, done)
        return _home(pk)

    return acted(request, forms.Form(typed_or_kept(request)), effect, shown, **words)


@writes
@keeps_input
@only(access.writes_notes_somewhere)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirmed(
        request, pk, lambda note: services.share(by=request.user, note=note), _("La note est partagée."),
        heading=_("Partager la note avec le donateur"), action=_("Déclarer la note partagée"),
        says=_("Envoyez au donateur le PDF de la note, puis déclarez-la partagée à la date d’aujourd’hui. Elle reste modifiable jusqu’à la réponse."),
    )  # fmt: skip


@writes
@keeps_input
@only(access.writes_notes_somewhere)
def rework(request: HttpRequest, pk: int) -> HttpResponse:
    return _confirmed(
        request, pk, lambda note: services.rework(by=request.user, note=note), _("La note est de nouveau un brouillon."),
        heading=_("Reprendre la note"), says=_("La note redevient un brouillon ; son historique garde ce qui a été partagé."),
    )  # fmt: skip


@writes
@keeps_input
@only(access.writes_notes_somewhere)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _writable(request, pk)
    form = AnswerForm(typed_or_kept(request))

    def act() -> str:
        services.answer(by=request.user, note=shown, **form.cleaned_data)
        messages.success(request, _("La réponse du donateur est enregistrée."))
        return _home(pk)

    return acted(request, form, act, shown, heading=_("Enregistrer la réponse du donateur"))
