"""The pages of a regional plan: who writes it, how it comes into force, what is kept of what was typed."""

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from projects import coverage
from projects.exports.coverage_slide import coverage_slide
from regions.models import Axis, Indicator, Plan, Priority
from regions.services import plan_parts, plans
from sr_portal.accounts.roles import Role
from sr_portal.web.versions import version_of
from tests.documents.files import jpeg
from tests.factories.accounts import user_with
from tests.factories.activities import ActivityFactory
from tests.factories.plans import (
    AxisFactory,
    IndicatorFactory,
    PlanFactory,
    PriorityFactory,
    in_force,
    validated,
)
from tests.factories.regions import region

pytestmark = pytest.mark.django_db
LIST, NEW = "/plans/", "/plans/nouveau/"
PLAN = {
    "title": "Plan de Gao", "starts_on": "2026-01-01", "ends_on": "2028-12-31", "lead": "Gouvernorat de Gao",
    "summary": "Relever la région.",
}  # fmt: skip


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client, address: str, **data):
    return client.post(address, {"one_time_key": str(uuid.uuid4()), **data})


@pytest.fixture
def head():
    return user_with(Role.SECTION_HEAD)


def test_a_section_head_drafts_a_plan_and_puts_it_in_force(head):
    client = signed_in(head)
    assert sent(client, NEW, region=region().pk, **PLAN).status_code == 302
    plan = Plan.objects.get()
    at = plan.get_absolute_url()
    refused = sent(client, f"{at}etape/valider/", seen=version_of(plan))
    assert refused.status_code == 422 and "au moins une priorité" in refused.content.decode()
    assert sent(client, f"{at}axes/nouveau/", number=1, title="Services de base").status_code == 302
    axis = Axis.objects.get()
    priority = {"axis": axis.pk, "code": "1.1", "title": "Eau", "need_usd": "1 250 000,50"}
    assert sent(client, f"{at}priorites/nouveau/", **priority).status_code == 302
    made = Priority.objects.get()
    assert (made.need_usd, made.plan) == (Decimal("1250000.50"), plan)
    measured = {"name": "Forages", "unit": "forages", "direction": "up", "baseline": "10", "target": "40"}
    assert sent(client, f"{at}indicateurs/nouveau/", priority=made.pk, **measured).status_code == 302
    assert sent(client, f"{at}etape/valider/", seen=version_of(plan)).status_code == 302
    plan.refresh_from_db()
    assert (plan.status, plan.validated_by) == ("validated", head)
    page = client.get(at).content.decode()
    assert "1\u202f250\u202f000,50\u00a0USD" in page and "Forages" in page
    indicator = Indicator.objects.get()
    at_indicator = f"{at}indicateurs/{indicator.pk}/mesurer/"
    future = sent(client, at_indicator, latest="25", latest_on="2999-01-01", seen=version_of(indicator))
    assert future.status_code == 422 and "latest_on" in future.context["form"].errors
    assert (
        sent(client, at_indicator, latest="25", latest_on="2026-06-30", seen=version_of(indicator)).status_code == 302
    )
    assert "50\u00a0% du chemin parcouru" in client.get(at).content.decode()


def test_a_head_of_office_proposes_in_their_region_and_validates_nothing():
    manager = user_with(Role.REGIONAL_MANAGER, region=region("ML-7"))
    client = signed_in(manager)
    assert sent(client, NEW, region=region("ML-8").pk, **PLAN).status_code == 422
    assert sent(client, NEW, region=region("ML-7").pk, **PLAN).status_code == 302
    plan = Plan.objects.get()
    PriorityFactory(axis__plan=plan)
    assert client.get(f"{plan.get_absolute_url()}modifier/").status_code == 200
    assert sent(client, f"{plan.get_absolute_url()}etape/valider/", seen=version_of(plan)).status_code == 403
    elsewhere = PlanFactory(region=region("ML-8"))
    assert client.get(f"{elsewhere.get_absolute_url()}modifier/").status_code == 403


def test_what_was_typed_comes_back_with_what_is_wrong(head):
    answer = sent(signed_in(head), NEW, region=region().pk, **{**PLAN, "ends_on": "2025-01-01"})
    assert answer.status_code == 422 and not Plan.objects.exists()
    page = answer.content.decode()
    assert "La fin du plan suit son début." in page and "Relever la région." in page and 'value="Plan de Gao"' in page


