"""The registry of partners: who they are, whether they were vetted, and the projects that a reader may see."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from funds import access
from funds.forms.partners import ROLE_WORDS, ExclusionForm, PartnerFilter, PartnerForm, VettingForm
from funds.models import BankAccount, CapacityAssessment, DistinctPair, Exclusion, Organisation, Vetting
from funds.partner_sections import sections_for
from funds.services import partners as services
from funds.services import vetting
from funds.standing import account_standing, standing_of, who_stand
from sr_portal.accounts.access import only
from sr_portal.history.reading import changes_of, records_of
from sr_portal.web import clock
from sr_portal.web.kept import keeps_input, take_kept
from sr_portal.web.keyset import PARAMETER, KeysetPage, counted
from sr_portal.web.once import act_once

PROJECTS_SHOWN = 20


@require_safe
@only(access.reads_partners)
def partners(request: HttpRequest) -> HttpResponse:
    form = PartnerFilter(request.GET)
    form.is_valid()
    found = filtered(form.cleaned_data)
    today = clock.today()
    page = KeysetPage.of(
        found.select_related("region").defer("region__outline"), request.GET.get(PARAMETER, ""), order="name_key"
    )
    context = {
        "filter": form,
        "page": page,
        "rows": [(organisation, standing_of(organisation, today)) for organisation in page],
        "count": counted(found),
        "is_filtered": any(form.cleaned_data.values()) or bool(form.errors),
        "may_register": access.registers_partners(request.user),
        "may_merge": access.merges_partners(request.user),
        "may_read_money": access.reads_money(request.user),
        "may_verify_bank": access.verifies_bank_details_somewhere(request.user),
        "may_read_bank": access.reads_bank_numbers_somewhere(request.user),
    }
    return render(request, "funds/partners.html", context, status=422 if form.errors else 200)


def filtered(wanted: dict) -> QuerySet[Organisation]:
    found = Organisation.objects.current().by_name()
    if text := wanted.get("q"):
        found = found.search(text)
    if role := wanted.get("role"):
        found = found.filter(**{ROLE_WORDS[role]: True})
    if kind := wanted.get("type"):
        found = found.filter(kind=kind)
    if region := wanted.get("region"):
        found = found.filter(region=region)
    if word := wanted.get("verification"):
        found = found.filter(who_stand(word, clock.today()))
    return found


def _found(pk: int) -> Organisation:
    return get_object_or_404(
        Organisation.objects.select_related("region", "created_by", "merged_into", "merged_by").defer(
            "region__outline"
        ),
        pk=pk,
    )


@require_safe
@only(access.reads_partners)
def partner(request: HttpRequest, pk: int) -> HttpResponse:
    shown, user = _found(pk), request.user
    interests = list(shown.interests.filter(ended_at__isnull=True).select_related("user"))
    projects = list(shown.projects.visible_to(user).for_list().order_by("-updated_at", "-pk")[: PROJECTS_SHOWN + 1])
    context = {
        "partner": shown,
        "standing": standing_of(shown, clock.today()),
        "projects": projects[:PROJECTS_SHOWN],
        "more_projects": len(projects) > PROJECTS_SHOWN,
        "interests": interests if access.reads_interests(user) else [],
        "own_interest": next((one for one in interests if one.user_id == user.pk), None),
        "may_declare": access.declares_interests(user) and shown.merged_into_id is None,
        "may_describe": access.describes(user, shown),
        "may_vet": access.vets(user, shown),
        "against_vetting": services.reasons_against_vetting(user, shown) if access.vets(user, shown) else [],
        "may_exclude": access.excludes_partners(user) and shown.merged_into_id is None,
        "may_merge": access.merges_partners(user) and shown.merged_into_id is None,
        "assessment": vetting.last_assessment(shown) if shown.is_implementing else None,
        "sections": sections_for(shown, user),
        "merged": shown.merged.order_by("merged_at", "pk"),
        "bank_accounts": [
            (account, account_standing(account)) for account in shown.bank_accounts.current().with_people()
        ],
        "may_enter_bank": access.enters_bank_details(user, shown),
        "may_verify_bank": access.verifies_bank_details(user, shown),
    }
    return render(request, "funds/partner.html", context)


@require_safe
@only(access.reads_partners)
def partner_history(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    found = changes_of(
        shown,
        records_of(BankAccount, organisation=pk),
        records_of(Exclusion, organisation=pk),
        records_of(Vetting, organisation=pk),
        records_of(CapacityAssessment, organisation=pk),
        records_of(DistinctPair, earlier=pk),
        records_of(DistinctPair, later=pk),
        person=request.GET.get("personne", ""),
        field=request.GET.get("objet", ""),
        cursor=request.GET.get(PARAMETER, ""),
    )
    return render(request, "funds/partner_history.html", {"partner": shown, "history": found})


def saved(
    request: HttpRequest, template: str, form: forms.BaseForm, act: Callable[[], tuple[str, str]], context: dict
) -> HttpResponse:
    """Act once on a valid POST: `act` gives the message and the address; what is refused comes back in the form."""
    if request.method == "POST":

        def effect() -> str:
            if not form.is_valid():
                raise ValidationError("")
            text, address = act()
            messages.success(request, text)
            return address

        try:
            return act_once(request, effect)
        except services.Changed as error:
            theirs = _found(context["partner"].pk)
            context["theirs"] = theirs
            form.data = form.data.copy()
            form.data["seen"] = services.version_of(theirs)  # sent again, it goes over what was now shown
            form.add_error(None, error)
        except ValidationError as error:
            if not form.errors:
                form.add_error(None, error)
    status = 422 if request.method == "POST" else 200
    return render(request, template, {"form": form, **context}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.registers_partners)
def partner_create(request: HttpRequest) -> HttpResponse:
    form = PartnerForm(request.POST if request.method == "POST" else take_kept(request))

    def act() -> tuple[str, str]:
        made = services.register(by=request.user, values=form.cleaned_data)
        return _("Le partenaire est inscrit. Il reste à vérifier."), reverse("funds:partner", args=[made.pk])

    return saved(request, "funds/partner_form.html", form, act, {})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.describes_somewhere)
def partner_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    _must(access.describes(request.user, shown))
    form = PartnerForm(request.POST if request.method == "POST" else take_kept(request), instance=_found(pk))

    def act() -> tuple[str, str]:
        values = {name: form.cleaned_data[name] for name in services.DESCRIBED}
        services.describe(by=request.user, organisation=shown, values=values, seen=form.cleaned_data["seen"])
        return _("La fiche est à jour."), reverse("funds:partner", args=[pk])

    return saved(request, "funds/partner_form.html", form, act, {"partner": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.vets_somewhere)
def partner_vet(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _found(pk)
    _must(access.vets(request.user, shown))
    _must(not services.reasons_against_vetting(request.user, shown))
    data = request.POST if request.method == "POST" else take_kept(request)
    form = VettingForm(data, request.FILES or None, partner=shown)

    def act() -> tuple[str, str]:
        data = form.cleaned_data
        vetting.vet(
            by=request.user, organisation=shown, status=data["vetting_status"], vetted_on=data["vetted_on"],
            note=data["vetting_note"], late_reports=data["late_reports"], seen=data["seen"],
            uploads=form.uploads,
        )  # fmt: skip
        return _("La vérification est enregistrée."), reverse("funds:partner", args=[pk])

    return saved(request, "funds/partner_vet.html", form, act, {"partner": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_input
@only(access.excludes_partners)
def partner_exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Exclude, or end the exclusion of one that is excluded."""
    shown = _found(pk)
    _must(shown.merged_into_id is None)
    readmits = shown.excluded
    data = request.POST if request.method == "POST" else take_kept(request)
    form = forms.Form(data) if readmits else ExclusionForm(data)

    def act() -> tuple[str, str]:
        address = reverse("funds:partner", args=[pk])
        if readmits:
            services.readmit(by=request.user, organisation=shown)
            return _("L’exclusion est levée. Le partenaire est à vérifier de nouveau."), address
        services.exclude(by=request.user, organisation=shown, **form.cleaned_data)
        return _("Le partenaire est exclu des nouveaux projets."), address

    return saved(request, "funds/partner_exclude.html", form, act, {"partner": shown, "readmits": readmits})


@require_safe
@only(access.reads_partners)
def partner_exclusions(request: HttpRequest) -> HttpResponse:
    """Every exclusion, those under way and those that ended, the latest first."""
    rows = Exclusion.objects.select_related("organisation", "excluded_by", "ended_by")
    if not (shows_all := request.GET.get("toutes") == "1"):
        rows = rows.filter(ended_on__isnull=True)
    page = KeysetPage.of(rows, request.GET.get(PARAMETER, ""), order="-excluded_on")
    return render(request, "funds/exclusions.html", {"page": page, "shows_all": shows_all})


def _must(allowed: bool) -> None:
    from django.core.exceptions import PermissionDenied

    if not allowed:
        raise PermissionDenied
