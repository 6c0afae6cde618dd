"""Money that moves and receipts, for tests that use the services: what people type, and files unlike any other."""

import uuid
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from projects.models import Instalment, Payment, Receipt
from projects.rules.amounts import Sum
from projects.services import instalments, payments, receipts
from projects.services.payments import Movement
from projects.services.receipts import Piece
from sr_portal.web import clock
from tests.documents.files import pdf
from tests.factories.projects import fresh


def upload(name: str = "Pièce.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(f"<< /Id ({uuid.uuid4()}) >>".encode()))


def movement(amount="1000", **fields) -> Movement:
    """A movement of today, in USD, with a reference of its own; `currency`, `rate`, `rate_on` for francs."""
    money = {name: fields.pop(name) for name in ("currency", "rate", "rate_on") if name in fields}
    values = {"reference": f"VIR-{uuid.uuid4().hex[:10]}", "paid_on": clock.today(), **fields}
    return Movement(stated=Sum(Decimal(amount), **money), **values)


def piece(amount="1000", **fields) -> Piece:
    values = {"number": uuid.uuid4().hex[:8], "supplier": "Quincaillerie du Fleuve", "issued_on": clock.today()}
    return Piece(stated=Sum(Decimal(amount)), **{**values, **fields})


def request(instalment: Instalment, crew) -> Instalment:
    return instalments.request(instalment=instalment, user=fresh(crew.officer))


def authorise(instalment: Instalment, crew) -> Instalment:
    return instalments.authorise(instalment=request(instalment, crew), user=fresh(crew.authoriser))


def pay(instalment: Instalment, crew, amount=None, **fields) -> Payment:
    """By the services: asked for and authorised when need be, then paid in full, or `amount` USD."""
    if instalment.state == "planned":
        instalment = authorise(instalment, crew)
    return payments.pay(
        instalment=instalment, user=fresh(crew.payer), movement=movement(amount or instalment.unpaid_usd, **fields)
    )


def refund(instalment: Instalment, crew, amount, **fields) -> Payment:
    return payments.refund(
        instalment=instalment, user=fresh(crew.payer), movement=movement(amount, **fields), proof=upload("Relevé.pdf")
    )


def enter(instalment: Instalment, by, amount="1000", *, line=None, **fields) -> Receipt:
    line = line or instalment.project.agreed_lines.first()
    return receipts.enter(
        instalment=instalment, line=line, user=fresh(by), piece=piece(amount, **fields), document=upload("Facture.pdf")
    )


def justify(instalment: Instalment, crew, amount) -> Receipt:
    """One receipt, entered and accepted."""
    return receipts.accept(receipt=enter(instalment, crew.officer, amount), user=fresh(crew.payer))
