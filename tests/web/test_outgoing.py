"""Mail: content-free, over TLS or not at all, its failures without a word about anybody."""

from __future__ import annotations

import base64
import datetime as dt
import io
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from config.logs import configure_logs
from config.settings import ConfigurationError
from core.outgoing.console import Console
from core.outgoing.gateway import Gateway
from core.outgoing.message import Message, NotCarriedError
from core.outgoing.smtp import Mail
from core.outgoing.ways import init_outgoing
from tests.support.instances import settings_for
from tests.support.mailing import MailServer, mail_server

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"])
ADDRESS = "gizli.kisi@ham.example"


def message(**changes: object) -> Message:
    given = {"id": uuid4(), "to": ADDRESS, "language": "ar", "subject": "حماية: حان موعد", "text": "نص\n"}
    return Message(**{**given, **changes})  # type: ignore[arg-type] # the test names the fields


def mail(server: MailServer, scheme: str, user: str = "", host: str = "localhost") -> Mail:
    url = f"{scheme}://{user}{host}:{server.port}"
    return Mail.of(settings_for("/srv/himaya", SMTP_URL=url, MAIL_FROM="notices@himaya.example"))


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """A context for a server called localhost, and the file of the authority that vouches for it."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


@pytest.mark.parametrize(("scheme", "at_once"), [("smtp", False), ("smtps", True)])
def test_it_goes_over_tls_under_its_own_id(
    tls: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch, scheme: str, at_once: bool
) -> None:
    context, authority = tls
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    id = UUID("00000000-0000-4000-8000-000000000007")
    with mail_server(context=context, at_once=at_once) as server:
        mail(server, scheme, "himaya:ge%40heim@").carry(message(id=id))
    [taken] = server.taken
    assert taken["Message-ID"] == f"<{id}@himaya.example>"
    assert (taken["To"], taken["From"]) == (ADDRESS, "notices@himaya.example")
    assert (taken["Content-Language"], taken["Auto-Submitted"]) == ("ar", "auto-generated")
    assert taken["Subject"] == "حماية: حان موعد"
    assert taken.get_content().strip() == "نص"
    spoken = [command.split()[0].upper() for command in server.said]
    assert "AUTH" in spoken
    if not at_once:
        assert spoken.index("STARTTLS") < spoken.index("AUTH")


@pytest.mark.parametrize("offered", [False, True])
def test_without_tls_that_can_be_trusted_nothing_is_said(
    tls: tuple[ssl.SSLContext, Path], offered: bool
) -> None:
    """Neither to a server that offers none, nor to one for whom nobody vouches."""
    known = tls[0] if offered else None
    with mail_server(context=known) as server, pytest.raises(NotCarriedError) as refused:
        mail(server, "smtp").carry(message())
    assert not refused.value.final
    assert not [command for command in server.said if command.upper().startswith(("MAIL", "AUTH", "RCPT"))]
    assert server.taken == []


@pytest.mark.parametrize(("answer", "final"), [("550 no such person", True), ("451 later", False)])
def test_what_the_other_side_says_of_a_receiver_decides_whether_to_try_again(
    answer: str, final: bool
) -> None:
    with mail_server(receiver=answer) as server, pytest.raises(NotCarriedError) as refused:
        mail(server, "smtp+plain").carry(message())
    assert refused.value.final is final
    assert ADDRESS not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_a_server_that_is_away_is_tried_later() -> None:
    with mail_server() as server:
        pass
    with pytest.raises(NotCarriedError) as refused:
        mail(server, "smtp+plain").carry(message())
    assert not refused.value.final


def test_without_a_server_the_log_says_that_something_would_have_left() -> None:
    log = io.StringIO()
    configure_logs("info", log)
    one = message()
    Console().carry(one)
    assert "message.shown" in log.getvalue()
    assert str(one.id) in log.getvalue()
    assert ADDRESS not in log.getvalue() + repr(one)


class _Gateway(BaseHTTPRequestHandler):
    """Takes what is posted, and answers as it was told."""

    status, asked = 200, list[tuple[str, str | None, dict[str, list[str]]]]()

    context: ssl.SSLContext

    def setup(self) -> None:
        self.request = self.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()  # after a handshake it is no longer the one that the server knows

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.asked.append((self.path, self.headers["Authorization"], parse_qs(body)))
        self.send_response(self.status)
        self.send_header("Location", "https://localhost:1/elsewhere")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Not into the output of the tests."""


