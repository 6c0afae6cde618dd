"""What a printed document is made of: a small vocabulary of blocks, and nothing of how they are drawn.

A document is a `Paper`: plain texts in the reader's language, amounts and dates already written as people read them.
`typesetting` turns it into a PDF; no text of anybody is ever read as markup.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, Self

from sr_portal.documents.models import Document

Align = Literal["left", "right", "center"]
Tone = Literal["info", "warning"]


@dataclass(frozen=True)
class Block:
    kind: ClassVar[str]


@dataclass(frozen=True)
class Heading(Block):
    """A heading; `level` 1 to 3, never one skipped."""

    kind: ClassVar[str] = "heading"
    text: Any
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Text(Block):
    """Paragraphs, parted by empty lines; single line breaks are kept."""

    kind: ClassVar[str] = "text"
    text: Any
    small: bool = False


@dataclass(frozen=True)
class Note(Block):
    """A framed remark that the reader must not miss."""

    kind: ClassVar[str] = "note"
    text: Any
    title: Any = ""
    tone: Tone = "info"


@dataclass(frozen=True)
class Bullets(Block):
    kind: ClassVar[str] = "bullets"
    items: Sequence[Any]


@dataclass(frozen=True)
class Facts(Block):
    """Label and value, one under the other; those without value are left out by `facts`."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[Any, Any]]


@dataclass(frozen=True)
class Column:
    """`weight` shares the width that is left; 0 takes what the contents need."""

    label: Any
    align: Align = "left"
    weight: float = 0


@dataclass(frozen=True)
class Table(Block):
    """A table whose head comes back on every page; `foot` are rows in bold at its end, such as sums."""

    kind: ClassVar[str] = "table"
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    foot: Sequence[Sequence[Any]] = ()
    caption: Any = ""


@dataclass(frozen=True)
class Bars(Block):
    """Activities on a line of `weeks`: (label, words for the span, first week from 0, number of weeks)."""

    kind: ClassVar[str] = "bars"
    heads: tuple[Any, Any]
    weeks: int
    rows: Sequence[tuple[Any, Any, int, int]]


@dataclass(frozen=True)
class Photo:
    """`alt` says what a reader who does not see it should know."""

    document: Document
    caption: Any
    alt: Any


@dataclass(frozen=True)
class Photos(Block):
    """Photos two by two; one that cannot be read leaves a frame that says so."""

    kind: ClassVar[str] = "photos"
    photos: Sequence[Photo]


@dataclass(frozen=True)
class Tiles(Block):
    """Numbers to see first, side by side: (label, value, note)."""

    kind: ClassVar[str] = "tiles"
    items: Sequence[tuple[Any, Any, Any]]


@dataclass(frozen=True)
class Chart(Block):
    """Bars: (label, value as it is read, note, its length from 0 to 1)."""

    kind: ClassVar[str] = "chart"
    rows: Sequence[tuple[Any, Any, Any, float]]


@dataclass(frozen=True)
class Drawn:
    """A drawing of ours as SVG; `alt` says what a reader who does not see it should know."""

    svg: str
    alt: Any


@dataclass(frozen=True)
class Picture(Block):
    """`height` in centimetres."""

    kind: ClassVar[str] = "picture"
    drawing: Drawn
    height: float


@dataclass(frozen=True)
class Columns(Block):
    """Two columns; the left one is read first."""

    kind: ClassVar[str] = "columns"
    left: Sequence[Block]
    right: Sequence[Block]


@dataclass(frozen=True)
class Signatory:
    """Who signs: the party, the name, the function; `said` is already written, such as the date of signature."""

    party: Any
    name: Any = ""
    function: Any = ""
    said: Any = ""


@dataclass(frozen=True)
class Signatures(Block):
    """Room to sign, never parted from its `lead`, nor left alone on a page."""

    kind: ClassVar[str] = "signatures"
    signatories: Sequence[Signatory]
    lead: Any = ""


@dataclass(frozen=True)
class Together(Block):
    """Blocks that stay on one page."""

    kind: ClassVar[str] = "together"
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Contents(Block):
    """The table of contents: headings of the first two levels with their pages."""

    kind: ClassVar[str] = "contents"
    title: Any


@dataclass(frozen=True)
class Paper:
    """A document to print. `made_at` is said at the foot of each page and is the file's own date: with equal contents
    it gives an equal file. `draft` is said at the head of each page of what is not final.
    `compact` sets it small, for what must be one page."""

    title: Any
    file_name: Any  # for the person who keeps it, without extension
    language: str
    made_at: dt.datetime
    blocks: Sequence[Block] = field(default_factory=list)
    subtitle: Any = ""
    reference: Any = ""
    draft: Any = ""
    photo_side: int = 1200  # pixels of the longest side: some 300 dots an inch at the width of a photo on the page
    compact: bool = False

    def with_blocks(self, blocks: Iterable[Block | None]) -> Self:
        return replace(self, blocks=[block for block in blocks if block is not None])


def facts(*rows: tuple[Any, Any]) -> Facts | None:
    """The rows that have a value; None when none has."""
    told = [(label, value) for label, value in rows if str(value if value is not None else "").strip()]
    return Facts(told) if told else None


def section(title: Any, *blocks: Block | None, level: int = 1) -> list[Block]:
    """A heading and what stands under it; nothing at all when nothing does."""
    told = [block for block in blocks if block is not None]
    return [Heading(title, level), *told] if told else []


def deeper(blocks: Iterable[Block], by: int = 1) -> list[Block]:
    """The same blocks as part of a larger document: their headings stand lower."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            block = replace(block, level=block.level + by)
        elif isinstance(block, Together):
            block = replace(block, blocks=deeper(block.blocks, by))
        found.append(block)
    return found
