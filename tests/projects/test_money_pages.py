"""The money of a project as people see it, and act on it, in their browser."""

import re
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from funds.models import ExchangeRate, Interest
from projects.models import Instalment, Payment, Receipt
from projects.services import payments as services
from projects.states import State
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import usd
from tests.factories import implementation as made
from tests.factories import money
from tests.factories.accounts import user_with
from tests.factories.projects import cast, fresh, region
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@laid_once
def crew():
    return made.Crew()


@laid_once
def people():
    return cast()


@laid_once
def project(crew, people):
    """Agreed, 20,000 USD in three instalments of 10,000, 8,000 and 2,000 USD."""
    return made.in_state(State.AGREED, crew, people)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sees(user: User, project, page: str = "", query: str = "") -> str:
    answer = signed_in(user).get(f"/projets/{project.pk}/argent/{page}{query}")
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def sends(user: User, project, page: str, key: str | None = None, **data):
    address = f"/projets/{project.pk}/argent/{page}"
    return signed_in(user).post(address, {"one_time_key": key or str(uuid.uuid4()), **data})


def typed(**changes) -> dict:
    """What the form of a payment holds."""
    return {
        "reference": f"VIR-{uuid.uuid4().hex[:8]}", "paid_on": clock.today().isoformat(), "currency": "USD",
        "amount": "10 000", "rate": "", "rate_on": "", "note": "", **changes,
    }  # fmt: skip


def errors(answer) -> set[str]:
    assert answer.status_code == 422
    return set(answer.context["form"].errors)


def first(project) -> Instalment:
    return made.instalment_of(project)


# --- The page -------------------------------------------------------------------------------------------------------
def test_every_figure_is_shown_and_leads_to_what_it_is_made_of(project, crew):
    money.pay(first(project), crew, "9000")
    money.justify(first(project), crew, "2500")
    money.refund(first(project), crew, "500")
    page = sees(user_with(Role.AUDITOR), project)
    figures = dict(re.findall(r'<a class="figure-link" href="([^"]*)">.*?figure-value">([^<]*)<', page))
    assert figures["#lignes"] == usd(20000)
    assert figures["#ecritures"] == usd(500)  # refunded, after paid at the same place
    assert figures[f"/projets/{project.pk}/argent/pieces/?etat=accepted"] == usd(2500)
    assert figures[f"/projets/{project.pk}/argent/pieces/?etat=submitted"] == usd(0)
    assert usd(6000) in page and usd(11000) in page  # left to justify, left to pay
    for anchor in ("lignes", "ecritures", "tranches", "tranche-1", "tranche-3"):
        assert f'id="{anchor}"' in page


def test_the_chart_is_told_in_words_and_its_parts_sum_to_the_amount(project, crew):
    money.pay(first(project), crew, "9000")
    money.justify(first(project), crew, "2500")
    answer = signed_in(user_with(Role.AUDITOR)).get(f"/projets/{project.pk}/argent/")
    bar = answer.context["chart"].bars[0]
    assert sum(segment.amount for segment in bar.segments) == bar.amount == Decimal(10000)
    assert bar.told in answer.content.decode()
    assert f"justifié {usd(2500)}" in bar.told and f"reste à payer {usd(1000)}" in bar.told


def test_what_holds_an_instalment_back_is_listed_with_where_to_mend_it(project, crew):
    money.pay(first(project), crew)
    made.finding(project, crew.officer, "blocking")
    page = sees(crew.officer, project)
    second = page[page.index('id="tranche-2"') : page.index('id="tranche-3"')]
    for reason, address in (
        ("Un constat bloquant reste ouvert.", f"/projets/{project.pk}/visites/"),
        ("rapport intermédiaire sur la tranche 1", f"/projets/{project.pk}/rapports/"),
        ("doit être justifié", f"/projets/{project.pk}/argent/pieces/"),
        ("Aucune visite de suivi n’est faite.", f"/projets/{project.pk}/visites/"),
    ):
        assert reason in second and f'href="{address}"' in second
    assert "Elle est encore retenue" in second and f"/projets/{project.pk}/argent/tranches/2/demande/" not in second


