"""One POST: what leaves, and that no receiver can hold, feed or lead the portal astray."""

import datetime as dt
import ssl
import time
from unittest import mock

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sr_portal.webhooks import posting, targets

from .receiver import receiver, say
from .test_targets import names

NAME = "recepteur.example"


@pytest.fixture(autouse=True)
def local(settings):
    settings.WEBHOOK_LOCAL_RECEIVERS = True


def test_the_body_the_headers_and_the_path_arrive_as_they_are():
    with receiver() as desk:
        answer = posting.post(desk.url, {"webhook-id": "msg_1"}, b'{"a": "\xc3\xa9"}')

    (got,) = desk.got
    assert (answer.status, answer.error, answer.was_taken) == (204, "", True)
    assert (got.path, got.body) == ("/recevoir?de=portail", b'{"a": "\xc3\xa9"}')
    assert got.headers["webhook-id"] == "msg_1" and got.headers["content-type"] == "application/json"
    assert got.headers["host"] == desk.url.split("/")[2] and got.headers["user-agent"] == "Portail-SR-Webhooks/1"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirection_is_followed(status):
    with receiver() as elsewhere, receiver() as desk:
        desk.answers = [lambda handler: say(handler, status, Location=elsewhere.url)]
        answer = posting.post(desk.url, {}, b"{}")

    assert answer.status == status and "aucun renvoi n’est suivi" in answer.error
    assert len(desk.got) == 1 and not elsewhere.got


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "par une erreur (400)"),
        (401, "a refusé l’envoi (401)"),
        (410, "ne veut plus"),
        (500, "par une erreur (500)"),
    ],
)
def test_a_refusal_is_told_in_words(status, told):
    with receiver() as desk:
        desk.answers = [status]
        answer = posting.post(desk.url, {}, b"{}")
    assert answer.status == status and told in answer.error


def test_of_a_huge_answer_only_the_start_is_read_and_its_signs_are_plain():
    def flood(handler) -> None:
        handler.send_response(500)
        handler.end_headers()
        try:
            handler.wfile.write(b"\x00<b>Panne\r\n" + b"x" * 50_000_000)
        except OSError:
            return

    with receiver() as desk:
        desk.answers = [flood]
        answer = posting.post(desk.url, {}, b"{}")
    assert answer.status == 500 and answer.excerpt.startswith("<b>Panne  xxx")
    assert len(answer.excerpt) <= posting.EXCERPT_BYTES


@pytest.mark.parametrize("where", ["headers", "silence"])
def test_a_receiver_that_drips_is_cut_off(monkeypatch, where):
    """Each byte comes before any socket would give up: only the time of the whole can end it."""
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.6)

    def drip(handler) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 100:
                if where == "headers":
                    handler.wfile.write(bytes([byte]))
                time.sleep(0.1)
        except OSError:
            return

    with receiver() as desk:
        desk.answers = [drip]
        began = time.monotonic()
        answer = posting.post(desk.url, {}, b"{}")
    assert answer.status is None and answer.error.startswith("Pas de réponse à temps")
    assert time.monotonic() - began < 5


def test_a_success_whose_body_never_ends_is_a_success(monkeypatch):
    monkeypatch.setattr(posting, "TOTAL_SECONDS", 0.6)

    def hang(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "500")
        handler.end_headers()
        time.sleep(2)

    with receiver() as desk:
        desk.answers = [hang]
        answer = posting.post(desk.url, {}, b"{}")
    assert answer.was_taken and answer.status == 200


def test_what_is_no_http_is_told():
    with receiver() as desk:
        desk.answers = [lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")]
        answer = posting.post(desk.url, {}, b"{}")
    assert answer.error == "La réponse n’est pas du HTTP : BadStatusLine"


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch):
    with receiver() as proxy, receiver() as desk:
        monkeypatch.setenv("http_proxy", proxy.url)
        posting.post(desk.url, {}, b"{}")
    assert len(desk.got) == 1 and not proxy.got


def test_the_second_address_is_tried_when_the_first_is_silent():
    with receiver() as desk:
        target = targets.parse(desk.url)
        with posting._Line(target, ["127.0.0.9", "127.0.0.1"]) as line:
            answer = line.exchange({}, b"{}", time.monotonic())
    assert answer.was_taken


# --- TLS -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def certificate(tmp_path):
    """A certificate for NAME that signs itself: the path of its file, and a way to serve with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    today = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - dt.timedelta(days=1)).not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "certificate.pem"
    clear = serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, clear)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return path, lambda sock: context.wrap_socket(sock, server_side=True)


def trusting(path):
    def context():
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        made.load_verify_locations(path)
        return made

    return mock.patch.object(posting.ssl, "create_default_context", context)


def test_over_tls_the_name_is_verified_though_the_address_is_dialled(monkeypatch, certificate):
    path, wrap = certificate
    names(monkeypatch, ["127.0.0.1"])
    with receiver(wrap) as desk, trusting(path):
        port = desk.url.split(":")[2].split("/")[0]
        answer = posting.post(f"https://{NAME}:{port}/", {}, b"{}")
        other = posting.post(f"https://autre.example:{port}/", {}, b"{}")

    assert answer.was_taken, answer
    assert desk.got[0].headers["host"] == f"{NAME}:{port}"
    assert other.error.startswith("Le certificat n’est pas valable") and len(desk.got) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(monkeypatch, certificate):
    names(monkeypatch, ["127.0.0.1"])
    with receiver(certificate[1]) as desk:
        answer = posting.post(desk.url.replace("http://127.0.0.1", f"https://{NAME}"), {}, b"{}")
    assert answer.error.startswith("Le certificat n’est pas valable") and not desk.got
