"""Draw the road to a decision, from its table, in docs/lifecycle.md."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from projects.lifecycle import TRANSITIONS
from projects.states import ENDED, State

TARGET = Path(settings.BASE_DIR) / "docs" / "lifecycle.md"

HEAD = """# The road to a decision

Drawn by `manage.py draw_lifecycle` from the table in `projects/lifecycle.py`: change the table, run the command. The
same table gives the buttons, the permissions, the trigger that refuses any other change of state, and the tests.

"""
FOOT = """
Guards are the functions that say what still lacks. A step « by the system » follows from the closing of an agenda
item. Whoever wrote a proposal or declared an interest in its partner screens, judges and decides nothing about it;
whoever screened it or voted on it does not approve it.
"""


def drawing() -> str:
    """The whole document: a Mermaid diagram and the table, labels in French."""
    with translation.override("fr"):
        return HEAD + "\n".join(_diagram()) + "\n\n" + "\n".join(_table()) + "\n" + FOOT


def _diagram() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", "    direction TB"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    lines.append(f"    [*] --> {State.DRAFT.value}")
    for step in TRANSITIONS.values():
        lines += [f"    {source.value} --> {step.target.value}: {step.label}" for source in step.sources]
    lines += [f"    {state.value} --> [*]" for state in State if state in ENDED]
    return [*lines, "```"]


def _table() -> list[str]:
    lines = ["| From | Step | To | Who | Never | Guards | Reasons asked |", "|---|---|---|---|---|---|---|"]
    for step in TRANSITIONS.values():
        cells = (
            ", ".join(str(source.label) for source in step.sources),
            f"`{step.name}` « {step.label} »" + (" (by the system)" if step.by_system else ""),
            str(step.target.label),
            _words(step.role.name),
            ", ".join(_words(bar.name) for bar in step.barred) or "–",
            ", ".join(_words(guard.__name__) for guard in step.guards) or "–",
            "yes" if step.needs_note else "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _words(name: str) -> str:
    return name.strip("()").replace("in_scope:", "").replace("_", " ").replace("&", "and")


class Command(BaseCommand):
    help = "Draw the life cycle in docs/lifecycle.md from its table."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="Only say whether the document is in step.")

    def handle(self, *, check: bool, **options) -> None:
        if not check:
            TARGET.write_text(drawing(), encoding="utf-8")
        elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != drawing():
            raise CommandError("docs/lifecycle.md is not in step with projects/lifecycle.py: run draw_lifecycle.")
