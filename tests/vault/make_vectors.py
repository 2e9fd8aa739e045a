"""Writes our own vectors, run as `python -m tests.vault.make_vectors` when a new format version is added.

What stands in vectors.json was sealed once and must open for ever, so the file is added to and
never replaced: a name that exists is left alone. The external vectors in the same file
come from the documents named there.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from tests.vault.cast import FAST, NOW, PEPPER
from vault import (
    Certificate,
    Checkpoint,
    Context,
    GrantScope,
    Key,
    Pair,
    PersonSecret,
    ReceiptKey,
    RecoverySecret,
    Sealer,
    SessionToken,
    Signer,
    derive,
    fingerprint,
    first_link,
    grant,
    grant_private,
    head_digest,
    issue,
    key_from_secret,
    link,
    lock_with_code,
    lock_with_password,
    match_token,
    nest_token,
    new_papers,
    pack,
    ring_wrap,
    root_fingerprint,
    row_context,
    seal,
    seal_committed,
    seal_recovery,
    seal_secret,
    seal_to,
    slow_token,
    wrap,
    wrap_to,
)

FILE = Path(__file__).with_name("vectors.json")

ORGANISATION, CASE, ROW, PERSON = (UUID(int=number) for number in (1, 2, 3, 4))
KEY = Key(bytes(range(32)), 7)
OTHER_KEY = Key(bytes(range(32, 64)), 2)
SERVER_KEY = bytes(range(64, 96))
PAIR = Pair(bytes(range(96)))
SIGNER = Signer(bytes(range(96, 128)))
RING = Key(bytes(range(128, 160)))
TOKEN = SessionToken(bytes(range(48)))
PLAINTEXT = "سرّ · sır · secret".encode()
CONTEXT = row_context(ORGANISATION, CASE, "notes", ROW, 5)
SCOPE = GrantScope(ORGANISATION, "case", CASE, PERSON)
DESK_SCOPE = GrantScope(ORGANISATION, "desk", ROW, PERSON)
PASSWORD = "üç kırmızı bisiklet"
CODE = "0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ"
SECRET = PersonSecret(PAIR, SIGNER, RING, bytes(range(20)), root_fingerprint(SIGNER.public))
RECOVERY = RecoverySecret(PAIR, SIGNER)
RECEIPT = "0123 4567 8901 2345 6789 0105"
CERTIFICATE = Certificate(
    organisation_id=ORGANISATION,
    kind="person",
    subject_id=PERSON,
    roles=("lawyer", "caseworker"),
    hpke_public=PAIR.public,
    sign_public=SIGNER.public,
    serial=1,
    epoch=1,
    not_before=NOW,
    not_after=NOW + 1,
)


def computed() -> dict[str, bytes | str]:
    """What always comes out the same."""
    checkpoint = Checkpoint(ORGANISATION, 2, link(first_link(ORGANISATION), b"entry"), NOW)
    return {
        "pack": pack("text", b"bytes", -129, UUID(int=5), None, 2**70),
        "row context": CONTEXT,
        "derived key": derive(KEY, "label").material,
        "key from secret": key_from_secret(bytes(16), "label").material,
        "pair public": PAIR.public,
        "sign public": SIGNER.public,
        "signature": SIGNER.sign("label", b"message"),
        "fingerprint": fingerprint(PAIR.public),
        "root fingerprint": root_fingerprint(SIGNER.public),
        "certificate statement": CERTIFICATE.statement(),
        "certificate": issue(CERTIFICATE, SIGNER).to_bytes(),
        "person secret": SECRET.to_bytes(),
        "recovery secret": RECOVERY.to_bytes(),
        "cookie": TOKEN.to_cookie(),
        "lookup hash": TOKEN.lookup_hash(),
        "match token": match_token(SERVER_KEY, KEY, "given+father", "احمد", "محمد"),
        "nested token": nest_token(bytes(32), SERVER_KEY),
        "slow token": slow_token(SERVER_KEY, KEY, "phone", "+905321112233"),
        "receipt lookup": ReceiptKey.of(RECEIPT, PEPPER).lookup,
        "digest of a long stream": _long_stream(),
        "first link": first_link(ORGANISATION),
        "link": link(first_link(ORGANISATION), b"entry"),
        "checkpoint": checkpoint.sign(SIGNER),
        "head": head_digest([("notes", ROW, 5), ("cases", CASE, 1), ("notes", CASE, 2)]),
    }


def sealed() -> dict[str, bytes | str]:
    """What comes out differently each time, and must open for ever."""
    given = grant(OTHER_KEY, SCOPE, PAIR.public, PERSON, SIGNER)
    private = grant_private(PLAINTEXT, 3, DESK_SCOPE, PAIR.public, PERSON, SIGNER)
    papers = new_papers(ORGANISATION)
    return {
        "record": seal(KEY, PLAINTEXT, CONTEXT),
        "committed": seal_committed(KEY, PLAINTEXT, CONTEXT),
        "wrap": wrap(OTHER_KEY, KEY, CONTEXT),
        "to pair": seal_to(PAIR.public, PLAINTEXT, Context("message", 1)),
        "key to pair": wrap_to(PAIR.public, OTHER_KEY, Context("message", 1)),
        "password lock": lock_with_password(SECRET, PASSWORD, PERSON, PEPPER),
        "fast password lock": lock_with_password(SECRET, PASSWORD, PERSON, PEPPER, FAST),
        "code lock": lock_with_code(SECRET, CODE, PERSON, PEPPER),
        "session row": seal_secret(TOKEN, PLAINTEXT, ROW),
        "grant": pack(given.sealed, given.signature, given.epoch),
        "private grant": pack(private.sealed, private.signature, private.epoch),
        "key on ring": ring_wrap(OTHER_KEY, RING, SCOPE),
        "receipt pair": ReceiptKey.of(RECEIPT, PEPPER).seal(PAIR, ROW),
        "stream": _stream([PLAINTEXT]),
        "empty stream": _stream([]),
        "recovery box": seal_recovery(RECOVERY, ORGANISATION, [paper.holder for paper in papers]).to_bytes(),
        "papers": " ".join(paper.code for paper in papers),
    }


def _stream(written: list[bytes]) -> bytes:
    sealer = Sealer(KEY, CONTEXT)
    return b"".join([*(chunk for data in written for chunk in sealer.write(data)), sealer.finish()])


def _long_stream() -> bytes:
    """Digest of three chunks, too long to stand in the file, under a salt that is always the same."""
    with patch("vault.streams.os.urandom", lambda size: bytes(range(size))):
        return sha256(_stream([PLAINTEXT * 6_000])).digest()


def _texts(values: dict[str, bytes | str]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        yield name, value if isinstance(value, str) else value.hex()


def main() -> None:
    """Add the vectors of this version that the file does not have yet."""
    vectors = json.loads(FILE.read_text())
    for part, values in {"computed": computed(), "sealed": sealed()}.items():
        kept = vectors.setdefault(part, {})
        kept.update({name: text for name, text in _texts(values) if name not in kept})
    FILE.write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
