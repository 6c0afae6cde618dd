"""What an administrator decides about an account or a role: a page that says what will happen, then the act, once."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sr_portal.accounts import invitations, rules, services
from sr_portal.accounts.access import only
from sr_portal.accounts.forms import RoleForm
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.web.once import act_once


def _confirmed(request: HttpRequest, person: User, act: Callable[[], object], **texts: str) -> HttpResponse:
    """Ask on GET; act once on POST, and show why when the service refuses (status 409, nothing changed)."""
    target = reverse("accounts:person", args=[person.pk])
    refusal: list[str] = []
    if request.method == "POST":

        def effect() -> str:
            act()
            messages.success(request, texts["done"])
            return target

        try:
            return act_once(request, effect)
        except ValidationError as error:
            refusal = error.messages
    context = {"person": person, "refusal": refusal, "target": target, **texts}
    return render(request, "accounts/confirm.html", context, status=409 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return _confirmed(
        request,
        person,
        lambda: services.deactivate(person, by=request.user),
        heading=_("Désactiver le compte de %(name)s") % {"name": person.name},
        explanation=_(
            "La personne ne pourra plus se connecter et ses sessions ouvertes prendront fin. "
            "Ses rôles et son nom dans l’historique sont conservés."
        ),
        button=_("Désactiver le compte"),
        tone="danger",
        done=_("Le compte est désactivé."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return _confirmed(
        request,
        person,
        lambda: services.reactivate(person, by=request.user),
        heading=_("Réactiver le compte de %(name)s") % {"name": person.name},
        explanation=_("La personne pourra de nouveau se connecter, avec les rôles qu’elle avait."),
        button=_("Réactiver le compte"),
        tone="primary",
        done=_("Le compte est réactivé."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    return _confirmed(
        request,
        person,
        lambda: services.reset_second_factor(person, by=request.user),
        heading=_("Réinitialiser le second facteur de %(name)s") % {"name": person.name},
        explanation=_(
            "À faire si la personne a perdu son téléphone et ses codes de secours, après avoir vérifié "
            "son identité de vive voix. Elle devra configurer un nouveau second facteur."
        ),
        button=_("Réinitialiser le second facteur"),
        tone="danger",
        done=_("Le second facteur est réinitialisé."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def revoke(request: HttpRequest, pk: int, assignment_pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    assignment = RoleAssignment.objects.select_related("group", "region").filter(pk=assignment_pk, user_id=pk).first()
    if assignment is None and request.method == "POST":  # a replay, perhaps: act_once knows
        return act_once(request, lambda: reverse("accounts:person", args=[pk]))
    assignment = assignment or get_object_or_404(RoleAssignment, pk=assignment_pk, user_id=pk)
    return _confirmed(
        request,
        person,
        lambda: services.revoke_role(assignment, by=request.user),
        heading=_("Retirer un rôle à %(name)s") % {"name": person.name},
        explanation=_("%(name)s n’aura plus ce rôle\u00a0: %(role)s, %(place)s.")
        % {
            "name": person.name,
            "role": assignment.role.label,
            "place": assignment.region.name if assignment.region else _("toute la mission"),
        },
        button=_("Retirer le rôle"),
        tone="danger",
        done=_("Le rôle est retiré."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@only(rules.may_manage_people)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST or None)

    def effect() -> str:
        region = form.cleaned_data["region"]
        services.grant_role(person, form.cleaned_data["role"], region.pk if region else None, by=request.user)
        messages.success(request, _("Le rôle est attribué."))
        return reverse("accounts:person", args=[pk])

    if request.method == "POST" and form.is_valid():
        try:
            return act_once(request, effect)
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"form": form, "person": person}
    return render(request, "accounts/role_form.html", context, status=422 if form.errors else 200)


@require_POST
@only(rules.may_manage_people)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk, is_active=True)

    def effect() -> str:
        if invitations.send(request, person):
            messages.success(request, _("Le lien est envoyé à %(email)s.") % {"email": person.email})
        else:
            messages.warning(request, _("Le courrier n’est pas parti\u00a0: la messagerie ne répond pas."))
        return reverse("accounts:person", args=[pk])

    return act_once(request, effect)
