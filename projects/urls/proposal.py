"""Writing a proposal, step by step, with its annexes."""

from django.urls import path

from projects.views import proposal, proposal_annexes, proposal_people

urlpatterns = [
    path("projets/nouveau/", proposal.create, name="create"),
    path("projets/<int:pk>/redacteurs/", proposal_people.coauthors, name="coauthors"),
    path("projets/<int:pk>/redaction/<slug:step>/", proposal.edit, name="edit"),
    path("projets/<int:pk>/annexes/<uuid:public_id>/", proposal_annexes.attachment, name="attachment"),
    path(
        "projets/<int:pk>/annexes/<uuid:public_id>/vignette/",
        proposal_annexes.attachment_thumbnail,
        name="attachment_thumbnail",
    ),
]
