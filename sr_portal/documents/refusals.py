"""Why a file is refused, said to the person who sent it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise


class RefusedFile(ValidationError):
    """`reason` and what to do, with the file's name in front."""

    def __init__(self, name: str, reason: str | Promise, **params: Any) -> None:
        shown = name if len(name) <= 60 else f"{name[:40]}…{name[-16:]}"
        super().__init__(
            "« %(name)s » : %(text)s", code="refused_file", params={"name": shown, "text": reason % params}
        )
