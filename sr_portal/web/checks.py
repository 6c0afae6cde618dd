"""The check constraints of a row, asked of the database together before it is saved.

Django asks one question for each constraint, and builds each of them from every field of the row: a report with twelve
checks costs twelve queries before its save. Here one question answers for all; only when it says no are they asked one
by one, to know which rule was broken and in which words it says so.
"""

from collections.abc import Collection
from functools import reduce
from operator import and_

from django.core.exceptions import FieldError
from django.db import models, router


class ChecksAtOnce(models.Model):
    class Meta:
        abstract = True

    _checks_hold = False  # while `validate_constraints` runs, once they were asked together

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        self._checks_hold = self._all_checks_hold(exclude)
        try:
            super().validate_constraints(exclude=exclude)  # type: ignore[arg-type]  # a set in Django's own calls
        finally:
            del self._checks_hold

    def get_constraints(self) -> list[tuple[type[models.Model], list[models.BaseConstraint]]]:
        found = super().get_constraints()
        if not self._checks_hold:
            return found
        return [(model, [one for one in some if not isinstance(one, models.CheckConstraint)]) for model, some in found]

    def _all_checks_hold(self, exclude: Collection[str] | None) -> bool:
        """False also when a check reads an excluded field: Django leaves such a check out, which only it can tell."""
        checks = [
            one for _model, some in self.get_constraints() for one in some if isinstance(one, models.CheckConstraint)
        ]
        if len(checks) < 2:
            return False
        against = self._get_field_expression_map(meta=self._meta, exclude=exclude)  # type: ignore[attr-defined]
        try:
            return reduce(and_, (models.Q(one.condition) for one in checks)).check(
                against, using=router.db_for_write(type(self), instance=self)
            )
        except FieldError:
            return False
