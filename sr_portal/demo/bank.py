"""Bank accounts of the sample partners: numbers of banks that do not exist, with their right keys; always the same."""

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone

from funds.account_numbers import grouped, rib_key
from funds.models import BankAccount, Organisation
from funds.services import bank
from sr_portal.web import clock

from .story import Story

# The codes ML901 to ML903 belong to no bank of Mali.
BANKS = (
    ("Banque du Delta (fictive)", "ML901"),
    ("Caisse solidaire du Nord (fictive)", "ML902"),
    ("Banque de la Boucle du Niger (fictive)", "ML903"),
)
BRANCHES = {"ML-7": "Gao", "ML-6": "Tombouctou", "ML-5": "Mopti", "ML-8": "Kidal", "ML-9": "Ménaka", "ML-4": "Ségou"}
DAYS_AGO = 720  # before the first of the sample projects
REASON = "Comparaison avec l’attestation de la banque avant de vérifier le compte"


@dataclass(frozen=True)
class Entry:
    """One account as its enterer typed it."""

    holder: str
    bank: str
    branch: str
    number: str

    @classmethod
    def of(cls, partner: Organisation, rank: int, change: int = 0) -> "Entry":
        name, code = BANKS[(rank + change) % len(BANKS)]
        branch, account = f"{1001 + rank % 7:05}", f"{26_001_000_000 + rank * 104_729 + change * 7_919:012}"
        number = f"{code}{branch}{account}{rib_key(code, branch, account)}"
        place = BRANCHES.get(partner.region.code if partner.region else "", "Bamako")
        return cls(partner.name, name, place, number)

    def proof(self) -> ContentFile:
        lines = (
            "ATTESTATION DE COMPTE (exemple)",
            self.bank,
            f"Titulaire : {self.holder}",
            f"RIB : {grouped(self.number)}",
        )
        return ContentFile(one_page_pdf(lines), name="Attestation bancaire.pdf")

    def values(self) -> dict[str, str]:
        return {
            "holder_name": self.holder, "bank_name": self.bank, "branch": self.branch, "country": "ML",
            "currency": "XOF", "account_number": self.number, "bic": "", "note": "",
        }  # fmt: skip


def give_accounts(story: Story) -> None:
    """A verified account for each partner; a few have another since: verified in its place, rejected, or waiting."""
    for rank, partner in enumerate(Organisation.objects.select_related("region").order_by("pk")):
        day = story.today - dt.timedelta(days=DAYS_AGO - rank)
        verify(story, enter(story, partner, Entry.of(partner, rank), day), day + dt.timedelta(days=2))
        if rank in LATER:
            days_ago, decide = LATER[rank]
            day = story.today - dt.timedelta(days=days_ago)
            account = enter(story, partner, Entry.of(partner, rank, change=1), day)
            if decide:
                decide(story, account, day + dt.timedelta(days=2))


def enter(story: Story, partner: Organisation, entry: Entry, day: dt.date) -> BankAccount:
    with clock.at(_morning(day)), story.acting("gestionnaire") as officer:
        return bank.enter(by=officer, organisation=partner, values=entry.values(), proof=entry.proof())


def verify(story: Story, account: BankAccount, day: dt.date) -> None:
    with clock.at(_morning(day)), story.acting("finances") as officer:
        bank.read_number(by=officer, account=account, reason=REASON)
        bank.verify(by=officer, account=account)


def reject(story: Story, account: BankAccount, day: dt.date) -> None:
    with clock.at(_morning(day)), story.acting("finances") as officer:
        bank.read_number(by=officer, account=account, reason=REASON)
        reason = (
            "Le titulaire de l’attestation est une personne, et non l’association : un compte à son nom est attendu."
        )
        bank.reject(by=officer, account=account, reason=reason)


# By rank in the registry: how many days ago another account was entered, and what finance did with it.
LATER = {3: (3, None), 5: (30, verify), 8: (12, reject)}


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9, 30), tzinfo=timezone.get_default_timezone())


def one_page_pdf(lines: tuple[str, ...]) -> bytes:
    """A small A5 page of text, one line each, without any library."""
    shown = b"".join(b"(" + _escaped(line) + b") Tj T*\n" for line in lines)
    stream = b"BT /F1 13 Tf 40 340 Td 26 TL\n" + shown + b"ET"
    font = b"<< /Font << /F1 5 0 R >> >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 420] /Contents 4 0 R /Resources %s >>" % font,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(body))
    )


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
