"""A file of a project that somebody cleared for the public, as a download."""

from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from projects.models import PublishedFile
from sr_portal.api import asking, schema
from sr_portal.api.problems import Problem
from sr_portal.api.reader import Reader
from sr_portal.api.views import ApiView
from sr_portal.documents.serving import serve

from .projects import projects_of


class PublishedFileView(ApiView):
    """For partners only while the project is told in full; the mission's people have it where they read the project."""

    def operation(self) -> dict:
        text = {"type": "string", "minLength": 1}
        names = {"project": _("Numéro du projet."), "public_id": _("Identifiant du fichier, tel que « url » le donne.")}
        return {
            "operationId": "read_project_document",
            "summary": _("Un fichier publié"),
            "tags": [_("Projets")],
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

    def get(self, request: Request, project: str, public_id: str) -> FileResponse:
        if faults := asking.unknown(request.query_params, []):
            raise Problem("unknown-parameter", faults=faults)
        reader = Reader.of(request)
        found = PublishedFile.objects.in_force().select_related("document")
        if reader.published_only:
            found = found.shown()
        try:
            file = found.filter(project__in=projects_of(reader), project=project, document__public_id=public_id).first()
        except (ValueError, TypeError, ValidationError) as error:
            raise Problem("not-found") from error
        if file is None:
            raise Problem("not-found")
        return serve(file.document)
