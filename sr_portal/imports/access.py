"""Who opens the pages of imports: those who may bring something in, and audit, which reads all of them."""

import rules

from sr_portal.accounts.roles import Role, holds
from sr_portal.imports.kinds import kinds_for

reads_all = holds(Role.AUDITOR)


@rules.predicate
def imports_something(user) -> bool:
    return bool(kinds_for(user))


opens_imports = imports_something | reads_all
