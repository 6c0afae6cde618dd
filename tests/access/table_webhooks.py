"""The doors of webhooks: those of the finance officer, whom auditors read and administrators stop."""

from sr_portal.webhooks import services
from sr_portal.webhooks.models import Delivery

from .doors import Actors, Door
from .people import SIGNED_IN, Actor
from .world import World

OWNER: Actors = frozenset({Actor.FINANCE})
ADMINISTRATORS: Actors = frozenset({Actor.ADMINISTRATOR})
PEOPLE_READERS: Actors = ADMINISTRATORS | {Actor.AUDITOR}
READERS: Actors = PEOPLE_READERS | OWNER


def of_finance(world: World, _state: str) -> dict[str, int]:
    person = world.people[Actor.FINANCE]
    made = services.make(by=person, name="R", url="https://recepteur.example/", kinds=["region"], scope="published")
    return {"pk": made.pk}


def a_failed_one(world: World, _state: str) -> dict[str, object]:
    found = of_finance(world, "")
    delivery = Delivery.objects.create(
        endpoint_id=found["pk"], kind="region", state="failed", error="500", finished_at="2026-11-27T09:00Z"
    )
    return {**found, "key": delivery.pk}


def door(name: str, *, get=None, post=None, arguments=of_finance) -> Door:
    return Door(f"webhooks:{name}", get=get, post=post, enters=SIGNED_IN, sees=READERS, arguments=arguments)


WEBHOOKS = (
    Door("webhooks:list", get=SIGNED_IN, post=SIGNED_IN),
    Door("webhooks:person", get=PEOPLE_READERS, enters=PEOPLE_READERS,
         arguments=lambda world, _state: {"pk": world.people[Actor.MEMBER].pk}),
    door("endpoint", get=READERS),
    door("history", get=READERS),
    door("delivery", get=READERS, arguments=a_failed_one),
    door("change", get=OWNER, post=OWNER),
    door("renew", post=OWNER),
    door("pause", post=OWNER | ADMINISTRATORS),
    door("resume", post=OWNER | ADMINISTRATORS),
    door("test", post=OWNER | ADMINISTRATORS),
    door("delete", post=OWNER | ADMINISTRATORS),
    door("replay", post=OWNER | ADMINISTRATORS, arguments=a_failed_one),
    door("replay_failed", post=OWNER | ADMINISTRATORS),
)  # fmt: skip
