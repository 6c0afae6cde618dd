"""At rest a number is nowhere in clear: not in a table, not in the history, not in a session, not in a file."""

import io
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from funds.account_numbers import grouped, iban_of
from funds.models import BankAccount, BankReading
from funds.services import bank
from sr_portal import encryption
from sr_portal.accounts.roles import Role
from sr_portal.history import verification
from tests.factories.accounts import user_with
from tests.factories.bank import REASON, entered, proof, rib, typed, verified
from tests.factories.funds import PartnerFactory
from tests.factories.projects import fresh

NUMBER = rib(6)
OLD, NEW = "o" * 40, "n" * 40


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def tables_that_hold(*texts: str) -> list[str]:
    """Every table of the database, sessions and caches too, one row of which holds one of these texts."""
    found = []
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            table = connection.ops.quote_name(name)
            conditions = " OR ".join(["strpos(t::text, %s) > 0"] * len(texts))
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE {conditions}", texts)
            if cursor.fetchone()[0]:
                found.append(name)
    return found


@pytest.mark.django_db
def test_no_table_holds_the_number_after_it_was_entered_read_verified_and_retired(files):
    partner = PartnerFactory()
    account = verified(partner, account_number=NUMBER)
    verified(partner, account_number=rib(7))
    forms = (NUMBER, grouped(NUMBER), iban_of(NUMBER, "ML"), NUMBER[10:22], NUMBER.lower())

    assert tables_that_hold(*forms) == []
    assert tables_that_hold(account.last4), "the search itself finds what is there"
    names = {field.name for field in BankAccount.pgh_event_model._meta.fields}
    assert names.isdisjoint({"number_encrypted", "fingerprint"}) and {"last4", "status"} <= names
    for path in files.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"%PDF" not in content and NUMBER.encode() not in content


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_does_not_leave_the_number_in_the_next_one():
    partner = PartnerFactory()
    client = Client()
    data = typed(partner, account_number=NUMBER, one_time_key=str(uuid.uuid4()))
    answer = client.post(f"/partenaires/{partner.pk}/comptes/nouveau/", data)

    assert answer["Location"].startswith("/compte/connexion/")
    kept = client.session["kept_input"]["data"]
    assert "Delta" in kept and NUMBER not in kept and "account_number" not in kept


@pytest.mark.django_db
def test_the_number_of_a_partner_does_not_open_for_another_nor_changed():
    account, other = entered(account_number=NUMBER), entered(PartnerFactory(), account_number=rib(7))
    account.number_encrypted = other.number_encrypted
    with pytest.raises(bank.NumberUnreadable, match="Aucune clé"):
        bank.clear_number(account)
    account.refresh_from_db()
    account.number_encrypted = encryption.seal(
        rib(8).encode(), context=bank.seal_context(account.organisation)
    ).decode()
    with pytest.raises(bank.NumberUnreadable, match="n’est plus celui qui a été saisi"):
        bank.clear_number(account)


# --- Keys -----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_new_key_reads_what_the_old_one_sealed_and_the_old_one_may_go_once_all_is_sealed_again(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    partner = PartnerFactory()
    account = verified(partner, account_number=NUMBER)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    assert bank.clear_number(account) == NUMBER
    with pytest.raises(bank.ValidationError, match="déjà celui"):
        entered(PartnerFactory(), account_number=NUMBER)  # found by the fingerprint of the old key

    out = io.StringIO()
    call_command("rotate_bank_keys", stdout=out)
    assert "Comptes : 1 rechiffrés, 0 déjà à jour, 0 illisibles." in plain(out)
    assert "Attestations : 1 rechiffrés, 0 déjà à jour, 0 illisibles." in plain(out)
    again = io.StringIO()
    call_command("rotate_bank_keys", stdout=again)
    assert "Comptes : 0 rechiffrés, 1 déjà à jour" in plain(again)

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    account = BankAccount.objects.get()
    assert bank.clear_number(account) == NUMBER
    assert encryption.unseal(account.proof.file.open("rb").read(), context=account.proof.seal_context)[:4] == b"%PDF"
    with pytest.raises(bank.ValidationError, match="déjà celui"):
        entered(PartnerFactory(), account_number=NUMBER)
    assert account.status == "verified" and account.encrypted_at > account.verified_at
    last = BankAccount.pgh_event_model.objects.filter(pgh_obj_id=account.pk).latest("pgh_id")
    assert last.encrypted_at == account.encrypted_at, "the history says when"
    assert [fault for fault in verification.faults() if "bank" in fault.table] == []


