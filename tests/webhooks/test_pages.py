"""The pages of webhooks: made and seen once, stopped, changed, deleted; what was sent, and sent again."""

import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from sr_portal.accounts.roles import Role
from sr_portal.webhooks import secrets_kept, services
from sr_portal.webhooks.models import Delivery, Endpoint
from tests.api.test_tokens import signed_in
from tests.factories.accounts import user_with

from .making import message, webhook, work_at_any_time
from .receiver import receiver, say
from .test_targets import PUBLIC, names

pytestmark = pytest.mark.django_db
URL = "https://recepteur.example/recevoir"
FORM = {"name": "Entrepôt", "url": URL, "kinds": ["project", "region"], "scope": "published"}


@pytest.fixture(autouse=True)
def local(settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True


def post(client: Client, address: str, **fields):
    return client.post(address, {**fields, "one_time_key": str(uuid.uuid4())})


def text_of(answer) -> str:
    return answer.content.decode()


# --- Making one ------------------------------------------------------------------------------------------------------
def test_a_partner_makes_a_webhook_in_the_browser_and_sees_its_secret_once(monkeypatch):
    names(monkeypatch, [PUBLIC])
    partner = user_with(Role.PARTNER)
    client = signed_in(partner)
    answer = post(client, "/compte/webhooks/", **FORM)
    endpoint = Endpoint.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/compte/webhooks/{endpoint.pk}/"

    shown = re.search(
        r'id="webhook-secret" value="(whsec_[A-Za-z0-9+/=]{44})"', text_of(client.get(answer["Location"]))
    )
    assert shown[1] == secrets_kept.in_use(endpoint)[0]
    assert "whsec_" not in text_of(client.get(answer["Location"]))
    assert (endpoint.user, endpoint.kinds, endpoint.scope) == (partner, ["project", "region"], "published")
    assert "Entrepôt" in text_of(client.get("/compte/webhooks/"))


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "https://10.0.0.7/"}, "« 10.0.0.7 » désigne un réseau privé : le portail n’y envoie rien."),
        ({"url": "https://169.254.169.254/latest/"}, "une adresse de lien local"),
        ({"url": "http://recepteur.example/"}, "L’adresse commence par https://"),
        ({"url": "https://moi:x@recepteur.example/"}, "Ôtez le nom et le mot de passe"),
        ({"url": "chez moi"}, "Ce n’est pas une adresse du web"),
        ({"kinds": []}, "Ce champ est obligatoire"),
        ({"kinds": ["secrets"]}, "Sélectionnez un choix valide"),
        ({"scope": "visible"}, "Sélectionnez un choix valide"),
        ({"name": ""}, "Ce champ est obligatoire"),
    ],
)
def test_what_is_refused_is_told_beside_its_field_and_nothing_typed_is_lost(monkeypatch, settings, fields, told):
    settings.WEBHOOK_LOCAL_RECEIVERS = False
    names(monkeypatch, [PUBLIC])
    answer = post(signed_in(user_with(Role.PARTNER)), "/compte/webhooks/", **{**FORM, **fields})
    assert answer.status_code == 422 and told in text_of(answer), text_of(answer)
    assert not Endpoint.objects.exists() and ("Entrepôt" in text_of(answer) or not fields.get("name", "x"))


def test_a_second_webhook_to_one_address_and_an_eleventh_are_refused(monkeypatch):
    names(monkeypatch, [PUBLIC])
    partner = user_with(Role.PARTNER)
    client = signed_in(partner)
    post(client, "/compte/webhooks/", **FORM)
    assert "Un webhook va déjà à cette adresse." in text_of(post(client, "/compte/webhooks/", **FORM))
    for rank in range(9):
        webhook(partner, f"https://recepteur.example/{rank}")
    answer = post(client, "/compte/webhooks/", **{**FORM, "url": f"{URL}/autre"})
    assert answer.status_code == 422 and "supprimez-en un" in text_of(answer)


def test_somebody_without_a_role_makes_none_and_a_partner_none_that_tells_more_than_what_is_published():
    nobody, partner = user_with(), user_with(Role.PARTNER)
    with pytest.raises(ValidationError):
        webhook(nobody)
    with pytest.raises(ValidationError):
        webhook(partner, scope="visible")
    assert webhook(user_with(Role.SECTION_HEAD), scope="visible").scope == "visible"


# --- Changing, stopping, deleting ------------------------------------------------------------------------------------
def test_its_owner_changes_it_and_its_history_says_so(monkeypatch):
    names(monkeypatch, [PUBLIC])
    partner = user_with(Role.PARTNER)
    endpoint, client = webhook(partner, URL), signed_in(partner)
    page = text_of(client.get(f"/compte/webhooks/{endpoint.pk}/modifier/"))
    assert f'value="{URL}"' in page
    post(client, f"/compte/webhooks/{endpoint.pk}/modifier/", **{**FORM, "kinds": ["region"], "name": "Autre nom"})

    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.kinds) == ("Autre nom", ["region"])
    assert list(endpoint.places.values_list("kind", flat=True)) == ["region"]
    history = text_of(client.get(f"/compte/webhooks/{endpoint.pk}/historique/"))
    assert "Autre nom" in history and "whsec" not in history and endpoint.key_sealed not in history


