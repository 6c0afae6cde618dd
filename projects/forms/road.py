"""What a person is asked when a project takes a step on its road."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from projects.models import ReviewSession, SessionState
from sr_portal.web.templatetags.portal import day

LONG = 4000  # characters of a free text


class StepForm(forms.Form):
    """A step that asks for nothing more; the others add their fields. `project` comes with all its relations."""

    def __init__(self, data=None, *, project, user) -> None:
        self.project, self.user = project, user
        super().__init__(data)


class RemarkForm(StepForm):
    note = forms.CharField(
        label=_("Observation"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Elle accompagne l’étape sur la page du projet."),
    )


class ReasonsForm(StepForm):
    note = forms.CharField(
        label=_("Motifs"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("L’auteur et tous ceux qui lisent le projet les verront."),
        error_messages={"required": _("Indiquez les motifs.")},
    )


class SessionField(forms.ModelChoiceField):
    def label_from_instance(self, session: ReviewSession) -> str:
        place = f", {session.place}" if session.place else ""
        label = _("Séance du %(day)s%(place)s – %(state)s")
        return label % {"day": day(session.held_on), "place": place, "state": session.state_label.label.lower()}


class AgendaForm(StepForm):
    """Which session of the right committee takes the project up."""

    session = SessionField(
        label=_("Séance"),
        queryset=ReviewSession.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choisissez une séance."),
            "invalid_choice": _(
                "Cette séance est close ou ne relève pas du comité compétent : choisissez-en une autre."
            ),
        },
    )

    def __init__(self, data=None, *, project, user, committee=None) -> None:
        super().__init__(data, project=project, user=user)
        self.fields["session"].queryset = sessions_to_come(committee)


def sessions_to_come(committee) -> QuerySet[ReviewSession]:
    """The sessions of a committee that may still take a project, the next one first."""
    return (
        ReviewSession.objects.filter(committee=committee).exclude(state=SessionState.CLOSED).order_by("held_on", "pk")
    )
