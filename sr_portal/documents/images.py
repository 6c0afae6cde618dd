"""Photos: drawn again from their pixels, so that nothing else that the file held is kept."""

import io
import math
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from sr_portal.documents.refusals import RefusedFile

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 400  # a phone's width; a page of them must come over a satellite link
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
SAVING = {"JPEG": {"quality": 85}, "PNG": {"compress_level": 6}, "WEBP": {"quality": 85, "method": 2}}
SAVING_SMALL = {"quality": 65, "optimize": True, "progressive": True}
# As bytes of chunks: metadata that Pillow would decompress or we never need.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class CleanImage:
    """Sides in pixels, position in degrees (WGS 84) when the photo told it; `thumbnail` is a JPEG."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    latitude: float | None
    longitude: float | None


def clean_image(name: str, content: bytes, content_type: str) -> CleanImage:
    """The picture upright, at most 2,560 px a side, without metadata. RefusedFile if it cannot be read whole."""
    kind = FORMATS[content_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                latitude, longitude = position_of(opened)
                if kind == "JPEG":
                    opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes big photos small: faster, less memory
                opened.load()
                picture = ImageOps.exif_transpose(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        reason = _("l’image dépasse %(count)d millions de pixels. Réduisez-la, puis déposez-la de nouveau.")
        raise RefusedFile(name, reason, count=MOST_PIXELS // 1_000_000) from error
    except Exception as error:  # Pillow's readers raise almost anything on a broken file
        reason = _("l’image ne peut pas être lue. Ouvrez-la, enregistrez-la de nouveau, puis déposez-la.")
        raise RefusedFile(name, reason) from error
    see_through = kind != "JPEG" and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.info.clear()
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if see_through:
        paper = Image.new("RGB", small.size, "white")
        paper.paste(small, mask=small.getchannel("A"))
        small = paper
    return CleanImage(
        _written(picture, kind, SAVING[kind]),
        _written(small, "JPEG", SAVING_SMALL),
        picture.width,
        picture.height,
        latitude,
        longitude,
    )


def _written(picture: Image.Image, kind: str, options: dict[str, int | bool]) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def position_of(picture: Image.Image) -> tuple[float | None, float | None]:
    """Where the photo says it was taken, to about a metre; (None, None) when absent or absurd."""
    try:
        place = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(place[ExifTags.GPS.GPSLatitude], place.get(ExifTags.GPS.GPSLatitudeRef), "S")
        longitude = _degrees(place[ExifTags.GPS.GPSLongitude], place.get(ExifTags.GPS.GPSLongitudeRef), "W")
    except Exception:  # damaged metadata must not cost the photo
        return None, None
    plausible = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    if not plausible or (latitude, longitude) == (0, 0):  # cameras without a fix write zeros
        return None, None
    return round(latitude, 5), round(longitude, 5)


def _degrees(parts: tuple, side: str | bytes | None, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    letter = side.decode("ascii", "ignore") if isinstance(side, bytes) else str(side or "")
    return -value if letter.strip("\x00 ").upper() == negative else value
