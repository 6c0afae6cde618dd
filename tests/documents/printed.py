"""What a printed document says, and whether it is the tagged kind that screen readers and archives ask for."""

import io

from pypdf import PdfReader


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    """All the pages' text, each run of plain spaces and line ends as one space; no-break spaces stay."""
    pages = "\n".join(page.extract_text() for page in read(content).pages)
    return " ".join(pages.replace("\n", " ").split(" ")).replace("  ", " ")


def assert_accessible(content: bytes, *, language: str, title: str) -> None:
    """The marks of PDF/UA-1 and PDF/A-2a, and no picture without words."""
    reader = read(content)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith(language)
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata.title == title
    packet = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaid:part>2</pdfaid:part>" in packet and "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert all(figure.get("/Alt") for figure in elements(content, "/Figure"))


def elements(content: bytes, kind: str) -> list:
    """The elements of one kind in the tree of tags, in reading order."""
    found = []

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node.get("/S") == kind:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(read(content).trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found
