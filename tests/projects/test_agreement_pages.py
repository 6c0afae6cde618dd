"""The agreement by its pages: prepared by the programme officer, read by all, frozen by the signature."""

import datetime as dt
import hashlib
import re
import uuid
from decimal import Decimal
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.models import Interest
from projects.models import AgreedLine, Agreement, AgreementClause, AgreementCopy, ClauseKind, Project
from projects.services import agreements as services
from projects.states import State
from projects.views import agreement_page
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.documents.files import docx, jpeg, pdf
from tests.factories.accounts import user_with
from tests.factories.implementation import (
    Crew,
    agreed,
    approved,
    prepare_agreement,
    put_signatures_on_file,
    verify_bank,
)
from tests.factories.projects import add_line, cast, fresh
from tests.ground.laid_once import laid_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk), backend=BACKEND)
    return client


def address(project, name: str = "agreement", *args) -> str:
    return reverse(f"projects:{name}", args=[project.pk, *args])


def read(user: User, project, name: str = "agreement", *args) -> str:
    answer = browser(user).get(address(project, name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def fingerprint_of(html: str) -> str:
    return re.search(r'name="fingerprint" value="(\w*)"', html)[1]


def send(user: User, project, name: str, *args, base: str | None = None, **data):
    client = browser(user)
    if base is None:
        base = fingerprint_of(client.get(address(project, name, *args)).content.decode())
    return client.post(address(project, name, *args), {"one_time_key": uuid.uuid4(), "fingerprint": base, **data})


def text(**changes) -> dict:
    return {
        "language": "fr", "starts_on": clock.today().isoformat(), "partner_signatory": "Mariam Maïga",
        "partner_function": "Présidente", "mission_signatory": "Paul Diarra", "mission_function": "Chef de bureau",
        "special_conditions": "", **changes,
    }  # fmt: skip


@laid_once
def officer() -> User:
    return user_with(Role.PROGRAMME_OFFICER)


@laid_once
def project() -> Project:
    """Approved for less than was asked, with three lines."""
    from tests.factories import projects as factory

    whole = factory.complete_draft

    def with_lines(**fields):
        draft = whole(**fields)
        add_line(draft, "3333.33", label="Pompe solaire", category="equipment")
        add_line(draft, "1000.00", label="Formation du comité", category="training")
        draft.refresh_from_db()
        return draft

    with mock.patch.object(factory, "complete_draft", with_lines):
        return approved(amount="20000")


@laid_once
def prepared(project, officer) -> Project:
    send(officer, project, "agreement_edit", **text())
    return project


def amounts(project) -> list[Decimal]:
    return list(project.instalments.order_by("position").values_list("amount_usd", flat=True))


# --- Preparing ------------------------------------------------------------------------------------------------------
def test_preparing_takes_lines_plan_and_clauses_from_the_project(project, officer):
    assert "Préparer le protocole" in read(officer, project)
    answer = send(officer, project, "agreement_edit", **text())
    assert answer.url == address(project)
    agreement = Agreement.objects.get(project=project)
    assert (agreement.number, agreement.prepared_by) == (f"PA-{project.reference}", officer)
    assert [clause["kind"] for clause in agreement.clauses] == [
        "obligations", "obligations", "payment", "visibility", "ethics", "fraud", "end",
    ]  # fmt: skip
    lines = project.agreed_lines.all()
    assert sum(line.amount_usd for line in lines) == project.approved_usd == Decimal("24333.33")
    assert [line.line.label for line in lines] == ["Travaux", "Pompe solaire", "Formation du comité"]
    assert amounts(project) == [Decimal("12166.67"), Decimal("9733.33"), Decimal("2433.33")]
    assert [row.planned_on for row in project.instalments.all()][0] == clock.today()


def test_the_english_agreement_has_english_clauses_and_conditions(project, officer):
    send(officer, project, "agreement_edit", **text(language="en"))
    agreement = Agreement.objects.get(project=project)
    assert "zero tolerance" in str(agreement.clauses) and "tolérance est nulle" not in str(agreement.clauses)


def test_another_language_takes_the_clauses_again(prepared, officer):
    send(officer, prepared, "agreement_edit", **text(language="en"))
    assert "zero tolerance" in str(Agreement.objects.get(project=prepared).clauses)


def test_a_clause_type_changed_since_is_taken_up_only_when_asked(prepared, officer):
    AgreementClause.objects.filter(kind="fraud").update(text_fr="Nouvelle clause.")
    html = read(officer, prepared, "agreement_edit")
    assert "Elles ont changé depuis" in html
    assert "Nouvelle clause." not in read(officer, prepared)
    send(officer, prepared, "agreement_edit", **text(renew_clauses="on"))
    assert "Nouvelle clause." in read(officer, prepared)


def test_administrators_edit_the_clauses_that_the_next_agreements_take(officer):
    people = cast()
    prepared = approved(people)
    send(officer, prepared, "agreement_edit", **text())
    clause = AgreementClause.objects.get(kind="visibility")
    admin = browser(user_with(Role.ADMINISTRATOR))
    page = reverse("admin:projects_agreementclause_change", args=[clause.pk])
    assert admin.get(reverse("admin:projects_agreementclause_changelist")).status_code == 200
    assert "panneau de chantier" in admin.get(page).content.decode()
    typed = {
        "kind": "visibility",
        "mechanism": "",
        "position": 1,
        "text_fr": "Une plaque.",
        "text_en": "A plaque.",
        "active": "on",
    }
    assert admin.post(page, typed).status_code == 302
    assert "Une plaque." not in read(officer, prepared), "what is prepared keeps its text"
    other = approved(people)
    send(officer, other, "agreement_edit", **text())
    assert "Une plaque." in read(officer, other)


def test_every_article_has_its_clauses_in_both_languages():
    clauses = AgreementClause.objects.filter(active=True)
    assert {clause.kind for clause in clauses} == set(ClauseKind.values)
    assert all(len(clause.text_fr) > 150 and len(clause.text_en) > 150 for clause in clauses)
    ethics = clauses.get(kind="ethics")
    assert "ST/SGB/2003/13" in ethics.text_fr and "ST/SGB/2003/13" in ethics.text_en


def test_the_conditions_of_the_decision_and_the_days_are_proposed(project, officer):
    html = read(officer, project, "agreement_edit")
    assert "2027-01-04" in html, "the start wished for by the proposal"
    assert "4 mois plus tard" in html and "4 mai 2027" in html


def test_a_start_before_the_approval_is_refused_beside_its_field(project, officer):
    early = (clock.today() - dt.timedelta(days=3)).isoformat()
    answer = send(officer, project, "agreement_edit", **text(starts_on=early, partner_signatory="Aïcha"))
    html = answer.content.decode()
    assert answer.status_code == 422 and "avant son approbation" in html and "Aïcha" in html
    assert not Agreement.objects.exists()


def test_a_later_start_moves_the_planned_days_with_it(prepared, officer):
    before = list(prepared.instalments.values_list("planned_on", flat=True))
    later = clock.today() + dt.timedelta(days=10)
    send(officer, prepared, "agreement_edit", **text(starts_on=later.isoformat()))
    assert list(prepared.instalments.values_list("planned_on", flat=True)) == [
        day + dt.timedelta(days=10) for day in before
    ]


def line_data(project, *typed: str) -> dict:
    return {f"line_{line.pk}": amount for line, amount in zip(project.agreed_lines.all(), typed, strict=True)}


def test_the_lines_are_saved_when_they_make_the_approved_amount_to_the_cent(prepared, officer):
    answer = send(officer, prepared, "agreement_budget", **line_data(prepared, "21 000", "3 333,33", "0"))
    assert answer.status_code == 302
    assert [(line.amount_usd, line.baseline_usd) for line in prepared.agreed_lines.all()] == [
        (21000, 21000), (Decimal("3333.33"), Decimal("3333.33")), (0, 0)
    ]  # fmt: skip


def test_lines_a_cent_short_are_refused_and_keep_what_was_typed(prepared, officer):
    before = list(AgreedLine.objects.values_list("amount_usd", flat=True))
    answer = send(officer, prepared, "agreement_budget", **line_data(prepared, "21 000", "3 333,32", "0"))
    html = answer.content.decode()
    assert answer.status_code == 422 and "il manque 0,01\u00a0USD" in html and "3 333,32" in html
    assert list(AgreedLine.objects.values_list("amount_usd", flat=True)) == before


def plan_data(*rows: tuple[str, str]) -> dict:
    data = {}
    for rank, (amount, when) in enumerate(rows, 1):
        data |= {f"amount_{rank}": amount, f"planned_on_{rank}": when, f"condition_{rank}": "Rapport accepté"}
    return data


def test_the_plan_is_rewritten_with_fewer_or_more_rows(prepared, officer):
    first = prepared.instalments.get(position=1).pk
    rows = [("12 000", "2027-01-04"), ("9 900", "2027-02-01"), ("2 433,33", "2027-05-01")]
    assert send(officer, prepared, "agreement_plan", **plan_data(*rows)).status_code == 302
    rows = [("8000", "2027-01-04"), ("8000", "2027-02-01"), ("5 833,33", "2027-03-01"), ("2500", "2027-05-01")]
    assert send(officer, prepared, "agreement_plan", **plan_data(*rows)).status_code == 302
    assert amounts(prepared) == [8000, 8000, Decimal("5833.33"), 2500]
    assert send(
        officer, prepared, "agreement_plan", **plan_data(("12000", "2027-01-04"), ("12333.33", "2027-05-01"))
    ).status_code == 302  # fmt: skip
    assert amounts(prepared) == [12000, Decimal("12333.33")]
    assert prepared.instalments.get(position=1).pk == first


@pytest.mark.parametrize(
    "rows, said",
    [
        ([("12 000", "2027-01-04"), ("10 000", "2027-02-01")], "et non le montant approuvé"),
        ([("20 000", "2027-01-04"), ("4 333,33", "2027-02-01")], "La première tranche ne peut dépasser"),
        ([("12 000", "2027-01-04"), ("12 000", "2027-02-01"), ("333,33", "2027-03-01")], "La dernière tranche"),
        ([("12 000", "2027-03-04"), ("12 333,33", "2027-02-01")], "prévue avant la précédente"),
        ([("12 000", ""), ("12 333,33", "2027-02-01")], "Indiquez le jour prévu"),
        ([("", "2027-01-04"), ("12 333,33", "2027-02-01")], "Donnez le montant de cette tranche"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_with_the_reason(prepared, officer, rows, said):
    before = amounts(prepared)
    answer = send(officer, prepared, "agreement_plan", **plan_data(*rows))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert rows[-1][0] in answer.content.decode()
    assert amounts(prepared) == before


# --- Two people -----------------------------------------------------------------------------------------------------
def test_the_later_of_two_saves_is_refused_with_both_versions(prepared, officer):
    other = user_with(Role.PROGRAMME_OFFICER)
    base = fingerprint_of(read(officer, prepared, "agreement_edit"))
    send(other, prepared, "agreement_edit", **text(partner_signatory="Oumar Cissé"))
    answer = send(officer, prepared, "agreement_edit", base=base, **text(partner_signatory="Fanta Touré"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Oumar Cissé" in html and html.count("Fanta Touré") == 2, "both versions, and mine still in its field"
    assert Agreement.objects.get(project=prepared).partner_signatory == "Oumar Cissé"
    answer = send(
        officer, prepared, "agreement_edit", base=fingerprint_of(html), **text(partner_signatory="Fanta Touré")
    )
    assert answer.status_code == 302
    assert Agreement.objects.get(project=prepared).partner_signatory == "Fanta Touré"


@pytest.mark.parametrize("name", ["agreement_budget", "agreement_plan"])
def test_lines_and_plan_are_guarded_in_the_same_way(prepared, officer, name):
    typed = {
        "agreement_budget": [line_data(prepared, "21 000", "3 333,33", "0"), line_data(prepared, "20 000", "4 333,33", "0")],
        "agreement_plan": [
            plan_data(("12000", "2027-01-04"), ("12333.33", "2027-05-01")),
            plan_data(("11000", "2027-01-04"), ("13333.33", "2027-05-01")),
        ],
    }[name]  # fmt: skip
    base = fingerprint_of(read(officer, prepared, name))
    assert send(officer, prepared, name, base=base, **typed[0]).status_code == 302
    answer = send(officer, prepared, name, base=base, **typed[1])
    assert answer.status_code == 422 and "Version enregistrée" in answer.content.decode()
    assert send(officer, prepared, name, base=base, **typed[0]).status_code == 302, "the same again changes nothing"


# --- Who ------------------------------------------------------------------------------------------------------------
def test_nobody_prepares_the_agreement_of_a_partner_in_whom_they_hold_an_interest(project, officer):
    Interest.objects.create(user=officer, organisation=project.partner, nature="Parent")
    answer = browser(officer).post(address(project, "agreement_edit"), {"one_time_key": uuid.uuid4(), **text()})
    assert answer.status_code == 403 and not Agreement.objects.exists()


def test_the_signature_waits_for_what_it_asks_for(prepared, officer, monkeypatch):
    html = read(officer, prepared)
    assert "etapes/sign_agreement" not in html and "Il reste un point" in html, "no signed copy is on file"
    monkeypatch.setattr(agreement_page, "checks", lambda project: [])
    assert "etapes/sign_agreement" in read(officer, prepared)


def test_who_reads_the_project_reads_the_agreement_and_changes_nothing(prepared):
    auditor = user_with(Role.AUDITOR)
    html = read(auditor, prepared)
    assert "Mariam Maïga" in html and "Modifier" not in html and "Constater la signature" not in html
    for name in ("agreement_edit", "agreement_budget", "agreement_plan", "agreement_copy_add"):
        assert browser(auditor).get(address(prepared, name)).status_code == 403


# --- Copies ---------------------------------------------------------------------------------------------------------
def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_signed_copy_is_kept_with_its_fingerprint_and_handed_to_readers(prepared, officer):
    content = pdf(b"<< /Signed (yes) >>")
    answer = send(
        officer, prepared, "agreement_copy_add", base="", signatory="both", upload=upload(content, "Protocole.pdf")
    )
    assert answer.url == address(prepared)
    copy = AgreementCopy.objects.get()
    digest = hashlib.sha256(content).hexdigest()
    assert copy.document.sha256 == digest
    auditor = user_with(Role.AUDITOR)
    assert digest in read(auditor, prepared)
    served = browser(auditor).get(address(prepared, "agreement_copy", copy.pk))
    assert b"".join(served.streaming_content) == content


def test_a_photo_is_as_good_and_a_spreadsheet_is_not(prepared, officer):
    photo = upload(jpeg(), "Page.jpg")
    assert send(officer, prepared, "agreement_copy_add", base="", signatory="partner", upload=photo).status_code == 302
    office = upload(docx(), "Page.docx")
    answer = send(officer, prepared, "agreement_copy_add", base="", signatory="mission", upload=office)
    assert answer.status_code == 422 and "est un PDF ou une photo" in answer.content.decode()
    assert AgreementCopy.objects.count() == 1


def test_the_same_file_is_not_kept_twice(prepared, officer):
    content = pdf()
    for status in (302, 422):
        answer = send(
            officer, prepared, "agreement_copy_add", base="", signatory="both", upload=upload(content, "Protocole.pdf")
        )
        assert answer.status_code == status
    assert "déjà au dossier" in answer.content.decode()
    assert AgreementCopy.objects.count() == 1


def test_a_withdrawn_copy_stays_with_its_reason_and_no_longer_counts(prepared, officer):
    put_signatures_on_file(prepared, officer)
    copy = AgreementCopy.objects.get()
    assert "au dossier l’exemplaire" not in read(officer, prepared)
    assert send(officer, prepared, "agreement_copy_withdraw", copy.pk, base="", reason="").status_code == 422
    send(officer, prepared, "agreement_copy_withdraw", copy.pk, base="", reason="Il manque la page 3.")
    html = read(officer, prepared)
    assert "Il manque la page 3." in html and copy.document.sha256 in html
    assert "Il manque au dossier l’exemplaire" in html
    assert browser(officer).get(address(prepared, "agreement_copy", copy.pk)).status_code == 404


# --- The signature --------------------------------------------------------------------------------------------------
def sign(user: User, project, **days):
    typed = {"partner_signed_on": clock.today().isoformat(), "mission_signed_on": clock.today().isoformat(), **days}
    return browser(user).post(
        reverse("projects:transition", args=[project.pk, "sign_agreement"]), {"one_time_key": uuid.uuid4(), **typed}
    )


def test_what_lacks_before_the_signature_leads_to_where_it_is_mended(project, officer):
    html = read(officer, project, "transition", "sign_agreement")
    assert f'href="{address(project, "agreement_edit")}"' in html
    assert f'href="{reverse("funds:bank_accounts", args=[project.partner_id])}"' in html
    send(officer, project, "agreement_edit", **text())
    html = read(officer, project, "transition", "sign_agreement")
    assert f'href="{address(project, "agreement_copy_add")}"' in html
    assert f'href="{address(project, "agreement_edit")}"' not in html
    assert sign(officer, project).status_code == 422
    project.refresh_from_db()
    assert project.state == State.APPROVED


def test_the_signature_records_both_days_and_fixes_the_last_possible_day(prepared, officer):
    put_signatures_on_file(prepared, officer)
    verify_bank(prepared, user_with(Role.FINANCE_OFFICER))
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    answer = sign(officer, prepared, mission_signed_on=tomorrow)
    assert answer.status_code == 422 and "n’est pas encore venu" in answer.content.decode()
    assert sign(officer, prepared, mission_signed_on="").status_code == 422
    assert sign(officer, prepared).status_code == 302
    prepared.refresh_from_db()
    agreement = Agreement.objects.get(project=prepared)
    assert (prepared.state, prepared.starts_on) == (State.AGREED, agreement.starts_on)
    assert prepared.obligated_usd == prepared.approved_usd
    assert agreement.partner_signed_on == agreement.mission_signed_on == clock.today()


def test_nothing_of_the_agreement_changes_after_the_signature(officer):
    project = agreed(Crew(officer=officer))
    copy = AgreementCopy.objects.get()
    answers = [
        send(officer, project, "agreement_edit", base="", **text(partner_signatory="Quelqu’un d’autre")),
        send(officer, project, "agreement_budget", base="", **line_data(project, "20000")),
        send(
            officer, project, "agreement_plan", base="", **plan_data(("10000", "2027-01-04"), ("10000", "2027-02-01"))
        ),
        send(officer, project, "agreement_copy_add", base="", signatory="both", upload=upload(pdf(), "Autre.pdf")),
        send(officer, project, "agreement_copy_withdraw", copy.pk, base="", reason="Erreur"),
    ]
    assert {answer.status_code for answer in answers} == {409}
    copy.document.refresh_from_db()
    assert not copy.document.is_withdrawn and AgreementCopy.objects.count() == 1
    html = read(officer, project)
    assert "Signé" in html and "Modifier les lignes" not in html


def test_a_service_refuses_what_a_page_would_not_show(officer):
    project = agreed(Crew(officer=officer))
    from projects.services.steps import StepRefused

    with pytest.raises(StepRefused):
        services.save_plan(project=project, user=fresh(officer), rows=[], base="")


# --- Cost -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["agreement", "agreement_edit", "agreement_budget", "agreement_plan"])
@pytest.mark.parametrize("rows", [2, 20])
def test_a_page_costs_the_same_however_long_the_budget(officer, rows, name):
    people = cast()
    project = approved(people)
    prepare_agreement(project, officer)
    line = project.agreed_lines.get()
    for rank in range(rows - 1):
        AgreedLine.objects.create(
            project=project, category="works", label=f"Ligne {rank}", baseline_usd=Decimal(1), amount_usd=Decimal(1)
        )
    AgreedLine.objects.filter(pk=line.pk).update(amount_usd=line.amount_usd - (rows - 1), baseline_usd=0)
    put_signatures_on_file(project, officer)
    client = browser(officer)
    client.get(address(project, name))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(project, name)).status_code == 200
    own = [query["sql"] for query in captured if "django_session" not in query["sql"]]
    assert len(own) <= 12, "\n".join(own)
