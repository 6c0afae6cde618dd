"""The lives of the approved sample projects, from the agreement to closure, told by the real services.

Each step plans the next; what would lie ahead of the sample data's last day does not happen, so that projects are
found in every state. Each project draws its own course from its title: always the same one.
"""

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from projects.models import Finding, Project, Report, Visit
from projects.rules.reports import FINALS
from projects.services import agreements, completion, findings, implementation
from projects.services import reports as reporting
from projects.services.drafting import fingerprint_of_all
from projects.services.visit_reports import NewPhoto
from projects.services.visit_reports import report as report_visit
from sr_portal.web import clock

from . import life_texts as texts
from .calendar import Calendar
from .course import AUTHORITY, FINANCE, OFFICER, Course, pdf
from .pictures import photo
from .story import Story

# How a life goes: smoothly; cancelled before the signature; cut short, with money still out or given back; held up by a
# blocking finding; halted for some weeks; its closure stalled; works overrun; less spent than paid. The last two are
# told of chosen projects only: nobody prepares the agreement; nobody asks for the first instalment.
SMOOTH, EARLY_END, CUT_SHORT, GIVEN_BACK, HELD_UP, HALTED, STALLED, OVERRUN, THRIFTY, WAITING, UNPAID = range(11)
FATES = (
    (SMOOTH, 54), (EARLY_END, 4), (CUT_SHORT, 4), (GIVEN_BACK, 3), (HELD_UP, 6), (HALTED, 5), (STALLED, 9),
    (OVERRUN, 7), (THRIFTY, 8),
)  # fmt: skip
# Told of the first approved ideas, so that every state is found whatever the draws: the fate, and how many days ago
# the proposal was begun.
SHOWN = (
    (WAITING, 62), (UNPAID, 66), (HALTED, 94), (STALLED, 330), (CUT_SHORT, 150), (HALTED, 99), (HELD_UP, 105), (SMOOTH, 45),
    (GIVEN_BACK, 210), (EARLY_END, 80),
)  # fmt: skip


