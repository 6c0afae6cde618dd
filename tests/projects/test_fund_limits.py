"""Ceiling and length of any mechanism and of its facilities, whoever writes and however (domain guide §1)."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from funds.models import Facility, Mechanism
from projects import rules
from projects.models import Project
from projects.services.refusals import as_refusal
from projects.services.steps import StepRefused
from projects.services.submission import submit
from tests.factories.mechanisms import facility_of, irf, mechanism_of, prf
from tests.factories.projects import DraftFactory, add_line, complete_draft
from tests.projects.proposal_browser import address, browser, open_step

pytestmark = pytest.mark.django_db


def refused(call) -> DatabaseError:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        call()
    return error.value


def sql(statement: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- The rule, as a pure function ------------------------------------------------------------------------------------
limits = st.one_of(st.none(), st.integers(1, 60))


@given(of_mechanism=limits, of_facility=limits)
def test_the_shorter_of_two_limits_holds_and_none_limits_nothing(of_mechanism, of_facility):
    mechanism, facility = Mechanism(code="FIX", max_months=of_mechanism), Facility(max_months=of_facility)
    known = [limit for limit in (of_mechanism, of_facility) if limit is not None]

    assert rules.longest_months(mechanism, facility) == (min(known) if known else None)
    assert rules.longest_months(mechanism) == of_mechanism


def test_no_facility_loosens_the_law_of_the_qip():
    wide = Facility(ceiling_usd=Decimal(900_000), max_months=36)
    qip = Mechanism(code="QIP", ceiling_usd=Decimal(50_000), max_months=6)

    assert (rules.ceiling_of(qip, wide), rules.longest_months(qip, wide)) == (Decimal(50_000), 6)


# --- The facilities of the Peacebuilding Fund ------------------------------------------------------------------------
@pytest.mark.parametrize(("facility", "longest"), [(irf, 18), (prf, 36)])
def test_the_length_of_a_facility_holds_to_the_month(facility, longest):
    project = DraftFactory(mechanism_id="PBF", facility=facility(), duration_months=longest)
    project.full_clean()
    project.duration_months += 1
    with pytest.raises(ValidationError, match=f"{longest}"):
        project.full_clean()
    error = refused(lambda: Project.objects.update(duration_months=longest + 1))
    assert as_refusal(error).error_dict.keys() == {"duration_months"}
    assert "fund_length" in str(error)


def test_a_longer_project_is_not_moved_to_a_facility_that_is_too_short():
    DraftFactory(mechanism_id="PBF", facility=prf(), duration_months=30)
    assert "fund_length" in str(refused(lambda: Project.objects.update(facility=irf())))


def test_the_ceiling_of_a_facility_holds_for_the_budget_in_the_database():
    narrow = facility_of("TF", ceiling_usd=Decimal("100000"))
    project = DraftFactory(mechanism_id="TF", facility=narrow)
    add_line(project, "99999.99")
    assert "fund_ceiling" in str(refused(lambda: add_line(project, "0.02")))
    add_line(project, "0.01")


def test_the_ceiling_of_a_mechanism_holds_for_what_an_amendment_would_approve():
    mechanism = mechanism_of(ceiling_usd=Decimal("30000"))
    add_line(DraftFactory(mechanism=mechanism), "30000")
    assert rules.validate_budget(mechanism, Decimal("30000")) is None
    with pytest.raises(ValidationError, match="30"):
        rules.validate_budget(mechanism, Decimal("30000.01"))


def test_no_mechanism_promises_more_months_than_the_form_accepts():
    with pytest.raises(ValidationError):
        Mechanism(code="NEW", max_months=61).clean_fields(
            exclude=("name_fr", "name_en", "approving_body_fr", "approving_body_en")
        )
    assert "mechanism_months" in str(refused(lambda: Mechanism.objects.filter(pk="TF").update(max_months=61)))
    Mechanism.objects.filter(pk="TF").update(max_months=None)
    DraftFactory(mechanism_id="TF", duration_months=60)
    assert "fund_length" in str(refused(lambda: Project.objects.update(duration_months=61)))


def test_a_facility_is_of_the_projects_own_mechanism():
    project = DraftFactory(mechanism_id="TF")
    project.facility = irf()
    with pytest.raises(ValidationError, match="autre mécanisme"):
        project.full_clean()
    assert "facility_of_its_mechanism" in str(refused(lambda: Project.objects.update(facility=irf())))
    assert "keeps_its_mechanism" in str(refused(lambda: sql("UPDATE funds_facility SET mechanism_id = 'TF'")))


# --- Submission ------------------------------------------------------------------------------------------------------
def test_a_proposal_is_submitted_to_a_facility_where_its_mechanism_has_some():
    project = complete_draft(mechanism_id="PBF", facility=None)
    with pytest.raises(StepRefused, match="guichet"):
        submit(project=project, user=project.author)
    error = refused(lambda: sql("UPDATE projects_project SET state = 'submitted', reference = 'PBF-GAO-2026-0001'"))
    assert "facility_before_submission" in str(error)

    Project.objects.update(facility=irf())
    assert submit(project=project, user=project.author).reference.startswith("PBF-GAO-")
    assert "facility_for_good" in str(refused(lambda: Project.objects.update(facility=prf())))


def test_a_limit_lowered_since_binds_what_is_submitted_and_spares_what_is_there():
    mechanism = mechanism_of()
    earlier, later = (complete_draft(mechanism_id=mechanism.pk, duration_months=12) for _ in range(2))
    submit(project=earlier, user=earlier.author)
    Mechanism.objects.filter(pk=mechanism.pk).update(max_months=6)

    Project.objects.filter(pk=earlier.pk).update(title="Un autre intitulé")
    with pytest.raises(ValidationError, match="6 mois"):
        submit(project=later, user=later.author)
    statement = "UPDATE projects_project SET state = 'submitted', reference = 'FIX-GAO-2026-0009' WHERE id = %s"
    assert "fund_length" in str(refused(lambda: sql(statement, later.pk)))


# --- The form --------------------------------------------------------------------------------------------------------
def test_the_form_of_a_qip_has_no_step_of_the_fund_and_asks_no_query_for_it():
    project = complete_draft()
    client = browser(project.author)
    assert client.get(address(project, "fund")).status_code == 404
    page = client.get(address(project)).content.decode()
    assert "Ce que le fonds demande" not in page
    assert not project.mechanism.asks_more


def test_the_form_of_a_mechanism_with_facilities_has_a_step_for_them():
    project = complete_draft(mechanism_id="PBF", duration_months=20)
    client = browser(project.author)
    assert reverse("projects:edit", args=[project.pk, "fund"]) in client.get(address(project)).content.decode()

    typed = open_step(client, project, "fund")
    too_short = client.post(address(project, "fund"), typed | {"facility": irf().pk})
    assert too_short.status_code == 422 and "18 mois" in too_short.content.decode()

    assert client.post(address(project, "fund"), typed | {"facility": prf().pk}).status_code == 302
    project.refresh_from_db()
    assert project.facility == prf()


def test_changing_the_mechanism_leaves_the_other_ones_facility_behind():
    project = complete_draft(mechanism_id="PBF", facility=irf())
    client = browser(project.author)
    typed = open_step(client, project, "essentials") | {"mechanism": "TF"}
    assert client.post(address(project), typed).status_code == 302
    project.refresh_from_db()
    assert (project.mechanism_id, project.facility_id) == ("TF", None)


# --- A mechanism knows whether it asks for more ----------------------------------------------------------------------
def test_a_mechanism_knows_whether_it_asks_for_more():
    mechanism = mechanism_of()
    assert not mechanism.asks_more
    row = facility_of(mechanism)
    mechanism.refresh_from_db()
    assert mechanism.asks_more
    row.delete()
    mechanism.refresh_from_db()
    assert not mechanism.asks_more
    mechanism.several_recipients = True
    mechanism.save()
    mechanism.refresh_from_db()
    assert mechanism.asks_more
    Mechanism.objects.filter(pk=mechanism.pk).update(asks_more=False)
    mechanism.refresh_from_db()
    assert mechanism.asks_more, "the database counts it again, whatever is written"
