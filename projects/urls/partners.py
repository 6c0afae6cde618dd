"""What the projects say of the partners."""

from django.urls import path

from projects.views import track_record

urlpatterns = [path("partenaires/concentration/", track_record.concentration, name="concentration")]
