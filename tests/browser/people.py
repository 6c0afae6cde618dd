"""The people of the sample data, as tests in Chromium cast them."""

from projects.models import Committee
from regions.models import Region
from sr_portal.accounts.models import User
from tests.factories.projects import Cast


def somebody(login: str) -> User:
    return User.objects.get(email=f"{login}@demo.portail.example")


def people_of_the_sample_data(place: Region) -> Cast:
    committees = {committee.region_id: committee for committee in Committee.objects.filter(mechanism=None)}
    return Cast(
        officer=somebody("gestionnaire"), secretary=somebody("secretaire"), chair=somebody("president"),
        members=[somebody(login) for login in ("membre", "membre.police", "membre.genre")],
        approver=somebody("autorite"), regional=committees[place.pk], central=committees[None],
    )  # fmt: skip
