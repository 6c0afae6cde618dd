"""Random histories from the agreement to the closure, by many people: after each step the money holds, in SQL.

LIFE_EXAMPLES=2000 runs thousands of histories, drawn anew; without it a few dozen, the same at each run. With LIFE_SEED=7
they are those of the seed 7, and come again with it: `make lives SEEDS="7 8 9" EXAMPLES=100` runs those of many.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, seed
from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from funds.models import Contribution, Envelope
from funds.services import contributions
from funds.services.envelopes import adjust_envelope
from funds.services.versions import version_of
from projects.models import AgreedLine, Payment, Project
from projects.money_querysets import facts_of
from projects.rules.gates import closed_gates
from projects.services import decisions
from projects.services import implementation as steps
from projects.services.refusals import as_refusal
from sr_portal.accounts.models import User
from sr_portal.accounts.roles import Role
from sr_portal.web import clock
from tests.factories import implementation as made
from tests.factories.accounts import user_with
from tests.factories.bank import proof
from tests.factories.funds import came_in, envelope_of, signed
from tests.factories.projects import cast, fresh, recommended, region

from . import life_acts
from .life_acts import RIGHT, Skip, next_act
from .life_invariants import broken

EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", "10"))
SEED = os.environ.get("LIFE_SEED")
STEPS = 30
SECTORS = ("14031", "14031", "11220")
ACTS = sorted(RIGHT, key=lambda act: act.__name__)
GATED = (life_acts.request, life_acts.authorise, life_acts.pay)


@dataclass
class World:
    """Two projects of one envelope, and those who may touch them, or would like to."""

    projects: list[int]
    people: dict[str, User]
    waiting: list[int] = field(default_factory=list)  # proposals to be decided, where donors' money is to be had
    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    reached: Counter = field(default_factory=Counter)

    def person(self, name: str, project: Project) -> User:
        return fresh(project.author if name == "author" else self.people[name])


def make_world(mechanism: str = "QIP") -> World:
    crew = made.Crew()
    if mechanism != "QIP":  # three donors' money, of which two have an idea of their own
        for earmark in ({"region": region()}, {"theme": "Eau et assainissement"}, {}):
            came_in(signed("14500", mechanism, **earmark), "14000")
    envelope_of("42000", mechanism)  # 2,000 USD more than the projects hold: their amendments compete for it
    company = cast()
    projects = []
    for shares in (made.SHARES, ("50", "50")):
        project = made.approved(company, mechanism_id=mechanism)
        made.prepare_agreement(project, crew.officer, shares=shares)
        line = project.agreed_lines.get()
        line.amount_usd = line.baseline_usd = Decimal(15000)
        line.save()
        AgreedLine.objects.create(
            project=project,
            category="labour",
            label="Main-d’œuvre",
            baseline_usd=Decimal(5000),
            amount_usd=Decimal(5000),
        )
        made.put_signatures_on_file(project, crew.officer)
        made.verify_bank(project, crew.payer)
        projects.append(project.pk)
    people = {
        "officer": crew.officer,
        "authoriser": crew.authoriser,
        "payer": crew.payer,
        "approver": crew.approver,
        "everything": user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.APPROVER),
        "elsewhere": user_with(Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, region=region("ML-8")),
        "auditor": user_with(Role.AUDITOR),
        "decider": company.approver,
    }
    waiting = []
    if mechanism != "QIP":  # of the theme of one donor, and of nobody's
        waiting = [recommended(company, amount="900", mechanism_id=mechanism, sector_id=code).pk for code in SECTORS]
    return World(projects, people, waiting)


class Lives(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()

    def teardown(self) -> None:
        self.world.reached.update(Project.objects.filter(pk__in=self.world.projects).values_list("state", flat=True))
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- Rules ------------------------------------------------------------------------------------------------------
    @rule(rank=st.integers(0, 1), act=st.sampled_from(ACTS), size=st.integers(1, 120), who=st.sampled_from(
        ["officer", "authoriser", "payer", "approver", "everything", "everything", "elsewhere", "auditor", "author"]
    ))  # fmt: skip
    def somebody_tries_something(self, rank, act, size, who):
        self.step(rank, act, who, size)

    @rule(rank=st.integers(0, 1), act=st.sampled_from(ACTS), size=st.integers(1, 120))
    def the_right_person_does_something(self, rank, act, size):
        self.step(rank, act, RIGHT[act], size)

    @rule(rank=st.integers(0, 1), steps=st.integers(1, 3), size=st.integers(50, 109))
    def a_careful_team_goes_on(self, rank, steps, size):
        """Most of what happens, so that histories reach their end."""
        for _n in range(steps):
            project = Project.objects.get(pk=self.world.projects[rank])
            act = next_act(project)
            self.step(rank, act, RIGHT[act], size)

    @rule(rank=st.integers(0, 1), size=st.integers(50, 109))
    def and_goes_on(self, rank, size):
        self.a_careful_team_goes_on(rank, 3, size)

    # --- One step ---------------------------------------------------------------------------------------------------
    def step(self, rank, act, who, size):
        """Take it or be refused, as a request would; then everything holds."""
        project = Project.objects.get(pk=self.world.projects[rank])
        before = gates_of(project) if act in GATED else {}
        states = dict(project.instalments.values_list("pk", "state"))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                act(project, self.world.person(who, project), size)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the commit would ask
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except (PermissionDenied, ValidationError):
            self.world.refused[act.__name__] += 1
        except DatabaseError as error:
            as_refusal(error)  # raised again when it means nothing to people
            self.world.refused[act.__name__] += 1
        except Skip:
            return
        else:
            self.world.done[act.__name__] += 1
            if act in GATED:
                self.was_free(act, before, states, project)
        assert broken() == []

    def was_free(self, act, before, states, project) -> None:
        """No instalment moved on while a gate held it back."""
        if act is life_acts.pay:
            moved = [Payment.objects.filter(instalment__project=project).latest("pk").instalment_id]
        else:
            moved = [row.pk for row in project.instalments.all() if row.state != states[row.pk]]
        assert [before[pk] for pk in moved] == [[]]


class FundedLives(Lives):
    """The same where the money is donors': it comes in, turns out not to have come, and envelopes move with it; other
    proposals are decided meanwhile, and given up."""

    @rule(act=st.sampled_from(["receipt", "undone", "envelope", "signature"]), size=st.integers(1, 120))
    def the_money_of_donors_moves(self, act, size):
        finance = [fresh(self.world.people[name]) for name in ("payer", "authoriser")]
        contribution = Contribution.objects.order_by("pk")[size % 3]
        self.attempt(act, lambda: move_money(act, finance, contribution, Decimal(size % 5 + 1) * 100))

    @rule(
        act=st.sampled_from(["approve", "approve", "give_up", "refuse"]),
        rank=st.integers(0, 2),
        size=st.integers(1, 120),
    )
    def another_proposal_is_decided(self, act, rank, size):
        decider = fresh(self.world.people["decider"])
        project = Project.objects.get(pk=self.world.waiting[rank])
        self.attempt(act, lambda: decide(act, project, decider, Decimal(7 * size + 60)))

    def attempt(self, name, act) -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                act()
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except (PermissionDenied, ValidationError):
            self.world.refused[name] += 1
        else:
            self.world.done[name] += 1
        assert broken() == []


def decide(act: str, project: Project, decider: User, amount: Decimal) -> None:
    if act == "approve":
        decisions.approve(project=project, user=decider, amount_usd=amount)
    elif act == "refuse":
        decisions.refuse(project=project, user=decider, note="Pas cette année")
    else:
        steps.cancel(project=project, user=decider, note="Le bailleur se retire")


def move_money(act: str, finance: list[User], contribution: Contribution, amount: Decimal) -> None:
    given = contributions.Given(amount, clock.today())
    if act == "receipt":
        contributions.receive(
            by=finance[0], contribution=contribution, given=given, reference=f"AV {amount}", proof=proof()
        )
    elif act == "undone":
        for receipt in contribution.receipts.filter(cancelled_at=None).order_by("-pk")[:1]:
            by = next(person for person in finance if person.pk != receipt.recorded_by_id)
            contributions.cancel_receipt(by=by, receipt=receipt, reason="Virement d’un autre fonds")
    elif act == "envelope":
        envelope = Envelope.objects.get(mechanism=contribution.mechanism_id)
        adjust_envelope(
            by=finance[0], envelope=envelope, amount_usd=Decimal(42300) - amount, seen_usd=envelope.amount_usd
        )
    else:
        given = contributions.Given(Decimal(14100) + amount, clock.today())
        seen = version_of(Contribution.objects.get(pk=contribution.pk))
        contributions.sign(by=finance[0], contribution=contribution, given=given, agreement=proof(), seen=seen)


def gates_of(project: Project) -> dict[int, list[str]]:
    """The closed gates of each instalment, by its key."""
    facts, plan = facts_of(project), list(project.instalments.all())
    return {row.pk: [gate.code for gate in closed_gates(facts, plan, row.position)] for row in plan}


@pytest.mark.django_db
def test_whatever_people_do_the_money_holds_and_no_step_leaves_the_table(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Lives.world = world = make_world()
    assert broken() == []
    run(Lives)
    print(f"\ndone {world.done.total()}: {dict(world.done.most_common())}")  # noqa: T201
    print(f"refused {world.refused.total()}: {dict(world.refused.most_common())}")  # noqa: T201
    print(f"ended in {dict(world.reached)}")  # noqa: T201
    assert {"sign", "request", "authorise", "pay", "accept"} <= set(world.done)


@pytest.mark.django_db
def test_whatever_people_do_donors_money_stays_within_what_they_signed_and_sent(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    FundedLives.world = world = make_world("TF")
    assert broken() == []
    run(FundedLives)
    print(f"\ndone {world.done.total()}: {dict(world.done.most_common())}")  # noqa: T201
    print(f"refused {world.refused.total()}: {dict(world.refused.most_common())}")  # noqa: T201
    assert {"sign", "pay", "receipt", "undone", "envelope", "approve"} <= set(world.done)


def run(lives: type[Lives]) -> None:
    """The histories of LIFE_SEED where it is given; a history that broke something is told step by step."""
    run_state_machine_as_test(seed(int(SEED))(lives) if SEED else lives, settings=histories())


def histories() -> profile:
    """A few histories that are the same each time, or as many as asked, drawn anew or from the seed."""
    drawn = {"database": None} if SEED else {"derandomize": "LIFE_EXAMPLES" not in os.environ}
    return profile(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck),
        print_blob=True, **drawn,
    )  # fmt: skip
