"""The pages of the bank details, by those who use them."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.account_numbers import grouped, iban_of
from funds.models import BankAccount, BankReading, Interest
from funds.services import bank
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import jpeg, pdf
from tests.factories.accounts import user_with
from tests.factories.bank import REASON, entered, rib, typed, verified
from tests.factories.funds import PartnerFactory

pytestmark = pytest.mark.django_db
NUMBER = rib(6)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def finance() -> User:
    return user_with(Role.FINANCE_OFFICER, name="Kofi Asante")


@pytest.fixture
def proposer() -> User:
    return user_with(Role.PROPOSER, name="Mariam Cissé")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(user: User, address: str, key: str | None = None, **data):
    return signed_in(user).post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


def of(account: BankAccount, page: str = "") -> str:
    return f"/partenaires/{account.organisation_id}/comptes/{account.pk}/{page}/"


def enters(user: User, partner, *, key: str | None = None, upload=None, **changes):
    upload = upload or SimpleUploadedFile("RIB.pdf", pdf())
    address = f"/partenaires/{partner.pk}/comptes/nouveau/"
    return sent(user, address, key, proof=upload, **typed(partner, account_number=NUMBER, **changes))


# --- Entering -------------------------------------------------------------------------------------------------------
def test_an_account_is_entered_masked_for_everybody_and_waits_for_finance(proposer, finance):
    partner = PartnerFactory(name="Association Faso")
    answer = enters(proposer, partner)

    assert answer["Location"] == f"/partenaires/{partner.pk}/comptes/"
    account = BankAccount.objects.get()
    assert (account.status, account.entered_by, account.last4) == ("to_verify", proposer, NUMBER[-4:])
    for role in set(Role) - {Role.PARTNER}:
        reader = signed_in(user_with(role))
        for address in (
            f"/partenaires/{partner.pk}/",
            f"/partenaires/{partner.pk}/comptes/",
            f"/partenaires/{partner.pk}/historique/",
        ):
            page = reader.get(address).content.decode()
            assert "Banque du Delta" in page
            assert NUMBER[-4:] in page
            assert NUMBER[10:20] not in page and NUMBER not in page
    waiting = signed_in(finance).get("/partenaires/comptes-a-verifier/").content.decode()
    assert "Association Faso" in waiting and of(account, "verification") in waiting


def test_a_double_click_enters_one_account(proposer):
    partner, key = PartnerFactory(), str(uuid.uuid4())
    first, again = (enters(proposer, partner, key=key) for _ in range(2))

    assert first["Location"] == again["Location"]
    assert BankAccount.objects.count() == 1


def test_a_wrong_key_names_the_field_and_keeps_what_was_typed(proposer):
    partner = PartnerFactory()
    wrong = NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)
    data = typed(partner, account_number=wrong, note="Compte ouvert en 2019")
    answer = sent(
        proposer, f"/partenaires/{partner.pk}/comptes/nouveau/", **data, proof=SimpleUploadedFile("a.pdf", pdf())
    )

    page = answer.content.decode()
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"account_number"}
    assert "La clé (les deux derniers chiffres)" in page and "Compte ouvert en 2019" in page and wrong in page
    assert "Choisissez de nouveau le document" in page
    assert "no-store" in answer["Cache-Control"]
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"holder_name": ""}, "holder_name"),
        ({"bank_name": ""}, "bank_name"),
        ({"account_number": ""}, "account_number"),
        ({"country": "XX"}, "country"),
        ({"country": "SN"}, "account_number"),
        ({"currency": "EURO"}, "currency"),
        ({"bic": "BDMASNDA"}, "bic"),
        ({"proof": ""}, "proof"),
        ({"proof": SimpleUploadedFile("RIB.pdf", b"MZ")}, "proof"),
    ],
)
def test_what_is_missing_or_wrong_is_named(proposer, changes, field):
    partner = PartnerFactory()
    data = typed(partner, account_number=NUMBER) | {"proof": SimpleUploadedFile("RIB.pdf", pdf())} | changes
    answer = sent(proposer, f"/partenaires/{partner.pk}/comptes/nouveau/", **data)

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not BankAccount.objects.exists()


def test_the_number_of_another_partner_is_asked_about_then_shown_to_who_verifies(proposer, finance):
    first, second = PartnerFactory(name="Premier"), PartnerFactory(name="Second")
    enters(proposer, first)
    answer = enters(proposer, second)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"confirms_shared"}
    assert "«\u00a0Premier\u00a0»" in answer.content.decode()
    assert enters(proposer, second, confirms_shared="on").context["form"].errors.keys() == {"note"}
    assert enters(proposer, second, confirms_shared="on", note="Même fédération").status_code == 302

    page = signed_in(finance).get(of(second.bank_accounts.get(), "verification")).content.decode()
    assert "celui d’un autre partenaire" in page and "Premier" in page


def test_an_interest_closes_the_form_and_says_why(proposer):
    partner = PartnerFactory()
    Interest.objects.create(user=proposer, organisation=partner, nature="Trésorier")

    assert enters(proposer, partner).status_code == 403
    page = signed_in(proposer).get(f"/partenaires/{partner.pk}/comptes/").content.decode()
    assert "Vous avez déclaré un intérêt" in page and "comptes/nouveau" not in page


# --- Reading --------------------------------------------------------------------------------------------------------
def test_the_number_is_shown_once_after_a_reason_and_never_cached(finance):
    account, key = entered(account_number=NUMBER), str(uuid.uuid4())
    address = of(account, "lecture")
    asked = signed_in(finance).get(address)
    assert NUMBER not in asked.content.decode() and grouped(NUMBER) not in asked.content.decode()
    assert not BankReading.objects.exists()
    shown = sent(finance, address, key, reason=REASON)

    page = shown.content.decode()
    assert shown.status_code == 200 and grouped(NUMBER) in page and grouped(iban_of(NUMBER, "ML")) in page
    assert "no-store" in shown["Cache-Control"]
    assert BankReading.objects.get().reason == REASON
    again = sent(finance, address, key, reason=REASON)
    assert again.status_code == 302 and BankReading.objects.count() == 1
    assert grouped(NUMBER) not in signed_in(finance).get(address).content.decode()


@pytest.mark.parametrize("reason", ["", "court"])
def test_without_a_reason_nothing_is_shown(finance, reason):
    account = entered(account_number=NUMBER)
    answer = sent(finance, of(account, "lecture"), reason=reason)

    assert answer.status_code == 422 and "reason" in answer.context["form"].errors
    assert grouped(NUMBER) not in answer.content.decode()
    assert not BankReading.objects.exists()


def test_a_key_that_is_gone_is_said_on_the_page(finance, settings):
    account = entered(account_number=NUMBER)
    settings.FIELD_ENCRYPTION_KEYS = ["z" * 40]
    answer = sent(finance, of(account, "lecture"), reason=REASON)

    assert answer.status_code == 422
    assert "Aucune clé du portail n’ouvre ce numéro" in answer.content.decode()
    assert not BankReading.objects.exists()


def test_the_proof_opens_to_who_has_just_read_the_number_only(finance):
    account = entered(account_number=NUMBER)
    other = user_with(Role.FINANCE_OFFICER)
    address = of(account, "attestation")
    assert signed_in(finance).get(address)["Location"] == of(account, "lecture")
    bank.read_number(by=finance, account=account, reason=REASON)

    answer = signed_in(finance).get(address)
    assert b"".join(answer.streaming_content) == pdf()
    assert "no-store" in answer["Cache-Control"] and "max-age=300" not in answer["Cache-Control"]
    assert signed_in(other).get(address)["Location"] == of(account, "lecture")
    later = clock.now() + bank.PROOF_OPEN_FOR * 2
    with clock.at(later):
        assert signed_in(finance).get(address).status_code == 302


def test_a_photo_of_the_proof_stands_beside_the_number(finance, proposer):
    enters(proposer, PartnerFactory(), upload=SimpleUploadedFile("RIB.jpg", jpeg()))
    account = BankAccount.objects.get()

    assert (
        f'src="{of(account, "attestation")}"' in sent(finance, of(account, "lecture"), reason=REASON).content.decode()
    )
    picture = signed_in(finance).get(of(account, "attestation"))
    assert b"".join(picture.streaming_content).startswith(b"\xff\xd8") and picture["Content-Type"] == "image/jpeg"


def test_a_proof_whose_key_is_gone_is_said(finance, settings):
    account = entered(account_number=NUMBER)
    bank.read_number(by=finance, account=account, reason=REASON)
    settings.FIELD_ENCRYPTION_KEYS = ["z" * 40]
    client = signed_in(finance)
    answer = client.get(of(account, "attestation"), follow=True)
    assert "Aucune clé du portail n’ouvre ce document" in answer.content.decode()


def test_finance_and_audit_see_who_read_what(finance):
    account = entered(PartnerFactory(name="Association Faso"), account_number=NUMBER)
    sent(finance, of(account, "lecture"), reason="Ordre de virement de la tranche 1")
    other = entered(PartnerFactory(name="Autre"), account_number=rib(9))
    for role in (Role.FINANCE_OFFICER, Role.AUDITOR):
        reader = signed_in(user_with(role))
        page = reader.get("/partenaires/lectures-bancaires/").content.decode()
        assert "Kofi Asante" in page and "Ordre de virement de la tranche 1" in page and "Association Faso" in page
        one = reader.get("/partenaires/lectures-bancaires/", {"partenaire": other.organisation_id}).content.decode()
        assert "Ordre de virement" not in one
        for nonsense in ("x", "9" * 40, "-1"):
            assert reader.get("/partenaires/lectures-bancaires/", {"partenaire": nonsense}).status_code == 200
    for role in set(Role) - {Role.FINANCE_OFFICER, Role.AUDITOR}:
        assert signed_in(user_with(role)).get("/partenaires/lectures-bancaires/").status_code == 403


def test_the_readings_elsewhere_are_not_shown_to_a_finance_officer_of_one_region(finance):
    from tests.factories.projects import region

    for code, name in (("ML-7", "De Gao"), ("ML-8", "De Kidal")):
        account = entered(PartnerFactory(name=name, region=region(code)), account_number=rib(int(code[-1])))
        bank.read_number(by=finance, account=account, reason=REASON)
    page = signed_in(user_with(Role.FINANCE_OFFICER, region=region("ML-7"))).get("/partenaires/lectures-bancaires/")

    assert "De Gao" in page.content.decode() and "De Kidal" not in page.content.decode()


# --- Deciding -------------------------------------------------------------------------------------------------------
def test_finance_reads_compares_and_verifies(finance):
    account = entered(account_number=NUMBER)
    first = signed_in(finance).get(of(account, "verification")).content.decode()
    assert "1. Lire le numéro" in first and 'name="decision"' not in first
    shown = sent(finance, of(account, "lecture"), reason=REASON).content.decode()
    assert f'action="{of(account, "verification")}"' in shown
    answer = sent(finance, of(account, "verification"), decision="verify")

    assert answer["Location"] == f"/partenaires/{account.organisation_id}/comptes/"
    account.refresh_from_db()
    assert (account.status, account.verified_by) == ("verified", finance)


def test_verifying_unread_is_refused_on_the_page(finance):
    account = entered(account_number=NUMBER)
    answer = sent(finance, of(account, "verification"), decision="verify")

    assert answer.status_code == 422 and "Lisez d’abord le numéro" in answer.content.decode()
    account.refresh_from_db()
    assert account.status == "to_verify"


@pytest.mark.parametrize("data, field", [({}, "decision"), ({"decision": "reject"}, "reason")])
def test_a_decision_that_says_too_little_is_refused(finance, data, field):
    account = entered(account_number=NUMBER)
    bank.read_number(by=finance, account=account, reason=REASON)
    answer = sent(finance, of(account, "verification"), **data)

    assert answer.status_code == 422 and field in answer.context["form"].errors
    account.refresh_from_db()
    assert account.status == "to_verify"


def test_a_rejection_says_why_to_who_enters_again(finance, proposer):
    account = entered(by=proposer, account_number=NUMBER)
    assert (
        sent(finance, of(account, "verification"), decision="reject", reason="Titulaire illisible").status_code == 302
    )

    page = signed_in(proposer).get(f"/partenaires/{account.organisation_id}/comptes/").content.decode()
    assert "Titulaire illisible" in page and "Kofi Asante" in page


def test_a_decision_that_somebody_else_took_first_is_said(finance):
    account = entered(account_number=NUMBER)
    bank.read_number(by=finance, account=account, reason=REASON)
    bank.reject(by=user_with(Role.FINANCE_OFFICER), account=account, reason="Faux")
    answer = sent(finance, of(account, "verification"), decision="verify")

    assert answer.status_code == 422 and "n’attend plus de vérification" in answer.content.decode()


def test_the_verified_account_is_retired_with_a_reason(finance):
    account = verified(account_number=NUMBER)
    assert sent(finance, of(account, "retrait"), reason=" ").status_code == 422
    assert sent(finance, of(account, "retrait"), reason="Compte fermé").status_code == 302
    account.refresh_from_db()
    assert (account.status, account.closing_reason) == ("retired", "Compte fermé")
    assert not account.organisation.has_verified_account()
    assert sent(finance, of(account, "retrait"), reason="Encore").status_code == 422


def test_an_account_of_another_partner_is_not_found(finance):
    account, other = entered(account_number=NUMBER), PartnerFactory()
    for page in ("lecture", "verification", "retrait", "attestation"):
        assert signed_in(finance).get(f"/partenaires/{other.pk}/comptes/{account.pk}/{page}/").status_code == 404


def test_what_waits_leaves_out_ones_own_entries_and_interests(proposer):
    both = user_with(Role.PROPOSER, Role.FINANCE_OFFICER)
    entered(PartnerFactory(name="Saisi par moi"), by=both, account_number=rib(1))
    related = entered(PartnerFactory(name="Mon parent"), by=proposer, account_number=rib(2))
    entered(PartnerFactory(name="À moi de vérifier"), by=proposer, account_number=rib(3))
    Interest.objects.create(user=both, organisation=related.organisation, nature="Parente")
    page = signed_in(both).get("/partenaires/comptes-a-verifier/").content.decode()

    assert "À moi de vérifier" in page
    assert "Saisi par moi" not in page and "Mon parent" not in page


def test_no_administration_page_shows_an_account():
    from django.contrib.admin import site

    assert not [model for model in site._registry if model.__name__ in ("BankAccount", "BankReading")]


def test_the_pages_cost_the_same_however_many_accounts_and_readings(finance):
    partner = PartnerFactory()
    account = verified(partner, account_number=NUMBER)
    client = signed_in(finance)
    addresses = (
        f"/partenaires/{partner.pk}/", f"/partenaires/{partner.pk}/comptes/", "/partenaires/lectures-bancaires/",
        "/partenaires/comptes-a-verifier/", of(account, "lecture"), of(account, "verification"),
    )  # fmt: skip

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = costs()
    for rank in range(10, 18):
        entered(partner, account_number=rib(rank))
        reading = entered(PartnerFactory(), account_number=rib(rank + 20))
        bank.read_number(by=user_with(Role.AUDITOR), account=reading, reason=REASON)
    many = costs()
    assert [m - f for m, f in zip(many, few, strict=True)] == [0] * len(few)
    assert few[0] <= 12 and all(cost <= 9 for cost in few[1:]) and few[2] <= 6 and few[3] <= 6, few
