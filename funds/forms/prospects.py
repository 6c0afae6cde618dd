"""Forms of the pipeline of prospects: the record, a contact, what becomes of it, and the filters."""

from typing import Any

from django import forms
from django.db.models import Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from funds.access import MOBILISERS
from funds.forms.contributions import (
    check_rate,
    day_field,
    donors,
    funded,
    offered_donors,
    offered_funds,
    rate_field,
    regions,
)
from funds.forms.priorities import PriorityField, check_priority
from funds.models import ConceptNote, Organisation, Prospect, ProspectContact, ProspectStage
from funds.prospect_querysets import ALL
from funds.prospect_rules import OPEN
from funds.services.prospects import ABOUT, REOPENED, Contact
from funds.services.versions import version_of
from funds.themes import themes
from sr_portal.accounts.models import User
from sr_portal.web import clock
from sr_portal.web.choices import Offered, offer
from sr_portal.web.fields import MoneyField

OPEN_STAGES = [(stage, ProspectStage(stage).label) for stage in OPEN]
STAGE_FILTER = [("", _("En cours")), *ProspectStage.choices, (ALL, _("Toutes"))]


def mobilisers() -> Any:
    """Those who may be made responsible, by name."""
    held = User.role_assignments.rel.related_model.objects.filter(group__name__in=MOBILISERS)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("name", "pk")


class ProspectFilter(forms.Form):
    q = forms.CharField(label=_("Chercher"), required=False, max_length=80)
    mecanisme = forms.ModelChoiceField(label=_("Mécanisme"), required=False, queryset=None, empty_label=_("Tous"))
    donateur = forms.ModelChoiceField(label=_("Donateur"), required=False, queryset=None, empty_label=_("Tous"))
    responsable = forms.ModelChoiceField(label=_("Responsable"), required=False, queryset=None, empty_label=_("Tous"))
    etape = forms.ChoiceField(label=_("Étape"), required=False, choices=STAGE_FILTER)
    retard = forms.BooleanField(label=_("Prochaine étape en retard"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mecanisme"].queryset = funded()
        self.fields["donateur"].queryset = donors().only("name", "acronym")
        self.fields["responsable"].queryset = mobilisers()
        people = Offered(mobilisers(), "pk", Coalesce(NullIf("name", Value("")), "email"))
        offer(self, mecanisme=offered_funds(), donateur=offered_donors(), responsable=people)


class BoardFilter(ProspectFilter):
    """The board shows every stage in its own column."""

    etape = None


class ProspectForm(forms.ModelForm):
    """`seen` is the version that the writer had before their eyes."""

    theme = forms.ChoiceField(label=_("Thème"), required=False)
    amount = MoneyField(label=_("Montant espéré"), max_digits=16, decimal_places=2, min_value=0)
    rate = rate_field()
    rate_on = day_field(_("Date du taux"), required=False)
    likelihood = forms.IntegerField(label=_("Probabilité"), min_value=0, max_value=100, initial=25)
    expected_on = day_field(_("Signature attendue le"))
    stage = forms.ChoiceField(label=_("Étape"), choices=OPEN_STAGES)
    next_step = forms.CharField(label=_("Prochaine étape"), max_length=250)
    next_step_on = day_field(_("À faire avant le"))
    priority = PriorityField(label=_("Priorité d’un plan régional"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Prospect
        fields = list(ABOUT)
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["donor"].queryset = donors()
        self.fields["mechanism"].queryset = funded()
        self.fields["region"].queryset = regions()
        self.fields["region"].empty_label = _("Tout le pays")
        self.fields["donor"].empty_label = _("Pas au registre")
        self.fields["mechanism"].empty_label = _("Choisir")
        self.fields["theme"].choices = [("", _("Tous")), *themes().items()]
        self.fields["responsible"].queryset = mobilisers()
        self.fields["responsible"].empty_label = _("Choisir")
        self.fields["expected_on"].help_text = Prospect._meta.get_field("expected_on").help_text
        self.fields["priority"].offer(self.instance.priority_id)
        self.fields["concept_note"].queryset = ConceptNote.objects.only("title").order_by("-pk")
        self.fields["concept_note"].empty_label = _("Aucune")
        if self.instance.pk:
            self.fields["seen"].initial = version_of(self.instance)
        else:
            self.fields["rate"].initial = None
            self.fields["responsible"].initial = user.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        check_priority(self)
        check_rate(self, data.get("currency", ""), "rate", "rate_on", "")
        donor, name = data.get("donor"), (data.get("donor_name") or "").strip()
        if bool(donor) == bool(name) and "donor" not in self.errors:
            self.add_error(
                "donor", _("Choisissez le donateur au registre, ou écrivez son nom s’il n’y est pas encore.")
            )
        elif name and Organisation.objects.donors().filter(name__iexact=name).exists():
            self.add_error("donor_name", _("Ce donateur est au registre : choisissez-le dans la liste."))
        return data

    def _post_clean(self) -> None:
        """The service checks the row under its lock: this form only reads."""

    @property
    def values(self) -> dict[str, Any]:
        data = {name: self.cleaned_data.get(name) for name in ABOUT}
        data["rate"], data["rate_on"] = data["rate"] or 1, data["rate_on"] or clock.today()
        return data


class ContactForm(forms.ModelForm):
    """A line of the journal, with what comes next of an open prospect."""

    held_on = day_field(_("Date"))
    next_step = forms.CharField(label=_("Prochaine étape"), max_length=250)
    next_step_on = day_field(_("À faire avant le"))

    class Meta:
        model = ProspectContact
        fields = ["held_on", "channel", "with_whom", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"text": _("Une ligne du journal ne se réécrit pas : elle se complète par une autre.")}

    def __init__(self, *args: Any, prospect: Prospect, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today()
        if prospect.is_open:
            self.fields["next_step"].initial = prospect.next_step
            self.fields["next_step_on"].initial = prospect.next_step_on
        else:
            del self.fields["next_step"], self.fields["next_step_on"]

    def _post_clean(self) -> None:
        """The service checks the row: this form only reads."""

    @property
    def contact(self) -> Contact:
        return Contact(*(self.cleaned_data[name] for name in ("held_on", "channel", "with_whom", "text")))

    @property
    def step(self) -> dict[str, Any] | None:
        if "next_step" not in self.fields:
            return None
        return {name: self.cleaned_data[name] for name in ("next_step", "next_step_on")}


class ReopenForm(forms.Form):
    stage = forms.ChoiceField(label=_("Étape"), choices=OPEN_STAGES, initial="contacted")
    likelihood = forms.IntegerField(label=_("Probabilité"), min_value=0, max_value=100, initial=25)
    responsible = forms.ModelChoiceField(label=_("Responsable"), queryset=None, empty_label=_("Choisir"))
    next_step = forms.CharField(label=_("Prochaine étape"), max_length=250)
    next_step_on = day_field(_("À faire avant le"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = mobilisers()

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in REOPENED}