class _Quiet(ThreadingHTTPServer):
    """Whoever goes away in the handshake is no failure of the test."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture
def gateway(tls: tuple[ssl.SSLContext, Path]) -> Iterator[int]:
    """A gateway on this machine; gives its port."""
    _Gateway.asked.clear()
    _Gateway.context = tls[0]
    with _Quiet(("127.0.0.1", 0), _Gateway) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def sms(port: int, **given: str) -> Gateway:
    url = f"https://user:ge%40heim@localhost:{port}/send?v=1"
    return Gateway.of(settings_for("/srv/himaya", **{"SMS_URL": url, **given}))


def test_an_sms_is_posted_over_tls_with_the_fields_of_the_operator(
    tls: tuple[ssl.SSLContext, Path], gateway: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    one = message(to="+905320000007", text="لديك شيء جديد & أكثر\n")
    sms(gateway, SMS_FIELDS="msisdn={to}&body={text}&sender=POST&ref={id}").carry(one)
    fields = {"msisdn": [one.to], "body": ["لديك شيء جديد & أكثر"], "sender": ["POST"], "ref": [str(one.id)]}
    basic = "Basic " + base64.b64encode(b"user:ge@heim").decode()
    assert _Gateway.asked == [("/send?v=1", basic, fields)]
    sms(gateway, SMS_AUTHORIZATION="Bearer x").carry(one)
    assert _Gateway.asked[1][1] == "Bearer x"


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (422, True), (302, False), (401, False), (503, False)]
)
def test_a_gateway_that_does_not_take_it_says_whether_to_try_again(
    tls: tuple[ssl.SSLContext, Path],
    gateway: int,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    final: bool,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    monkeypatch.setattr(_Gateway, "status", status)
    with pytest.raises(NotCarriedError) as refused:
        sms(gateway).carry(message())
    assert refused.value.final is final
    assert len(_Gateway.asked) == 1  # no redirection is followed


def test_a_gateway_for_whom_nobody_vouches_learns_nothing(gateway: int) -> None:
    with pytest.raises(NotCarriedError) as refused:
        sms(gateway).carry(message())
    assert not refused.value.final
    assert _Gateway.asked == []


def test_people_are_offered_what_is_set_in_a_neutral_name() -> None:
    def ways(**given: str) -> dict[str, object]:
        app = Flask("ways")
        safe = {"HIMAYA_MODE": "production", "BASE_URL": "https://h.example", "HIMAYA_ARGON2": "standard"}
        init_outgoing(app, settings_for("/srv/himaya", **safe, **given))
        return dict(app.extensions["himaya.ways"])

    mail_server_ = {"SMTP_URL": "smtps://mail.example"}
    assert ways() == {}
    assert ways(**mail_server_) == {}  # in the name of what we are nobody is told
    found = ways(**mail_server_, NOTICE_FROM="Post <post@neutral.example>", SMS_URL="https://sms.example/")
    assert set(found) == {"mail", "sms"}
    letter = found["mail"]._letter(message())  # type: ignore[attr-defined] # as it would go out
    assert letter["From"] == "Post <post@neutral.example>"
    assert "neutral.example" in letter["Message-ID"]
    for given in (
        {"NOTICE_FROM": "Himaya <post@neutral.example>"},
        {"NOTICE_FROM": "nobody"},
        {"SMS_URL": "http://sms.example/"},
        {"SMS_URL": "https://"},
        {"SMS_FIELDS": "to={to}"},
        {"SMS_FIELDS": "to={to}&text={text}&x={secret}"},
    ):
        with pytest.raises(ConfigurationError):
            ways(**mail_server_, **given)
