"""Files for download: those of a project that somebody cleared for the public, and those of a study."""

from abc import abstractmethod
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.request import Request

from projects.models import PublishedFile
from regions.models import StudyDocument
from sr_portal.api import asking, schema
from sr_portal.api.problems import Problem
from sr_portal.api.reader import Reader
from sr_portal.api.views import ApiView
from sr_portal.documents.models import Document
from sr_portal.documents.serving import serve

from .plans import studies_of, works_for_the_mission
from .projects import projects_of


class FileView(ApiView):
    """A file by the number of its record and by its own identifier, as the record's « url » gives both."""

    name: ClassVar[str]
    tag: ClassVar[str | Promise]
    summary: ClassVar[str | Promise]
    record: ClassVar[str]
    record_says: ClassVar[str | Promise]

    def operation(self) -> dict:
        text = {"type": "string", "minLength": 1}
        names = {
            self.record: str(self.record_says),
            "public_id": _("Identifiant du fichier, tel que « url » le donne."),
        }
        return {
            "operationId": self.name,
            "summary": str(self.summary),
            "tags": [str(self.tag)],
            "parameters": [
                {"name": name, "in": "path", "required": True, "description": says, "schema": text}
                for name, says in names.items()
            ],
            "security": schema.SECURITY,
            "responses": {
                "200": {
                    "description": _("Le fichier, dans son propre format."),
                    "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
                },
                **schema.errors(*schema.COMMON_ERRORS, "404"),
            },
        }

    def get(self, request: Request, public_id: str, **record: Any) -> FileResponse:
        if faults := asking.unknown(request.query_params, []):
            raise Problem("unknown-parameter", faults=faults)
        try:
            found = self.document(Reader.of(request), record[self.record], public_id)
        except (ValueError, TypeError, ValidationError) as error:
            raise Problem("not-found") from error
        if found is None:
            raise Problem("not-found")
        return serve(found)

    @abstractmethod
    def document(self, reader: Reader, record: str, public_id: str) -> Document | None:
        """None where there is none for this reader; may raise what an unreadable key raises."""


class PublishedFileView(FileView):
    """For partners only while the project is told in full; the mission's people have it where they read the project."""

    name, tag, summary = "read_project_document", gettext_lazy("Projets"), gettext_lazy("Un fichier publié")
    record, record_says = "project", gettext_lazy("Numéro du projet.")

    def document(self, reader: Reader, record: str, public_id: str) -> Document | None:
        found = PublishedFile.objects.in_force().select_related("document")
        if reader.published_only:
            found = found.shown()
        row = found.filter(project__in=projects_of(reader), project=record, document__public_id=public_id).first()
        return row.document if row else None


class StudyFileView(FileView):
    """For partners once the study is published."""

    name, tag, summary = "read_study_document", gettext_lazy("Plans et études"), gettext_lazy("Un document d’une étude")
    record, record_says = "study", gettext_lazy("Numéro de l’étude.")

    def document(self, reader: Reader, record: str, public_id: str) -> Document | None:
        if not works_for_the_mission(reader):
            raise Problem("forbidden")
        papers = StudyDocument.objects.filter(document__withdrawn_at=None).select_related("document")
        row = papers.filter(study__in=studies_of(reader), study=record, document__public_id=public_id).first()
        return row.document if row else None
