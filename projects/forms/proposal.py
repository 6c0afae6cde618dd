"""The proposal form as one table of steps, and a step as somebody typed it."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from funds.asked import asked_by
from projects.models.projects import DIRECT, INDIRECT

from . import proposal_fields as fields
from .proposal_base import CountField, StepForm
from .proposal_fund import FundForm
from .proposal_recipients import RecipientForm
from .proposal_rows import ActivityForm, LineForm, ResultForm, RowSet, Table

RESULTS = Table("results", ResultForm, _("Résultats attendus"), _("Résultat"), _("Ajouter un résultat"), "statement")
ACTIVITIES = Table("activities", ActivityForm, _("Activités"), _("Activité"), _("Ajouter une activité"), "title")
LINES = Table("lines", LineForm, _("Lignes budgétaires"), _("Ligne"), _("Ajouter une ligne"), "label")


@dataclass(frozen=True)
class Step:
    """One step of the form; without a form of its own it is a page apart (annexes, review)."""

    code: str
    label: str
    lead: str
    form: type[StepForm] | None = None
    tables: tuple[Table, ...] = ()

    @property
    def template(self) -> str:
        return f"projects/proposal/steps/{self.code}.html"

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(self.form._meta.fields) if self.form else ()


# Only where the mechanism asks for more than all proposals say; it comes after the essentials.
RECIPIENTS = Table(
    "recipients", RecipientForm, _("Les autres organisations bénéficiaires"), _("Organisation"),
    _("Ajouter une organisation"), "organisation",
)  # fmt: skip
FUND = Step("fund", _("Ce que le fonds demande"), _("Ce que ce mécanisme demande en plus des autres."), FundForm)

STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("essentials", _("L’essentiel"), _("Ce que l’on propose, où, et qui le porte dans la mission."), fields.EssentialsForm),
        Step("need", _("Le besoin et l’objectif"), _("Pourquoi ce projet, et ce qu’il change pour la confiance."), fields.NeedForm),
        Step("plan", _("Les résultats et le calendrier"), _("Ce que l’on obtiendra, par quelles activités, et quand."), fields.PlanForm, (RESULTS, ACTIVITIES)),
        Step("people", _("Les bénéficiaires"), _("Combien de personnes, par sexe et par âge."), fields.PeopleForm),
        Step("partner", _("Le partenaire et la coordination"), _("Qui réalise le projet, et avec qui l’on s’accorde."), fields.PartnerForm),
        Step("budget", _("Le budget"), _("Chaque dépense, son prix et l’apport de la communauté."), fields.BudgetForm, (LINES,)),
        Step("care", _("Les précautions et la suite"), _("Genre, environnement, protection, entretien et visibilité."), fields.CareForm),
        Step("annexes", _("Les annexes"), _("Photos, devis, plans, lettres et titres.")),
        Step("review", _("La relecture"), _("Ce qui manque encore, ce qui mérite attention, puis la soumission.")),
    )
}  # fmt: skip

ALL_STEPS: dict[str, Step] = {"essentials": STEPS["essentials"], FUND.code: FUND, **STEPS}


def steps_of(project) -> dict[str, Step]:
    """The steps of this project's form, by code, in order."""
    asked = asked_by(project.mechanism)
    if not asked.in_the_form:
        return STEPS
    fund = replace(FUND, tables=(RECIPIENTS,)) if asked.several_recipients else FUND
    return ALL_STEPS | {FUND.code: fund}


class StepInput:
    """One step as stored, or as typed when `data` is given: its form and its tables together."""

    def __init__(self, step: Step, project, user, *, data=None, rate=None, blanks: Mapping[str, int] | None = None):
        self.step = step
        self.project = project
        self.data = data
        self.rate = rate
        # The form writes on a copy: the page's header shows the project as it is stored.
        self.form = step.form(data, instance=copy.copy(project), user=user)
        wanted = blanks or {}
        self.tables = [
            RowSet(table, project, data, rate=rate, blanks=wanted.get(table.name, 0)) for table in step.tables
        ]

    def is_valid(self) -> bool:
        # No short cut: each part must say what is wrong with it.
        return all([self.form.is_valid(), *[table.is_valid() for table in self.tables]])

    @property
    def values(self) -> dict:
        return self.form.values

    @property
    def rows(self) -> dict[str, list]:
        return {table.table.name: table.changes for table in self.tables}

    def count(self, name: str) -> int:
        """A whole number as typed, even when a rule refuses it; 0 when it is none."""
        try:
            return CountField(required=False).clean(self.data.get(name))
        except ValidationError:
            return 0

    @property
    def head_counts(self) -> dict[str, int]:
        """Direct and indirect beneficiaries, as typed or as stored."""
        if self.data is None:
            return {"direct": self.project.direct_total, "indirect": self.project.indirect_total}
        return {
            kind: sum(self.count(name) for name in names)
            for kind, names in (("direct", DIRECT), ("indirect", INDIRECT))
        }

    def hush(self) -> None:
        """Say nothing of what is wrong: nothing is being saved yet."""
        for form in (self.form, *(row.form for table in self.tables for row in table.rows)):
            form.errors.clear()
        for table in self.tables:
            table.errors.clear()

    def refuse(self, error: ValidationError) -> None:
        """Show what the service or the database refused, on the field that it names."""
        self.form.add_error(None, error)

    @cached_property
    def base(self) -> dict[str, str]:
        """The fingerprint that the page carried; a page that carries none saw nothing."""
        try:
            base = json.loads(self.data.get("fingerprint", ""))
        except (ValueError, AttributeError):
            return {}
        return {str(k): str(v) for k, v in base.items()} if isinstance(base, dict) else {}

    @property
    def errors(self) -> dict[str, list[str]]:
        """By the page's id of the control, each with the name of what it speaks of; "" for those of the whole step."""
        found = _of_form(self.form)
        whole = [*self.form.non_field_errors()]
        for table in self.tables:
            whole += [str(error) for error in table.errors]
            for position, row in enumerate(table.rows, start=1):
                if row.deleted or row.is_blank:
                    continue
                name = f"{table.table.singular} {position}, "
                found |= _of_form(row.form, name)
                whole += [f"{name}{error}" for error in row.form.non_field_errors()]
        return found | ({"": whole} if whole else {})


def _of_form(form, before: str = "") -> dict[str, list[str]]:
    return {
        form[name].auto_id: [f"{before}{form[name].label} – {error}" for error in errors]
        for name, errors in form.errors.items()
        if name in form.fields
    }
