"""Load the sample data: people, partners and their bank accounts, committees, contributions, envelopes and some 300 projects, each told from its idea to where it stands."""

import datetime as dt
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from funds.models import Envelope, Organisation
from projects.models import Committee, CommitteeMember
from regions.models import Region
from sr_portal.accounts.models import User
from sr_portal.demo.activities import tell_activities
from sr_portal.demo.bank import give_accounts
from sr_portal.demo.contributions import give_contributions
from sr_portal.demo.coordination import add_coordination
from sr_portal.demo.donor_reports import owe_reports
from sr_portal.demo.life import SHOWN
from sr_portal.demo.long_projects import RECIPIENTS, tell_long_projects
from sr_portal.demo.notes import tell_notes
from sr_portal.demo.old_portfolio import bring_in_old_portfolio
from sr_portal.demo.people import PASSWORD, PEOPLE, make_people
from sr_portal.demo.plans import tell_plans
from sr_portal.demo.plausible import PARTNERS, plausible_projects
from sr_portal.demo.prospects import tell_prospects
from sr_portal.demo.publication import decide_publication
from sr_portal.demo.real_projects import REAL_PROJECTS
from sr_portal.demo.story import Story
from sr_portal.notices.silence import silence

TODAY = dt.date(2026, 11, 24)  # the sample data end here, whatever the day of the demonstration
QIP_ENVELOPE = Decimal("4000000")  # those of the Trust Fund and the PBF are filled by contributions
COMMITTEES = (
    ("Comité central de revue de projets", None),
    ("Comité de pilotage conjoint (PBF)", None, "PBF"),
    ("Comité d’examen du Fonds fiduciaire", None, "TF"),
    ("Comité local d’approbation de Gao", "ML-7"),
    ("Comité local d’approbation de Tombouctou", "ML-6"),
    ("Comité local d’approbation de Mopti", "ML-5"),
    ("Comité local d’approbation de Kidal", "ML-8"),
    ("Comité local d’approbation de Ménaka", "ML-9"),
)
MEMBERS = ("membre", "membre.police", "membre.genre", "membre.admin")


@contextmanager
def without_savepoints() -> Iterator[None]:
    """Inside one transaction that is kept or dropped whole nobody returns to a savepoint: a third of all statements."""
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        del connection.features.uses_savepoints


class Command(BaseCommand):
    help = "Load the sample data, once; never in production."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--projects",
            type=int,
            default=int(os.environ.get("DEMO_PROJECTS") or 285),
            help="plausible projects besides the fifteen real ones (DEMO_PROJECTS says it to make demo)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL_ENV == "production":
            raise CommandError("Refused: PORTAL_ENV is production.")
        with (
            transaction.atomic(),
            without_savepoints(),
            silence(),
        ):  # nobody waits for the mail of what happened a year ago
            if not User.objects.exists():
                self.load(options["projects"])
        self.stdout.write(f"\n  Comptes de démonstration (mot de passe : {PASSWORD})")
        for person in PEOPLE:
            self.stdout.write(f"    {person.email:<46} {person.job}")

    def load(self, count: int) -> None:
        regions = {region.code: region for region in Region.objects.all()}
        people = make_people({code: region.pk for code, region in regions.items()})
        self.make_partners(regions)
        for name, code, *mechanism in COMMITTEES:
            committee = Committee.objects.create(
                name=name, region=regions[code] if code else None, mechanism_id=mechanism[0] if mechanism else None
            )
            CommitteeMember.objects.create(committee=committee, user=people["president"], seat="chair")
            CommitteeMember.objects.create(committee=committee, user=people["secretaire"], seat="secretary")
            for login in MEMBERS:
                CommitteeMember.objects.create(committee=committee, user=people[login])
        for year in (2024, 2025, 2026):
            Envelope.objects.create(mechanism_id="QIP", fiscal_year=year, amount_usd=QIP_ENVELOPE)
        story = Story(people, TODAY)
        give_accounts(story)
        give_contributions(story)
        draw, shown = random.Random(7), list(SHOWN)
        for fact in REAL_PROJECTS:
            story.tell_real(fact)
        for idea in plausible_projects(count):
            ended = idea.end in ("approved", "refused", "inadmissible", "withdrawn")
            ago = draw.randint(75, 640) if ended else draw.randint(3, 45)
            if idea.end in ("recommended", "not_recommended", "in_review"):
                ago = draw.randint(32, 60)
            fate = None
            if idea.end == "approved" and idea.mechanism == "QIP" and idea.months >= 4 and shown:
                fate, ago = shown.pop(0)
            story.tell(idea, TODAY - dt.timedelta(days=ago), fate)
        tell_long_projects(story)
        story.play()
        tell_activities(story)
        add_coordination(story)
        owe_reports(story)
        bring_in_old_portfolio(story)
        tell_plans(story)
        tell_prospects(story)
        tell_notes(story)
        decide_publication(story)

    @staticmethod
    def make_partners(regions: dict[str, Region]) -> None:
        rows = [(name, kind, code) for name, kind, code in PARTNERS]
        known = {name for name, _kind, _code in rows}
        for fact in REAL_PROJECTS:
            if fact.partner not in known:
                known.add(fact.partner)
                rows.append(
                    (fact.partner, "state_service" if "Direction" in fact.partner else "association", fact.region)
                )
        rows += RECIPIENTS
        for rank, (name, kind, code) in enumerate(rows):
            Organisation.objects.create(
                name=name,
                kind=kind,
                region=regions[code],
                vetting_status="cleared",
                vetted_on=TODAY - dt.timedelta(days=20 + rank * 7),
                late_reports=1 if rank % 9 == 4 else 0,
            )
