"""What every step in a sample project's life is made of: its time, its money, its receipts."""

import datetime as dt
import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from projects.models import AgreedLine, Instalment, Project
from projects.rules.amounts import Sum, in_xof
from projects.services import instalments, payments, receipts
from sr_portal.web import clock

from . import life_texts as texts
from .bank import one_page_pdf
from .story import Story

OFFICER, AUTHORITY, FINANCE = "gestionnaire", "autorite", "finances"


def pdf(*lines: str, name: str) -> ContentFile:
    return ContentFile(one_page_pdf(lines), name=name)


@dataclass
class Course:
    """A project on its way: when its next steps happen, and the money that they move."""

    story: Story
    project: Project
    author: str
    fate: int
    draw: random.Random
    partner_name: str
    style: int
    last: int = 0  # position of the last instalment
    papers: int = 0  # receipts entered so far
    pending: set[str] = field(default_factory=set)  # final reports still to be accepted

    # --- Time -------------------------------------------------------------------------------------------------------
    def on(self, day: dt.date, happening: Callable[[], None]) -> None:
        """As `Story.at`, by this project's own draw: the lives of others change nothing in it."""
        day = max(day, clock.today())
        if day > self.story.today:
            return
        hour = dt.time(8 + self.draw.randrange(9), self.draw.randrange(60))
        moment = dt.datetime.combine(day, hour, tzinfo=timezone.get_default_timezone())
        moment = max(moment, clock.now() + dt.timedelta(minutes=5))
        heapq.heappush(self.story.queue, (moment, next(self.story.order), happening))

    def after(self, days: int, happening: Callable[[], None]) -> None:
        self.on(clock.today() + dt.timedelta(days=days), happening)

    @property
    def rate(self) -> Decimal:
        months = sorted(month for month in self.story.rates if month <= clock.today())
        return self.story.rates[months[-1]] if months else Decimal("560.0000")

    def in_francs(self, amount_usd: Decimal) -> Sum:
        return Sum(in_xof(amount_usd, self.rate), "XOF", self.rate, clock.today().replace(day=1))

    def fresh(self) -> Project:
        self.project.refresh_from_db()
        return self.project

    # --- Money ------------------------------------------------------------------------------------------------------
    def ask_for(self, position: int, then: Callable[[], None]) -> None:
        """Request, then authorise, then pay an instalment; then go on."""
        with self.story.acting(OFFICER) as user:
            instalments.request(instalment=self._tranche(position), user=user, note="Pièces vérifiées.")
        self.after(self.draw.randint(1, 3), lambda: self._let_go(position, then))

    def _tranche(self, position: int) -> Instalment:
        return self.project.instalments.get(position=position)

    def _let_go(self, position: int, then: Callable[[], None]) -> None:
        with self.story.acting(AUTHORITY) as user:
            instalments.authorise(instalment=self._tranche(position), user=user)
        self.after(self.draw.randint(1, 4), lambda: self._pay(position, then))

    def _pay(self, position: int, then: Callable[[], None]) -> None:
        instalment = self._tranche(position)
        movement = payments.Movement(
            reference=f"VIR-{clock.today():%Y%m%d}-{self.project.pk:04d}-{position}", paid_on=clock.today(),
            stated=self.in_francs(instalment.unpaid_usd),
        )  # fmt: skip
        with self.story.acting(FINANCE) as user:
            payments.pay(instalment=instalment, user=user, movement=movement)
        then()

    def justify(self, position: int, share: Decimal = Decimal(1), *, judged: bool = True) -> None:
        """Receipts for `share` of what was paid of an instalment, line after line; finance judges them."""
        instalment = self._tranche(position)
        left = (instalment.paid_usd * share).quantize(Decimal("0.01")) - instalment.justified_usd
        lines = list(self.project.agreed_lines.order_by("pk"))
        for rank, line in enumerate(lines):
            room = left if rank == len(lines) - 1 else min(left, line.amount_usd - line.spent_usd)
            if room <= 0:
                continue
            left -= room
            self._receipt(instalment, line, room, judged=judged)

    def _receipt(self, instalment: Instalment, line: AgreedLine, amount: Decimal, *, judged: bool) -> None:
        self.papers += 1
        number = f"F-{self.project.pk:03d}-{self.papers:02d}"  # of a supplier that works for other projects too
        supplier = texts.SUPPLIERS[(line.pk + self.style) % len(texts.SUPPLIERS)]
        piece = receipts.Piece(number, supplier, clock.today(), self.in_francs(amount), line.label)
        paper = pdf(
            "FACTURE (exemple)", supplier, f"Numéro {number}", line.label, str(amount), name=f"Facture {number}.pdf"
        )
        with self.story.acting(self.author) as user:
            entered = receipts.enter(instalment=instalment, line=line, user=user, piece=piece, document=paper)
        if judged:
            with self.story.acting(FINANCE) as user:
                receipts.accept(receipt=entered, user=user)

    def give_back(self, position: int) -> None:
        """What the partner was paid and did not justify, to the cent."""
        instalment = self._tranche(position)
        left = payments.refundable_usd(instalment)
        if left <= 0:
            return
        movement = payments.Movement(
            f"REM-{clock.today():%Y%m%d}-{self.project.pk:04d}",
            clock.today(),
            self.in_francs(left),
            "Solde non dépensé.",
        )
        proof = pdf("AVIS DE VIREMENT (exemple)", self.partner_name, f"Remboursement {movement.reference}", name="Avis de virement.pdf")  # fmt: skip
        with self.story.acting(FINANCE) as user:
            payments.refund(instalment=instalment, user=user, movement=movement, proof=proof)
