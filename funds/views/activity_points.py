"""The layer of the partners' activities on the map of the projects."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from funds import access
from funds.exports.activity_points import activity_points
from funds.forms.activities import ActivityFilter
from funds.models import PartnerActivity
from regions.placing import Box, read_zoom
from sr_portal.accounts.access import only
from sr_portal.web.data import asked_again, json_answer


@require_safe
@only(access.reads_activities)
@asked_again()
def points(request: HttpRequest) -> HttpResponse:
    form = ActivityFilter(request.GET)
    form.is_valid()
    found = PartnerActivity.objects.filtered(form.cleaned_data)
    box, zoom = Box.read(request.GET.get("cadre", "")), read_zoom(request.GET.get("zoom", ""))
    return json_answer(activity_points(found, zoom=zoom, box=box))
