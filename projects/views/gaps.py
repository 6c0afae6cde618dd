"""« Besoins non couverts »: the priorities of the plans in force, the money that serves them, and what is left to find."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from funds import access
from funds.themes import themes
from projects import gaps as reckoning
from regions.models import Region
from sr_portal.accounts.access import only
from sr_portal.spreadsheets.writing import csv_lines
from sr_portal.web import clock

ORDERS = [
    ("", gettext_lazy("Écart restant")), ("besoin", gettext_lazy("Besoin")), ("prospects", gettext_lazy("Prospects")),
    ("plan", gettext_lazy("Ordre des plans")),
]  # fmt: skip


class GapFilter(forms.Form):
    region = forms.ModelChoiceField(
        label=gettext_lazy("Région"), required=False, queryset=None, to_field_name="code",
        empty_label=gettext_lazy("Toutes"),
    )  # fmt: skip
    theme = forms.ChoiceField(label=gettext_lazy("Thème"), required=False)
    tri = forms.ChoiceField(label=gettext_lazy("Trier par"), required=False, choices=ORDERS)
    ouverts = forms.BooleanField(label=gettext_lazy("Seulement ce qui reste à trouver"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = Region.objects.defer("outline").order_by("rank")
        self.named = themes()
        self.fields["theme"].choices = [("", gettext_lazy("Tous")), *self.named.items()]


def _chosen(request: HttpRequest) -> tuple[GapFilter, list[reckoning.Gap]]:
    form = GapFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    region = wanted.get("region")
    rows = reckoning.chosen(
        reckoning.of_plans_in_force(), region=region.code if region else "", theme=wanted.get("theme") or "",
        open_only=bool(wanted.get("ouverts")), order=wanted.get("tri") or "ecart",
    )  # fmt: skip
    return form, rows


@require_safe
@only(access.reads_prospects)
def gaps(request: HttpRequest) -> HttpResponse:
    form, rows = _chosen(request)
    query = request.GET.urlencode()
    context = {
        "filter": form,
        "rows": [(row, form.named.get(row.priority.theme, row.priority.theme)) for row in rows],
        "total": reckoning.total(rows),
        "is_filtered": any(value for name, value in form.cleaned_data.items() if name != "tri") or bool(form.errors),
        "query": f"?{query}" if query else "",
        "may_write": access.writes_notes_somewhere(request.user),
    }
    return render(request, "projects/gaps.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_prospects)
def gaps_csv(request: HttpRequest) -> StreamingHttpResponse:
    form, rows = _chosen(request)
    answer = StreamingHttpResponse(csv_lines(_lines(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="besoins-non-couverts-{clock.today():%Y-%m-%d}.csv"'
    return answer


def _lines(rows: list[reckoning.Gap]) -> Iterator[list[Any]]:
    yield [
        _("Région"), _("Plan"), _("Code"), _("Priorité"), _("Thème"), _("Besoin (USD)"), _("Nos projets (USD)"),
        _("Autres partenaires (USD)"), _("Écart (USD)"), _("Prospects"), _("Prospects pondérés (USD)"),
        _("Écart restant (USD)"),
    ]  # fmt: skip
    for row in rows:
        money, priority = row.money, row.priority
        yield [
            row.plan.region.name, row.plan.title, priority.code, priority.title, priority.theme, money.need, money.ours,
            money.others, money.gap, row.prospects, row.weighted, row.left,
        ]  # fmt: skip
