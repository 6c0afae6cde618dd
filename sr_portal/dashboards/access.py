"""Who reads dashboards: those whose role reads projects as a whole, where they hold it."""

from projects.filters import OVERVIEW
from sr_portal.accounts.roles import holds

reads_dashboards = holds(*OVERVIEW)
