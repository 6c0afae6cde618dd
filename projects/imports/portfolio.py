"""An existing portfolio from one workbook: partners, projects, budgets, instalments, contributions; all of it or none.

A project is recognised by its reference. The same content again is left alone; something else is refused: what is in the
portal has its own life, and is changed there. A partner is recognised by its name, and left as the registry has it.
Contributions (`funds.imports.contributions`) are written before the projects, which hold their money.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.imports import contributions
from funds.imports.contributions import ToldContribution
from funds.imports.known import codes
from funds.models import Facility, Mechanism, OrganisationKind
from projects.imports import checks, writing
from projects.imports.columns import SHEETS
from projects.imports.reading import Portfolio, Told
from projects.models import BudgetCategory, Project, Sponsor
from projects.states import IMPORTED
from sr_portal.accounts.roles import Role
from sr_portal.imports.kinds import Kind, Source, register
from sr_portal.spreadsheets.cells import key


def may_import(user: Any) -> bool:
    """The head of section and the administrator, each in the whole mission; neither decides on what they import."""
    scopes = (user.scopes.get(role) for role in (Role.SECTION_HEAD, Role.ADMINISTRATOR))
    return any(scope.everywhere for scope in scopes if scope)


class PortfolioPlan:
    """See `sr_portal.imports.kinds.Plan`; counts are partners, contributions and projects."""

    def __init__(
        self,
        portfolio: Portfolio,
        partners: list[dict[str, Any]],
        given: list[ToldContribution],
        new: list[Told],
        by: Any,
    ) -> None:
        self.faults, self.rows = portfolio.faults, portfolio.rows
        self.partners, self.given, self.new, self.by = partners, given, new, by
        self.created, self.updated = len(partners) + len(given) + len(new), 0
        known = len(portfolio.partners) + len(portfolio.contributions.rows) + len(portfolio.projects)
        self.unchanged = 0 if self.faults.count else known - self.created

    def write(self, record: Any, step: Callable[[int], None]) -> None:
        made = writing.write_partners(self.partners, self.by)
        step(len(made))
        step(contributions.write(self.given, self.by, made))
        writing.write_projects(self.new, record, self.by, made, step)


def check(source: Source, by: Any) -> PortfolioPlan:
    portfolio = Portfolio(source)
    checks.check_together(portfolio)
    new = _new(portfolio)
    checks.check_envelopes([told for told in new if told.cells.good])
    given = contributions.new_among(portfolio.contributions.rows)
    checks.check_contributions([told for told in new if told.cells.good], [told for told in given if told.cells.good])
    partners = [
        values for name, (_cells, values) in portfolio.partners.items() if name not in portfolio.known.organisations
    ]
    return PortfolioPlan(portfolio, partners, given, new, by)


def _new(portfolio: Portfolio) -> list[Told]:
    """Those whose reference the portal does not know; one that it knows otherwise is a fault."""
    there = {
        key(reference): digest
        for reference, digest in Project.objects.filter(reference__isnull=False).values_list(
            "reference", "imported__digest"
        )
    }
    new = []
    for name, told in portfolio.projects.items():
        if name not in there:
            new.append(told)
        elif there[name] is None:
            told.cells.fault("reference", _("Un projet du portail porte déjà cette référence."))
        elif told.cells.good and there[name] != writing.digest_of(told):
            message = _("Ce projet est déjà importé, avec un autre contenu : corrigez-le dans le portail.")
            told.cells.fault("reference", message)
    return new


def _codes() -> Iterator[tuple[str, str, str]]:
    for mechanism in Mechanism.objects.all():
        yield _("Mécanisme"), mechanism.code, mechanism.name
    for facility in Facility.objects.all():
        yield _("Guichet"), facility.code, f"{facility.name} ({facility.mechanism_id})"
    for state in sorted(IMPORTED):
        yield _("État"), state.value, str(state.label)
    for name, choices in ((_("Rubrique"), BudgetCategory), (_("Composante"), Sponsor), (_("Type"), OrganisationKind)):
        for one in choices:
            yield name, one.value, str(one.label)
    yield from codes()
    yield from contributions.codes()


def projects_url() -> str:
    from django.urls import reverse

    return reverse("projects:list")


def declare() -> None:
    register(
        Kind(
            code="portfolio",
            label=gettext_lazy("Portefeuille existant (partenaires, projets, budgets, tranches, contributions)"),
            text=gettext_lazy(
                "Un classeur à cinq feuilles. Les anciens projets entrent dans leur état ; les plafonds, les durées et "
                "les enveloppes s’appliquent à eux aussi. Vous en devenez l’auteur : vous ne déciderez de rien sur eux."
            ),
            accept=".xlsx,.ods,.csv",
            may=may_import,
            check=check,
            result_url=projects_url,
            sheets=SHEETS,
            lists=_codes,
        )
    )
