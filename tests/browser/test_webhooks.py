"""A partner's webhook from its making to a failure sent again, in the browser; with and without scripts."""

import re

import pytest
from django.test import override_settings
from playwright.sync_api import expect

from sr_portal.webhooks.models import Endpoint
from tests.webhooks.making import work_at_any_time
from tests.webhooks.receiver import receiver

from .portal import PHONE, WIDE, accessible, cut_off, too_wide

pytestmark = pytest.mark.browser


def faults_of(page) -> list[str]:
    found = []
    for screen in (WIDE, PHONE):
        page.set_viewport_size(screen)
        found += [*accessible(page), *too_wide(page), *cut_off(page)]
    page.set_viewport_size(WIDE)
    return found


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_partner_is_told_of_what_changes(portal, scripts):
    faults = []
    with (
        override_settings(WEBHOOK_LOCAL_RECEIVERS=True),
        receiver() as desk,
        portal.person("partenaire", java_script_enabled=scripts) as page,
    ):
        page.goto(portal.address + "/compte/webhooks/")
        page.get_by_label("Nom", exact=True).fill("Entrepôt de données de l’ambassade")
        page.get_by_label("Adresse", exact=True).fill("http://10.1.2.3/recevoir")
        page.get_by_label("Projets").check()
        page.get_by_role("button", name="Créer le webhook").click()
        expect(page.get_by_text("désigne un réseau privé").first).to_be_visible()
        faults += faults_of(page) if scripts else []

        page.get_by_label("Adresse", exact=True).fill(desk.url)
        page.get_by_role("button", name="Créer le webhook").click()
        secret = page.get_by_label("Secret", exact=True)
        expect(secret).to_have_value(re.compile("^whsec_"))
        faults += faults_of(page) if scripts else []

        desk.answers = [500, 204]
        page.get_by_role("button", name="Envoyer un essai").click()
        work_at_any_time()
        page.reload()
        expect(page.get_by_text("Le destinataire a répondu par une erreur (500).")).to_be_visible()
        faults += faults_of(page) if scripts else []
        page.get_by_role("button", name="Renvoyer").click()
        work_at_any_time()
        page.reload()
        expect(page.get_by_text("Remis")).to_be_visible()

        page.get_by_role("link", name="Entrepôt de données").click()
        expect(secret).to_have_count(0)
        page.get_by_role("button", name="Mettre en pause").click()
        expect(page.get_by_text("mis en pause à la main")).to_be_visible()
        faults += faults_of(page) if scripts else []
        page.get_by_role("button", name="Supprimer").click()
        if scripts:
            page.get_by_role("dialog").get_by_role("button", name="Supprimer").click()
        expect(page.get_by_text("Aucun webhook pour l’instant.")).to_be_visible()
    assert not faults, "\n".join(faults)
    assert not Endpoint.objects.exists() and len(desk.got) == 2