@pytest.mark.parametrize(
    ("reader", "page", "mends", "reads"),
    [
        ("officer", "", 4, 0),
        ("officer", "tranches/2/demande/", 4, 0),
        ("payer", "", 1, 3),  # finance judges receipts; reports and visits are others' work
        ("auditor", "", 0, 4),
    ],
)
def test_a_gate_invites_to_mend_only_whom_it_concerns(project, crew, reader, page, mends, reads):
    money.pay(first(project), crew)
    made.finding(project, crew.officer, "blocking")
    held = sees(user_with(Role.AUDITOR) if reader == "auditor" else getattr(crew, reader), project, page)
    if not page:
        held = held[held.index('id="tranche-2"') : held.index('id="tranche-3"')]
    assert held.count("Y remédier<") == mends and held.count(">Voir<") == reads


def test_a_button_says_why_it_is_greyed_to_whom_it_is_barred(project, crew):
    allowed = money.authorise(first(project), crew)
    assert allowed.authorised_by == crew.authoriser
    page = sees(crew.authoriser, project)
    assert "Vous avez autorisé cette tranche" in page and "/tranches/1/paiement/" not in page
    assert "/tranches/1/paiement/" in sees(crew.payer, project)
    interested = user_with(Role.FINANCE_OFFICER)
    Interest.objects.create(user=interested, organisation=project.partner, nature="Cousin")
    assert "Vous avez déclaré un intérêt" in sees(interested, project)
    assert "tranche-actions" not in sees(user_with(Role.AUDITOR), project)


def test_before_an_agreement_there_is_no_money_page_and_a_project_cancelled_before_says_so(crew, people):
    approved = made.approved(people)
    assert signed_in(crew.officer).get(f"/projets/{approved.pk}/argent/").status_code == 404
    cancelled = made.steps.cancel(project=approved, user=fresh(crew.approver), note="Site inaccessible.")
    assert "n’a pas eu d’argent" in sees(crew.officer, cancelled)


def test_a_cancelled_project_says_what_is_to_be_refunded_until_its_books_are_square(project, crew):
    money.pay(first(project), crew)
    made.steps.cancel(project=project, user=fresh(crew.approver), note="Site inaccessible.")
    money.justify(first(project), crew, "4000")
    page = sees(crew.payer, project)
    assert f"{usd(6000)} restent à rembourser ou à justifier" in page
    assert "/tranches/1/remboursement/" in page and "/tranches/2/demande/" not in page
    money.refund(first(project), crew, "6000")
    assert "ses comptes sont soldés" in sees(crew.payer, project)


def test_pages_of_money_ask_a_constant_number_of_queries(project, crew, people):
    money.pay(first(project), crew)
    receipt = money.justify(first(project), crew, "100")
    entry = Payment.objects.get()
    client = signed_in(crew.payer)
    addresses = {
        f"/projets/{project.pk}/argent/": 12,
        f"/projets/{project.pk}/argent/tranches/2/paiement/": 12,
        f"/projets/{project.pk}/argent/ecritures/{entry.pk}/": 12,
        f"/projets/{project.pk}/argent/pieces/": 6,
        f"/projets/{project.pk}/argent/pieces/{receipt.pk}/": 12,
    }

    def counts() -> list[int]:
        found = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    few = counts()
    for _n in range(18):
        money.enter(first(project), crew.officer, "100")
    assert counts() == few
    assert all(count <= most for count, most in zip(few, addresses.values(), strict=True)), few


# --- Requesting, authorising ----------------------------------------------------------------------------------------
def test_an_instalment_is_requested_then_authorised_in_the_browser(project, crew):
    answer = sends(crew.officer, project, "tranches/1/demande/", note="Le chantier démarre.")
    assert answer["Location"] == f"/projets/{project.pk}/argent/#tranche-1"
    assert first(project).state == "requested"
    assert "Le chantier démarre." in sees(crew.authoriser, project, "tranches/1/autorisation/")
    assert sends(crew.authoriser, project, "tranches/1/autorisation/").status_code == 302
    assert first(project).authorised_by == crew.authoriser


