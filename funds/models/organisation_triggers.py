"""What PostgreSQL itself holds about an organisation, whoever writes."""

import pgtrigger

from funds import rules

KINDS_APART = ("donor", "un_agency")  # the others are implementing partners unless told otherwise


def _roles(role: str) -> str:
    """SQL: whether the row's kind alone gives it `role`."""
    whens = "".join(
        f" WHEN '{kind}' THEN {'true' if role in rules.roles_of_kind(kind) else 'false'}" for kind in KINDS_APART
    )
    return f"CASE NEW.kind{whens} ELSE {'true' if role in rules.roles_of_kind('') else 'false'} END"


ROLES_FOLLOW_KIND = pgtrigger.Trigger(
    name="roles_follow_kind",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Q(new__is_donor=False, new__is_ptf=False, new__is_implementing=False),
    func=" ".join(f"NEW.{role} = {_roles(role)};" for role in rules.ROLES) + " RETURN NEW;",
)
