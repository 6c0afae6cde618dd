"""Photos of sites that do not exist, drawn: a place before the works, under way, and after."""

import io
from functools import lru_cache

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

SIZE = (640, 480)
SKY = {"before": ((196, 176, 140), (226, 205, 168)), "during": ((150, 178, 201), (221, 214, 190)), "after": ((98, 156, 205), (206, 224, 235))}  # fmt: skip
GROUND = {"before": (176, 136, 88), "during": (186, 146, 96), "after": (164, 142, 88)}


@lru_cache
def drawn(stage: str, style: int) -> bytes:
    """A JPEG of one `stage`; `style` makes sites differ."""
    picture = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(picture)
    top, low = SKY[stage]
    for y in range(300):
        shade = tuple(a + (b - a) * y // 300 for a, b in zip(top, low, strict=True))
        pen.line([(0, y), (SIZE[0], y)], fill=shade)
    pen.rectangle([0, 300, *SIZE], fill=GROUND[stage])
    for tree in range(4):
        x = (style * 97 + tree * 173) % 620
        pen.rectangle([x + 8, 262, x + 12, 304], fill=(92, 70, 46))
        pen.ellipse([x - 10, 232, x + 30, 276], fill=(98, 116, 62) if stage == "after" else (128, 118, 74))
    left = 190 + style * 31 % 120
    _building(pen, stage, left, 150 + style * 13 % 40)
    _people(pen, stage, left)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def _building(pen: ImageDraw.ImageDraw, stage: str, left: int, top: int) -> None:
    right, floor = left + 260, 340
    if stage == "before":
        pen.polygon([(left, floor), (left, top + 90), (left + 60, top + 60), (left + 120, top + 110), (right - 70, floor)], fill=(150, 112, 74))  # fmt: skip
        pen.rectangle([left + 30, top + 120, left + 62, floor], fill=(70, 52, 36))
        return
    pen.rectangle([left, top, right, floor], fill=(214, 190, 150) if stage == "after" else (166, 158, 148))
    for window in range(3):
        x = left + 24 + window * 82
        pen.rectangle([x, top + 50, x + 44, top + 96], fill=(64, 92, 110) if stage == "after" else (96, 90, 84))
    pen.rectangle([left + 106, top + 110, left + 154, floor], fill=(40, 90, 102) if stage == "after" else (84, 74, 64))
    if stage == "after":
        pen.rectangle([left - 10, top - 14, right + 10, top], fill=(13, 59, 70))
        for panel in range(3):
            pen.polygon([(left + 30 + panel * 70, top - 14), (left + 80 + panel * 70, top - 14), (left + 90 + panel * 70, top - 44), (left + 40 + panel * 70, top - 44)], fill=(34, 52, 96), outline=(190, 200, 220))  # fmt: skip
        pen.rectangle([right + 40, floor - 80, right + 44, floor], fill=(90, 90, 90))
        pen.rectangle([right + 14, floor - 110, right + 72, floor - 76], fill=(245, 245, 240), outline=(13, 59, 70))
    else:
        for pole in range(5):
            x = left - 14 + pole * 72
            pen.line([(x, floor), (x, top - 30)], fill=(122, 84, 44), width=4)
        pen.line([(left - 14, top + 40), (right + 14, top + 40)], fill=(122, 84, 44), width=4)


def _people(pen: ImageDraw.ImageDraw, stage: str, left: int) -> None:
    for rank in range({"before": 1, "during": 4, "after": 6}[stage]):
        x, y = (left + 20 + rank * 67) % 600, 352 + rank * 19 % 60
        colour = ((150, 60, 50), (36, 96, 110), (190, 140, 40), (90, 60, 120))[rank % 4]
        pen.ellipse([x, y - 12, x + 12, y], fill=(82, 54, 38))
        pen.polygon([(x - 4, y + 42), (x + 16, y + 42), (x + 10, y), (x + 2, y)], fill=colour)


def photo(stage: str, style: int, name: str) -> ContentFile:
    return ContentFile(drawn(stage, style % 8), name=name)
