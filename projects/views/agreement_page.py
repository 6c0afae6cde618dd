"""What the page of the agreement shows: what lacks before the signature, the budget by line, the plan, the copies."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.guards import Guard, Words, implementation
from projects.models import AgreedLine, Agreement, AgreementCopy, ClauseKind, Instalment, Project
from projects.services import amendment_content

ZERO = Decimal(0)

# What each guard of the signature asks for, and where it is done: route of the project, or of its partner.
ASKED: dict[Guard, tuple[object, str]] = {
    implementation.agreement_prepared: (gettext_lazy("Le protocole est préparé"), "projects:agreement_edit"),
    implementation.signatures_on_file: (
        gettext_lazy("L’exemplaire signé par les deux parties est au dossier"), "projects:agreement_copy_add",
    ),
    implementation.bank_verified: (
        gettext_lazy("Le compte bancaire du partenaire est vérifié par les finances"), "funds:bank_accounts",
    ),
    implementation.lines_are_the_budget: (
        gettext_lazy("Les lignes du budget convenu font le montant approuvé"), "projects:agreement_budget",
    ),
    implementation.plan_is_whole: (
        gettext_lazy("Le plan des tranches fait le montant approuvé et tient dans les limites"), "projects:agreement_plan",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One thing that the signature asks for; `lacks` say what is missing, none when it is there."""

    label: str
    lacks: list[Words]
    url: str


def checks(project: Project) -> list[Check]:
    """Every guard of the signature in order, each with the address where it is mended; one query or two for each."""
    prepared = not implementation.agreement_prepared(project)
    found = []
    for guard in implementation.BEFORE_SIGNATURE:
        label, route = ASKED[guard]
        needs_agreement = route.startswith("projects:") and guard is not implementation.agreement_prepared
        lacks = guard(project)
        if needs_agreement and not prepared:
            lacks, url = lacks or [_("Se fait une fois le protocole préparé.")], ""
        else:
            url = _route(route, project.partner_id if route.startswith("funds:") else project.pk)
        found.append(Check(str(label), lacks, url if lacks else ""))
    return found


def _route(name: str, pk: int | None) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Share:
    """An instalment as signed, with its share of the whole in percent, None for one added since; `today` as it stands."""

    position: int
    signed: Decimal | None
    planned_on: dt.date | None
    condition: str
    percent: Decimal | None
    today: Instalment | None

    @property
    def moved(self) -> bool:
        return self.signed != (self.today.amount_usd if self.today else None)


def shares(project: Project, whole: Decimal) -> list[Share]:
    """The plan as signed, of `whole` USD, then the instalments that amendments added."""
    now = {row.position: row for row in project.instalments.all()}
    signed = [
        Share(
            row["position"], row["amount"], row["planned_on"], row["condition"],
            round(row["amount"] * 100 / whole, 1) if whole else ZERO, now.pop(row["position"], None),
        )
        for row in amendment_content.original_plan(project)
    ]  # fmt: skip
    return signed + [Share(rank, None, row.planned_on, row.condition, None, row) for rank, row in now.items()]


@dataclass(frozen=True)
class SignedLine:
    """A line of the budget: as proposed, as signed, and as it stands; None where it was not there."""

    line: AgreedLine
    proposed: Decimal | None
    signed: Decimal | None

    @property
    def moved(self) -> bool:
        return self.signed != self.line.amount_usd


def lines(project: Project) -> list[SignedLine]:
    signed = amendment_content.original_lines(project)
    return [
        SignedLine(line, line.line.amount_usd if line.line else None, signed.get(line.pk))
        for line in project.agreed_lines.all()
    ]


@dataclass(frozen=True)
class Article:
    """A clause of the agreement with its title."""

    title: str
    text: str


def articles(agreement: Agreement) -> list[Article]:
    """The clauses in their order, those of one article together."""
    titles = dict(ClauseKind.choices)
    texts: dict[str, list[str]] = {}
    for clause in agreement.clauses:
        texts.setdefault(clause["kind"], []).append(clause["text"])
    return [Article(str(titles.get(kind, "")), "\n\n".join(parts)) for kind, parts in texts.items()]


def copies_of(agreement: Agreement) -> list[AgreementCopy]:
    found = agreement.copies.all()
    return sorted(found, key=lambda copy: copy.document.is_withdrawn)
