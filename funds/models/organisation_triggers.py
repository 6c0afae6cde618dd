"""What PostgreSQL itself holds about an organisation, whoever writes: roles, and what a merge leaves."""

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

# A merged record says what it said on that day. Only the record that goes on in its place may itself be merged later.
RETIRED_FOR_GOOD = pgtrigger.Trigger(
    name="retired_for_good",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__merged_into__isnull=False),
    func="""IF NEW.merged_into_id IS NULL
           OR to_jsonb(NEW) - 'merged_into_id' IS DISTINCT FROM to_jsonb(OLD) - 'merged_into_id' THEN
            RAISE EXCEPTION 'retired_for_good: organisation % was merged into another: it no longer changes', OLD.id;
        END IF;
        RETURN NEW;""",
)

SURVIVOR_IS_CURRENT = pgtrigger.Trigger(
    name="survivor_is_current",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
    condition=pgtrigger.Q(new__merged_into__isnull=False),
    declare=[("beyond", "bigint")],
    func="""SELECT merged_into_id INTO beyond FROM funds_organisation WHERE id = NEW.merged_into_id FOR KEY SHARE;
        IF beyond IS NOT NULL THEN
            RAISE EXCEPTION 'survivor_is_current: organisation % was itself merged into another', NEW.merged_into_id;
        END IF;
        RETURN NEW;""",
)