def test_the_later_of_two_who_write_the_same_plan_sees_both_versions(head):
    plan = PlanFactory()
    seen = version_of(Plan.objects.get())
    plans.change(by=head, plan=plan, values={**vars(plan), "title": "Le leur"}, seen=seen)
    address = f"{plan.get_absolute_url()}modifier/"
    answer = sent(signed_in(head), address, **{**PLAN, "title": "Le mien", "seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Le leur" in page and 'value="Le mien"' in page
    again = sent(signed_in(head), address, **{**PLAN, "title": "Le mien", "seen": answer.context["form"].data["seen"]})
    assert again.status_code == 302 and Plan.objects.get().title == "Le mien"


def test_a_new_version_takes_the_place_of_the_one_in_force_which_stays_readable(head):
    [water] = in_force(1000)
    plan = water.plan
    copied = plans.new_version(by=head, plan=plan)
    assert [one.lineage for one in copied.priorities.all()] == [water.lineage] and copied.number == 2
    with pytest.raises(plans.ValidationError):
        plans.new_version(by=head, plan=plan)
    new = copied.priorities.get()
    values = {name: getattr(new, name) for name in plans.PRIORITY_FIELDS} | {"need_usd": Decimal(3000)}
    plan_parts.change(by=head, part=new, values=values, seen=version_of(Priority.objects.get(pk=new.pk)))
    plans.validate(by=head, plan=copied, seen=version_of(Plan.objects.get(pk=copied.pk)))
    plan.refresh_from_db()
    assert plan.status == "archived" and Plan.objects.in_force().get() == copied
    client = signed_in(head)
    old, new_page = (client.get(one.get_absolute_url()).content.decode() for one in (plan, copied))
    assert "1\u202f000\u00a0USD" in old and "3\u202f000\u00a0USD" in new_page
    assert plan.get_absolute_url() in new_page and copied.get_absolute_url() in old


def test_what_was_measured_while_the_next_version_was_written_is_not_lost(head):
    indicator = IndicatorFactory(latest=Decimal(30), latest_on=dt.date(2026, 1, 1))
    plan = validated(indicator.priority.plan)
    copied = plans.new_version(by=head, plan=plan)
    values = {"latest": Decimal(45), "latest_on": dt.date(2026, 6, 1), "source": "Enquête"}
    plan_parts.measure(
        by=head, indicator=indicator, values=values, seen=version_of(Indicator.objects.get(pk=indicator.pk))
    )
    plans.validate(by=head, plan=copied, seen=version_of(Plan.objects.get(pk=copied.pk)))
    assert Indicator.objects.get(priority__plan=copied).latest == 45


def test_another_plan_in_force_is_archived_first(head):
    [water] = in_force(10)
    other = PriorityFactory(axis__plan__region=region()).plan
    client, address = signed_in(head), f"{other.get_absolute_url()}etape/valider/"
    assert (
        "archivez-le d’abord" in sent(client, address, seen=version_of(Plan.objects.get(pk=other.pk))).content.decode()
    )
    assert sent(client, f"{water.plan.get_absolute_url()}etape/archiver/").status_code == 302
    assert sent(client, address, seen=version_of(Plan.objects.get(pk=other.pk))).status_code == 302


def test_a_part_is_removed_while_the_plan_is_a_draft_only(head):
    indicator = IndicatorFactory()
    plan, client = indicator.priority.plan, signed_in(head)
    at = plan.get_absolute_url()
    assert sent(client, f"{at}indicateurs/{indicator.pk}/supprimer/").status_code == 302
    assert not Indicator.objects.exists()
    validated(Plan.objects.get())
    answer = client.post(
        f"{at}axes/{Axis.objects.get().pk}/supprimer/", {"one_time_key": str(uuid.uuid4())}, follow=True
    )
    assert "En vigueur" in answer.content.decode() and Axis.objects.exists()
    refused = sent(client, f"{at}axes/nouveau/", number=9, title="Tard")
    assert refused.status_code == 422 and Axis.objects.count() == 1


def test_the_document_is_filed_and_handed_out(head):
    plan, client = PlanFactory(), signed_in(head)
    at = plan.get_absolute_url()
    assert client.get(f"{at}document/").status_code == 404
    first = client.post(
        f"{at}document/deposer/",
        {"one_time_key": str(uuid.uuid4()), "document": SimpleUploadedFile("Plan.jpg", jpeg())},
    )
    assert first.status_code == 302
    assert client.get(f"{at}document/").status_code == 200
    plan.refresh_from_db()
    before = plan.document
    plans.file_document(by=head, plan=plan, upload=SimpleUploadedFile("Plan signé.jpg", jpeg()))
    plan.refresh_from_db()
    assert plan.document.replaces == before


# --- Coverage ------------------------------------------------------------------------------------------------------
def test_coverage_on_the_page_and_in_the_files_is_the_same(head):
    [water, roads] = in_force("1000.10", 0)
    ActivityFactory(
        region=region(), priority=water, amount=Decimal("250.05"), currency="USD", amount_usd=Decimal("250.05")
    )
    client, at = signed_in(head), water.plan.get_absolute_url()
    page = client.get(f"{at}couverture/").content.decode()
    assert "250,05\u00a0USD" in page and "750,05\u00a0USD" in page
    written = b"".join(client.get(f"{at}couverture.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(written)))
    assert rows[1][5:12] == ["1000.10", "0.00", "0.00", "0.00", "250.05", "750.05", "25.0"]
    assert rows[2][1] == roads.code and rows[-1][2] == "Total" and rows[-1][5] == "1000.10"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{at}couverture.xlsx").content))
    assert [cell.value for cell in book.active[2]][9] == 250.05


def test_coverage_is_a_picture_for_a_slide(head):
    [water, roads] = in_force("50000", "10000")
    ActivityFactory(
        region=roads.plan.region, priority=roads, amount=Decimal("15000"), currency="USD", amount_usd=Decimal("15000")
    )
    slide = coverage_slide(coverage.of_plan(water.plan))
    parts = {bar.label.split()[0]: [round(part.width, 4) for part in bar.parts] for bar in slide.bars}
    assert parts == {water.code: [0, 0, 1], roads.code: [0, 0.3, 0]}
    client, at = signed_in(head), f"{water.plan.get_absolute_url()}couverture"
    assert f"{at}.png" in client.get(f"{at}/").content.decode()
    answer = client.get(f"{at}.png")
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (1920, 1080)
    empty = PlanFactory(region=region("ML-5"))
    assert client.get(f"{empty.get_absolute_url()}couverture.png").status_code == 404


@pytest.mark.parametrize("path", ["", "couverture/"])
def test_a_plan_costs_as_many_queries_whatever_it_holds(head, path):
    client, counts = signed_in(head), []
    for code, priorities in (("ML-7", 2), ("ML-6", 60)):
        made = in_force(*[10] * priorities, code=code)
        for priority in made[: priorities // 2]:
            ActivityFactory(region=priority.plan.region, priority=priority)
        address = f"{made[0].plan.get_absolute_url()}{path}"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_the_list_costs_as_many_queries_at_10_as_at_1000(head):
    client, counts = signed_in(head), []
    for count in (10, 990):
        Plan.objects.bulk_create(
            Plan(region=region(), title=f"Plan {n}", starts_on=dt.date(2020, 1, 1), ends_on=dt.date(2021, 1, 1), lead="G", created_by=head)
            for n in range(count)
        )  # fmt: skip
        client.get(LIST)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(LIST).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_list_is_filtered_by_region_and_state(head):
    in_force(10)
    draft = PlanFactory(region=region("ML-6"), title="Projet de Tombouctou")
    client = signed_in(head)
    assert [plan for plan, _money in client.get(f"{LIST}?etat=draft").context["rows"]] == [draft]
    assert client.get(f"{LIST}?region=ML-8").context["rows"] == []
    assert client.get(f"{LIST}?region=ML-99").status_code == 422


def test_the_history_tells_what_was_written_in_the_plan_and_beneath_it(head):
    indicator = IndicatorFactory()
    axis = AxisFactory(plan=indicator.priority.plan, title="Axe oublié")
    axis.delete()
    page = signed_in(head).get(f"{indicator.priority.plan.get_absolute_url()}historique/").content.decode()
    assert "Axe oublié" in page and indicator.name in page
