"""Mail: content-free, over TLS or not at all, its failures without a word about anybody."""

from __future__ import annotations

import datetime as dt
import io
import ssl
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.logs import configure_logs
from core.outgoing.console import Console
from core.outgoing.message import Message, NotCarriedError
from core.outgoing.smtp import Mail
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
