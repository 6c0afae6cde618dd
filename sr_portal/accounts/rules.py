"""Who may see and manage people; predicates that templates, views and services all ask."""

import rules

from .roles import Role, holds

may_see_people = holds(Role.ADMINISTRATOR, Role.AUDITOR)
may_manage_people = holds(Role.ADMINISTRATOR)

rules.add_perm("accounts.view_user", may_see_people)
for action in ("add", "change"):
    rules.add_perm(f"accounts.{action}_user", may_manage_people)
rules.add_perm("accounts.add_roleassignment", may_manage_people)
rules.add_perm("accounts.delete_roleassignment", may_manage_people)
rules.add_perm("accounts.manage_reference_data", may_manage_people)
