"""What people enter for the committee: sessions, presence, scores and votes, conclusions, minutes, members."""

from decimal import Decimal

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds.models import Mechanism
from projects.committee_access import SEAT_ROLES
from projects.committee_questions import eligible_for
from projects.models import Committee, CommitteeSeat, Project, ReviewSession, VoteValue
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.fields import MoneyField

LONG = 4000  # characters of a free text

# What to look at under each default criterion (domain guide §6); a mechanism may have others, without guidance.
GUIDANCE: dict[str, str | Promise] = {
    "confidence": _("Le projet renforce-t-il, de façon visible et rapide, la confiance dans le processus de paix ?"),
    "need": _("Le besoin est-il réel, pressant, et exprimé par la population elle-même ?"),
    "feasibility": _("Les activités, le calendrier et les coûts tiennent-ils dans la durée prévue et sur place ?"),
    "partner": _("Le partenaire a-t-il l’expérience, les moyens et la probité voulus ?"),
    "gender": _("Femmes, jeunes, déplacés et personnes handicapées en profitent-ils et y prennent-ils part ?"),
    "sustainability": _("Qui entretiendra l’ouvrage ou poursuivra l’activité, et avec quels moyens ?"),
}
SCALE = [(value, str(value)) for value in range(6)]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RescheduleForm(forms.ModelForm):
    class Meta:
        model = ReviewSession
        fields = ("held_on", "place")
        widgets = {"held_on": DayInput()}

    def clean_held_on(self):
        day = self.cleaned_data["held_on"]
        if day < clock.today():
            raise forms.ValidationError(_("Une séance se prévoit aujourd’hui ou plus tard."))
        return day


class SessionForm(RescheduleForm):
    class Meta(RescheduleForm.Meta):
        fields = ("committee", "held_on", "place")

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = Committee.objects.kept_by(user)
        self.fields["committee"].empty_label = _("Choisissez un comité")

    def clean_committee(self) -> Committee:
        committee = self.cleaned_data["committee"]
        if not committee.members.filter(seat=CommitteeSeat.CHAIR).exists():
            raise forms.ValidationError(_("Ce comité n’a pas de président : complétez d’abord sa composition."))
        return committee


class AgendaForm(forms.Form):
    projects = forms.ModelMultipleChoiceField(
        label=_("Projets recevables"),
        queryset=Project.objects.none(),
        error_messages={
            "required": _("Cochez au moins un projet."),
            "invalid_choice": _("Un projet coché n’est plus recevable ou ne relève pas de ce comité."),
        },
    )

    def __init__(self, *args, committee: Committee, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = eligible_for(committee)


class JudgeForm(forms.Form):
    """Scores and vote of one member; each may be left for later."""

    vote = forms.ChoiceField(label=_("Votre vote"), choices=VoteValue.choices, widget=forms.RadioSelect, required=False)
    comment = forms.CharField(
        label=_("Explication de vote"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Inscrite au procès-verbal avec votre nom. 500 caractères au plus."),
    )

    def __init__(self, *args, criteria, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            self.fields[f"score_{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.name,
                choices=SCALE,
                coerce=int,
                empty_value=None,
                widget=forms.RadioSelect,
                required=False,
                help_text=GUIDANCE.get(criterion.code, ""),
            )

    def grid(self):
        """Each criterion with its field."""
        return [(criterion, self[f"score_{criterion.pk}"]) for criterion in self.criteria]

    def clean(self):
        data = super().clean()
        if data.get("comment") and not data.get("vote"):
            self.add_error("vote", _("Choisissez le vote que vous expliquez."))
        if not self.errors and not data.get("vote") and not self.scores():
            raise forms.ValidationError(_("Donnez au moins une note ou un vote."))
        return data

    def scores(self) -> dict[int, int]:
        """Criterion → 0–5, those given only."""
        given = {criterion.pk: self.cleaned_data.get(f"score_{criterion.pk}") for criterion in self.criteria}
        return {key: value for key, value in given.items() if value is not None}


class InterestForm(forms.Form):
    reason = forms.CharField(
        label=_("L’intérêt que vous déclarez"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lien avec le partenaire, l’auteur ou les bénéficiaires. Inscrit au procès-verbal."),
    )


class ConclusionForm(forms.Form):
    recommended_usd = MoneyField(
        label=_("Montant recommandé"), required=False, max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que le projet doit remplir si le comité le recommande. Laissez vide s’il n’y en a pas."),
    )
    defer = forms.BooleanField(label=_("Ajourner ce point"), required=False)
    explanation = forms.CharField(
        label=_("Motif"),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire pour un ajournement."),
    )

    def __init__(self, *args, project: Project, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["recommended_usd"].help_text = _("Vide : la totalité du budget demandé.")
        self.fields["defer"].help_text = _("Le projet redevient recevable et attend une autre séance.")

    def clean_recommended_usd(self) -> Decimal | None:
        amount = self.cleaned_data["recommended_usd"]
        if amount is not None and amount > self.project.budget_usd:
            raise forms.ValidationError(_("Le montant recommandé ne peut dépasser le budget demandé."))
        return amount

    def clean(self):
        data = super().clean()
        if data.get("defer") and not data.get("explanation"):
            self.add_error("explanation", _("Indiquez pourquoi le point est ajourné."))
        return data


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label=_("Observations"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Les présences, les intérêts, les votes et les décisions figurent déjà au procès-verbal."),
    )
    known = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)


class CommitteeNameForm(forms.ModelForm):
    class Meta:
        model = Committee
        fields = ("name",)


class CommitteeForm(CommitteeNameForm):
    region = forms.ModelChoiceField(label=_("Lieu"), queryset=Region.objects.none(), required=False)
    mechanism = forms.ModelChoiceField(
        label=_("Mécanisme"), queryset=Mechanism.objects.all(), required=False, empty_label=_("Tous les mécanismes"),
        help_text=_("L’instance propre d’un fonds examine ses projets avant les autres comités."),
    )  # fmt: skip

    class Meta(CommitteeNameForm.Meta):
        fields = ("region", "mechanism", "name")

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        free = Region.objects.by_code()
        field.queryset, field.empty_label = free, _("Comité central")
        scope = user.scopes.get(Role.COMMITTEE_SECRETARY)
        if Role.ADMINISTRATOR not in user.scopes and not (scope and scope.everywhere):
            # A regional secretary opens no central committee.
            field.queryset = free.filter(pk__in=scope.region_ids if scope else ())
            field.required, field.empty_label = True, _("Choisissez une région")
        field.help_text = _("Un comité par région, et un comité central ; de même pour chaque mécanisme.")


class SeatForm(forms.Form):
    person = forms.ModelChoiceField(
        label=_("Personne"), queryset=User.objects.none(), empty_label=_("Choisissez une personne")
    )
    seat = forms.ChoiceField(label=_("Siège"), choices=CommitteeSeat.choices, initial=CommitteeSeat.MEMBER)

    def __init__(self, *args, committee: Committee, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people_for(committee)
        self.fields["person"].help_text = _("Ceux qui ont, à cet endroit, un rôle qui permet de siéger ou d’observer.")


def people_for(committee: Committee):
    """Active people with a role that some seat of this committee asks for."""
    roles = frozenset[Role]().union(*SEAT_ROLES.values())
    held = User.role_assignments.rel.related_model.objects.filter(group__name__in=roles)
    held = held.filter(region__isnull=True) | held.filter(region_id=committee.region_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id")).order_by("name", "pk")