def test_the_page_of_a_held_instalment_lists_the_gates_and_its_post_is_refused_with_what_was_typed(project, crew):
    money.pay(first(project), crew)
    page = sees(crew.officer, project, "tranches/2/demande/")
    assert "Cette tranche est encore retenue" in page and "Aucune visite" in page and "disabled" in page
    answer = sends(crew.officer, project, "tranches/2/demande/", note="Nous en avons besoin.")
    assert answer.status_code == 422
    assert "Aucune visite" in answer.content.decode() and "Nous en avons besoin." in answer.content.decode()
    assert made.instalment_of(project, 2).state == "planned"


@pytest.mark.parametrize("step", ["demande", "autorisation", "paiement", "solde", "renvoi", "remboursement"])
def test_a_step_is_refused_to_whom_it_is_not_and_nothing_moves(project, crew, step):
    for role in (Role.AUDITOR, Role.SECTION_HEAD, Role.PROPOSER, Role.REGIONAL_MANAGER):
        user = user_with(role)
        assert signed_in(user).get(f"/projets/{project.pk}/argent/tranches/1/{step}/").status_code == 403
        assert sends(user, project, f"tranches/1/{step}/", reason="x", **typed()).status_code == 403
    assert first(project).state == "planned" and not Payment.objects.exists()


def test_who_requested_is_told_that_another_authorises(project, crew):
    both = user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER)
    sends(both, project, "tranches/1/demande/")
    answer = sends(both, project, "tranches/1/autorisation/")
    assert answer.status_code == 403 and "Vous avez demandé cette tranche" in answer.content.decode()


def test_a_request_is_sent_back_with_its_reason_shown(project, crew):
    money.request(first(project), crew)
    assert errors(sends(crew.authoriser, project, "tranches/1/renvoi/", reason="")) == {"reason"}
    assert sends(crew.authoriser, project, "tranches/1/renvoi/", reason="Compte à confirmer.").status_code == 302
    page = sees(crew.officer, project)
    assert "Compte à confirmer." in page and str(crew.authoriser) in page


def test_the_second_of_two_people_is_told_that_the_first_was_faster(project, crew):
    money.request(first(project), crew)
    sends(crew.authoriser, project, "tranches/1/autorisation/")
    answer = sends(crew.approver, project, "tranches/1/autorisation/")
    assert answer.status_code == 422 and "Autorisée" in answer.content.decode()
    assert first(project).authorised_by == crew.authoriser


# --- Paying ---------------------------------------------------------------------------------------------------------
def test_a_payment_starts_the_project_and_is_told(project, crew):
    money.authorise(first(project), crew)
    answer = sends(crew.payer, project, "tranches/1/paiement/", **typed(reference="VIR-1"), proof=money.upload())
    assert answer.status_code == 302
    paid = Payment.objects.get()
    assert (paid.reference, paid.amount_usd, paid.proof.original_name) == ("VIR-1", Decimal(10000), "Pièce.pdf")
    project.refresh_from_db()
    assert project.state == State.ACTIVE
    assert "VIR-1" in sees(crew.payer, project)


