"""Bringing data in: choose what, send the file, tell its columns, read the report, confirm, watch it run."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sr_portal.accounts.access import only
from sr_portal.documents.refusals import RefusedFile
from sr_portal.imports import services
from sr_portal.imports.access import imports_something, opens_imports, reads_all
from sr_portal.imports.forms import MappingForm, UploadForm
from sr_portal.imports.kinds import Kind, kind_of, kinds_for, labels
from sr_portal.imports.models import DataImport, ImportStatus
from sr_portal.imports.sources import guess, sheets_of
from sr_portal.spreadsheets.columns import template as template_of
from sr_portal.spreadsheets.reading import bounded, read
from sr_portal.spreadsheets.writing import csv_lines, xlsx_response
from sr_portal.web.acting import act_on_form
from sr_portal.web.keyset import PARAMETER, KeysetPage

FAULTS_SHOWN = 100
MOVING = (ImportStatus.QUEUED, ImportStatus.RUNNING)


@require_safe
@only(opens_imports)
def home(request: HttpRequest) -> HttpResponse:
    found = DataImport.objects.select_related("by").defer("faults", "mapping")
    if not reads_all(request.user):
        found = found.filter(by=request.user)
    page = KeysetPage.of(found, request.GET.get(PARAMETER, ""), order="-pk")
    names = labels()
    rows = [(record, names.get(record.kind, record.kind)) for record in page]
    return render(request, "imports/home.html", {"kinds": kinds_for(request.user), "page": page, "rows": rows})


def _kind(request: HttpRequest, code: str) -> Kind:
    kind = kind_of(code)
    if kind is None or not kind.may(request.user):
        raise Http404
    return kind


@require_http_methods(["GET", "HEAD", "POST"])
@only(imports_something)
def start(request: HttpRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    form = UploadForm(request.POST or None, request.FILES or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if kind.sheets and not guess(kind, read(upload), services.remembered(request.user, code)):
                raise RefusedFile(upload.name, _("aucune feuille n’a les colonnes attendues. Partez du modèle."))
            content = bounded(upload, upload.name)
            record = services.receive(by=request.user, kind=kind, upload=upload, content=content)
            if kind.sheets:
                return redirect("imports:mapping", pk=record.pk)
            services.tell_columns(by=request.user, record=record, mapping={}, options={}, sheets=[])
            return redirect("imports:detail", pk=record.pk)
        except ValidationError as error:
            form.add_error("file", error)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/start.html", {"form": form, "kind": kind}, status=status)


@require_safe
@only(imports_something)
def template(request: HttpRequest, code: str) -> HttpResponse:
    kind = _kind(request, code)
    if not kind.sheets:
        raise Http404
    return xlsx_response(template_of([(one.title, one.columns) for one in kind.sheets], kind.lists()), f"modele-{code}")


def _record(request: HttpRequest, pk: int) -> DataImport:
    found = DataImport.objects.select_related("by")
    if not reads_all(request.user):
        found = found.filter(by=request.user)
    return get_object_or_404(found, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@only(imports_something)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    record = _record(request, pk)
    kind = _kind(request, record.kind)
    if not kind.sheets or record.status not in services.OPEN:
        return redirect("imports:detail", pk=pk)
    sheets = sheets_of(record)
    mapped = record.mapping or guess(kind, sheets, services.remembered(request.user, kind.code))
    initial = dict(record.options)
    form = MappingForm(request.POST or None, kind=kind, sheets=sheets, mapped=mapped, initial=initial)
    if request.method == "POST" and form.is_valid():
        options = {name: form.cleaned_data[name] for name, _label, _text in kind.options}
        try:
            services.tell_columns(by=request.user, record=record, mapping=form.chosen, options=options, sheets=sheets)
            return redirect("imports:detail", pk=pk)
        except ValidationError as error:
            form.add_error(None, error)
    status = 422 if request.method == "POST" else 200
    return render(request, "imports/mapping.html", {"form": form, "record": record, "kind": kind}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only(opens_imports)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of the check and, once confirmed, how far it is; a POST confirms."""
    from django import forms

    record = _record(request, pk)
    kind = kind_of(record.kind)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> str:
        services.confirm(by=request.user, record=record)
        messages.success(request, _("L’import est parti. Cette page dit où il en est."))
        return reverse("imports:detail", args=[pk])

    return act_on_form(request, "imports/detail.html", form, act, lambda: _shown(request, pk, kind))


def _shown(request: HttpRequest, pk: int, kind: Kind | None) -> dict:
    record = _record(request, pk)
    progress = getattr(record, "progress", None) if record.status in MOVING else None
    lost = record.status == ImportStatus.RUNNING and services.is_lost(record)
    own = record.by_id == request.user.pk and kind is not None and kind.may(request.user)
    return {
        "record": record,
        "kind": kind,
        "label": kind.label if kind else record.kind,
        "progress": progress,
        "moving": record.status in MOVING and not lost,
        "lost": lost,
        "may_confirm": own and not record.fault_count and (record.status in ("checked", "failed") or lost),
        "may_map": own and bool(kind and kind.sheets) and record.status in services.OPEN,
        "faults": record.faults[:FAULTS_SHOWN],
        "more_faults": record.fault_count > FAULTS_SHOWN,
        "result_url": kind.result_url() if kind and record.status == ImportStatus.DONE else "",
        "waited_long": record.status == ImportStatus.QUEUED and progress is not None and _age(progress.at) > 60,
    }


def _age(at: dt.datetime) -> float:
    from sr_portal.web import clock

    return (clock.now() - at).total_seconds()


@require_safe
@only(opens_imports)
def report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The faults as CSV: sheet, row, column, what is wrong."""
    record = _record(request, pk)
    rows = [[_("Feuille"), _("Ligne"), _("Colonne"), _("Ce qui ne va pas")]]
    rows += [[fault["sheet"], fault["row"] or "", fault["column"], fault["message"]] for fault in record.faults]
    answer = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{pk}-erreurs.csv"'
    return answer
