"""Every address of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from projects.api.resources import OTHERS, RESOURCES
from sr_portal.api.urls import routes as api_routes
from sr_portal.dashboards.views import home
from sr_portal.web import views

urlpatterns = [
    *api_routes(RESOURCES, OTHERS),  # programs ask most often: looked at first
    path("", home, name="home"),
    path("", include("sr_portal.dashboards.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("langue/", views.set_language, name="set_language"),
    path("compte/", include("sr_portal.accounts.sign_in_urls")),
    path("", include("sr_portal.accounts.urls")),
    path("", include("sr_portal.notices.urls")),
    path("", include("sr_portal.imports.urls")),
    path("", include("sr_portal.api.token_pages")),
    path("", include("sr_portal.webhooks.urls")),
    path("", include("regions.urls")),
    path("", include("funds.urls")),
    path("", include("projects.urls")),
    path("reference/", admin.site.urls),
]
if settings.DEBUG:
    urlpatterns.append(path("style/", views.style, name="style"))

handler400 = "sr_portal.web.views.bad_request"
handler500 = "sr_portal.web.views.server_error"