def test_francs_are_proposed_at_the_rate_of_the_month_and_counted_in_dollars(project, crew):
    ExchangeRate.objects.all().delete()
    ExchangeRate.objects.create(month=clock.today().replace(day=1), xof_per_usd=Decimal("601.5"))
    money.authorise(first(project), crew)
    page = sees(crew.payer, project, "tranches/1/paiement/")
    assert 'value="6\u202f015\u202f000"' in page and 'value="601,5"' in page
    answer = sends(
        crew.payer, project, "tranches/1/paiement/",
        **typed(currency="XOF", amount="6 015 000", rate="601,5", rate_on=clock.today().replace(day=1).isoformat()),
    )  # fmt: skip
    assert answer.status_code == 302
    assert first(project).paid_usd == Decimal(10000)


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"reference": ""}, "reference"),
        ({"paid_on": ""}, "paid_on"),
        ({"paid_on": "2039-01-01"}, "paid_on"),
        ({"amount": "10 000,01"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "beaucoup"}, "amount"),
        ({"amount": "9" * 13}, "amount"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "XOF"}, "rate"),
        ({"currency": "XOF", "rate": "600"}, "rate_on"),
    ],
)
def test_what_is_wrong_with_a_payment_is_named_and_kept(project, crew, changes, field):
    money.authorise(first(project), crew)
    answer = sends(crew.payer, project, "tranches/1/paiement/", **typed(note="Virement du matin", **changes))
    assert field in errors(answer)
    assert "Virement du matin" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_file_that_is_not_what_it_says_is_named_and_nothing_is_paid(project, crew):
    from django.core.files.uploadedfile import SimpleUploadedFile

    money.authorise(first(project), crew)
    answer = sends(crew.payer, project, "tranches/1/paiement/", **typed(), proof=SimpleUploadedFile("Avis.pdf", b"MZ"))
    assert errors(answer) == {"proof"}
    assert not Payment.objects.exists()


def test_the_same_form_sent_twice_pays_once(project, crew):
    money.authorise(first(project), crew)
    key, data = str(uuid.uuid4()), typed(amount="4 000")
    answers = [sends(crew.payer, project, "tranches/1/paiement/", key, **data) for _n in range(3)]
    assert {answer["Location"] for answer in answers} == {f"/projets/{project.pk}/argent/#tranche-1"}
    assert Payment.objects.count() == 1


def test_the_same_reference_in_another_form_is_refused(project, crew):
    money.authorise(first(project), crew)
    sends(crew.payer, project, "tranches/1/paiement/", **typed(reference="VIR-1", amount="4 000"))
    answer = sends(crew.payer, project, "tranches/1/paiement/", **typed(reference="VIR-1", amount="4 000"))
    assert errors(answer) == {"reference"}
    assert first(project).paid_usd == Decimal(4000)


def test_a_form_without_its_key_moves_nothing(project, crew):
    money.authorise(first(project), crew)
    answer = signed_in(crew.payer).post(f"/projets/{project.pk}/argent/tranches/1/paiement/", typed())
    assert answer.status_code == 400
    assert not Payment.objects.exists()


def test_what_was_paid_in_part_is_settled_with_its_reason(project, crew):
    money.pay(first(project), crew, "9000")
    assert errors(sends(crew.payer, project, "tranches/1/solde/", reason="")) == {"reason"}
    assert sends(crew.payer, project, "tranches/1/solde/", reason="Devis plus bas").status_code == 302
    page = sees(crew.payer, project)
    assert "soldée au montant payé" in page and "Devis plus bas" in page


# --- Refunding, undoing ---------------------------------------------------------------------------------------------
def test_a_refund_asks_for_its_proof_and_is_shown_in_negative(project, crew):
    money.pay(first(project), crew)
    data = typed(reference="RET-1", amount="500")
    assert errors(sends(crew.payer, project, "tranches/1/remboursement/", **data)) == {"proof"}
    answer = sends(crew.payer, project, "tranches/1/remboursement/", **data, proof=money.upload("Relevé.pdf"))
    assert answer.status_code == 302
    assert usd(-500) in sees(crew.payer, project)
    too_much = sends(crew.payer, project, "tranches/1/remboursement/", **typed(amount="9 500,01"), proof=money.upload())
    assert errors(too_much) == {"amount"}