def test_a_secret_is_renewed_and_shown_once_more(monkeypatch):
    partner = user_with(Role.PARTNER)
    endpoint, client = webhook(partner), signed_in(partner)
    before = secrets_kept.in_use(endpoint)[0]
    post(client, f"/compte/webhooks/{endpoint.pk}/secret/")
    page = text_of(client.get(f"/compte/webhooks/{endpoint.pk}/"))
    assert "whsec_" in page and before not in page and "l’ancien signe aussi jusqu’au" in page
    assert "whsec_" not in text_of(client.get(f"/compte/webhooks/{endpoint.pk}/"))


def test_pause_resume_and_delete_are_one_click_each_and_a_double_click_is_one():
    partner = user_with(Role.PARTNER)
    endpoint, client = webhook(partner), signed_in(partner)
    here, key = f"/compte/webhooks/{endpoint.pk}/", {"one_time_key": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(f"{here}pause/", key).status_code == 302
    assert "En pause" in text_of(client.get(here)) and "mis en pause à la main" in text_of(client.get(here))
    post(client, f"{here}reprendre/")
    assert "Actif" in text_of(client.get(here))
    answer = post(client, f"{here}supprimer/")
    assert answer["Location"] == "/compte/webhooks/" and not Endpoint.objects.exists()
    assert Endpoint.pgh_event_model.objects.filter(pgh_label="delete").count() == 1
    assert client.get(here).status_code == 404


def test_an_administrator_stops_somebody_s_webhook_but_neither_changes_it_nor_sees_its_secret_or_what_it_says():
    partner, administrator = user_with(Role.PARTNER), user_with(Role.ADMINISTRATOR)
    endpoint, client = webhook(partner, kinds=["region"]), signed_in(administrator)
    delivery = message(endpoint)
    here = f"/compte/webhooks/{endpoint.pk}/"
    assert endpoint.name in text_of(client.get(f"/personnes/{partner.pk}/webhooks/"))
    assert post(client, f"{here}secret/").status_code == 403
    assert post(client, f"{here}modifier/", **FORM).status_code == 403
    assert "region.changed" not in text_of(client.get(f"{here}envois/{delivery.pk}/"))
    assert post(client, f"{here}pause/").status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.paused_why == "person"
    with pytest.raises(PermissionDenied):
        services.pause(endpoint, by=user_with(Role.SECTION_HEAD))


# --- What was sent ---------------------------------------------------------------------------------------------------
def test_a_test_is_sent_and_its_fate_is_on_its_page():
    partner = user_with(Role.PARTNER)
    client = signed_in(partner)
    with receiver() as desk:
        endpoint = webhook(partner, desk.url)
        desk.answers = [lambda handler: say(handler, 500, b"<script>alert(1)</script> en panne")]
        answer = post(client, f"/compte/webhooks/{endpoint.pk}/essai/")
        assert "À envoyer" in text_of(client.get(answer["Location"]))
        work_at_any_time()
    page = text_of(client.get(answer["Location"]))
    assert "Échoué" in page and "Le destinataire a répondu par une erreur (500)." in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; en panne" in page and "<script>alert" not in page


def test_tests_are_not_a_way_to_knock_at_somebody_s_door_without_end():
    partner = user_with(Role.PARTNER)
    endpoint, client = webhook(partner), signed_in(partner)
    for _time in range(8):
        post(client, f"/compte/webhooks/{endpoint.pk}/essai/")
    assert Delivery.objects.count() == services.MOST_TESTS


def test_the_log_is_filtered_and_its_failures_are_sent_again():
    partner = user_with(Role.PARTNER)
    client = signed_in(partner)
    with receiver() as desk:
        endpoint = webhook(partner, desk.url, ["region"])
        here = f"/compte/webhooks/{endpoint.pk}/"
        failed, sent = message(endpoint), message(endpoint)
        desk.answers = [410, 204]
        work_at_any_time()
        services.resume(endpoint, by=partner)
        work_at_any_time()
        page = text_of(client.get(f"{here}?etat=failed"))
        assert f"envois/{failed.pk}/" in page and f"envois/{sent.pk}/" not in page and "1 envoi" in page
        assert "Renvoyer tout ce qui a échoué" in page
        assert client.get(f"{here}?etat=autre").status_code == 422
        post(client, f"{here}renvoyer/")
        work_at_any_time()
        post(client, f"{here}envois/{sent.pk}/renvoyer/")
        work_at_any_time()
    assert len(desk.got) == 4 and not endpoint.deliveries.exclude(state="sent").exists()
    page = text_of(client.get(f"{here}envois/{sent.pk}/"))
    assert "1, le dernier par" in page and "region.changed" in page
    assert "Renvoyer tout" not in text_of(client.get(here))


def test_the_queries_of_the_page_do_not_grow_with_its_log(django_assert_num_queries):
    partner = user_with(Role.PARTNER)
    endpoint, client = webhook(partner, kinds=["region"]), signed_in(partner)
    counted = []
    for more in (10, 990):
        Delivery.objects.bulk_create(
            [
                Delivery(endpoint=endpoint, kind="region", changes=[[1, "2026-11-27T09:00:00+00:00"]])
                for _n in range(more)
            ]
        )
        with django_assert_num_queries(MOST_QUERIES):
            counted.append(client.get(f"/compte/webhooks/{endpoint.pk}/"))
    first, second = counted
    assert "10 envois" in text_of(first) and "1\u202f000 envois" in text_of(second)
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/compte/webhooks/")


MOST_QUERIES = 7
LIST_QUERIES = 4
