"""A change of keys: every account number, sealed file and webhook's secret, encrypted again with the first key."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.views.decorators.debug import sensitive_variables

from funds.models import BankAccount
from funds.models.bank_triggers import RESEALING
from funds.services.bank import PRINTED, NumberUnreadable, clear_number, seal_context
from sr_portal import encryption
from sr_portal.documents.models import Document
from sr_portal.documents.services import reseal
from sr_portal.web import clock
from sr_portal.webhooks import secrets_kept


@dataclass(frozen=True)
class Outcome:
    """What became of one account or file: « changed », « current », or why it could not be done."""

    name: str
    state: str
    reason: str = ""


def rotate_accounts() -> Iterator[Outcome]:
    """Each account in a transaction of its own: stopped half-way, the rest is done by the next run."""
    for pk in BankAccount.objects.order_by("pk").values_list("pk", flat=True):
        name = f"funds.BankAccount {pk}"
        try:
            changed = _rotate(pk)
        except NumberUnreadable as error:
            yield Outcome(name, "failed", " ".join(error.messages))
        else:
            yield Outcome(name, "changed" if changed else "current")


def rotate_files() -> Iterator[Outcome]:
    for document in Document.objects.filter(is_sealed=True).order_by("pk"):
        name = f"documents.Document {document.pk}"
        try:
            changed = reseal(document)
        except (encryption.Unreadable, OSError) as error:
            yield Outcome(name, "failed", type(error).__name__)
        else:
            yield Outcome(name, "changed" if changed else "current")


def rotate_webhooks() -> Iterator[Outcome]:
    for found in secrets_kept.rotate_keys():
        yield Outcome(*found)


@sensitive_variables("number")
@transaction.atomic
def _rotate(pk: int) -> bool:
    account = BankAccount.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=pk)
    number = clear_number(account)
    current = encryption.fingerprint(number, context=PRINTED)
    if account.fingerprint == current and encryption.is_sealed_by_first_key(account.number_encrypted.encode()):
        return False
    account.number_encrypted = encryption.seal(number.encode(), context=seal_context(account.organisation)).decode()
    account.fingerprint, account.encrypted_at = current, clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, 'on', true)", [RESEALING])
        account.save(update_fields=["number_encrypted", "fingerprint", "encrypted_at"])
        cursor.execute("SELECT set_config(%s, '', true)", [RESEALING])
    return True
