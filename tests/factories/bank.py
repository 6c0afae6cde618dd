"""Bank accounts of partners for tests: entered, read and verified by the real services."""

from django.core.files.uploadedfile import SimpleUploadedFile

from funds import account_numbers
from funds.models import BankAccount, Organisation
from funds.services import bank
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from tests.documents.files import pdf
from tests.factories.accounts import user_with
from tests.factories.funds import PartnerFactory

REASON = "Comparaison avec l’attestation de la banque"


def rib(rank: int = 1, bank_code: str = "ML901", branch: str = "01001") -> str:
    """A RIB with its right key, of a bank that does not exist."""
    account = f"{26001006684 + rank * 7919:012}"
    return f"{bank_code}{branch}{account}{account_numbers.rib_key(bank_code, branch, account)}"


def proof(name: str = "Attestation.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf())


def typed(partner: Organisation, **changes) -> dict:
    """What the form's fields hold."""
    return {
        "holder_name": partner.name,
        "bank_name": "Banque du Delta",
        "branch": "Gao",
        "country": "ML",
        "currency": "XOF",
        "account_number": rib(),
        "bic": "",
        "note": "",
        **changes,
    }


def entered(partner: Organisation | None = None, *, by: User | None = None, **changes) -> BankAccount:
    partner = partner or PartnerFactory()
    by = by or user_with(Role.PROPOSER)
    return bank.enter(by=by, organisation=partner, values=typed(partner, **changes), proof=proof())


def verified(partner: Organisation | None = None, *, by: User | None = None, **changes) -> BankAccount:
    account = entered(partner, **changes)
    by = by or user_with(Role.FINANCE_OFFICER)
    bank.read_number(by=by, account=account, reason=REASON)
    return bank.verify(by=by, account=account)
