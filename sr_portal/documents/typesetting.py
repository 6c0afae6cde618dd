"""From a `Paper` to a PDF that anybody can read and keep: tagged, PDF/UA-1 and PDF/A-2a, set by typst.

Everything that people wrote reaches typst as JSON values, never as markup. The fonts are those in typst's own wheel: a
sign that none of them has is drawn as a box, since both standards refuse a text that cannot be shown.
"""

import dataclasses
import io
import json
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from sr_portal.documents.models import Document
from sr_portal.documents.paper import Block, Drawn, Paper, Photo
from sr_portal.web.templatetags.portal import moment

HOUSE = Path(settings.BASE_DIR) / "templates" / "pdf"
BOX = "\u25a1"
BREAK_HERE = "\u200b"
LONGEST_WORD, PIECE = 26, 13  # the longest French word has 25 letters
UNSHOWN = re.compile(r"the text `\"(.*?)\"` could not be displayed|contains the codepoint `\"(.*?)\"`", re.DOTALL)


def typeset(paper: Paper) -> bytes:
    """The document as PDF bytes. Equal papers give equal bytes. Raises `typst.TypstError` on a defect of ours only."""
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        root = Path(folder)
        for source in HOUSE.glob("*.typ"):
            (root / source.name).write_bytes(source.read_bytes())
        data = _as_data(paper, root)
        for _attempt in range(6):
            try:
                return _compiled(root, data, paper)
            except typst.TypstError as error:
                unshown = _unshown(error)
                if not unshown:
                    raise
                data = data.translate({ord(sign): BOX for sign in unshown})
        return _compiled(root, _plain(data), paper)


def _compiled(root: Path, data: str, paper: Paper) -> bytes:
    return typst.compile(
        root / "paper.typ",
        root=root,
        ignore_system_fonts=True,
        sys_inputs={"paper": data},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=paper.made_at.replace(microsecond=0),
    )


def _unshown(error: typst.TypstError) -> set[str]:
    """The signs that no font has, as the error names them; empty when it speaks of something else."""
    named = "".join(text for match in UNSHOWN.findall(error.diagnostic) for text in match)
    signs = re.sub(r"\\u\{([0-9a-f]+)\}", lambda code: chr(int(code[1], 16)), named)
    return {sign for sign in signs if ord(sign) > 127 and sign != BOX}


def _plain(data: str) -> str:
    """What the fonts are sure to have: Latin letters, punctuation and arrows."""
    return "".join(sign if ord(sign) < 0x250 or 0x2000 <= ord(sign) < 0x2100 else BOX for sign in data)


# --- Data -----------------------------------------------------------------------------------------------------------
def _as_data(paper: Paper, root: Path) -> str:
    with translation.override(paper.language):
        values = {
            "language": paper.language,
            "title": _said(paper.title),
            "subtitle": _said(paper.subtitle),
            "reference": _said(paper.reference),
            "draft": _said(paper.draft),
            "blocks": _blocks(paper.blocks, _PhotoTray(root, paper.photo_side)),
            "compact": paper.compact,
            "words": {
                "house": _("Section Stabilisation et relèvement"),
                "portal": _("Portail S&R"),
                "made": _("Édité le %(when)s") % {"when": moment(paper.made_at)},
                "page": _("Page {page} sur {pages}"),
                "unreadable": _("Photo illisible ou absente"),
                "date": _("Date :"),
                "signature": _("Signature et cachet :"),
            },
        }
    return json.dumps(values, ensure_ascii=False)


def _blocks(blocks: Iterable[Block], tray: "_PhotoTray") -> list[dict[str, Any]]:
    return [_block(block, tray) for block in blocks]


def _block(block: Block, tray: "_PhotoTray") -> dict[str, Any]:
    values = {field.name: getattr(block, field.name) for field in dataclasses.fields(block)}
    return {"kind": block.kind} | {name: _value(value, tray) for name, value in values.items()}


def _value(value: Any, tray: "_PhotoTray") -> Any:
    if isinstance(value, Block):
        return _block(value, tray)
    if isinstance(value, Photo):
        return {"caption": _said(value.caption), "alt": _said(value.alt), "path": tray.lay(value.document)}
    if isinstance(value, Drawn):
        return {"alt": _said(value.alt), "path": tray.draw(value.svg)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _value(getattr(value, field.name), tray) for field in dataclasses.fields(value)}
    if isinstance(value, list | tuple):
        return [_value(each, tray) for each in value]
    return value if isinstance(value, bool | int | float) else _said(value)


def _said(value: Any) -> str:
    """A text as it can be printed: composed, without what has no shape, with places to break an endless word."""
    text = unicodedata.normalize("NFC", str(value if value is not None else ""))
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text).replace("\t", " ").strip()
    shapeless = {"Cc": "", "Cs": BOX, "Co": BOX, "Cn": BOX}
    text = "".join(sign if sign == "\n" else shapeless.get(unicodedata.category(sign), sign) for sign in text)
    return re.sub(rf"\S{{{LONGEST_WORD},}}", _with_breaks, text)


def _with_breaks(word: re.Match[str]) -> str:
    letters = word[0]
    if "\u202f" in letters or "\u00a0" in letters:
        return letters
    return BREAK_HERE.join(letters[start : start + PIECE] for start in range(0, len(letters), PIECE))


# --- Photos ---------------------------------------------------------------------------------------------------------
class _PhotoTray:
    """Photos made small and upright in the folder that typst reads, one after the other; each once."""

    def __init__(self, root: Path, side: int) -> None:
        self.root, self.side = root, side
        self.laid: dict[int, str] = {}
        self.drawn = 0

    def draw(self, svg: str) -> str:
        """The path of a drawing of ours for typst."""
        self.drawn += 1
        name = f"drawing-{self.drawn}.svg"
        (self.root / name).write_text(svg, encoding="utf-8")
        return name

    def lay(self, document: Document) -> str:
        """The photo's path for typst; empty when the file is gone or is no picture."""
        if document.pk not in self.laid:
            name = f"photo-{len(self.laid)}.jpg"
            self.laid[document.pk] = name if _shrink(document, self.root / name, self.side) else ""
        return self.laid[document.pk]


def _shrink(document: Document, target: Path, side: int) -> bool:
    if document.is_sealed or document.is_withdrawn:
        return False
    try:
        with document.file.open("rb") as kept, Image.open(io.BytesIO(kept.read())) as opened:
            if opened.format == "JPEG":
                opened.draft("RGB", (side, side))
            picture = ImageOps.exif_transpose(opened)
            picture.thumbnail((side, side))
            if picture.mode not in ("RGB", "L"):
                picture = picture.convert("RGBA")
                paper = Image.new("RGB", picture.size, "white")
                paper.paste(picture, mask=picture.getchannel("A"))
                picture = paper
            picture.info.clear()
            picture.save(target, "JPEG", quality=80)
    except Exception:  # a missing or damaged photo must not cost the document; Pillow raises almost anything
        return False
    return True
