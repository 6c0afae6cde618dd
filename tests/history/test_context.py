"""From where a change came: the address, as far as proxies can be believed."""

import pytest
from django.test import RequestFactory

from sr_portal.accounts.models import User
from sr_portal.history.middleware import HistoryMiddleware, client_address
from tests.factories.accounts import UserFactory


@pytest.mark.parametrize(
    "proxies, forwarded, address",
    [
        (0, None, "127.0.0.1"),
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "<script>", "127.0.0.1"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_the_proxies_that_we_trust_are_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory(headers=headers).get("/")) == address


@pytest.mark.django_db
def test_a_request_leaves_its_user_name_address_and_path_in_the_event():
    actor, other = UserFactory(name="Fanta Sidibé"), UserFactory()

    def view(request):
        other.job_title = "Maçon"
        other.save()

    request = RequestFactory().post("/personnes/7/")
    request.user = actor
    HistoryMiddleware(view)(request)
    context = User.pgh_event_model.objects.filter(pgh_obj_id=other.pk).latest("pgh_id").pgh_context
    assert context["user"] == actor.pk
    assert (context["user_name"], context["address"], context["url"]) == ("Fanta Sidibé", "127.0.0.1", "/personnes/7/")
    assert "request_id" in context
