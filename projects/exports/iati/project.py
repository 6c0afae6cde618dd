"""One project as an IATI activity: each section of the standard by one function, in the order that the schema fixes."""

import datetime as dt
from collections.abc import Callable

from lxml import etree

from projects.exports.iati import elements as made
from projects.exports.iati.elements import Context, Element, add, narrate
from projects.exports.iati.money import bounds, budgets, movements
from projects.exports.iati.results import results
from projects.models import Project
from projects.rules.publication import Disclosure
from projects.states import State
from sr_portal.web import clock

STATUS = {
    State.APPROVED: "1", State.AGREED: "1", State.ACTIVE: "2", State.COMPLETED: "3", State.CLOSED: "4",
    State.CANCELLED: "5", State.SUSPENDED: "6",
}  # fmt: skip
PEACE_BUILDING = "15220"  # of the fund itself: civilian peace-building, conflict prevention and resolution
HIDDEN = ("Activité dont le détail n’est pas publié", "Activity whose details are not published")
HIDDEN_WHY = (
    "Le détail de cette activité n’est pas publié, pour ne mettre personne en danger.",
    "The details of this activity are not published, so that nobody is put in danger.",
)
# The gender marker of the PBF (0–3) as the DAC's gender equality marker.
GENDER_SIGNIFICANCE = {0: "0", 1: "0", 2: "1", 3: "2"}
BIGGEST_TITLE = 200
DOCUMENTS = "A08"  # results, outcomes and outputs
Section = Callable[[Element, Project, Context], None]


def activity_of(project: Project, context: Context) -> Element:
    """The whole activity; of a hidden project, that it exists, its status, its dates, its fund and the country."""
    root = etree.Element("iati-activity", made.attributes("2", project.updated_at, context))
    for section in NEUTRAL if project.disclosure == Disclosure.HIDDEN else WHOLE:
        section(root, project, context)
    return root


def place_name(project: Project) -> str:
    return project.cercle.name if project.cercle else project.region.name


def identifier(root: Element, project: Project, context: Context) -> None:
    add(root, "iati-identifier").text = project.iati_identifier


def reporting(root: Element, project: Project, context: Context) -> None:
    made.publisher(root, "reporting-org", context)


def title(root: Element, project: Project, context: Context) -> None:
    sector = project.sector.name_en if project.sector else project.mechanism.name_en
    narrate(add(root, "title"), project.shown_title[:BIGGEST_TITLE], f"{sector} – {place_name(project)}")


def neutral_title(root: Element, project: Project, context: Context) -> None:
    narrate(add(root, "title"), *HIDDEN)


def description(root: Element, project: Project, context: Context) -> None:
    fund, sector = project.mechanism, project.sector
    fr = f"Projet {fund.name_fr} à {place_name(project)}" + (f", secteur : {sector.name_fr}." if sector else ".")
    en = f"{fund.name_en} project in {place_name(project)}" + (f", sector: {sector.name_en}." if sector else ".")
    narrate(add(root, "description", type="1"), fr, en)
    if made.plain(project.shown_objective):
        narrate(add(root, "description", type="2"), project.shown_objective)
    if project.direct_total:
        people = project.direct_women, project.direct_men, project.direct_girls, project.direct_boys
        narrate(
            add(root, "description", type="3"),
            "{} femmes, {} hommes, {} filles et {} garçons en bénéficient directement.".format(*people),
            "{} women, {} men, {} girls and {} boys benefit directly.".format(*people),
        )


def neutral_description(root: Element, project: Project, context: Context) -> None:
    narrate(add(root, "description", type="1"), *HIDDEN_WHY)


def participants(root: Element, project: Project, context: Context) -> None:
    donors = {row.contribution.donor_id: row.contribution.donor for row in project.allocations.all()}
    for donor in donors.values():
        made.organisation(root, "participating-org", donor, role=made.FUNDING)
    if not donors:
        made.publisher(root, "participating-org", context, role=made.FUNDING)
    ourselves(root, project, context)
    receiving = {row.organisation_id: row.organisation for row in project.recipients.all()}
    if project.partner:
        receiving = {project.partner_id: project.partner, **receiving}
    for partner in receiving.values():
        made.organisation(root, "participating-org", partner, role=made.IMPLEMENTING)


def ourselves(root: Element, project: Project, context: Context) -> None:
    made.publisher(root, "participating-org", context, role=made.ACCOUNTABLE)
    made.publisher(root, "participating-org", context, role=made.EXTENDING)


def own_reference(root: Element, project: Project, context: Context) -> None:
    add(root, "other-identifier", ref=project.reference, type="A1")


def status(root: Element, project: Project, context: Context) -> None:
    add(root, "activity-status", code=STATUS[State(project.state)])


def dates(root: Element, project: Project, context: Context) -> None:
    """Planned days always; the actual ones once they have come."""
    start, end = bounds(project)
    made.date(root, "1", start)
    began, ended = actual(project, context.today)
    if began:
        made.date(root, "2", began)
    made.date(root, "3", end)
    if ended:
        made.date(root, "4", ended)


