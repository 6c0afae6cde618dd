"""What changes a project, a plan or a study, for the log of changes; and what a project changes beside itself."""

import pgtrigger

from funds.models import Facility, Marker, MarkerLevel, Mechanism, Organisation, Sector, StudyInstitution
from projects.models import Coauthor, ExpectedResult, Project, ProjectMarker, PublishedFile, Recipient
from regions.models import (
    Axis,
    Cercle,
    Indicator,
    KeyFinding,
    Plan,
    Priority,
    Region,
    Study,
    StudyDocument,
    StudyRegion,
)
from sr_portal.api.changes import register, spreads, touches
from sr_portal.documents.models import Document

# An organisation is told to partners once a project of theirs is published: whether it is hangs on its projects.
ITS_PARTNER = """
    IF TG_OP = 'INSERT' OR TG_OP = 'DELETE' OR OLD.published_on IS DISTINCT FROM NEW.published_on
       OR OLD.disclosure IS DISTINCT FROM NEW.disclosure OR OLD.partner_id IS DISTINCT FROM NEW.partner_id THEN
        PERFORM api_touch('organisation', o.id) FROM (
            SELECT OLD.partner_id AS id WHERE TG_OP <> 'INSERT' UNION SELECT NEW.partner_id WHERE TG_OP <> 'DELETE'
            UNION SELECT organisation_id FROM projects_recipient
                  WHERE project_id = COALESCE(NEW.id, OLD.id)) AS o;
    END IF;
"""


def those(column: str) -> str:
    return f"SELECT id FROM projects_project WHERE {column} = NEW"  # noqa: S608  our own columns


CARRIED = """SELECT id FROM projects_project WHERE partner_id = NEW.id
    UNION SELECT project_id FROM projects_recipient WHERE organisation_id = NEW.id"""

TABLE = {
    Project: (touches("project", extra=ITS_PARTNER),),
    Coauthor: (touches("project", "project_id"),),
    ExpectedResult: (touches("project", "project_id"),),
    ProjectMarker: (touches("project", "project_id"),),
    PublishedFile: (touches("project", "project_id"),),
    Recipient: (touches("project", "project_id"), touches("organisation", "organisation_id")),
    Document: (
        spreads("project", "SELECT project_id FROM projects_publishedfile WHERE document_id = NEW.id", "withdrawn_at"),
        spreads("study", "SELECT study_id FROM regions_studydocument WHERE document_id = NEW.id", "withdrawn_at"),
    ),
    Organisation: (
        spreads(
            "project",
            CARRIED,
            "name", "acronym",
        ),
        spreads("study", "SELECT study_id FROM funds_studyinstitution WHERE organisation_id = NEW.id", "name", "acronym"),
    ),
    Region: (
        spreads(
            "project", f"{those('region_id')}.id",
            "name", "code", "label_lat", "label_lon", "capital_lat", "capital_lon",
        ),
        spreads("plan", "SELECT id FROM regions_plan WHERE region_id = NEW.id", "name", "code"),
        spreads("study", "SELECT study_id FROM regions_studyregion WHERE region_id = NEW.id", "name", "code", "rank"),
    ),
    Cercle: (spreads("project", f"{those('cercle_id')}.id", "name", "label_lat", "label_lon"),),
    Sector: (spreads("project", f"{those('sector_id')}.code", "name_fr", "name_en"),),
    Mechanism: (spreads("project", f"{those('mechanism_id')}.code", "name_fr", "name_en"),),
    Facility: (spreads("project", f"{those('facility_id')}.id", "code"),),
    Marker: (spreads("project", "SELECT project_id FROM projects_projectmarker WHERE marker_id = NEW.id", "code"),),
    MarkerLevel: (
        spreads("project", "SELECT project_id FROM projects_projectmarker WHERE level_id = NEW.id", "level"),
    ),
    Priority: (touches("plan", "plan_id"), spreads("project", f"{those('priority_id')}.id", "code")),
    Plan: (touches("plan"),),
    Axis: (touches("plan", "plan_id"),),
    Indicator: (
        pgtrigger.Trigger(
            name="touches_plan",
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func="""
                PERFORM api_touch('plan', y.plan_id) FROM regions_priority y
                WHERE y.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.priority_id END,
                               CASE WHEN TG_OP <> 'DELETE' THEN NEW.priority_id END);
                RETURN NULL;
            """,
        ),
    ),
    Study: (touches("study"),),
    StudyRegion: (touches("study", "study_id"),),
    StudyDocument: (touches("study", "study_id"),),
    StudyInstitution: (touches("study", "study_id"),),
    KeyFinding: (touches("study", "study_id"),),
}  # fmt: skip


def declare() -> None:
    register(TABLE)
