"""Eleven sample contributions over three fiscal years: what donors promised, signed and sent, by the real services.

Told before the projects, so that each approval finds its money. The Danish ones carry the region and the theme that
the press names for the real projects of the Trust Fund. The twelfth is won from a prospect (`demo.prospects`).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from funds.models import Envelope, Mechanism, Organisation
from funds.services import contributions
from funds.services.contributions import Given
from funds.services.versions import version_of
from sr_portal.web import clock

from .course import pdf
from .story import Story


@dataclass(frozen=True)
class Promise:
    """Millions of `currency`; `rates` at the pledge, at the signature and at each transfer; `sent` in percent."""

    donor: str
    acronym: str
    mechanism: str
    title: str
    currency: str
    millions: str
    pledged_on: str
    signed_on: str | None
    sent: tuple[tuple[str, int], ...] = ()
    rates: tuple[str, ...] = ("1", "1")
    region: str | None = None
    theme: str = ""


PBF = "Bureau d’appui à la consolidation de la paix (Fonds pour la consolidation de la paix)"
PROMISES: tuple[Promise, ...] = (
    Promise("Danemark", "", "TF", "Paix et sécurité au nord du Mali, 2024–2026", "DKK", "55", "2024-02-12", "2024-03-20",
            (("2024-04-15", 60), ("2025-02-10", 40)), ("6.905", "6.88", "6.951", "7.175")),
    Promise("Norvège", "", "TF", "Stabilisation et relèvement des régions", "NOK", "48", "2024-03-05", "2024-05-14",
            (("2024-06-03", 100),), ("10.51", "10.74", "10.49")),
    Promise("Allemagne", "", "TF", "Énergie pour les services de base", "EUR", "3.5", "2024-04-22", "2024-06-11",
            (("2024-07-01", 50), ("2025-03-17", 50)), ("0.938", "0.927", "0.931", "0.918"), None, "Énergie"),
    Promise("Pays-Bas", "", "TF", "Justice et police de proximité à Mopti", "EUR", "2", "2024-05-27", "2024-07-09",
            (("2024-07-29", 100),), ("0.921", "0.924", "0.923"), "ML-5", "Gouvernance et sécurité"),
    Promise(PBF, "PBSO", "PBF", "Plan prioritaire de consolidation de la paix, première tranche", "USD", "16", "2024-01-10",
            "2024-02-01", (("2024-02-20", 100),), ("1", "1", "1")),
    Promise("Canada", "", "TF", "Participation des femmes à la paix", "CAD", "4.2", "2025-01-20", "2025-03-04",
            (("2025-03-24", 100),), ("1.436", "1.442", "1.431")),
    Promise("Royaume-Uni", "", "TF", "Relèvement de Gao et de Ménaka", "GBP", "2.4", "2025-02-03", "2025-04-15",
            (("2025-05-06", 70),), ("0.807", "0.758", "0.752"), "ML-7"),
    Promise("Suède", "", "TF", "Contribution générale au Fonds fiduciaire", "SEK", "38", "2025-03-11", "2025-05-19",
            (("2025-06-02", 100),), ("10.06", "9.72", "9.61")),
    Promise(PBF, "PBSO", "PBF", "Plan prioritaire de consolidation de la paix, deuxième tranche", "USD", "18", "2025-01-15",
            "2025-02-10", (("2025-03-03", 100),), ("1", "1", "1")),
    Promise(PBF, "PBSO", "PBF", "Cohésion sociale au centre", "USD", "8", "2025-11-12", "2026-01-20",
            (("2026-02-09", 75),), ("1", "1", "1"), "ML-5"),
    Promise("Danemark", "", "TF", "Routes et éclairage de Tombouctou, 2026–2027", "DKK", "30", "2026-01-19", "2026-06-24",
            (), ("6.41", "6.38"), "ML-6"),
)  # fmt: skip

# What the sample envelopes of each year set aside, USD: less than what came in.
ENVELOPES = {
    "TF": {2024: Decimal("4000000"), 2025: Decimal("9000000"), 2026: Decimal("13500000")},
    "PBF": {2024: Decimal("10000000"), 2025: Decimal("15000000"), 2026: Decimal("14000000")},
}


def give_contributions(story: Story) -> None:
    """Every promise with what became of it, each step on its day; then the envelopes that they fill."""
    donors: dict[str, Organisation] = {}
    for number, promise in enumerate(PROMISES, start=1):
        if promise.donor not in donors:
            donors[promise.donor] = Organisation.objects.create(
                name=promise.donor, acronym=promise.acronym, kind="donor", created_by=story.people["chef.section"]
            )
        Told(story, number, promise, donors[promise.donor]).tell()
    for mechanism, years in ENVELOPES.items():
        for year, amount in years.items():
            Envelope.objects.create(mechanism_id=mechanism, fiscal_year=year, amount_usd=amount)


@dataclass(frozen=True)
class Told:
    story: Story
    number: int
    promise: Promise
    donor: Organisation

    def tell(self) -> None:
        promise = self.promise
        amount, pledged_on = Decimal(promise.millions) * 1_000_000, dt.date.fromisoformat(promise.pledged_on)
        values = {
            "reference": f"CTB-{pledged_on.year}-{self.number:02}", "title": promise.title, "donor": self.donor,
            "mechanism": Mechanism.objects.get(pk=promise.mechanism), "theme": promise.theme,
            "region": self.story.regions[promise.region] if promise.region else None, "currency": promise.currency,
            "pledged_amount": amount, "pledged_on": pledged_on, "pledged_rate": Decimal(promise.rates[0]),
            "pledged_rate_on": pledged_on, "note": "",
        }  # fmt: skip
        with morning(pledged_on), self.story.acting("chef.section") as head:
            letter = self.paper("LETTRE D’ANNONCE (exemple)", "Lettre d’annonce.pdf")
            contribution = contributions.register(by=head, values=values, paper=letter)
        contribution.refresh_from_db()
        if promise.signed_on is None:
            return
        signed_on = dt.date.fromisoformat(promise.signed_on)
        with morning(signed_on), self.story.acting("finances") as finance:
            contribution = contributions.sign(
                by=finance, contribution=contribution, seen=version_of(contribution),
                given=Given(amount, signed_on, Decimal(promise.rates[1]), signed_on),
                agreement=self.paper("ACCORD DE CONTRIBUTION (exemple)", "Accord signé.pdf"),
            )  # fmt: skip
        for rank, (day, share) in enumerate(promise.sent):
            came_on = dt.date.fromisoformat(day)
            with morning(came_on), self.story.acting("finances") as finance:
                contributions.receive(
                    by=finance, contribution=contribution, reference=f"AV-{came_on:%Y%m%d}-{self.number:02}",
                    given=Given(amount * share / 100, came_on, Decimal(promise.rates[2 + rank]), came_on),
                    proof=self.paper(f"AVIS DE CRÉDIT n° {rank + 1} (exemple)", f"Avis de crédit {rank + 1}.pdf"),
                )  # fmt: skip

    def paper(self, title: str, name: str) -> ContentFile:
        return pdf(title, self.promise.donor, self.promise.title, f"Contribution n° {self.number}", name=name)


def morning(day: dt.date):
    return clock.at(dt.datetime.combine(day, dt.time(9), tzinfo=timezone.get_default_timezone()))
