"""The sample data are plausible, always the same, and made by the real services."""

import pytest
from django.core.management import call_command
from django.db.models import Sum

from funds.models import Envelope
from projects.models import Project
from projects.states import State
from sr_portal.accounts.models import RoleAssignment, User
from sr_portal.accounts.roles import Role
from sr_portal.demo.plausible import plausible_projects
from sr_portal.demo.real_projects import REAL_PROJECTS


def test_the_plausible_projects_are_the_same_at_each_call():
    assert plausible_projects(60) == plausible_projects(60)
    assert len({idea.title for idea in plausible_projects()}) == 285


@pytest.mark.django_db
def test_the_sample_data_load_once_and_hold_every_rule():
    call_command("seed_demo", projects=30)
    call_command("seed_demo", projects=30)
    assert Project.objects.count() == 30 + len(REAL_PROJECTS)
    assert {code for (code,) in RoleAssignment.objects.values_list("group__name")} == set(Role.values)
    approved = Project.objects.filter(state=State.APPROVED, title__in=[fact.title for fact in REAL_PROJECTS])
    assert approved.count() == len(REAL_PROJECTS)
    for envelope in Envelope.objects.all():
        assert (envelope.projects.aggregate(total=Sum("reserved_usd"))["total"] or 0) == envelope.reserved_usd
    assert User.objects.get(email="point.focal@demo.portail.example").check_password("Portail-Demo-2026")
