"""What of a project is public: the page, the choice, and the clearing of its photos and documents."""

from django.urls import path

from projects.views import publication

urlpatterns = [
    path("projets/<int:pk>/publication/", publication.page, name="publication"),
    path("projets/<int:pk>/publication/choix/", publication.disclosure, name="disclosure"),
    path("projets/<int:pk>/publication/fichiers/<uuid:public_id>/", publication.clear, name="file_clear"),
    path(
        "projets/<int:pk>/publication/fichiers/<uuid:public_id>/retrait/", publication.take_back, name="file_take_back"
    ),
]