@pytest.mark.django_db
def test_a_key_that_is_gone_is_said_and_nothing_is_changed(settings, capsys):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    account = entered(account_number=NUMBER)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    out, errors = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("rotate_bank_keys", stdout=out, stderr=errors)

    assert ended.value.code == 1
    assert "Gardez les anciennes clés" in out.getvalue()
    assert f"funds.BankAccount {account.pk}" in errors.getvalue() and NUMBER not in errors.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert bank.clear_number(BankAccount.objects.get()) == NUMBER


@pytest.mark.django_db
def test_the_permission_to_seal_again_ends_with_each_account(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    entered(account_number=NUMBER)
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_bank_keys", stdout=io.StringIO())
    with connection.cursor() as cursor, pytest.raises(Exception, match="number_for_good"):
        cursor.execute("UPDATE funds_bankaccount SET fingerprint = %s", ["0" * 64])


def test_what_is_sealed_opens_for_its_context_and_with_its_key_only(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    token = encryption.seal(b"secret", context="a:1")
    assert encryption.unseal(token, context="a:1") == b"secret"
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(token, context="a:2")
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(token[:-2] + b"AA", context="a:1")
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    with pytest.raises(encryption.Unreadable):
        encryption.unseal(token, context="a:1")
    assert encryption.fingerprint("x", context="c") not in (encryption.fingerprint("x", context="d"), token.decode())


def plain(out: io.StringIO) -> str:
    return out.getvalue().replace("\u00a0", " ")


# --- At once --------------------------------------------------------------------------------------------------------
def at_once(call, people) -> list[str]:
    def run(user) -> str:
        try:
            call(fresh(user))
        except bank.ValidationError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def test_every_reading_is_recorded_even_when_many_read_at_once(own_database):
    account = entered(account_number=NUMBER)
    people = [user_with(Role.FINANCE_OFFICER) for _ in range(4)] + [user_with(Role.AUDITOR) for _ in range(4)]
    answers = at_once(lambda user: bank.read_number(by=user, account=account, reason=REASON), people)

    assert answers == ["done"] * 8
    assert set(BankReading.objects.values_list("reader_id", flat=True)) == {user.pk for user in people}
    assert BankReading.objects.count() == 8


def test_one_account_verified_by_many_at_once_is_verified_once(own_database):
    account = entered(account_number=NUMBER)
    people = [user_with(Role.FINANCE_OFFICER) for _ in range(8)]
    for user in people:
        bank.read_number(by=user, account=account, reason=REASON)
    answers = at_once(lambda user: bank.verify(by=user, account=account), people)

    assert sorted(answers) == ["AlreadyDecided"] * 7 + ["done"]
    assert BankAccount.objects.get().verified_by in people


def test_many_entries_at_once_leave_one_that_waits(own_database):
    partner = PartnerFactory()
    people = [user_with(Role.PROPOSER) for _ in range(8)]
    numbers = {user.pk: rib(rank) for rank, user in enumerate(people)}

    def enter(user) -> None:
        values = typed(partner, account_number=numbers[user.pk])
        bank.enter(by=user, organisation=partner, values=values, proof=proof())

    assert at_once(enter, people) == ["done"] * 8
    assert sorted(BankAccount.objects.values_list("status", flat=True)) == ["retired"] * 7 + ["to_verify"]