def test_a_mistaken_payment_is_undone_by_another_from_its_page(project, crew):
    paid = money.pay(first(project), crew)
    assert "Vous avez enregistré cette écriture" in sees(crew.payer, project, f"ecritures/{paid.pk}/")
    assert sends(crew.payer, project, f"ecritures/{paid.pk}/contre-passation/", reason="Erreur").status_code == 403
    address = f"ecritures/{paid.pk}/contre-passation/"
    assert address in sees(crew.authoriser, project, f"ecritures/{paid.pk}/")
    assert errors(sends(crew.authoriser, project, address, reason="")) == {"reason"}
    answer = sends(crew.authoriser, project, address, reason="Montant erroné")
    mirror = Payment.objects.get(kind="reversal")
    assert answer["Location"] == f"/projets/{project.pk}/argent/ecritures/{mirror.pk}/"
    assert "Cette écriture est annulée" in sees(crew.payer, project, f"ecritures/{paid.pk}/")
    again = sends(crew.authoriser, project, address, reason="Encore")
    assert again.status_code == 422 and "déjà annulée" in again.content.decode()


def test_documents_of_an_entry_are_handed_to_those_who_read_the_project(project, crew):
    allowed = money.authorise(first(project), crew)
    paid = services.pay(
        instalment=allowed, user=fresh(crew.payer), movement=money.movement("10000"), proof=money.upload("Avis.pdf")
    )
    auditor, outsider = signed_in(user_with(Role.AUDITOR)), signed_in(user_with(Role.PARTNER))
    address = f"/projets/{project.pk}/argent/ecritures/{paid.pk}/"
    assert auditor.get(f"{address}preuve/")["Content-Disposition"].startswith("attachment")
    assert auditor.get(f"{address}recu/").status_code == 404
    assert outsider.get(f"{address}preuve/").status_code == 404
    receipt = money.upload("Reçu.pdf")
    assert sends(crew.officer, project, f"ecritures/{paid.pk}/recu-signe/", receipt=receipt).status_code == 302
    assert auditor.get(f"{address}recu/").status_code == 200
    twice = sends(crew.officer, project, f"ecritures/{paid.pk}/recu-signe/", receipt=money.upload())
    assert twice.status_code == 422 and "déjà joint" in twice.content.decode()


def test_an_entry_of_another_project_is_not_found(project, crew, people):
    paid = money.pay(first(project), crew)
    other = made.in_state(State.AGREED, crew, people)
    assert signed_in(crew.payer).get(f"/projets/{other.pk}/argent/ecritures/{paid.pk}/").status_code == 404


# --- Receipts -------------------------------------------------------------------------------------------------------
def piece(project, **changes) -> dict:
    return {
        "instalment": "1", "line": str(project.agreed_lines.get().pk), "number": "F-1", "supplier": "Quincaillerie",
        "issued_on": clock.today().isoformat(), "description": "Ciment", "currency": "USD", "amount": "2 500",
        "rate": "", "rate_on": "", "document": money.upload("Facture.pdf"), **changes,
    }  # fmt: skip


@pytest.fixture
def paid(project, crew):
    money.pay(first(project), crew)
    return project


def test_a_receipt_is_entered_then_accepted_and_counts_on_its_line(paid, crew):
    answer = sends(paid.author, paid, "pieces/nouvelle/", **piece(paid))
    assert answer["Location"] == f"/projets/{paid.pk}/argent/pieces/"
    receipt = Receipt.objects.get()
    assert "1 pièce à vérifier" in sees(crew.payer, paid)
    page = sees(crew.payer, paid, f"pieces/{receipt.pk}/")
    assert "Facture.pdf" in page and "Vérifier la pièce" in page
    assert sends(crew.payer, paid, f"pieces/{receipt.pk}/", decision="accept").status_code == 302
    assert usd(2500) in sees(crew.payer, paid, query="#lignes")
    assert paid.agreed_lines.get().spent_usd == Decimal(2500)


def test_the_next_receipt_starts_from_the_last(paid, crew):
    answer = sends(crew.officer, paid, "pieces/nouvelle/", again="1", **piece(paid))
    assert answer["Location"].startswith(f"/projets/{paid.pk}/argent/pieces/nouvelle/?tranche=1&ligne=")
    page = signed_in(crew.officer).get(answer["Location"]).content.decode()
    assert 'value="Quincaillerie"' in page