class Life(Course):
    """One project's course from its approval on."""

    @classmethod
    def begin(cls, story: Story, project: Project, author: str, fate: int | None = None) -> None:
        """Let the project live from today, the day of its approval."""
        draw = random.Random(project.title)
        drawn = draw.choices(*zip(*FATES, strict=True))[0]
        life = cls(
            story, project, author, drawn if fate is None else fate, draw, str(project.partner), draw.randrange(8)
        )
        if life.fate != WAITING:
            life.after(draw.randint(2, 9), life.prepare)

    # --- Agreement --------------------------------------------------------------------------------------------------
    def prepare(self) -> None:
        starts = clock.today() + dt.timedelta(days=self.draw.randint(6, 14))
        with self.story.acting(OFFICER) as user:
            agreements.save_text(
                project=self.project, user=user, base=fingerprint_of_all({}),
                values={
                    "language": "fr", "starts_on": starts, "partner_signatory": texts.person(self.draw),
                    "partner_function": "Présidente du bureau exécutif", "mission_signatory": "Hélène Vasseur",
                    "mission_function": "Représentante spéciale adjointe", "special_conditions": "",
                },
            )  # fmt: skip
        if self.fate == EARLY_END:
            self.after(self.draw.randint(8, 20), lambda: self.cancel(texts.EARLY_END))
        else:
            self.after(self.draw.randint(3, 10), self.sign)

    def sign(self) -> None:
        with self.story.acting(OFFICER) as user:
            signed = pdf("PROTOCOLE D’ACCORD (exemple)", str(self.project.reference), "Signé par les deux parties", name="Protocole signé.pdf")  # fmt: skip
            agreements.add_copy(project=self.project, user=user, upload=signed, signatory="both")
            today = clock.today()
            implementation.sign_agreement(
                project=self.fresh(), user=user, partner_signed_on=today, mission_signed_on=today
            )
        self.last = self.project.instalments.count()
        if self.fate != UNPAID:
            self.after(self.draw.randint(1, 6), lambda: self.ask_for(1, self.under_way))

    # --- Works ------------------------------------------------------------------------------------------------------
    def under_way(self) -> None:
        """The first instalment is paid: the project is active."""
        Calendar(self).begin()
        midway = self.project.visits.get(kind="midway")
        if self.fate in (CUT_SHORT, GIVEN_BACK):
            self.on(midway.planned_on - dt.timedelta(days=5), self.stop_short)
            return
        if self.fate == HALTED:
            self.on(midway.planned_on - dt.timedelta(days=8), self.halt)
        self.on(midway.planned_on + dt.timedelta(days=self.draw.randint(-3, 6)), lambda: self.visit_midway(midway))

    def halt(self) -> None:
        with self.story.acting(AUTHORITY) as user:
            implementation.suspend(project=self.project, user=user, note=texts.HALT)
        self.after(24, self.go_on)

    def go_on(self) -> None:
        with self.story.acting(AUTHORITY) as user:
            implementation.resume(
                project=self.project, user=user, note="L’escorte est rétablie ; le partenaire a repris le chantier."
            )

    def stop_short(self) -> None:
        self.justify(1, Decimal("0.6"))
        self.cancel(texts.CUT_SHORT)
        if self.fate == GIVEN_BACK:
            self.after(self.draw.randint(15, 40), lambda: self.give_back(1))

    def cancel(self, note: str) -> None:
        with self.story.acting(AUTHORITY) as user:
            implementation.cancel(project=self.fresh(), user=user, note=note)

    def visit_midway(self, visit: Visit) -> None:
        if self.fresh().state == "suspended":
            self.after(10, lambda: self.visit_midway(visit))
            return
        found = []
        if self.fate == HELD_UP or self.draw.random() < 0.2:
            severity = "blocking" if self.fate == HELD_UP else "minor"
            due = clock.today() + dt.timedelta(days=7 if severity == "blocking" else 30)
            found.append(findings.NewFinding(text=texts.finding(self.draw), due_on=due, severity=severity, owner=self.story.people[self.author]))  # fmt: skip
        stages = ("before", "during")
        photos = [NewPhoto(photo(stage, self.style, f"{stage}.jpg"), stage, texts.CAPTIONS[stage]) for stage in stages]
        self.file_visit(visit, self.author, self.draw.randint(40, 65), texts.midway(self.draw), found, photos)
        for row in Finding.objects.filter(project=self.project, closed_at=None):
            self.after(self.draw.randint(6, 20), lambda row=row: self.mend(row))
        self.after(3, self.report_midway)
        end = self.project.ends_on - dt.timedelta(days=self.draw.randint(4, 12))
        late = self.draw.randint(50, 110) if self.fate == OVERRUN else 0
        self.on(end + dt.timedelta(days=late), self.visit_at_the_end)

    def file_visit(self, visit: Visit, login: str, progress: int, said: str, found=(), photos=()) -> None:
        values = {
            "done_on": clock.today(), "participants": "Gestionnaire du programme, point focal, partenaire",
            "people_met": "Le maire, la présidente du comité de gestion, des usagers", "progress": progress,
            "quality": "good" if not found else "fair", "safety": "safe", "observations": said,
            "recommendations": "Tenir le calendrier convenu et afficher les horaires du comité.",
            **self.spot(visit),
        }  # fmt: skip
        with self.story.acting(login) as user:
            report_visit(visit=visit, user=user, version=visit.version, values=values, findings=found, photos=photos)

    def spot(self, visit: Visit) -> dict[str, Decimal]:
        """Where the visitor's phone stood: near the works, of one visit in ten some kilometres away."""
        if self.project.latitude is None or self.project.longitude is None:
            return {}
        draw = random.Random(f"{visit.kind}: {self.project.title}")
        reach = 0.04 if draw.random() < 0.1 else 0.004
        return {
            name: at + Decimal(str(round(draw.choice((-1, 1)) * reach * draw.uniform(0.6, 1), 5)))
            for name, at in (("latitude", self.project.latitude), ("longitude", self.project.longitude))
        }

    def mend(self, finding: Finding) -> None:
        with self.story.acting(OFFICER) as user:
            findings.close_finding(
                finding=finding, user=user, note="Repris par le partenaire ; vérifié sur photos datées."
            )

    # --- Reports ----------------------------------------------------------------------------------------------------
    def report_midway(self) -> None:
        """Receipts and, where an instalment waits for it, the interim report; then the next instalment."""
        if self.last < 3:
            self.justify(1)
            return
        self.justify(1, Decimal("0.9"))
        self.write("interim", 1, lambda: self.after(self.draw.randint(1, 4), self.ask_for_second))

    def ask_for_second(self) -> None:
        if Finding.objects.filter(project=self.project, closed_at=None, severity="blocking").exists():
            self.after(5, self.ask_for_second)
        elif self.fresh().state != "suspended" and self._tranche(2).state == "planned":
            self.ask_for(2, lambda: None)

    def write(self, kind: str, position: int | None, then: Callable[[], None], due_on: dt.date | None = None) -> None:
        """Open, fill in and submit a report today; an officer accepts it some days later, or returns it first."""
        instalment = self._tranche(position) if position else None
        with self.story.acting(self.author) as user:
            report = reporting.open_report(
                project=self.project, user=user, kind=kind, instalment=instalment, due_on=due_on
            )
            values = reporting.stored_values(report) | texts.report(kind, self.project, self.draw)
            values |= {name: Decimal(1 if kind in FINALS else 0) for name in values if name.startswith("value_")}
            if report.declares:  # nine tenths of what was paid are spent, the rest is committed
                paid = self.fresh().paid_usd
                spent = (paid * 9 / 10).quantize(Decimal("0.01"))
                values |= {"declared_spent_usd": spent, "declared_committed_usd": paid - spent}
            report = reporting.save(report=report, user=user, version=report.version, values=values)
            report = reporting.submit(report=report, user=user, version=report.version)
        returned = self.draw.random() < 0.2
        self.after(
            self.draw.randint(2, 7), lambda: self.send_back(report, then) if returned else self.accept(report, then)
        )

    def send_back(self, report: Report, then: Callable[[], None]) -> None:
        with self.story.acting(OFFICER) as user:
            report = reporting.send_back(report=report, user=user, version=report.version, text=texts.REMARK)
        self.after(4, lambda: self.mend_report(report, then))

    def mend_report(self, report: Report, then: Callable[[], None]) -> None:
        with self.story.acting(self.author) as user:
            if report.kind != "final_financial":
                values = {"inclusion": f"{report.inclusion} {texts.MENDED}"}
                report = reporting.save(report=report, user=user, version=report.version, values=values)
            report = reporting.submit(report=report, user=user, version=report.version)
        self.after(3, lambda: self.accept(report, then))

    def accept(self, report: Report, then: Callable[[], None]) -> None:
        with self.story.acting(OFFICER) as user:
            reporting.accept(report=report, user=user, version=report.version)
        then()

    # --- Completion -------------------------------------------------------------------------------------------------
    def visit_at_the_end(self) -> None:
        if self.fresh().state == "suspended":
            self.after(10, self.visit_at_the_end)
            return
        visit = self.project.visits.get(kind="final")
        photos = [NewPhoto(photo("after", self.style, "after.jpg"), "after", texts.CAPTIONS["after"])]
        self.file_visit(visit, OFFICER, 100, texts.final(self.draw), (), photos)
        self.after(self.draw.randint(1, 4), self.receive)

    def receive(self) -> None:
        values = texts.handover(self.project, self.draw)
        with self.story.acting(OFFICER) as user:
            record = completion.record_handover(
                project=self.project, user=user, kind="provisional", values=values, base=""
            )
            signed = pdf("PROCÈS-VERBAL DE RÉCEPTION (exemple)", str(self.project.reference), "Signé par les trois parties", name="Procès-verbal signé.pdf")  # fmt: skip
            completion.file_signed_copy(handover=record, user=user, upload=signed)
        self.after(self.draw.randint(1, 3), self.complete)

    def complete(self) -> None:
        if Finding.objects.filter(project=self.project, closed_at=None).exists():
            self.after(6, self.complete)
            return
        with self.story.acting(OFFICER) as user:
            implementation.complete(project=self.fresh(), user=user)
        self.pending = {"final_narrative", "final_financial"}
        for kind in sorted(self.pending):
            if self.fate == STALLED and kind == "final_financial":
                continue  # the closure waits for it
            self.after(self.draw.randint(12, 30), lambda kind=kind: self.write(kind, None, lambda: self.reported(kind)))
        self.after(self.draw.randint(20, 40), self.evaluate)
        self.after(190, self.check)

    def reported(self, kind: str) -> None:
        self.pending.discard(kind)
        if self.pending:
            return
        paid = [row.position for row in self.project.instalments.order_by("position") if row.paid_usd]
        for position in paid:
            self.justify(position)
        self.after(self.draw.randint(1, 4), lambda: self.ask_for_the_rest(max(paid) + 1))

    def ask_for_the_rest(self, position: int) -> None:
        if position > self.last:
            self.after(self.draw.randint(6, 14), self.account)
        elif self._tranche(position).state in ("requested", "authorised"):
            self.after(4, lambda: self.ask_for_the_rest(position))
        elif self._tranche(position).state != "planned":
            self.ask_for_the_rest(position + 1)
        else:
            self.ask_for(position, lambda: self.after(2, lambda: self.ask_for_the_rest(position + 1)))

    def account(self) -> None:
        """The last receipts; a thrifty partner gives back what it did not need."""
        for position in range(1, self.last + 1):
            self.justify(position, Decimal("0.93") if self.fate == THRIFTY and position == self.last else Decimal(1))
        if self.fate == THRIFTY:
            self.after(5, lambda: self.give_back(self.last))
        self.after(self.draw.randint(8, 16), self.close)

    def evaluate(self) -> None:
        login = "chef.bureau.gao" if self.project.region.code == "ML-7" else OFFICER
        with self.story.acting(login) as user:
            values = texts.evaluation(self.draw) | {"evaluated_on": clock.today()}
            completion.evaluate(project=self.project, user=user, values=values, base="")
        if self.draw.random() < 0.4:
            with self.story.acting(self.author) as user:
                completion.note_lesson(project=self.project, user=user, values=texts.lesson(self.draw))

    def close(self) -> None:
        if not hasattr(self.fresh(), "evaluation"):
            self.after(5, self.close)
            return
        with self.story.acting(FINANCE) as user:
            implementation.close(project=self.project, user=user)

    def check(self) -> None:
        if self.draw.random() < 0.3:
            return  # late: the list of deadlines says so
        with self.story.acting(OFFICER) as user:
            values = texts.check(self.draw) | {"checked_on": clock.today()}
            completion.check_sustainability(project=self.project, user=user, values=values, base="")
