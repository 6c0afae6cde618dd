"""Once published, a project never disappears and never changes identifier: what PostgreSQL itself holds."""

import pgtrigger

from projects.rules.publication import RISK_DECLARED
from projects.states import GRANTED

from .agreement import in_sql

# A reference holds no sign that IATI refuses, unless it came from a file: then the row's own number tells it apart.
IDENTIFIER = (
    "reporting_organisation() || '-' || CASE WHEN NEW.reference ~ '[^A-Za-z0-9._-]'"
    " THEN regexp_replace(NEW.reference, '[^A-Za-z0-9._-]+', '-', 'g') || '-' || NEW.id ELSE NEW.reference END"
)

OF_PROJECT = (
    pgtrigger.Trigger(
        name="published_at_approval",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "published_on", "iati_identifier"),
        func=f"""
            IF TG_OP = 'UPDATE' AND OLD.published_on IS NOT NULL THEN
                IF NEW.published_on IS DISTINCT FROM OLD.published_on
                   OR NEW.iati_identifier IS DISTINCT FROM OLD.iati_identifier THEN
                    RAISE EXCEPTION 'published_for_good: % stays published under its identifier', OLD.reference;
                END IF;
            ELSIF NEW.state IN ({in_sql(GRANTED)}) THEN
                NEW.published_on = mission_day(NEW.state_since);
                NEW.iati_identifier = {IDENTIFIER};
                IF NEW.visibility_risk AND NEW.disclosed_at IS NULL THEN
                    NEW.disclosure = 'cercle';
                    NEW.disclosure_reason = '{RISK_DECLARED}';
                    NEW.disclosed_at = NEW.state_since;
                END IF;
            ELSE
                NEW.published_on = NULL;
                NEW.iati_identifier = NULL;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="published_for_good",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_on__isnull=False),
        func="RAISE EXCEPTION 'published_for_good: % is published and never disappears', OLD.reference;",
    ),
    pgtrigger.Trigger(
        name="public_title_tells_no_place",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("disclosure", "public_title", "locality"),
        condition=pgtrigger.Q(new__disclosure="cercle") & ~pgtrigger.Q(new__locality=""),
        func="""
            IF position(unaccent(lower(trim(NEW.locality))) in unaccent(lower(NEW.public_title))) > 0 THEN
                RAISE EXCEPTION 'public_title_tells_no_place: the public title of % names its place', NEW.reference;
            END IF;
            RETURN NEW;
        """,
    ),
)

# What may be shown of a project: photos of visits, some annexes, files of accepted reports, the signed handover. Never
# what holds bank details, signatures of payments or quotes.
PUBLISHABLE_ANNEXES = ("photo", "plan", "quantities", "letter")

FILE = (
    pgtrigger.Trigger(
        name="publishable_file_of_the_project",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (SELECT 1 FROM projects_project WHERE id = NEW.project_id AND published_on IS NOT NULL) THEN
                RAISE EXCEPTION 'published_with_its_project: project % is not published', NEW.project_id;
            END IF;
            IF EXISTS (SELECT 1 FROM documents_document WHERE id = NEW.document_id
                        AND (withdrawn_at IS NOT NULL OR is_sealed)) OR NOT EXISTS (
                SELECT 1 FROM projects_attachment WHERE project_id = NEW.project_id AND document_id = NEW.document_id
                    AND kind IN ('{"', '".join(PUBLISHABLE_ANNEXES)}')
                UNION ALL SELECT 1 FROM projects_visitphoto p JOIN projects_visit v ON v.id = p.visit_id
                           WHERE v.project_id = NEW.project_id AND p.document_id = NEW.document_id
                UNION ALL SELECT 1 FROM projects_reportfile f JOIN projects_report r ON r.id = f.report_id
                           WHERE r.project_id = NEW.project_id AND r.state = 'accepted' AND f.document_id = NEW.document_id
                UNION ALL SELECT 1 FROM projects_handover WHERE project_id = NEW.project_id
                           AND signed_copy_id = NEW.document_id) THEN
                RAISE EXCEPTION 'publishable_file_of_the_project: document % is none to publish', NEW.document_id;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.ReadOnly(name="cleared_for_good", fields=["project", "document", "cleared_by", "cleared_at", "consent"]),
    pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
)
