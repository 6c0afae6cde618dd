"""What apps above show on a partner's page: each gives its part, and this floor need not know them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from funds.models import Organisation


@dataclass(frozen=True)
class Section:
    """A template that reads `section.content`."""

    template: str
    content: Any


Maker = Callable[[Organisation, Any], Section | None]
_makers: list[Maker] = []


def section(make: Maker) -> Maker:
    """Let an app above add a section, made of the partner and its reader; None shows nothing."""
    if make not in _makers:
        _makers.append(make)
    return make


def sections_for(organisation: Organisation, user) -> list[Section]:
    return [made for make in _makers if (made := make(organisation, user)) is not None]