def actual(project: Project, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """When works began and ended, none of them in the future; of an old project, what its file says."""
    arrivals: dict[str, dt.date] = {}
    for change in project.changes.all():
        arrivals.setdefault(change.target, clock.day_of(change.at))
    began, ended = arrivals.get(State.ACTIVE), arrivals.get(State.COMPLETED)
    if getattr(project, "imported", None) is not None:
        under_way = State(project.imported.state) in (State.ACTIVE, State.COMPLETED, State.CLOSED)
        began = (project.starts_on or project.published_on) if under_way else began
        if State(project.imported.state) in (State.COMPLETED, State.CLOSED):
            ended = min(arrivals.get(State.CLOSED, today), clock.day_of(project.state_since))
    began = began if began is not None and began <= today else None
    ended = ended if ended is not None and ended <= today else None
    if began and ended:
        began = min(began, ended)
    return began, ended


def contact(root: Element, project: Project, context: Context) -> None:
    made.contact(root, context)


def scope(root: Element, project: Project, context: Context) -> None:
    add(root, "activity-scope", code="8" if project.shown_exactly else "7" if project.cercle_id else "6")


def country(root: Element, project: Project, context: Context) -> None:
    add(root, "recipient-country", code=made.COUNTRY, percentage="100")


def location(root: Element, project: Project, context: Context) -> None:
    """The country's code has a vocabulary, regions and P-codes have none: they go into `ref` and the name."""
    place = add(root, "location", ref=project.region.code)
    add(place, "location-reach", code="1")
    parts = [project.shown_locality, project.cercle.name if project.cercle else "", project.region.name]
    narrate(add(place, "name"), ", ".join(dict.fromkeys(part for part in parts if part)))
    add(place, "administrative", vocabulary="A4", code=made.COUNTRY, level="0")
    if project.shown_latitude is not None:
        point = add(place, "point", srsName=made.WGS84)
        add(point, "pos").text = f"{project.shown_latitude:.5f} {project.shown_longitude:.5f}"
    add(place, "exactness", code="1" if project.shown_exactly else "2")
    add(place, "location-class", code="2" if project.shown_exactly else "1")


def sector(root: Element, project: Project, context: Context) -> None:
    add(root, "sector", vocabulary="1", code=project.sector_id or PEACE_BUILDING, percentage="100")


def neutral_sector(root: Element, project: Project, context: Context) -> None:
    add(root, "sector", vocabulary="1", code=PEACE_BUILDING, percentage="100")


def markers(root: Element, project: Project, context: Context) -> None:
    """The DAC's gender marker where the fund has one of its own, and each marker of the fund in its own words."""
    rows = list(project.marked.all())
    for row in rows:
        if row.marker.code == "gender" and row.level.level in GENDER_SIGNIFICANCE:
            add(root, "policy-marker", vocabulary="1", code="1", significance=GENDER_SIGNIFICANCE[row.level.level])
    for row in rows:
        own = add(root, "policy-marker", vocabulary="99", code=f"{row.marker.code}-{row.level.level}")
        narrate(own, f"{row.marker.name_fr} : {row.level.name_fr}", f"{row.marker.name_en}: {row.level.name_en}")


def terms(root: Element, project: Project, context: Context) -> None:
    """Grants for a project, untied: AidType C01, FinanceType 110, TiedStatus 5."""
    add(root, "collaboration-type", code="4")
    add(root, "default-finance-type", code="110")
    add(root, "default-aid-type", code="C01")
    add(root, "default-tied-status", code="5")


def budget(root: Element, project: Project, context: Context) -> None:
    kind = "2" if project.amended_usd else "1"
    state = "1" if project.state == State.APPROVED else "2"
    for period in budgets(project):
        element = add(root, "budget", type=kind, status=state)
        add(element, "period-start").set("iso-date", period.start.isoformat())
        add(element, "period-end").set("iso-date", period.end.isoformat())
        made.value(element, period.amount, project.published_on)


def transactions(root: Element, project: Project, context: Context) -> None:
    for movement in movements(project):
        day = context.past(movement.day)
        element = add(root, "transaction", humanitarian="0")
        add(element, "transaction-type", code=movement.kind)
        add(element, "transaction-date").set("iso-date", day.isoformat())
        made.value(element, movement.amount, day)
        narrate(add(element, "description"), movement.about_fr, movement.about_en)
        provider = made.publisher(element, "provider-org", context)
        provider.set("provider-activity-id", project.mechanism.iati_identifier)
        if project.partner:
            made.organisation(element, "receiver-org", project.partner)


def documents(root: Element, project: Project, context: Context) -> None:
    if project.disclosure != Disclosure.FULL:
        return
    for row in project.published_files.all():
        url = context.files_url.replace("{}", str(row.document.public_id))
        link = add(root, "document-link", url=url, format=row.document.content_type)
        narrate(add(link, "title"), row.title)
        add(link, "category", code=DOCUMENTS)
        add(link, "language", code=row.language)
        add(link, "document-date").set("iso-date", clock.day_of(row.document.uploaded_at).isoformat())


def parent(root: Element, project: Project, context: Context) -> None:
    add(root, "related-activity", type="1", ref=project.mechanism.iati_identifier)


WHOLE: tuple[Section, ...] = (
    identifier, reporting, title, description, participants, own_reference, status, dates, contact, scope, country,
    location, sector, markers, terms, budget, transactions, documents, parent, results,
)  # fmt: skip
NEUTRAL: tuple[Section, ...] = (
    identifier, reporting, neutral_title, neutral_description, ourselves, status, dates, contact, country,
    neutral_sector, parent,
)  # fmt: skip
