"""What the API gives, in the order in which the documentation tells it: this floor sees it all."""

from django.urls import path

from funds.api.resources import RESOURCES as FUNDS
from regions.api.resources import RESOURCES as PLACES
from sr_portal.api.codelists import CodeLists, OneCodeList
from sr_portal.api.figures import FiguresView

from .codes import CODE_LISTS
from .figures import FIGURES
from .files import PublishedFileView, StudyFileView
from .plans import PLANS, STUDIES
from .projects import PROJECTS

RESOURCES = (PROJECTS, *FUNDS, *PLACES, PLANS, STUDIES)

OTHERS = [
    path("projects/<str:project>/documents/<str:public_id>", PublishedFileView.as_view(), name="project_document"),
    path("studies/<str:study>/documents/<str:public_id>", StudyFileView.as_view(), name="study_document"),
    path("code-lists", CodeLists.as_view(lists=CODE_LISTS), name="code-lists"),
    path("code-lists/<str:name>", OneCodeList.as_view(lists=CODE_LISTS), name="code-list"),
    *(path(one.name, FiguresView.as_view(figures=one), name=one.name) for one in FIGURES),
]
