"""One chart as a picture for a slide: 1920 × 1080 pixels, its title, its numbers and its date on it, set by typst.

What is drawn comes as plain values; no text of anybody is ever read as markup.
"""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import typst

from sr_portal.documents.typesetting import HOUSE

PIXELS_AN_INCH = 144  # of a page of 13.333 by 7.5 inches, which is that of slides


@dataclass(frozen=True)
class SlidePart:
    """`start` and `width` from 0 to 1 of the longest bar; `tone` a step of the palette."""

    start: float
    width: float
    tone: int = 0


@dataclass(frozen=True)
class SlideBar:
    label: str
    text: str
    parts: Sequence[SlidePart]
    note: str = ""


@dataclass(frozen=True)
class SlidePoint:
    """`x` and `y` from 0 to 1, from the left and from the top."""

    x: float
    y: float
    label: str
    text: str


@dataclass(frozen=True)
class Slide:
    """A chart of one kind: `bars` (with a `legend` when they have parts), `points` of a line, or `svg`, a drawing."""

    title: str
    subtitle: str
    foot: str
    language: str
    bars: Sequence[SlideBar] = field(default_factory=list)
    legend: Sequence[str] = field(default_factory=list)
    points: Sequence[SlidePoint] = field(default_factory=list)
    svg: str = ""


def draw(slide: Slide) -> bytes:
    """The slide as PNG bytes; equal slides give equal bytes."""
    with tempfile.TemporaryDirectory(prefix="slide-") as folder:
        root = Path(folder)
        (root / "slide.typ").write_bytes((HOUSE / "slide.typ").read_bytes())
        values: dict[str, Any] = {**asdict(slide), "svg": bool(slide.svg)}
        if slide.svg:
            (root / "drawing.svg").write_text(slide.svg, encoding="utf-8")
        return typst.compile(
            root / "slide.typ",
            root=root,
            format="png",
            ppi=PIXELS_AN_INCH,
            ignore_system_fonts=True,
            sys_inputs={"slide": json.dumps(values, ensure_ascii=False)},
        )
