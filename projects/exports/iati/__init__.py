"""Published projects and their funds as an IATI 2.03 activities file, written activity by activity.

Source: https://iatistandard.org/en/iati-standard/203/activity-standard/. The order of the elements is the schema's.
"""

from collections.abc import Iterator

from django.db.models import Model, Prefetch
from lxml import etree

from funds.models import Mechanism
from projects.exports.iati.elements import Context
from projects.exports.iati.fund import fund_parts
from projects.exports.iati.project import activity_of
from projects.models import Amendment, Payment, PublishedFile, Recipient, StateChange
from projects.querysets import ProjectQuerySet
from sr_portal.web.pipe import Pipe

MEDIA_TYPE = "application/xml"
VERSION = "2.03"
CHUNK = 500
XML_ITSELF = {"xml": "http://www.w3.org/XML/1998/namespace"}  # else the writer would give it another prefix
NOT_OF_ROW = ("search", "region__outline")


def activities(found: ProjectQuerySet, context: Context, *, funds: bool = True) -> Iterator[bytes]:
    """The file's bytes: each fund as a parent, then each project of `found` that was published, hidden ones too.

    `found` may hold others: what was never approved is left out. Memory stays flat, whatever the number of projects.
    """
    pipe = Pipe()
    moment = context.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    who = context.publisher
    with etree.xmlfile(pipe, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("iati-activities", {"version": VERSION, "generated-datetime": moment}):
            xml.write(etree.Comment(f" {who.name_fr} – {who.licence} – {who.licence_url} ".replace("--", "-")))
            if funds:
                for fund in Mechanism.objects.order_by("code"):
                    yield from _fund(xml, pipe, fund, found, context)
            for project in _read(found):
                xml.write(activity_of(project, context))
                _let_go(project)
                if pipe.is_full:
                    yield pipe.take()
    yield pipe.take()


def _fund(xml, pipe: Pipe, fund: Mechanism, found: ProjectQuerySet, context: Context) -> Iterator[bytes]:
    """A fund is told once it has money or a published project; its children are named without being read."""
    children = found.published().filter(mechanism=fund).order_by("pk")
    parts = fund_parts(fund, children, context)
    if parts is None:
        return
    attributes, elements = parts
    with xml.element("iati-activity", attributes, nsmap=XML_ITSELF):
        for element in elements:
            xml.write(element)
        xml.flush()
        yield pipe.take()
        for ref in children.values_list("iati_identifier", flat=True).iterator(chunk_size=2_000):
            xml.write(etree.Element("related-activity", {"type": "2", "ref": ref}))
            if pipe.is_full:
                yield pipe.take()


def _let_go(record: Model) -> None:
    """Forget what was read with a record. Each points at the other: the collector would come by when thousands lie there."""
    read = getattr(record, "_prefetched_objects_cache", {})
    for rows in read.values():
        for row in rows:
            _let_go(row)
    read.clear()
    record._state.fields_cache.clear()


def _read(found: ProjectQuerySet):
    """Each published project with all that its activity tells, in a constant number of queries for each chunk."""
    rows = (
        found.published()
        .with_shown("fr")
        .select_related("region", "cercle", "mechanism", "sector", "partner", "agreement", "imported")
        .defer(*NOT_OF_ROW)
        .prefetch_related(
            Prefetch("recipients", Recipient.objects.order_by("pk")),
            "allocations__contribution__donor",
            Prefetch("amendments", Amendment.objects.filter(state="approved").exclude(budget_delta_usd=0)),
            "instalments",
            Prefetch(
                "instalments__payments",
                Payment.objects.filter(undone=False).exclude(kind="reversal").order_by("paid_on", "pk"),
            ),
            "results__reached__report",
            Prefetch("changes", StateChange.objects.order_by("at", "pk")),
            "marked__marker",
            "marked__level",
            Prefetch("published_files", PublishedFile.objects.in_force().select_related("document")),
        )
        .order_by("pk")
    )
    return rows.iterator(chunk_size=CHUNK)


__all__ = ["MEDIA_TYPE", "Context", "activities"]