def test_a_receipt_is_rejected_with_a_reason_then_shown_to_who_entered_it(paid, crew):
    receipt = money.enter(first(paid), crew.officer)
    assert errors(sends(crew.payer, paid, f"pieces/{receipt.pk}/", decision="")) == {"decision"}
    assert errors(sends(crew.payer, paid, f"pieces/{receipt.pk}/", decision="reject")) == {"reason"}
    assert sends(crew.payer, paid, f"pieces/{receipt.pk}/", decision="reject", reason="Illisible").status_code == 302
    assert "Illisible" in sees(crew.officer, paid, "pieces/")


def test_an_accepted_receipt_is_rejected_later_and_no_longer_counts(paid, crew):
    receipt = money.justify(first(paid), crew, "10000")
    assert first(paid).state == "justified"
    assert "Revenir sur l’acceptation" in sees(crew.payer, paid, f"pieces/{receipt.pk}/")
    sends(crew.payer, paid, f"pieces/{receipt.pk}/", decision="reject", reason="Fausse facture")
    assert (first(paid).state, first(paid).justified_usd) == ("paid", 0)


def test_only_another_from_finance_judges(paid, crew):
    receipt = money.enter(first(paid), crew.officer)
    for user in (crew.officer, paid.author, user_with(Role.AUDITOR)):
        assert "Vérifier la pièce" not in sees(user, paid, f"pieces/{receipt.pk}/")
        assert sends(user, paid, f"pieces/{receipt.pk}/", decision="accept").status_code == 403
    receipt.refresh_from_db()
    assert receipt.state == "submitted"


def test_others_do_not_enter_receipts_and_what_is_wrong_is_named(paid, crew):
    for role in (Role.FINANCE_OFFICER, Role.AUDITOR, Role.PROPOSER):
        assert sends(user_with(role), paid, "pieces/nouvelle/", **piece(paid)).status_code == 403
    for changes, field in (
        ({"number": ""}, "number"), ({"line": "0"}, "line"), ({"instalment": "9"}, "instalment"),
        ({"issued_on": "2039-01-01"}, "issued_on"), ({"amount": "-1"}, "amount"), ({"document": ""}, "document"),
        ({"currency": "XOF"}, "rate"),
    ):  # fmt: skip
        assert field in errors(sends(crew.officer, paid, "pieces/nouvelle/", **piece(paid, **changes)))
    assert not Receipt.objects.exists()


def test_who_verifies_is_warned_of_twins_of_old_dates_and_of_lines_passed(paid, crew):
    money.enter(first(paid), crew.officer, number="F-7")
    old = clock.today() - made.dt.timedelta(days=40)
    odd = money.enter(made.instalment_of(paid, 2), crew.officer, "20000.01", number="F-7", issued_on=old)
    page = sees(crew.payer, paid, f"pieces/{odd.pk}/")
    assert "antérieure à la signature" in page
    assert "au-delà de son montant" in page
    assert "ne pourra pas être acceptée" in page
    assert "figurent sur une autre pièce" in page
    answer = sends(crew.payer, paid, f"pieces/{odd.pk}/", decision="accept")
    assert answer.status_code == 422 and "ne peut plus recevoir que" in answer.content.decode()


def test_the_list_is_filtered_and_says_what_its_pieces_sum_to(paid, crew):
    money.justify(first(paid), crew, "1000")
    money.enter(first(paid), crew.officer, "300")
    money.enter(made.instalment_of(paid, 2), crew.officer, "50")
    for query, count, total in (
        ("", 3, 1350), ("?etat=accepted", 1, 1000), ("?tranche=1", 2, 1300), ("?etat=submitted&tranche=2", 1, 50),
        (f"?ligne={paid.agreed_lines.get().pk}", 3, 1350), ("?ligne=nonsense&etat=%00", 3, 1350),
    ):  # fmt: skip
        page = sees(crew.payer, paid, "pieces/", query)
        assert usd(total) in page and f"{count} pièce" in page
    assert "Aucune pièce ne correspond" in sees(crew.payer, paid, "pieces/", "?etat=rejected")


