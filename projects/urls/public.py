"""The page that anybody may read, in each language, and its photos."""

from django.urls import path

from projects.views import public

urlpatterns = [
    path("public/", public.public, {"language": "fr"}, name="public"),
    path("public/en/", public.public, {"language": "en"}, name="public_en"),
    path("public/photos/<uuid:public_id>/", public.public_photo, name="public_photo"),
]
