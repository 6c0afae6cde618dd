"""The pipeline of prospects: a board by stage, a list, files, and all that is known of one."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from funds import access, rules
from funds.exports.prospects import as_csv, as_xlsx
from funds.forms.prospects import BoardFilter, ProspectFilter
from funds.models import Prospect, ProspectContact, ProspectStage
from funds.prospect_querysets import ALL, Sums
from funds.prospect_rules import OPEN
from funds.themes import themes
from sr_portal.accounts.access import only
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web import clock
from sr_portal.web.keyset import PARAMETER, Count, KeysetPage, filters_of

MOST_ON_BOARD = 12  # cards of one stage; the list has them all


def prospect_of(pk: int) -> Prospect:
    found = Prospect.objects.select_related(
        "donor", "mechanism", "region", "responsible", "registered_by", "contribution", "priority", "concept_note"
    )
    return get_object_or_404(found.defer("region__outline"), pk=pk)


def _around(request: HttpRequest, form: ProspectFilter) -> dict:
    return {
        "filter": form,
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
        "query": filters_of(request),
        "may_write": access.writes_prospects_somewhere(request.user),
    }


@require_safe
@only(access.reads_prospects)
def board(request: HttpRequest) -> HttpResponse:
    form, user, today = BoardFilter(request.GET), request.user, clock.today()
    form.is_valid()
    found = Prospect.objects.filtered({**form.cleaned_data, "etape": ALL}, today)
    sums, cards = found.by_stage(today), found.for_list().first_of_each_stage(MOST_ON_BOARD)
    columns: dict[str, list[tuple[Prospect, bool]]] = {stage: [] for stage in ProspectStage.values}
    for card in cards:
        columns[card.stage].append((card, card.is_open and access.writes_prospect(user, card)))
    open_sums = [sums[stage] for stage in OPEN if stage in sums]
    context = {
        **_around(request, form),
        "columns": [
            (ProspectStage(stage), sums.get(stage, Sums()), shown, sums.get(stage, Sums()).count - len(shown))
            for stage, shown in columns.items()
        ],
        "open": Sums(*(sum(getattr(one, name) for one in open_sums) for name in ("count", "usd", "weighted_usd"))),
        "late": sum(one.late for one in sums.values()),
        "forecast": forecast(found),
        "stages": ProspectStage.choices,
    }
    return render(request, "funds/prospects/board.html", context, status=422 if form.errors else 200)


def forecast(found) -> list[dict]:
    """What is expected of each mechanism and fiscal year, each row with its `label` (« 2026-2027 »)."""
    rows = found.by_mechanism_and_year()
    english = (get_language() or "fr").startswith("en")
    for row in rows:
        row["name"] = row["mechanism__name_en" if english else "mechanism__name_fr"]
        first, last = rules.fiscal_year_bounds(row["year"], row["first_month"])
        row["label"] = str(first.year) if first.year == last.year else f"{first.year}-{last.year}"
    return rows


@require_safe
@only(access.reads_prospects)
def prospects(request: HttpRequest) -> HttpResponse:
    form, today = ProspectFilter(request.GET), clock.today()
    form.is_valid()
    found = Prospect.objects.filtered(form.cleaned_data, today)
    sums = found.sums()
    context = {
        **_around(request, form),
        "page": KeysetPage.of(found.for_list(), request.GET.get(PARAMETER, ""), order="next_step_on"),
        "count": Count(sums.count, capped=False),
        "sums": sums,
    }
    return render(request, "funds/prospects/list.html", context, status=422 if form.errors else 200)


@require_safe
@only(access.reads_prospects)
def prospects_export(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    wanted = ProspectFilter(request.GET)
    wanted.is_valid()
    found = Prospect.objects.filtered(wanted.cleaned_data, clock.today())
    name = f"prospects-{clock.today():%Y-%m-%d}"
    return as_csv(found, name) if form == "csv" else as_xlsx(found, name)


@require_safe
@only(access.reads_prospects)
def prospect(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = prospect_of(pk), request.user
    may_write = access.writes_prospect(user, shown)
    context = {
        "prospect": shown,
        "theme": themes().get(shown.theme, shown.theme) if shown.theme else "",
        "contacts": shown.contacts.select_related("recorded_by"),
        "may_write": may_write,
        "may_win": may_write and access.wins_prospects(user),
        "is_lost": shown.stage == ProspectStage.LOST,
    }
    return render(request, "funds/prospects/page.html", context)


@require_safe
@only(access.reads_prospects)
def prospect_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = prospect_of(pk)
    found = changes_of(
        shown,
        records_of(ProspectContact, prospect=pk),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/prospects/history.html", {"prospect": shown, "history": found})
