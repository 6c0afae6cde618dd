"""Django's entry for the projects: from the idea to the decision."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projets")

    def ready(self) -> None:
        from funds import merging, partner_sections
        from projects.api import changes
        from projects.guards.merging import both_in_one_project, open_amendments
        from projects.imports import portfolio
        from projects.views.donors import donor_section
        from projects.views.track_record import record_section

        changes.declare()
        merging.obstacle(open_amendments)
        merging.obstacle(both_in_one_project)
        partner_sections.section(record_section)
        partner_sections.section(donor_section)
        portfolio.declare()
