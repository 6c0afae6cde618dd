"""Small real files, made on the spot."""

import io
import zipfile

from PIL import ExifTags, Image

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def jpeg(size: tuple[int, int] = (900, 600), gps: dict | None = None, orientation: int = 1) -> bytes:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Appareil de Fatoumata"
    if gps:
        exif[ExifTags.IFD.GPSInfo] = gps
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def png(size: tuple[int, int] = (300, 200), mode: str = "RGBA") -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, 0).save(buffer, "PNG")
    return buffer.getvalue()


def webp() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(buffer, "WEBP")
    return buffer.getvalue()


def pdf(body: bytes = b"<< /Type /Catalog >>") -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" + body + b"\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def zipped(members: dict[str, bytes], first: tuple[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(first[0], first[1], zipfile.ZIP_STORED)
        for path, content in members.items():
            archive.writestr(path, content)
    return buffer.getvalue()


def docx(more: dict[str, bytes] | None = None) -> bytes:
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'.encode()
    base = {"[Content_Types].xml": types, "_rels/.rels": b"<Relationships/>", "word/document.xml": b"<w:document/>"}
    return zipped(base | (more or {}))


def xlsx() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<x/>", "xl/workbook.xml": b"<workbook/>"})


def odf(kind: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"content.xml": b"<office:document-content/>", "META-INF/manifest.xml": b"<m/>"}, ("mimetype", mime))
