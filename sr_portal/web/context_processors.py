"""What every page may need to know of the portal."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .navigation import entries_for


def portal(request: HttpRequest) -> dict[str, object]:
    return {
        "is_demo": settings.IS_DEMO,
        "has_public_page": settings.PUBLIC_PAGE,
        "mission_time_zone": settings.TIME_ZONE,
        "navigation": SimpleLazyObject(lambda: entries_for(request)),
    }
