"""What a mechanism asks of its proposals, read whole by one query, and by none where it asks for nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import BooleanField, CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from funds.models import (
    Facility,
    FocusArea,
    FormQuestion,
    FormSection,
    Marker,
    MarkerLevel,
    Mechanism,
    RequiredDocument,
)


@dataclass(frozen=True)
class Term:
    """A row of reference data as forms and pages read it. `parts` are its levels, or its questions.

    `number` is a level's number; `step` the step that waits for a document; `required` whether a question must be
    answered.
    """

    kind: str
    key: int
    code: str
    name_fr: str
    name_en: str
    help_fr: str = ""
    help_en: str = ""
    step: str = ""
    number: int = 0
    required: bool = True
    parts: tuple["Term", ...] = ()

    @property
    def name(self) -> str:
        return self.name_en if _in_english() else self.name_fr

    @property
    def help(self) -> str:
        return self.help_en if _in_english() else self.help_fr

    def __str__(self) -> str:
        return f"{self.number} – {self.name}" if self.kind == "level" else self.name


def _in_english() -> bool:
    return (get_language() or "fr").startswith("en")


@dataclass(frozen=True)
class Asked:
    """The rows of one mechanism, each kind in its order; all empty where it asks for nothing more."""

    facilities: tuple[Term, ...] = ()
    focus_areas: tuple[Term, ...] = ()
    markers: tuple[Term, ...] = ()
    sections: tuple[Term, ...] = ()
    documents: tuple[Term, ...] = ()
    several_recipients: bool = False

    @property
    def questions(self) -> list[Term]:
        return [question for section in self.sections for question in section.parts]

    @property
    def in_the_form(self) -> bool:
        """The proposal form has a step for it; a document alone is joined among the annexes."""
        rows = (self.facilities, self.focus_areas, self.markers, self.sections)
        return self.several_recipients or any(rows)


NOTHING = Asked()


def asked_by(mechanism: Mechanism) -> Asked:
    """What `mechanism` asks for; read once for one object of the mechanism."""
    if not mechanism.asks_more:
        return NOTHING
    known = getattr(mechanism, "_asked", None)
    if known is None:
        known = mechanism._asked = _read(mechanism)  # type: ignore[attr-defined]
    return known


def _read(mechanism: Mechanism) -> Asked:
    rows = list(_rows(mechanism.code))
    terms: dict[str, list[tuple[int, Term]]] = {}
    for kind, _rank, parent, *rest in rows:
        terms.setdefault(kind, []).append((parent, Term(kind, *rest)))
    return Asked(
        facilities=_plain(terms.get("facility", ())),
        focus_areas=_plain(terms.get("focus", ())),
        markers=_with_parts(terms.get("marker", ()), terms.get("level", ())),
        sections=_with_parts(terms.get("section", ()), terms.get("question", ())),
        documents=_plain(terms.get("document", ())),
        several_recipients=mechanism.several_recipients,
    )


def _plain(rows: Iterable[tuple[int, Term]]) -> tuple[Term, ...]:
    return tuple(term for _parent, term in rows)


def _with_parts(rows: Iterable[tuple[int, Term]], parts: Iterable[tuple[int, Term]]) -> tuple[Term, ...]:
    parts = list(parts)
    return tuple(replace(term, parts=tuple(part for of, part in parts if of == term.key)) for _parent, term in rows)


def _rows(code: str) -> QuerySet:
    """(kind, rank, parent, key, code, names, helps, step, number, required), in the order of the ranks."""
    parts = [
        _part(Facility, "facility", mechanism_id=code),
        _part(FocusArea, "focus", mechanism_id=code),
        _part(Marker, "marker", mechanism_id=code, with_help=True),
        _part(
            MarkerLevel, "level", marker__mechanism_id=code, rank="level", parent="marker_id", number=F("level"),
            text=Value(""),
        ),
        _part(FormSection, "section", mechanism_id=code),
        _part(
            FormQuestion, "question", section__mechanism_id=code, parent="section_id", with_help=True,
            required=F("required"),
        ),
        _part(RequiredDocument, "document", mechanism_id=code, step=F("step")),
    ]  # fmt: skip
    return parts[0].union(*parts[1:], all=True).order_by("asked_rank", "asked_key")


def _part(
    model, kind: str, *, rank: str = "position", parent: str = "", text: F | Value | None = None, with_help: bool = False,
    step: F | Value | None = None, number: F | Value | None = None, required: F | Value | None = None, **where,
) -> QuerySet:  # fmt: skip
    def words(value) -> Cast:
        return Cast(value, CharField())

    return (
        model.objects.filter(**where)
        .order_by()
        .annotate(
            asked_kind=words(Value(kind)),
            asked_rank=Cast(rank, IntegerField()),
            asked_parent=Cast(F(parent) if parent else Value(0), IntegerField()),
            asked_key=Cast("pk", IntegerField()),
            asked_code=words(text or F("code")),
            asked_fr=words("name_fr"),
            asked_en=words("name_en"),
            asked_help_fr=words(F("help_fr") if with_help else Value("")),
            asked_help_en=words(F("help_en") if with_help else Value("")),
            asked_step=words(step or Value("")),
            asked_number=Cast(number or Value(0), IntegerField()),
            asked_required=Cast(required or Value(True), BooleanField()),
        )
        .values_list(
            "asked_kind", "asked_rank", "asked_parent", "asked_key", "asked_code", "asked_fr", "asked_en",
            "asked_help_fr", "asked_help_en", "asked_step", "asked_number", "asked_required",
        )
    )  # fmt: skip