def test_a_receipt_kept_over_a_sign_in_comes_back(paid, crew):
    client = Client()
    address = f"/projets/{paid.pk}/argent/pieces/nouvelle/"
    data = {name: value for name, value in piece(paid, supplier="Menuiserie Dembélé").items() if name != "document"}
    assert "/compte/connexion/" in client.post(address, data)["Location"]
    client.force_login(crew.officer)
    assert "Menuiserie Dembélé" in client.get(address).content.decode()


# --- What waits, in all projects ------------------------------------------------------------------------------------
def waits(user: User, queue: str, query: str = "") -> str:
    answer = signed_in(user).get(f"/paiements/?file={queue}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_sees_what_waits_for_them_and_all_of_it_when_they_ask(project, crew):
    reference = project.reference
    assert reference in waits(crew.officer, "demander")
    asked = money.request(first(project), crew)
    assert reference not in waits(crew.officer, "demander")
    assert reference in waits(crew.authoriser, "autoriser") and reference in waits(crew.approver, "autoriser")
    services_user = fresh(crew.authoriser)
    made_by = money.instalments.authorise(instalment=asked, user=services_user)
    assert made_by.state == "authorised"
    assert reference not in waits(crew.authoriser, "payer")  # who authorised does not pay
    assert reference in waits(crew.authoriser, "payer", "&tout=1") and reference in waits(crew.payer, "payer")
    money.pay(made_by, crew)
    money.enter(first(project), crew.officer, number="F-31")
    assert "F-31" in waits(crew.payer, "verifier")
    writer = user_with(Role.FINANCE_OFFICER)
    project.coauthors.add(writer)
    assert "F-31" not in waits(writer, "verifier")
    made.steps.cancel(project=project, user=fresh(crew.approver), note="Site inaccessible.")
    page = waits(crew.payer, "rembourser")
    assert reference in page and usd(10000) in page
    assert reference in waits(user_with(Role.AUDITOR), "rembourser")


def test_each_is_shown_their_own_queues_first_and_all_of_them_when_they_ask(project, crew):
    mine = signed_in(crew.payer).get("/paiements/")
    assert "?file=demander" not in mine.content.decode(), "finance requests nothing"
    assert mine.context["queue"].name != "demander"
    assert "?tout=1&amp;file=demander" in signed_in(crew.payer).get("/paiements/?tout=1").content.decode()
    officer = signed_in(crew.officer).get("/paiements/?file=payer")
    assert officer.context["queue"].name == "demander", "somebody else's queue is not theirs by its address"


def test_what_a_gate_holds_back_is_not_to_be_requested(project, crew):
    made.finding(project, crew.officer, "blocking")
    assert project.reference not in waits(crew.officer, "demander")


def test_an_interest_keeps_a_project_from_what_waits(project, crew):
    Interest.objects.create(user=crew.officer, organisation=project.partner, nature="Cousin")
    assert project.reference not in waits(crew.officer, "demander")
    assert project.reference in waits(crew.officer, "demander", "&tout=1")


def test_what_waits_is_counted_in_a_constant_number_of_queries(project, crew):
    client = signed_in(crew.payer)
    money.pay(first(project), crew)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/paiements/?file=verifier").status_code == 200
        return len(queries)

    few = count()
    for _n in range(20):
        money.enter(first(project), crew.officer, "10")
    assert count() == few <= 6


def test_a_head_of_office_is_asked_within_their_region_and_their_limit(project, crew):
    money.request(first(project), crew)
    reference = project.reference
    assert reference in waits(user_with(Role.APPROVER, region=region()), "autoriser")
    assert reference not in waits(user_with(Role.APPROVER, region=region("ML-8")), "autoriser")
    both = user_with(Role.APPROVER, region=region())
    type(both.role_assignments.get()).objects.create(
        user=both, group=crew.payer.role_assignments.get().group, region=region("ML-8")
    )
    assert reference in waits(both, "autoriser")
