"""Each rule of bank details, by whatever road it is broken: service, model, raw SQL."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from funds import access
from funds.account_numbers import iban_of
from funds.models import BankAccount, BankAccountStatus, BankReading, Interest
from funds.querysets import verified_account
from funds.services import bank
from sr_portal import encryption
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories.accounts import user_with
from tests.factories.bank import REASON, entered, proof, rib, typed, verified
from tests.factories.funds import PartnerFactory
from tests.factories.projects import region

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def sql(statement: str, params=()) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what the test itself wrote is what refuses TRUNCATE
        cursor.execute(statement, params)


def refused_by_sql(name: str, statement: str, params=()) -> None:
    with pytest.raises(DatabaseError) as refusal:
        sql(statement, params)
    assert name in str(refusal.value)


def state(account: BankAccount) -> str:
    return BankAccount.objects.get(pk=account.pk).status


# --- Two people -----------------------------------------------------------------------------------------------------
def test_who_entered_an_account_neither_verifies_nor_rejects_it():
    both = user_with(Role.PROPOSER, Role.FINANCE_OFFICER)
    account = entered(by=both)
    bank.read_number(by=both, account=account, reason=REASON)

    for act in (
        lambda: bank.verify(by=both, account=account),
        lambda: bank.reject(by=both, account=account, reason="Non"),
    ):
        with pytest.raises(PermissionDenied, match="Vous avez saisi ce compte"):
            act()
    assert state(account) == "to_verify"
    account.status, account.verified_by, account.verified_at = "verified", both, clock.now()
    with pytest.raises(ValidationError, match="ne peut pas le vérifier"):
        account.full_clean()
    refused_by_sql(
        "bank_account_verified_by_another",
        "UPDATE funds_bankaccount SET status = 'verified', verified_by_id = entered_by_id, verified_at = now()",
    )
    account.refresh_from_db()
    account.status, account.closed_by, account.closed_at, account.closing_reason = "rejected", both, clock.now(), "Non"
    with pytest.raises(ValidationError, match="ne peut pas le rejeter"):
        account.full_clean()
    refused_by_sql(
        "bank_account_rejected_by_another",
        "UPDATE funds_bankaccount SET status = 'rejected', closed_by_id = entered_by_id, closed_at = now(),"
        " closing_reason = 'Non'",
    )


def test_another_from_finance_verifies_after_reading_the_number_only():
    account, finance = entered(), user_with(Role.FINANCE_OFFICER)
    with pytest.raises(ValidationError, match="Lisez d’abord le numéro"):
        bank.verify(by=finance, account=account)
    assert not account.organisation.has_verified_account()
    bank.read_number(by=finance, account=account, reason=REASON)
    bank.verify(by=finance, account=account)

    account.refresh_from_db()
    assert (account.status, account.verified_by) == ("verified", finance)
    assert verified_account(account.organisation) == account
    assert account.organisation.has_verified_account()


def test_what_somebody_else_read_does_not_count():
    account = entered()
    bank.read_number(by=user_with(Role.FINANCE_OFFICER), account=account, reason=REASON)

    with pytest.raises(ValidationError, match="Lisez d’abord"):
        bank.verify(by=user_with(Role.FINANCE_OFFICER), account=account)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_does_what_is_its_own(role):
    partner, somebody = PartnerFactory(region=region()), user_with(role)
    account = entered(PartnerFactory())

    def allowed(act) -> bool:
        try:
            act()
        except PermissionDenied:
            return False
        except ValidationError:
            return True
        return True

    enters = role in (Role.PROPOSER, Role.PROGRAMME_OFFICER)
    reads = role in (Role.FINANCE_OFFICER, Role.AUDITOR)
    values = typed(partner, account_number=rib(2))
    assert allowed(lambda: bank.enter(by=somebody, organisation=partner, values=values, proof=proof())) is enters
    assert allowed(lambda: bank.read_number(by=somebody, account=account, reason=REASON)) is reads
    finance = role is Role.FINANCE_OFFICER
    assert allowed(lambda: bank.retire(by=somebody, account=account, reason="Compte fermé")) is finance
    assert allowed(lambda: bank.verify(by=somebody, account=account)) is finance
    assert BankReading.objects.count() == (1 if reads else 0)


def test_a_role_held_elsewhere_opens_nothing_here():
    partner = PartnerFactory(region=region("ML-7"))
    there = {
        role: user_with(role, region=region("ML-8")) for role in (Role.PROPOSER, Role.FINANCE_OFFICER, Role.AUDITOR)
    }
    account = entered(partner)

    assert not access.enters_bank_details(there[Role.PROPOSER], partner)
    for role in (Role.FINANCE_OFFICER, Role.AUDITOR):
        with pytest.raises(PermissionDenied):
            bank.read_number(by=there[role], account=account, reason=REASON)
    with pytest.raises(PermissionDenied):
        bank.reject(by=there[Role.FINANCE_OFFICER], account=account, reason="Faux")


def test_a_declared_interest_keeps_out_of_entering_verifying_rejecting_and_retiring():
    partner = PartnerFactory()
    proposer, finance = user_with(Role.PROPOSER), user_with(Role.FINANCE_OFFICER)
    for user in (proposer, finance):
        Interest.objects.create(user=user, organisation=partner, nature="Parente du président")
    with pytest.raises(PermissionDenied, match="intérêt"):
        bank.enter(by=proposer, organisation=partner, values=typed(partner), proof=proof())
    account = entered(partner)
    bank.read_number(by=finance, account=account, reason=REASON)
    for act in (
        lambda: bank.verify(by=finance, account=account),
        lambda: bank.reject(by=finance, account=account, reason="Faux"),
    ):
        with pytest.raises(PermissionDenied, match="intérêt"):
            act()
    other = user_with(Role.FINANCE_OFFICER)
    bank.read_number(by=other, account=account, reason=REASON)
    bank.verify(by=other, account=account)
    with pytest.raises(PermissionDenied):
        bank.retire(by=finance, account=account, reason="Compte fermé")
    assert state(account) == "verified"


# --- One of each ----------------------------------------------------------------------------------------------------
def test_a_new_entry_replaces_the_one_that_waited_and_leaves_the_verified_one_in_use():
    partner = PartnerFactory()
    old = verified(partner)
    first = entered(partner, account_number=rib(2))
    second = entered(partner, account_number=rib(3))

    assert [state(account) for account in (old, first, second)] == ["verified", "retired", "to_verify"]
    assert verified_account(partner) == old
    finance = user_with(Role.FINANCE_OFFICER)
    bank.read_number(by=finance, account=second, reason=REASON)
    bank.verify(by=finance, account=second)
    assert [state(account) for account in (old, first, second)] == ["retired", "retired", "verified"]
    assert verified_account(partner) == second
    old.refresh_from_db()
    assert old.verified_by is not None and second.masked in old.closing_reason


def copy(account: BankAccount, **changes) -> BankAccount:
    """The same row once more, not saved."""
    made = BankAccount.objects.get(pk=account.pk)
    made.pk, made._state.adding = None, True
    made.proof = proof_document()
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def proof_document():
    from sr_portal.documents.services import store

    return store(SimpleUploadedFile("autre.pdf", proof().read()), by=user_with(), sealed=True)


def test_two_accounts_never_wait_or_are_verified_at_once():
    partner = PartnerFactory()
    waiting = entered(partner)
    with pytest.raises(ValidationError, match="déjà un compte à vérifier"):
        copy(waiting).full_clean()
    with pytest.raises(DatabaseError, match="bank_account_one_waiting"), transaction.atomic():
        copy(waiting).save()
    finance = user_with(Role.FINANCE_OFFICER)
    bank.read_number(by=finance, account=waiting, reason=REASON)
    bank.verify(by=finance, account=waiting)
    other = entered(partner, account_number=rib(2))
    other.status, other.verified_by, other.verified_at = "verified", finance, clock.now()
    with pytest.raises(ValidationError, match="déjà un compte vérifié"):
        other.full_clean()
    refused_by_sql(
        "bank_account_one_verified",
        "UPDATE funds_bankaccount SET status = 'verified', verified_by_id = %s, verified_at = now() WHERE id = %s",
        [finance.pk, other.pk],
    )


# --- Who, when and why ----------------------------------------------------------------------------------------------
CLOSED = "closed_by_id = %(other)s, closed_at = now(), closing_reason = 'Non'"


@pytest.mark.parametrize(
    "fields",
    [
        "status = 'verified', verified_by_id = %(other)s",
        "status = 'verified', verified_at = now()",
        "status = 'verified'",
        "verified_by_id = %(other)s, verified_at = now()",
        f"status = 'rejected', {CLOSED}, verified_by_id = %(other)s, verified_at = now()",
        f"status = 'retired', {CLOSED}, verified_by_id = %(other)s",
    ],
)
def test_verified_goes_with_who_and_when(fields):
    account, other = entered(), user_with()
    refused_by_sql(
        "bank_account_verified_with_who_and_when", f"UPDATE funds_bankaccount SET {fields}", {"other": other.pk}
    )
    account.status = "verified"
    with pytest.raises(ValidationError, match="dit par qui et quand"):
        account.full_clean()


@pytest.mark.parametrize(
    "fields",
    [
        "status = 'rejected', closed_by_id = %(other)s, closed_at = now()",
        "status = 'rejected', closed_by_id = %(other)s, closing_reason = 'Non'",
        "status = 'retired', closed_at = now(), closing_reason = 'Non'",
        "closing_reason = 'Non'",
    ],
)
def test_a_closed_account_says_by_whom_when_and_why(fields):
    account, other = entered(), user_with()
    refused_by_sql("bank_account_closed_with_reason", f"UPDATE funds_bankaccount SET {fields}", {"other": other.pk})
    account.status = "rejected"
    with pytest.raises(ValidationError, match="par qui, quand et pourquoi"):
        account.full_clean()
    with pytest.raises(ValidationError) as refusal:
        bank.reject(by=user_with(Role.FINANCE_OFFICER), account=account, reason="  ")
    assert "reason" in refusal.value.error_dict


def test_a_rejected_account_is_entered_again():
    partner = PartnerFactory()
    first = entered(partner)
    bank.reject(by=user_with(Role.FINANCE_OFFICER), account=first, reason="Le titulaire n’est pas le partenaire.")
    second = entered(partner, account_number=rib(2))

    assert (state(first), state(second)) == ("rejected", "to_verify")


# --- For good -------------------------------------------------------------------------------------------------------
CHANGES = {
    "holder_name": "'Quelqu’un d’autre'",
    "bank_name": "'Autre banque'",
    "branch": "'Mopti'",
    "country": "'SN'",
    "currency": "'USD'",
    "last4": "'9999'",
    "bic": "'BDMAMLBA'",
    "note": "'Corrigé'",
    "entered_at": "now() - interval '1 day'",
    "entered_by_id": "verified_by_id",
}


@pytest.mark.parametrize("column", CHANGES)
def test_what_an_account_says_never_changes(column):
    verified()
    refused_by_sql("Cannot update rows", f"UPDATE funds_bankaccount SET {column} = {CHANGES[column]}")


def test_the_number_never_changes_even_for_a_well_sealed_one():
    account = verified()
    other = encryption.seal(rib(9).encode(), context=bank.seal_context(account.organisation)).decode()

    refused_by_sql("number_for_good", "UPDATE funds_bankaccount SET number_encrypted = %s", [other])
    refused_by_sql("number_for_good", "UPDATE funds_bankaccount SET fingerprint = %s", ["0" * 64])
    account.number_encrypted = other
    with pytest.raises(DatabaseError, match="number_for_good"), transaction.atomic():
        account.save()


def test_decisions_never_change_and_a_closed_account_never_comes_back():
    account, other = verified(), user_with()
    refused_by_sql("decisions_for_good", "UPDATE funds_bankaccount SET verified_by_id = %s", [other.pk])
    refused_by_sql("decisions_for_good", "UPDATE funds_bankaccount SET verified_at = now() + interval '1 day'")
    bank.retire(by=user_with(Role.FINANCE_OFFICER), account=account, reason="Compte fermé")
    refused_by_sql("decisions_for_good", "UPDATE funds_bankaccount SET closing_reason = 'Autre'")
    for status in ("verified", "to_verify", "rejected"):
        refused_by_sql("Invalid transition", "UPDATE funds_bankaccount SET status = %s", [status])


def test_an_account_is_not_born_verified():
    account, other = entered(PartnerFactory()), user_with()
    made = copy(account, organisation=PartnerFactory(), status="verified", verified_by=other, verified_at=clock.now())
    with pytest.raises(DatabaseError, match="begins_to_verify"), transaction.atomic():
        made.save()


@pytest.mark.parametrize(
    "statement, reason",
    [("DELETE FROM funds_bankaccount", "Cannot delete"), ("TRUNCATE funds_bankaccount CASCADE", "append_only")],
)
def test_no_account_is_erased(statement, reason):
    entered()
    refused_by_sql(reason, statement)
    assert BankAccount.objects.count() == 1


def test_a_number_in_clear_is_refused_where_the_sealed_one_goes():
    account = entered(PartnerFactory())
    made = copy(account, organisation=PartnerFactory(), number_encrypted=rib())
    with pytest.raises(ValidationError, match="que chiffré"):
        made.full_clean(exclude=["proof"])
    with pytest.raises(DatabaseError, match="bank_account_number_sealed"), transaction.atomic():
        made.save()


# --- Readings -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   ", "a", " court  ", "x" * 251])
def test_a_reading_without_a_reason_shows_nothing_and_is_not_recorded(reason):
    account, finance = entered(), user_with(Role.FINANCE_OFFICER)
    with pytest.raises(ValidationError) as refusal:
        bank.read_number(by=finance, account=account, reason=reason)
    assert "reason" in refusal.value.error_dict
    assert not BankReading.objects.exists()
    with pytest.raises(ValidationError):
        BankReading(account=account, reader=finance, reason=reason).full_clean()
    with pytest.raises(DatabaseError), transaction.atomic():
        BankReading.objects.create(account=account, reader=finance, reason=reason)


def test_a_reading_says_who_when_and_why_and_gives_the_number():
    account, auditor = entered(account_number=rib(4)), user_with(Role.AUDITOR)
    moment = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
    with clock.at(moment):
        reading, number = bank.read_number(by=auditor, account=account, reason="  Contrôle   annuel 2026 ")

    assert number == rib(4)
    assert BankReading.objects.get() == reading
    assert (reading.reader, reading.read_at, reading.reason) == (auditor, moment, "Contrôle annuel 2026")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_bankreading SET reason = 'Rien à voir ici'",
        "DELETE FROM funds_bankreading",
        "TRUNCATE funds_bankreading CASCADE",
    ],
)
def test_nobody_rewrites_the_readings(statement):
    verified()
    refused_by_sql("append_only", statement)


# --- Numbers --------------------------------------------------------------------------------------------------------
def test_a_wrong_number_a_wrong_swift_code_and_a_bad_proof_are_named():
    partner, proposer = PartnerFactory(), user_with(Role.PROPOSER)

    def errors(upload=None, **changes) -> set[str]:
        with pytest.raises(ValidationError) as refusal:
            bank.enter(by=proposer, organisation=partner, values=typed(partner, **changes), proof=upload or proof())
        return set(refusal.value.error_dict)

    wrong = rib()[:-1] + str((int(rib()[-1]) + 1) % 10)
    assert errors(account_number=wrong, bic="XX") == {"account_number", "bic"}
    assert errors(holder_name="") == {"holder_name"}
    assert errors(upload=SimpleUploadedFile("RIB.pdf", b"MZ programme")) == {"proof"}
    assert not BankAccount.objects.exists()


def test_the_same_number_at_two_partners_is_told_however_it_was_typed_and_taken_when_confirmed():
    first, second = PartnerFactory(name="Premier"), PartnerFactory(name="Second")
    one = entered(first)
    with pytest.raises(ValidationError) as refusal:
        entered(second, account_number=iban_of(rib(), "ML"))
    assert "«\u00a0Premier\u00a0»" in refusal.value.message_dict["confirms_shared"][0]
    two = entered(second, account_number=iban_of(rib(), "ML"), confirms_shared=True, note="Même fédération")
    assert bank.others_with_the_number_of(one) == [second]
    assert bank.others_with_the_number_of(two) == [first]
    assert bank.others_with_the_number_of(entered(PartnerFactory(), account_number=rib(5))) == []


def test_what_is_verified_already_is_not_entered_again():
    partner = PartnerFactory()
    verified(partner)
    with pytest.raises(ValidationError, match="déjà vérifié"):
        entered(partner)
    assert entered(partner, branch="Mopti").status == BankAccountStatus.TO_VERIFY


def test_the_proof_of_one_account_does_not_open_in_the_place_of_another():
    one, two = entered(), entered(PartnerFactory(), account_number=rib(2))
    path = one.proof.file.path
    with open(two.proof.file.path, "rb") as other, open(path, "wb") as mine:
        mine.write(other.read())
    from sr_portal.documents.serving import serve

    with pytest.raises(encryption.Unreadable):
        serve(one.proof)
