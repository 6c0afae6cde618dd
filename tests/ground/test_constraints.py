"""SQL takes a check that comes out NULL for kept: each of ours says of every empty column whether it may be empty."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, F, Model, Q
from django.db.models.expressions import BaseExpression

from tests.factories.projects import add_line, complete_draft

OURS = ("accounts", "documents", "webhooks", "regions", "funds", "projects")
CHECKS = [
    pytest.param(model, constraint, id=constraint.name)
    for model in apps.get_models()
    if model._meta.app_label in OURS
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint) and isinstance(constraint.condition, Q)
]


def columns_of(value: object) -> Iterator[str]:
    if isinstance(value, F):
        yield value.name
    elif isinstance(value, BaseExpression):
        for inner in value.get_source_expressions():
            yield from columns_of(inner)


def atoms_of(condition: Q) -> Iterator[tuple[str, object]]:
    for child in condition.children:
        yield from atoms_of(child) if isinstance(child, Q) else [child]


def nullable(model: type[Model], atom: tuple[str, object]) -> set[str]:
    names = {atom[0].split("__")[0], *columns_of(atom[1])} - {"pk"}
    return {name for name in names if model._meta.get_field(name).null}


def outcome(condition: Q, told) -> bool | None:
    """As SQL reckons: true, false or unknown."""
    found = [outcome(child, told) if isinstance(child, Q) else told(child) for child in condition.children]
    decisive = condition.connector == Q.OR
    result = decisive if decisive in found else None if None in found else not decisive
    return result if result is None or not condition.negated else not result


def can_be_unknown(model: type[Model], condition: Q) -> bool:
    atoms = list(atoms_of(condition))
    empty = sorted(set().union(*(nullable(model, atom) for atom in atoms)))
    compared = [atom for atom in atoms if not atom[0].endswith("__isnull")]
    for nulls in product((True, False), repeat=len(empty)):
        are_null = {name for name, is_null in zip(empty, nulls, strict=True) if is_null}
        for truths in product((True, False), repeat=len(compared)):
            truth = dict(zip(map(repr, compared), truths, strict=True))

            def told(atom, are_null=are_null, truth=truth):
                if atom[0].endswith("__isnull"):
                    return (atom[0].removesuffix("__isnull") in are_null) is atom[1]
                return None if nullable(model, atom) & are_null else truth[repr(atom)]

            if outcome(condition, told) is None:
                return True
    return False


@pytest.mark.parametrize(("model", "constraint"), CHECKS)
def test_no_check_is_kept_by_being_unknown(model, constraint):
    assert not can_be_unknown(model, constraint.condition)


def test_the_reckoning_sees_a_check_that_may_be_unknown():
    from projects.models import Project

    half = Q(latitude__isnull=True, longitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
    assert can_be_unknown(Project, half)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE projects_project SET latitude = 16.27, longitude = NULL WHERE id = %s", "project_point_whole"),
        ("UPDATE projects_project SET latitude = NULL, longitude = -0.04 WHERE id = %s", "project_point_whole"),
        (
            "UPDATE projects_budgetline SET currency = 'XOF', rate = NULL WHERE project_id = %s",
            "line_local_cost_has_rate",
        ),
        (
            (
                "INSERT INTO projects_decision"
                " (project_id, kind, amount_usd, conditions, reasons, decided_by_id, decided_at)"
                " SELECT id, 'approved', NULL, '', '', author_id, now() FROM projects_project WHERE id = %s"
            ),
            "decision_complete",
        ),
    ],
)
def test_the_database_refuses_what_lacks_its_other_half(statement, constraint):
    project = complete_draft()
    add_line(project, "10")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [project.pk])
