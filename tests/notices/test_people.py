"""Who is written to is who may act: by the rule that shows each user their turns, before the act and after it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from funds.models import Interest
from projects.checklist import CHECKLIST
from projects.lifecycle import TRANSITIONS
from projects.models import Deadline, Project
from projects.notices import happenings
from projects.notices.people import Happening, holders, told_of
from projects.notices.table import EVENTS, STEPS
from projects.notices.telling import announced
from projects.services import committee as committees
from projects.services import decisions, findings, instalments, screening
from projects.services import implementation as steps
from projects.services import reports as report_services
from projects.services.findings import NewFinding
from projects.services.steps import withdraw
from projects.services.submission import submit
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.notices.kinds import Kind
from sr_portal.notices.models import Mail, MailPreference
from sr_portal.web import clock
from sr_portal.web.templatetags.portal import day
from tests.access.world import make_world
from tests.factories import amendments, money
from tests.factories import implementation as life
from tests.factories.accounts import user_with
from tests.factories.funds import envelope_of
from tests.factories.projects import cast, complete_draft, fresh, recommended, region

pytestmark = pytest.mark.django_db


def also(user: User, role: Role) -> None:
    """They hold this role too, in the whole mission."""
    RoleAssignment.objects.create(user=user, group=Group.objects.get(name=role.value))


# --- One rule, asked both ways ---------------------------------------------------------------------------------------
def test_whose_turn_each_deadline_is_agrees_with_what_each_user_is_shown(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    also(world.people["member"], Role.APPROVER)  # voted on what is to be decided
    also(world.people["screener"], Role.APPROVER)
    life.finding(world.projects["active"], world.people["officer"], owner=world.people["coauthor"])
    Interest.objects.create(user=world.people["officer"], organisation=world.partner, nature="Parent du trésorier")
    shown: dict[str, set[int]] = {}
    for user in User.objects.all():
        for pk in Deadline.objects.for_user(user).values_list("pk", flat=True):
            shown.setdefault(pk, set()).add(user.pk)
    rows = Deadline.objects.asked().select_related("project__mechanism", "project__region")
    found = {row.pk: {user.pk for user in holders(row, row.project)} for row in rows}

    assert {pk for pk, people in found.items() if people} == set(shown)
    assert {pk: people for pk, people in found.items() if people} == shown
    assert {row.turn for row in rows if found[row.pk]} >= {
        "write", "mend", "take_up", "screen", "put_on_agenda", "judge", "decide", "refuse", "sign", "start",
        "first_visit", "visit", "lift_finding", "judge_report", "decide_amendment", "resume", "complete", "write_final", "close",
    }  # fmt: skip


def test_beyond_the_delegated_amount_only_the_mission_s_authority_is_asked():
    people = cast()
    chief, head = people.approver, user_with(Role.APPROVER, region=region())
    project = recommended(people, amount="45000")
    (row,) = Deadline.objects.filter(project=project, turn="decide")
    assert holders(row, project) == [chief]
    assert not Deadline.objects.for_user(head).filter(pk=row.pk).exists()


# --- Each event, through the services --------------------------------------------------------------------------------
class Ear:
    """Checks each happening: announced before, told after, and those of kind « turn » are who can act then."""

    def __init__(self) -> None:
        self.heard: dict[str, dict[Kind, set[User]]] = {}

    def hear(self, happening: Happening, act: Callable[[], object], *, turn_open: bool = True) -> object:
        """`turn_open`: the deadline of the turn is there once the act is done."""
        before, known = told_of(happening), set(Mail.objects.values_list("pk", flat=True))
        promised = announced(happening)
        result = act()
        event, mails = happening.event, Mail.objects.exclude(pk__in=known).select_related("recipient")
        mine = [mail for mail in mails if mail.key.startswith("step:" if event in STEPS else f"{event}:")]
        told = {mail.recipient: Kind(mail.kind) for mail in mine}
        assert told == before, event
        assert {mail.recipient for mail in mine if mail.status == "queued"} == set(promised.now), event
        assert {mail.recipient for mail in mine if mail.status == "held"} == set(promised.later), event
        assert all(mail.urgent == EVENTS[event].urgent and mail.about_id == happening.project.pk for mail in mine)
        if EVENTS[event].turn and turn_open:
            rows = Deadline.objects.filter(project=happening.project, turn=EVENTS[event].turn)
            able = {user for user in User.objects.filter(is_active=True) if rows.for_user(user).exists()}
            assert {user for user, kind in told.items() if kind is Kind.TURN} == able - {happening.actor}, event
        self.heard[event] = {kind: {user for user, of in told.items() if of is kind} for kind in Kind}
        return result


def ready(project: Project) -> Project:
    return Project.objects.for_rules().get(pk=project.pk)


def test_a_whole_life_writes_to_those_whose_turn_it_becomes():
    envelope_of("1000000")
    people, ear = cast(), Ear()
    bystanders = [user_with(role, region=region("ML-8")) for role in Role if role is not Role.ADMINISTRATOR]
    other_officer, finance = user_with(Role.PROGRAMME_OFFICER), user_with(Role.FINANCE_OFFICER)
    interested = user_with(Role.PROGRAMME_OFFICER)
    also(people.members[0], Role.APPROVER)  # who votes does not decide
    also(other_officer, Role.FINANCE_OFFICER)  # who asks does not authorise
    project = complete_draft()
    author = project.author
    project.coauthors.add(coauthor := user_with(Role.PROPOSER))
    Interest.objects.create(user=interested, organisation=project.partner, nature="Parent du trésorier")

    def step(name: str, actor: User, act: Callable[..., object], **more) -> None:
        now = ready(project)
        ear.hear(happenings.step(name, now, actor), lambda: act(project=now, user=fresh(actor), **more))

    step("submit", author, submit)
    assert ear.heard["submit"][Kind.TURN] == {people.officer, other_officer}
    step("start_screening", people.officer, screening.start_screening)
    assert ear.heard["start_screening"][Kind.PROGRESS] == {author, coauthor}
    step("send_back", people.officer, screening.send_back, reasons={"budget": "Joignez un devis."})
    assert ear.heard["send_back"][Kind.TURN] == {author, coauthor}
    step("submit", coauthor, submit)
    step("start_screening", people.officer, screening.start_screening)
    answers = {item.code: ("yes", "") for item in CHECKLIST}
    screening.answer_checklist(project=project, user=people.officer, answers=answers)
    step("admit", people.officer, screening.admit)
    assert ear.heard["admit"][Kind.TURN] == {people.secretary}
    session = committees.plan_session(committee=people.regional, user=people.secretary, held_on=clock.today())
    step("put_on_agenda", people.secretary, committees.put_on_agenda, session=session)
    assert {people.chair, *people.members} < ear.heard["put_on_agenda"][Kind.PROGRESS]
    committees.open_session(session=session, user=people.chair, present=frozenset(m.pk for m in people.members))
    item = session.items.get()
    criteria = item.project.mechanism.criteria.values_list("pk", flat=True)
    for member in (people.chair, *people.members):
        committees.judge(item=item, user=member, scores=dict.fromkeys(criteria, 4), vote="for")
    ear.hear(
        happenings.step("recommend", ready(project), people.chair),
        lambda: committees.close_item(item=item, user=people.chair),
    )
    assert ear.heard["recommend"][Kind.TURN] == {people.approver}
    step("approve", people.approver, decisions.approve)
    assert {people.officer, other_officer} <= ear.heard["approve"][Kind.TURN] and interested not in ear.heard[
        "approve"
    ][Kind.TURN]

    crew = life.Crew(officer=other_officer)
    life.prepare_agreement(ready(project), crew.officer)
    life.put_signatures_on_file(project, crew.officer)
    life.verify_bank(project, crew.payer)
    step("sign_agreement", crew.officer, steps.sign_agreement)
    first = life.instalment_of(project)
    first.project = ready(project)
    ear.hear(happenings.of_instalment("request", first, crew.officer), lambda: money.request(first, crew))
    assert ear.heard["request_instalment"][Kind.TURN] == {
        people.members[0],
        people.approver,
        crew.approver,
        finance,
        crew.authoriser,
        crew.payer,
    }
    first.refresh_from_db()
    ear.hear(
        happenings.of_instalment("authorise", first, crew.authoriser),
        lambda: instalments.authorise(instalment=first, user=fresh(crew.authoriser)),
    )
    assert ear.heard["authorise_instalment"][Kind.TURN] == {finance, crew.payer}
    first.refresh_from_db()
    ear.hear(happenings.of_instalment("pay", first, crew.payer), lambda: money.pay(first, crew))
    assert author in ear.heard["pay_instalment"][Kind.PROGRESS]
    ear.hear(happenings.of_receipts(ready(project), author), lambda: money.enter(first, author))
    assert crew.payer in ear.heard["receipts"][Kind.TURN]
    reporting(ear, project, crew)
    amending(ear, ready(project), crew)
    found = ear.hear(
        happenings.of_finding(life.Finding(project=ready(project), severity="blocking", owner=coauthor), crew.officer),
        lambda: findings.add_finding(
            project=project,
            user=fresh(crew.officer),
            new=NewFinding("Mur fissuré", clock.today(), "blocking", coauthor),
        ),
    )
    assert ear.heard["blocking_finding"][Kind.TURN] == {coauthor}
    ear.hear(
        happenings.of_lifting(found, crew.officer),
        lambda: findings.close_finding(finding=found, user=fresh(crew.officer), note="Repris."),
    )
    step("suspend", crew.approver, steps.suspend, note="Insécurité.")
    step("resume", crew.approver, steps.resume, note="Calme revenu.")
    life.visit(project, crew.officer, "final", photos=("before", "after"))
    life.hand_over(project, crew.officer)
    step("complete", crew.officer, steps.complete)
    assert {author, coauthor} <= ear.heard["complete"][Kind.TURN]
    step_names = set(ear.heard)
    assert step_names >= set(STEPS) - {
        "declare_inadmissible", "not_recommend", "defer", "refuse", "withdraw", "start", "close", "cancel",
    }  # fmt: skip
    written_to = {mail.recipient for mail in Mail.objects.select_related("recipient")}
    assert written_to.isdisjoint(set(bystanders)), "nobody of another region or without a part in it"


def reporting(ear: Ear, project: Project, crew: life.Crew) -> None:
    author, report = project.author, life.report(project, crew, state="submitted")
    asked = Deadline.objects.filter(project=project, turn="judge_report")
    able = {user for user in User.objects.all() if asked.for_user(user).exists()}
    told = told_of(happenings.of_report("submit", report, author))
    assert {user for user, kind in told.items() if kind is Kind.TURN} == able >= {crew.officer}
    ear.hear(
        happenings.of_report("return", report, crew.officer),
        lambda: report_services.send_back(
            report=report, user=fresh(crew.officer), version=report.version, text="Chiffres à revoir."
        ),
    )
    assert author in ear.heard["return_report"][Kind.TURN]


def amending(ear: Ear, project: Project, crew: life.Crew) -> None:
    longer = amendments.content(project) | {"duration_months": 5}
    draft = amendments.written(project, crew.officer, longer)
    ear.hear(
        happenings.of_amendment("submit", project, draft, crew.officer),
        lambda: amendments.services.submit(project=project, user=fresh(crew.officer), amendment=draft),
    )
    assert crew.approver in ear.heard["submit_amendment"][Kind.TURN]
    ear.hear(
        happenings.of_amendment("approve", project, draft, crew.approver),
        lambda: amendments.approve(project, draft, crew.approver),
    )
    assert crew.officer in ear.heard["approve_amendment"][Kind.PROGRESS]


# --- The table -------------------------------------------------------------------------------------------------------
def test_every_step_of_the_life_cycle_is_in_the_table():
    assert set(STEPS) == set(TRANSITIONS)


def test_a_draft_that_is_given_up_is_nobody_s_business():
    draft = complete_draft()
    withdraw(project=draft, user=draft.author, note="Abandonné.")
    assert not Mail.objects.exists()


def test_who_refused_a_kind_is_neither_promised_nor_sent_a_mail():
    officer = user_with(Role.PROGRAMME_OFFICER)
    MailPreference.objects.create(user=officer, kind=Kind.TURN, way="never")
    project = complete_draft()
    assert not announced(happenings.step("submit", ready(project), project.author))
    submit(project=project, user=project.author)
    assert not Mail.objects.exists()


def test_saying_beforehand_to_whom_costs_one_query(django_assert_num_queries):
    for _ in range(5):
        officer = user_with(Role.PROGRAMME_OFFICER)
        MailPreference.objects.create(user=officer, kind=Kind.TURN, way="daily")
    project = complete_draft()
    happening = happenings.step("submit", ready(project), fresh(project.author))
    with django_assert_num_queries(1):
        assert len(announced(happening).later) == 5


def test_no_mail_bears_bank_details_or_what_people_typed():
    crew = life.Crew()
    project = life.agreed(crew)
    money.pay(life.instalment_of(project), crew, note="Virement spécial")
    account = project.partner.bank_accounts.get()
    number = life.bank.rib(1000 + project.partner_id)
    assert Mail.objects.count() > 10
    for mail in Mail.objects.all():
        said = f"{mail.subject} {mail.text}"
        assert number not in said and number[-4:] not in said and "Virement spécial" not in said
        assert str(account.bank_name) not in said


def test_the_text_says_what_is_asked_by_when_and_where():
    officer = user_with(Role.PROGRAMME_OFFICER)
    project = complete_draft()
    submit(project=project, user=project.author)
    (mail,) = Mail.objects.filter(recipient=officer)
    project.refresh_from_db()

    assert mail.subject == f"À vous d’agir : Prendre la proposition en examen – {project.reference}"
    assert str(project.title) in mail.text and "Ansongo" in mail.text and str(project.author) in mail.text
    due = Deadline.objects.get(project=project, code="screening").due_on
    assert f"Échéance : {day(due)}." in mail.text
    assert mail.path == f"/projets/{project.pk}/" and mail.about == project.reference
