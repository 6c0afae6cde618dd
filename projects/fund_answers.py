"""What a project answers to its mechanism's markers and questions, by name of the form's field."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects

from funds.asked import Asked, Term, asked_by

MARKER, QUESTION = "marker_", "answer_"


def names_of(asked: Asked) -> tuple[str, ...]:
    """`marker_<key>` and `answer_<key>`, in the order of the form."""
    return (
        *(f"{MARKER}{marker.key}" for marker in asked.markers),
        *(f"{QUESTION}{question.key}" for question in asked.questions),
    )


def is_answer(name: str) -> bool:
    return name.startswith((MARKER, QUESTION))


def answers_of(project: Any) -> dict[str, str]:
    """Field → the key of the level as text, or what was written; fields without an answer are absent.

    Two queries the first time, and none for a mechanism that asks for nothing.
    """
    asked = asked_by(project.mechanism)
    found: dict[str, str] = {}
    if asked.markers:
        prefetch_related_objects([project], "marked")
        found |= {f"{MARKER}{row.marker_id}": str(row.level_id) for row in project.marked.all()}
    if asked.sections:
        prefetch_related_objects([project], "answered")
        found |= {f"{QUESTION}{row.question_id}": row.text for row in project.answered.all()}
    return found


@dataclass(frozen=True)
class Told:
    """What the fund was told, for reading: a marker or a question, and the answer, empty when there is none."""

    term: Term
    text: str


def markers_told(project: Any) -> list[Told]:
    """Each marker of the mechanism with the level that the project gives itself."""
    answers = answers_of(project)
    return [
        Told(
            marker,
            next((str(level) for level in marker.parts if str(level.key) == answers.get(f"{MARKER}{marker.key}")), ""),
        )
        for marker in asked_by(project.mechanism).markers
    ]


def sections_told(project: Any) -> list[tuple[Term, list[Told]]]:
    """Each section of the mechanism with its questions and their answers."""
    answers = answers_of(project)
    return [
        (section, [Told(question, answers.get(f"{QUESTION}{question.key}", "")) for question in section.parts])
        for section in asked_by(project.mechanism).sections
    ]
