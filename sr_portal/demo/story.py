"""The sample projects' lives, told by the real services at the days on which they would have happened."""

import datetime as dt
import heapq
import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pghistory
from django.utils import timezone

from funds.models import ExchangeRate, Organisation
from projects.checklist import CHECKLIST
from projects.models import Activity, BudgetLine, Committee, ExpectedResult, Project, Recommendation
from projects.services import committee, decisions, screening
from projects.services.steps import withdraw
from projects.services.submission import create_draft, submit
from regions.models import Cercle, Region
from sr_portal.accounts.models import User
from sr_portal.web import clock

from .mechanisms import FundAnswers
from .plausible import PARTNERS, Plausible
from .real_projects import REAL_PROJECTS, RealProject

JUDGED = {"approved", "refused", "not_recommended", "recommended", "in_review"}
SESSION_EVERY_DAYS = 14


class Story:
    """A queue of things to happen, played in the order of their days so that references follow the calendar."""

    def __init__(self, people: dict[str, User], today: dt.date, seed: int = 20261124) -> None:
        self.people, self.today, self.draw = people, today, random.Random(seed)
        self.queue: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.regions = {region.code: region for region in Region.objects.all()}
        self.cercles = {(cercle.region_id, cercle.name): cercle for cercle in Cercle.objects.all()}
        self.rates = {rate.month: rate.xof_per_usd for rate in ExchangeRate.objects.all()}
        self.partners = {partner.name: partner for partner in Organisation.objects.all()}
        self.fund_answers = FundAnswers()
        self.fates: dict[int, int | None] = {}  # project → how its life goes, None to be drawn
        self.agenda: dict[tuple[Committee, dt.date], list[tuple[Project, str, dt.date | None]]] = defaultdict(list)

    def at(self, day: dt.date, happening: Callable[[], None]) -> None:
        """Let it happen on `day`, in working hours; what would lie ahead of today does not happen."""
        if day <= self.today:
            hour = dt.time(8 + self.draw.randrange(8), self.draw.randrange(60))
            moment = dt.datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())
            heapq.heappush(self.queue, (moment, next(self.order), happening))

    def play(self) -> None:
        while self.queue:
            moment, _rank, happening = heapq.heappop(self.queue)
            with clock.at(moment):
                happening()

    @contextmanager
    def acting(self, login: str) -> Iterator[User]:
        """What follows is done by this person, as the history will say."""
        user = self.people[login]
        with pghistory.context(user=user.pk, user_name=user.name, address="", url="", request_id="sample-data"):
            yield user

    # --- One project ---------------------------------------------------------------------------------------------

    def tell(self, idea: Plausible, created: dt.date, fate: int | None = None) -> None:
        """From its first draft to its decision and, once approved, on (see `life`); `fate` is how it then goes."""
        author = {"ML-8": "point.focal.nord", "ML-5": "point.focal.centre"}.get(idea.region, "point.focal")

        def begin() -> None:
            with self.acting(author) as user:
                project = self.write(idea, user, complete=idea.end != "draft")
            self.fates[project.pk] = fate
            if idea.end != "draft":
                self.at(
                    created + dt.timedelta(days=self.draw.randint(2, 12)), lambda: self.send(project, author, idea.end)
                )

        self.at(created, begin)

    def tell_real(self, fact: RealProject) -> None:
        """A real project, approved on the day of its decision."""
        decided = dt.date.fromisoformat(fact.decision)
        shares = (("works", "Travaux et fournitures", "lot", 70), ("labour", "Main-d’œuvre locale", "forfait", 15),
                  ("supervision", "Suivi technique", "mois", 10), ("visibility", "Visibilité et remise", "forfait", 5))  # fmt: skip
        parts = [fact.xof * share // 100 for *_rest, share in shares]
        parts[0] += fact.xof - sum(parts)
        idea = Plausible(
            mechanism=fact.mechanism, title=fact.title, region=fact.region, cercle=fact.cercle, locality=fact.locality,
            sector=fact.sector, works=True, security=fact.sponsor == "police", sponsor=fact.sponsor, partner=-1,
            lines=tuple((c, label, unit, Decimal(xof)) for (c, label, unit, _s), xof in zip(shares, parts, strict=True)),
            months=6 if fact.mechanism == "QIP" else 12, people=fact.direct, end="approved",
        )  # fmt: skip
        session = decided - dt.timedelta(days=5)

        def begin() -> None:
            with self.acting("point.focal") as user:
                project = self.write(idea, user, complete=True, fact=fact)
            self.at(session - dt.timedelta(days=20), lambda: self.send(project, "point.focal", "approved", session))

        self.at(session - dt.timedelta(days=28), begin)

    def write(self, idea: Plausible, author: User, *, complete: bool, fact: RealProject | None = None) -> Project:
        region, now = self.regions[idea.region], clock.now()
        women = fact.women if fact and fact.women is not None else idea.people * 3 // 10
        left = idea.people - women
        texts = self.texts(idea, fact) if complete else {}
        project = create_draft(
            author=author, title=idea.title, mechanism_id=idea.mechanism, region=region, sponsor=idea.sponsor,
            sector_id=idea.sector, cercle=self.cercles.get((region.pk, idea.cercle)), locality=idea.locality,
            partner=self.partners[fact.partner if fact else idea.partner_name or PARTNERS[idea.partner][0]], works=idea.works,
            security_forces=idea.security, starts_on=clock.today() + dt.timedelta(days=75), duration_months=idea.months,
            direct_women=women, direct_men=left * 2 // 5, direct_girls=left * 3 // 10 if women < idea.people else 0,
            direct_boys=left - left * 2 // 5 - (left * 3 // 10 if women < idea.people else 0),
            indirect_women=idea.people, indirect_men=idea.people, displaced=idea.people // 12,
            disabled=idea.people // 50, **self.point(idea, region), **texts, **self.fund_answers.fields(idea),
        )  # fmt: skip
        rate = self.rates.get(timezone.localdate(now).replace(day=1), Decimal("560.0000"))
        lines = idea.lines if complete else idea.lines[:2]
        BudgetLine.objects.bulk_create(
            BudgetLine(project=project, category=category, label=label, unit=unit, quantity=1, currency="XOF",
                       unit_cost=xof, rate=rate, community_usd=Decimal("350.00") if category == "labour" else Decimal(0))
            for category, label, unit, xof in lines
        )  # fmt: skip
        weeks = idea.months * 4
        Activity.objects.bulk_create(
            Activity(project=project, title=title, first_week=first, weeks=length)
            for title, first, length in (
                ("Installation du chantier et information de la population", 1, 2),
                ("Réalisation et suivi technique", 3, max(weeks - 5, 1)),
                ("Réception, formation et remise", max(weeks - 2, 1), 2),
            )
        )
        ExpectedResult.objects.create(
            project=project, statement=f"{idea.title} : ouvrage réceptionné et en service", indicator="Ouvrages en service",
            unit="ouvrage", baseline=0, target=1,
        )  # fmt: skip
        if complete:
            self.fund_answers.answer(project)
        project.refresh_from_db()
        return project

    def point(self, idea: Plausible, region: Region) -> dict[str, Decimal]:
        """Where the works stand, of two projects in three: near the name of their cercle on the map."""
        cercle, draw = self.cercles.get((region.pk, idea.cercle)), random.Random(f"point: {idea.title}")
        if cercle is None or cercle.label_lat is None or cercle.label_lon is None or draw.random() > 2 / 3:
            return {}
        latitude, longitude = (round(at + draw.uniform(-0.06, 0.06), 5) for at in (cercle.label_lat, cercle.label_lon))
        if not region.contains(latitude, longitude):
            return {}
        return {"latitude": Decimal(str(latitude)), "longitude": Decimal(str(longitude))}

    def texts(self, idea: Plausible, fact: RealProject | None) -> dict[str, str]:
        place = idea.locality
        return {
            "need": f"À {place}, la population attend ce service depuis la crise ; les déplacements et l’insécurité en ont aggravé le manque."
            + (f" ({fact.source}.)" if fact else ""),
            "need_expressed_by": f"Le maire et les représentants des femmes et des jeunes de {place}",
            "objective": fact.objective if fact else f"Rendre aux habitants de {place} un service utile, en quelques mois et sous leurs yeux.",
            "confidence": "Les communautés choisissent le site ensemble et en assurent le suivi : un bénéfice visible de la paix, dans l’équité.",
            "coordination": "Vérifié avec le cluster concerné et les services techniques : aucune autre intervention prévue sur le site.",
            "gender": "Les femmes siègent à parité au comité de gestion ; horaires et accès pensés avec elles.",
            "environment": "Déchets de chantier évacués, aucun abattage d’arbres, énergie solaire privilégiée.",
            "do_no_harm": "Comité de plaintes ; recrutement local réparti entre fractions et quartiers.",
            "due_diligence": "Évaluation des risques menée avec la division des droits de l’homme ; mesures d’atténuation annexées." if idea.security else "",
            "land": "Attestation de cession de la commune, signée et jointe." if idea.works else "",
            "sustainability": "Comité de gestion formé, caisse d’entretien alimentée par les usagers.",
            "maintained_by": f"Comité de gestion de {place}, avec la commune",
            "visibility": "Panneau sur le site, cérémonie de remise avec les autorités, message à la radio locale.",
        }  # fmt: skip

    def send(self, project: Project, author: str, end: str, session: dt.date | None = None) -> None:
        with self.acting(author) as user:
            self.fund_answers.file_asked(project, "submit", user)
            submit(project=project, user=user)
        day = clock.today()
        if end == "withdrawn":
            self.at(day + dt.timedelta(days=6), lambda: self.take_back(project, author))
        elif end != "submitted":
            self.at(day + dt.timedelta(days=self.draw.randint(2, 5)), lambda: self.screen(project, end, session))

    def take_back(self, project: Project, author: str) -> None:
        with self.acting(author) as user:
            withdraw(project=project, user=user, note="Un autre bailleur finance finalement cet ouvrage.")

    def screen(self, project: Project, end: str, session: dt.date | None) -> None:
        with self.acting("gestionnaire") as user:
            screening.start_screening(project=project, user=user)
            if end == "screening":
                return
            if end == "returned":
                reasons = {
                    "budget": "Joignez trois devis pour le gros œuvre.",
                    "care": "Précisez qui signera pour l’entretien.",
                }
                screening.send_back(project=project, user=user, reasons=reasons)
                return
            if end == "inadmissible":
                screening.declare_inadmissible(
                    project=project, user=user, note="Dépense récurrente : le projet finance des salaires."
                )
                return
            answers = {item.code: ("yes", "") if item.required(project) else ("na", "") for item in CHECKLIST}
            screening.answer_checklist(project=project, user=user, answers=answers)
            screening.admit(project=project, user=user)
        if end in JUDGED:
            body = committee.right_committee(Project.objects.select_related("mechanism").get(pk=project.pk))
            day = session or self.next_session(clock.today())
            if not self.agenda[body, day]:
                self.at(day, lambda: self.sit(body, day))
            self.agenda[body, day].append((project, end, session and session + dt.timedelta(days=5)))

    @staticmethod
    def next_session(day: dt.date) -> dt.date:
        ahead = SESSION_EVERY_DAYS - day.toordinal() % SESSION_EVERY_DAYS
        return day + dt.timedelta(days=ahead)

    # --- The committee ---------------------------------------------------------------------------------------------

    def sit(self, body: Committee, day: dt.date) -> None:
        """One session: agenda, presence, scores, votes, recommendations. Items to stay « in review » stay open."""
        entries = self.agenda[body, day]
        with self.acting("secretaire") as secretary:
            session = committee.plan_session(committee=body, user=secretary, held_on=day, place="Salle de conférence")
            for project, _end, _decided in entries:
                committee.put_on_agenda(project=project, session=session, user=secretary)
        if all(end == "in_review" for _project, end, _decided in entries):
            return
        members = [member.user for member in session.members.select_related("user") if member.votes_here]
        with self.acting("president") as chair:
            present = members if len(members) < 5 else members[:-1]
            committee.open_session(session=session, user=chair, present=frozenset(m.pk for m in present))
        ends = {project.pk: (end, decided) for project, end, decided in entries}
        for item in session.items.select_related("project__mechanism"):
            self.judge(item, present, *ends[item.project_id])
        if not session.items.filter(state="waiting").exists():
            with self.acting("president") as chair:
                committee.close_session(
                    session=session, user=chair, minutes="Séance tenue dans le respect du règlement intérieur."
                )

    def judge(self, item, present: list[User], end: str, decided: dt.date | None) -> None:
        if end == "in_review":
            return
        against = end == "not_recommended"
        criteria = list(item.project.mechanism.criteria.values_list("pk", flat=True))
        for member in present:
            scores = {
                criterion: self.draw.randint(1, 2) if against else self.draw.randint(3, 5) for criterion in criteria
            }
            with pghistory.context(user=member.pk, user_name=member.name, request_id="sample-data"):
                committee.judge(item=item, user=member, scores=scores, vote="against" if against else "for")
        with self.acting("president") as chair:
            conditions = "Joindre l’attestation foncière avant la signature." if self.draw.random() < 0.25 else ""
            item = committee.close_item(item=item, user=chair, conditions=conditions)
        if end in ("approved", "refused") and item.recommendation != Recommendation.NOT_RECOMMENDED:
            day = decided or clock.today() + dt.timedelta(days=self.draw.randint(2, 8))
            self.at(day, lambda: self.decide(item.project, end))

    def decide(self, project: Project, end: str) -> None:
        if end == "approved":
            with self.acting("gestionnaire") as officer:
                self.fund_answers.before_approval(
                    Project.objects.select_related("mechanism").get(pk=project.pk), officer
                )
        with self.acting("autorite") as authority:
            if end == "approved":
                approved = decisions.approve(project=project, user=authority)
            else:
                decisions.refuse(
                    project=project, user=authority, note="Priorité donnée aux localités sans aucun service de base."
                )
        if end == "approved":
            self.lives(approved)

    def lives(self, project: Project) -> None:
        """From the approval on (see `life`); the real projects that the section tells of go through without a hitch."""
        from .life import SMOOTH, Life

        author = next(login for login, user in self.people.items() if user.pk == project.author_id)
        is_real = project.title in {fact.title for fact in REAL_PROJECTS}
        fate = SMOOTH if is_real else self.fates.get(project.pk)
        Life.begin(self, project, author, fate)
