"""The secrets of webhooks at rest: sealed with the keys of the portal, opened to sign, shown once to their owner."""

from collections.abc import Iterator

from django.db import transaction
from django.http import HttpRequest

from sr_portal import encryption
from sr_portal.web import clock

from .models import Endpoint

SESSION_KEY = "webhook_secret"


def seal(endpoint: Endpoint, secret: str) -> str:
    return encryption.seal(secret.encode(), context=_context(endpoint)).decode()


def in_use(endpoint: Endpoint) -> list[str]:
    """The secrets that sign now, the newest first. Raises `encryption.Unreadable`."""
    sealed = [endpoint.key_sealed]
    if endpoint.previous_until is not None and endpoint.previous_until > clock.now():
        sealed.append(endpoint.previous_sealed)
    return [encryption.unseal(one.encode(), context=_context(endpoint)).decode() for one in sealed]


def _context(endpoint: Endpoint) -> str:
    return f"webhook:{endpoint.public_id}"


# --- A change of the portal's keys ----------------------------------------------------------------------------------
def rotate_keys() -> Iterator[tuple[str, str, str]]:
    """Seal every secret again with the first key: a name, « changed », « current » or « failed », and why."""
    for pk in Endpoint.objects.order_by("pk").values_list("pk", flat=True):
        try:
            changed = _rotate(pk)
        except encryption.Unreadable as error:
            yield f"webhooks.Endpoint {pk}", "failed", type(error).__name__
        else:
            yield f"webhooks.Endpoint {pk}", "changed" if changed else "current", ""


@transaction.atomic
def _rotate(pk: int) -> bool:
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=pk)
    names = [name for name in ("key_sealed", "previous_sealed") if getattr(endpoint, name)]
    old = [name for name in names if not encryption.is_sealed_by_first_key(getattr(endpoint, name).encode())]
    for name in old:
        secret = encryption.unseal(getattr(endpoint, name).encode(), context=_context(endpoint))
        setattr(endpoint, name, seal(endpoint, secret.decode()))
    if old:
        endpoint.save(update_fields=old)
    return bool(old)


# --- Shown once: sealed on its way through the session --------------------------------------------------------------
def show_once(request: HttpRequest, endpoint: Endpoint) -> None:
    """The next page of this webhook that its owner opens shows the secret that signs now."""
    request.session[SESSION_KEY] = [endpoint.pk, endpoint.key_sealed]


def take_shown(request: HttpRequest, endpoint: Endpoint) -> str:
    """The secret, on this page alone; empty afterwards."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept[0] != endpoint.pk or endpoint.user_id != request.user.pk:
        return ""
    del request.session[SESSION_KEY]
    try:
        return encryption.unseal(kept[1].encode(), context=_context(endpoint)).decode()
    except encryption.Unreadable:
        return ""
