"""From the log of changes to messages: for each webhook what follows the place where it stands, in the log's own order.

Only what lies below the horizon is read (`sr_portal.api.changes`): what is not committed yet is never told, and what
commits late is not missed. The messages and the place move in one transaction.
"""

from django.db import transaction

from sr_portal.api import changes, feed

from .delivering import enqueue
from .following import may_follow
from .models import Delivery, Endpoint, Place

MOST_CHANGES = 100  # of one message, which thus stays below 20 KB
MOST_WAITING = 10  # messages of one webhook at a time: while it does not answer, further changes wait in the log
MOST_READ = 50  # times a hundred changes of one kind read in one go


def spread() -> int:
    """Write the messages that are due to all webhooks; how many. What two runs at once do is done once."""
    return sum(spread_to(pk) for pk in list(Endpoint.objects.awake().order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def spread_to(pk: int) -> int:
    awake = Endpoint.objects.awake().filter(pk=pk).select_related("user")
    endpoint = awake.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if endpoint is None:
        return 0
    room = MOST_WAITING - endpoint.deliveries.unfinished().count()
    places = {place.kind: place for place in endpoint.places.all()}
    made: list[Delivery] = []
    for kind, resource in may_follow(endpoint).items():
        if kind in places:
            made += _spread_kind(endpoint, resource, places[kind], room - len(made))
    for delivery in made:
        enqueue(delivery)
    return len(made)


def _spread_kind(endpoint, resource, place: Place, room: int) -> list[Delivery]:
    mark = began = changes.Mark(place.position, place.key)
    made: list[Delivery] = []
    for _page in range(MOST_READ):
        found = changes.since(resource.kind, mark, MOST_CHANGES) if len(made) < room else []
        if not found:
            break
        told = feed.tell(resource, endpoint.reader, found)
        if told:
            said = [[one.key, one.at.isoformat()] for one in told]
            made.append(Delivery.objects.create(endpoint=endpoint, kind=resource.kind, changes=said))
        mark = found[-1][1]
    if mark != began:
        Place.objects.filter(pk=place.pk).update(position=mark.position, key=mark.key)
    return made
