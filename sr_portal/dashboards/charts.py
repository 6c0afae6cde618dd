"""Charts as shapes that templates draw in SVG, each with its numbers for the table beneath: pure functions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sr_portal.web.templatetags.portal import number

WIDTH = 1000  # units of a drawing that stretches
PARTS = 6  # tones that the style sheet knows


@dataclass(frozen=True)
class Part:
    """A piece of a bar: `start` and `width` in thousandths of the longest bar, as SVG writes them."""

    label: str
    value: Any
    text: str
    start: str
    width: str
    tone: int = 0
    url: str = ""


@dataclass(frozen=True)
class Bar:
    label: str
    parts: list[Part]
    url: str = ""
    text: str = ""
    note: str = ""
    note_url: str = ""

    @property
    def told(self) -> str:
        """The bar in words, for those who do not see it."""
        if len(self.parts) < 2:
            return f"{self.label}\u00a0: {self.text}"
        return f"{self.label}\u00a0: " + ", ".join(f"{part.label.lower()} {part.text}" for part in self.parts)


def thousandths(value: Any, longest: Any) -> str:
    return f"{Decimal(value) * WIDTH / Decimal(longest):.1f}" if longest else "0"


def bars(lines: Iterable[tuple[str, Any, str]], write: Callable[[Any], str] = number, notes=()) -> list[Bar]:
    """One bar for each (label, value, address); `notes` are (text, address) beside each."""
    lines = list(lines)
    notes = list(notes) or [("", "")] * len(lines)
    longest = max((value for _label, value, _url in lines), default=0)
    return [
        Bar(label, [Part(label, value, write(value), "0", thousandths(value, longest))], url, write(value), *note)
        for (label, value, url), note in zip(lines, notes, strict=True)
    ]


def stacked(
    lines: Iterable[tuple[str, list[tuple[str, Any]], str]],
    write: Callable[[Any], str] = number,
    *,
    whole: bool = False,
) -> list[Bar]:
    """Bars of parts, (label, parts, address) each; with `whole`, every bar is as long as the drawing."""
    lines = [(label, [(name, value) for name, value in parts], url) for label, parts, url in lines]
    sums = [sum((value for _name, value in parts), 0) for _label, parts, _url in lines]
    longest = max(sums, default=0)
    made = []
    for (label, parts, url), sum_ in zip(lines, sums, strict=True):
        start, pieces = Decimal(0), []
        scale = sum_ if whole else longest
        for tone, (name, value) in enumerate(parts):
            pieces.append(
                Part(name, value, write(value), thousandths(start, scale), thousandths(value, scale), tone % PARTS)
            )
            start += Decimal(value)
        made.append(Bar(label, pieces, url, write(sum_)))
    return made


@dataclass(frozen=True)
class Point:
    label: str
    value: Any
    text: str
    x: float
    y: float
    url: str = ""


@dataclass(frozen=True)
class Line:
    """A line over the years in a drawing of `width` × `height` units; `path` is what SVG draws."""

    points: list[Point]
    width: int = 600
    height: int = 160

    @property
    def path(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def told(self) -> str:
        return ", ".join(f"{point.label}\u00a0: {point.text}" for point in self.points)


def line(values: Iterable[tuple[str, Any, str]], write: Callable[[Any], str] = number) -> Line:
    """(label, value, address) from the left to the right, from zero up."""
    values = list(values)
    highest = max((value for _label, value, _url in values), default=0) or 1
    left, right, top, bottom = 40, 560, 24, 128
    step = (right - left) / max(1, len(values) - 1)
    points = []
    for rank, (label, value, url) in enumerate(values):
        x = left + step * rank if len(values) > 1 else (left + right) / 2
        y = bottom - float(value) * (bottom - top) / float(highest)
        points.append(Point(label, value, write(value), round(x, 1), round(y, 1), url))
    return Line(points)
