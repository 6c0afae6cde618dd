"""One item of an agenda: what the committee reads, an interest declared, scores and vote, the chair's conclusion."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_safe

from projects.committee_questions import barred_from, partner_concentration
from projects.concentration import share_with
from projects.forms.committee import ConclusionForm, InterestForm, JudgeForm
from projects.models import AgendaItem, ItemState, ReviewSession, SessionState
from projects.notices import happenings
from projects.notices.telling import announced
from projects.services import committee as committees
from projects.services import seats
from sr_portal.web.kept import keeps_input, take_kept

from .committee_doors import act, item_or_404, readers, refused, session_or_404
from .proceedings import Part, Standing, part_of, progress_of
from .track_record import partner_lines

NOTHING_COUNTS = _lazy("Ce point est clos ou la séance n’est pas ouverte : rien n’a été enregistré et rien ne compte.")


def _load(request: HttpRequest, pk: int, item_pk: int) -> tuple[ReviewSession, AgendaItem, Standing]:
    session = session_or_404(request, pk)
    item = item_or_404(request, session, item_pk)
    item.session = session
    return session, item, Standing(item, barred_from([item])[item.pk])


@require_safe
@readers
def session_item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    session, _item, standing = _load(request, pk, item_pk)
    return _item_page(request, session, standing, None)


def _item_page(
    request: HttpRequest, session: ReviewSession, standing: Standing, form: JudgeForm | None, status: int = 200
) -> HttpResponse:
    part, mine = part_of(session, request.user), standing.judge(request.user)
    may_judge = bool(part.votes and mine and mine.is_expected and standing.can_be_judged)
    if may_judge and form is None:
        form = _judge_form(standing, mine)
    context = {
        "session": session,
        "standing": standing,
        "item": standing.item,
        "project": standing.item.project,
        "part": part,
        "mine": mine,
        "form": form if may_judge else None,
        "progress": progress_of(session, request.user, standing.item) if may_judge else None,
        "concentration": partner_concentration(standing.item.project),
        "share": share_with(standing.item.project),
        "record": _record(standing.item.project),
        "may_declare": _may_declare(session, standing, part, mine),
        # Votes are each member's own until the item is closed; who has voted is the chair's and the secretary's.
        "sees_who": standing.is_closed or part.is_chair or part.is_secretary,
        "sees_votes": standing.is_closed,
        "sees_count": standing.is_closed or part.is_chair,
    }
    return render(request, "projects/committee/item.html", context, status=status)


def _record(project) -> list[tuple[str, str]]:
    """The partner's track record, as the committee reads it."""
    partner = project.partner
    return partner_lines(partner) if partner else []


def _may_declare(session: ReviewSession, standing: Standing, part: Part, mine) -> bool:
    return bool(
        part.votes and mine and not mine.recusal and not standing.is_closed and session.state != SessionState.CLOSED
    )


def _judge_form(standing: Standing, mine, data=None) -> JudgeForm:
    initial = {f"score_{criterion}": value for criterion, value in mine.sheet.items()}
    if mine.vote:
        initial |= {"vote": mine.vote.value, "comment": mine.vote.comment}
    return JudgeForm(data, criteria=standing.criteria, initial=initial)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@readers
def session_judge(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """Scores and vote. A non-member is refused (403); after the item is closed nothing is kept (409)."""
    session, item, standing = _load(request, pk, item_pk)
    seats.voting_seat_of(session, request.user)
    mine = standing.judge(request.user)
    back = reverse("projects:session_item", args=[pk, item_pk])
    kept = take_kept(request) if request.method != "POST" else None
    form = _judge_form(standing, mine, request.POST if request.method == "POST" else kept)
    if request.method != "POST":
        return _item_page(request, session, standing, form)
    is_valid = form.is_valid()
    typed = [(_("Explication de vote"), request.POST.get("comment", "")[:500])]
    if not is_valid:
        if not standing.can_be_judged:
            return refused(request, [NOTHING_COUNTS], back=back, typed=typed)
        return _item_page(request, session, standing, form, status=422)

    def effect() -> str:
        data = form.cleaned_data
        committees.judge(item=item, user=request.user, scores=form.scores(), vote=data["vote"], comment=data["comment"])
        messages.success(request, _("Votre avis est enregistré. Vous pouvez le changer jusqu’à la clôture du point."))
        others = progress_of(session, request.user, item).others if "next" in request.POST else []
        return reverse("projects:session_item", args=[pk, others[0]]) if others else back

    return act(request, effect, back=back, typed=typed)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@readers
def session_interest(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    session, item, standing = _load(request, pk, item_pk)
    seats.voting_seat_of(session, request.user)
    back = reverse("projects:session_item", args=[pk, item_pk])
    form = InterestForm(request.POST or take_kept(request) or None)

    def effect() -> str:
        committees.declare_interest(item=item, user=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("Votre intérêt est déclaré : vous ne prenez plus part à ce point."))
        return back

    if request.method == "POST" and form.is_valid():
        return act(request, effect, back=back, typed=[(_("Intérêt déclaré"), form.cleaned_data["reason"])])
    if standing.is_closed or session.state == SessionState.CLOSED:
        return refused(request, [NOTHING_COUNTS], back=back, typed=[(_("Intérêt déclaré"), form["reason"].value())])
    context = {
        "session": session,
        "item": item,
        "project": item.project,
        "form": form,
        "is_chair": part_of(session, request.user).is_chair,
    }
    return render(request, "projects/committee/interest.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@readers
def session_item_close(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """The chair concludes: first what the rule gives with the conditions typed, then the act, once."""
    session, item, standing = _load(request, pk, item_pk)
    seats.chair_only(session, request.user)
    back = reverse("projects:session_item", args=[pk, item_pk])
    form = ConclusionForm(request.POST or take_kept(request) or None, project=item.project)
    context = {"session": session, "item": item, "project": item.project, "standing": standing, "form": form}

    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if "confirm" in request.POST:
            return _conclude(request, item, form, back)
        reasons = standing.lacking(data["defer"]) if standing.can_be_judged else [NOTHING_COUNTS]
        if reasons:
            typed = [(_("Conditions"), data["conditions"]), (_("Motif"), data["explanation"])]
            return refused(request, reasons, back=back, typed=typed)
        if "change" not in request.POST:
            context["outcome"] = standing.outcome(data["defer"], data["conditions"])
            context["amount"] = data["recommended_usd"] or item.project.budget_usd
            step = committees.STEP_OF[context["outcome"]]
            context["announced"] = announced(happenings.step(step, item.project, request.user))
            return render(request, "projects/committee/conclude_confirm.html", context)
    if item.state == ItemState.CLOSED or session.state != SessionState.OPEN:
        return refused(request, [NOTHING_COUNTS], back=back)
    return render(request, "projects/committee/conclude.html", context, status=422 if form.errors else 200)


def _conclude(request: HttpRequest, item: AgendaItem, form: ConclusionForm, back: str) -> HttpResponse:
    def effect() -> str:
        closed = committees.close_item(
            item=item, user=request.user, shown=request.POST.get("shown", "")[:20], **form.cleaned_data
        )
        messages.success(request, _("Le point est clos : %(outcome)s.") % {"outcome": closed.outcome.label.lower()})
        return back

    data = form.cleaned_data
    typed = [(_("Conditions"), data["conditions"]), (_("Motif"), data["explanation"])]
    return act(request, effect, back=back, typed=typed)
