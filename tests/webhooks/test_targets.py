"""Where a webhook may go: what is refused, in which words, when it is typed and when it is sent."""

import socket

import pytest
from django.core.exceptions import ValidationError

from sr_portal.webhooks import posting, targets

PUBLIC = "93.184.215.14"

INSIDE = {
    "0.0.0.0": "cette machine",
    "127.0.0.1": "cette machine",
    "127.255.3.9": "cette machine",
    "::1": "cette machine",
    "::": "cette machine",
    "10.1.2.3": "un réseau privé",
    "172.16.0.1": "un réseau privé",
    "172.31.255.255": "un réseau privé",
    "192.168.1.1": "un réseau privé",
    "fd12:3456::1": "un réseau privé",
    "fd00:ec2::254": "un réseau privé",  # the metadata of a cloud, over IPv6
    "fec0::1": "un réseau privé",
    "169.254.169.254": "une adresse de lien local",  # the metadata of most clouds
    "fe80::1": "une adresse de lien local",
    "fe80::1%eth0": "une adresse de lien local",
    "100.64.0.1": "le réseau d’un opérateur",
    "100.100.100.200": "le réseau d’un opérateur",  # the metadata of another
    "168.63.129.16": "l’intérieur d’un nuage",
    "192.0.0.192": "une plage réservée",  # and of a third
    "192.0.2.1": "une plage réservée",
    "198.18.0.1": "une plage réservée",
    "198.51.100.7": "une plage réservée",
    "203.0.113.9": "une plage réservée",
    "240.0.0.1": "une plage réservée",
    "255.255.255.255": "une plage réservée",
    "224.0.0.1": "un groupe de machines",
    "239.255.255.250": "un groupe de machines",
    "ff02::1": "un groupe de machines",
    "::ffff:127.0.0.1": "cette machine",
    "::ffff:10.0.0.1": "un réseau privé",
    "::ffff:169.254.169.254": "une adresse de lien local",
    "::10.0.0.1": "un réseau privé",
    "64:ff9b::a00:1": "un réseau privé",  # 10.0.0.1 behind a NAT64
    "64:ff9b:1::1": "une plage réservée",
    "2002:7f00:1::": "une plage réservée",  # 6to4 of 127.0.0.1
    "2001:0:4136:e378:8000:63bf:3fff:fdd2": "une plage réservée",  # Teredo
    "2001:db8::1": "une plage réservée",
    "100::1": "une plage réservée",
    "4000::1": "une plage réservée",  # given to nobody yet
}


def names(monkeypatch, *answers: list[str]) -> None:
    """Each look-up gives the next of these lists of addresses, then the last one again."""
    left, plain = list(answers), socket.getaddrinfo

    def look_up(host, port, *asked, **more):
        if host[0].isdigit():  # what is dialled is no name
            return plain(host, port, *asked, **more)
        found = left.pop(0) if len(left) > 1 else left[0]
        kind = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kind[":" in one], socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(targets.socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(("address", "why"), INSIDE.items())
def test_a_name_that_leads_inside_is_refused_when_typed_and_when_sent(monkeypatch, address, why):
    names(monkeypatch, [address])
    dialled = []
    monkeypatch.setattr(posting.socket, "create_connection", lambda *asked, **_more: dialled.append(asked))

    with pytest.raises(ValidationError) as refused:
        targets.check("https://recepteur.example/recevoir")
    assert refused.value.messages == [f"« recepteur.example » désigne {why} : le portail n’y envoie rien."]
    answer = posting.post("https://recepteur.example/recevoir", {}, b"{}")
    assert answer.status is None and why in answer.error and not dialled


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_not(address):
    assert targets.refusal(address) == ""


def test_one_address_inside_among_others_refuses_them_all(monkeypatch):
    names(monkeypatch, [PUBLIC, "10.0.0.1"])
    with pytest.raises(ValidationError):
        targets.check("https://recepteur.example/")


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.1", "[::1]", "localhost"])
def test_other_ways_to_write_this_machine_lead_nowhere(host):
    with pytest.raises(ValidationError):
        targets.check(f"https://{host}/")


def test_a_name_that_answers_otherwise_at_the_sending_is_refused_then(monkeypatch):
    names(monkeypatch, [PUBLIC], ["127.0.0.1"])
    targets.check("https://recepteur.example/")
    assert "désigne cette machine" in posting.post("https://recepteur.example/", {}, b"{}").error


def test_what_is_dialled_is_the_address_that_was_checked_and_no_name(monkeypatch):
    names(monkeypatch, [PUBLIC], ["127.0.0.1"])
    dialled = []

    def dial(place, **_more):
        dialled.append(place)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(posting.socket, "create_connection", dial)
    answer = posting.post("https://recepteur.example/", {}, b"{}")

    assert dialled == [(PUBLIC, 443)] and answer.error == "La connexion a échoué : Connection refused"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://recepteur.example/", "L’adresse commence par https://"),
        ("ftp://recepteur.example/", "Ce n’est pas une adresse du web"),
        ("file:///etc/passwd", "Ce n’est pas une adresse du web"),
        ("recepteur.example", "Ce n’est pas une adresse du web"),
        ("https://", "Ce n’est pas une adresse du web"),
        ("https://recepteur.example:99999/", "Ce n’est pas une adresse du web"),
        ("https://recepteur.example\\@10.0.0.1/", "Ôtez le nom et le mot de passe"),
        ("https://recepteur.example/a b", "Ce n’est pas une adresse du web"),
        ("https://recepteur.example/\r\nHost: x", "Ce n’est pas une adresse du web"),
        ("https://moi:secret@recepteur.example/", "Ôtez le nom et le mot de passe"),
        ("https://recepteur.example/#ici", "Ôtez ce qui suit « # »"),
        ("https://recepteur.example:22/", "Le port 22 n’est pas permis : 443, 8443 seulement."),
        ("https://recepteur.example:80/", "Le port 80 n’est pas permis"),
        ("https://recepteur.example/reçu", "Écrivez les accents du chemin"),
        ("https://recepteur.example/" + "a" * 500, "Au plus 500 caractères."),
    ],
)
def test_an_address_of_another_form_is_refused_in_words(url, told):
    with pytest.raises(ValidationError) as refused:
        targets.parse(url)
    assert refused.value.messages[0].startswith(told)


def test_a_name_with_accents_is_asked_for_in_ascii():
    assert targets.parse("https://récepteur.example:8443/a?b=1") == targets.Target(
        "https", "xn--rcepteur-b1a.example", 8443, "/a?b=1"
    )


def test_a_name_that_nobody_has_is_told(monkeypatch):
    def nobody(*_asked, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(targets.socket, "getaddrinfo", nobody)
    with pytest.raises(ValidationError, match="ne correspond à aucune adresse"):
        targets.check("https://recepteur.example/")


def test_in_clear_only_to_this_machine_even_where_a_setting_allows_it(settings, monkeypatch):
    settings.WEBHOOK_LOCAL_RECEIVERS = True
    targets.check("http://127.0.0.1:8765/")
    with pytest.raises(ValidationError, match="rien ne part en clair"):
        names(monkeypatch, [PUBLIC])
        targets.check("http://recepteur.example/")
    with pytest.raises(ValidationError, match="un réseau privé"):
        names(monkeypatch, ["10.0.0.1"])
        targets.check("https://recepteur.example/")
