from dataclasses import replace
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import NOW, Organisation, few, many
from vault import Certificate, PersonSecret, SignedCertificate, Unreadable, Untrusted, issue, pack
from vault.certificates import KINDS, IssuerKind, OrganisationKeyKind

HOUSE = Organisation()
SECRET = PersonSecret.new(HOUSE.root.public)
PERSON = HOUSE.person(SECRET, "caseworker", "coordinator")


def test_what_is_said_comes_back() -> None:
    signed = SignedCertificate.from_bytes(issue(PERSON, HOUSE.root).to_bytes())
    assert signed.claims() == PERSON
    assert signed.claims().roles == ("caseworker", "coordinator")


@few
@given(
    st.lists(st.text(max_size=10), max_size=4),
    st.integers(1, 2**40),
    st.integers(1, 2**31),
    st.sampled_from(get_args(IssuerKind)),
    st.uuids(),
)
def test_every_certificate_reads_back_to_the_same_statement(
    roles: list[str], serial: int, epoch: int, issuer_kind: IssuerKind, issuer: UUID
) -> None:
    said = replace(
        PERSON,
        roles=tuple(roles),
        serial=serial,
        epoch=epoch,
        issuer_kind=issuer_kind,
        issuer_id=None if issuer_kind == "root" else issuer,
    )
    read = Certificate.from_statement(said.statement())
    assert read == said
    assert read.statement() == said.statement()


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "root"},
        {"kind": ""},
        {"issuer_kind": "recovery"},
        {"issuer_kind": "person"},
        {"issuer_id": UUID(int=7)},
        {"hpke_public": b""},
        {"hpke_public": bytes(1215)},
        {"sign_public": b""},
        {"sign_public": bytes(33)},
        {"serial": 0},
        {"epoch": 0},
        {"not_after": NOW - 90_000},
        {"kind": "desk"},
        {"kind": "invitation"},
    ],
    ids=str,
)
def test_what_could_mean_nothing_is_no_certificate(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no certificate"):
        HOUSE.person(SECRET, **changes)


@pytest.mark.parametrize("kind", get_args(OrganisationKeyKind))
def test_keys_of_the_organisation_seal_and_do_not_sign(kind: str) -> None:
    member = HOUSE.member("coordinator")
    assert HOUSE.key(kind, member).kind == kind
    with pytest.raises(ValueError, match="no certificate"):
        HOUSE.key(kind, member, sign_public=bytes(32))


def _parts() -> list[object]:
    return [
        1,
        HOUSE.id,
        "person",
        PERSON.subject_id,
        pack("lawyer"),
        PERSON.hpke_public,
        PERSON.sign_public,
        1,
        1,
        NOW,
        NOW + 1,
        "root",
        None,
    ]


def test_the_parts_below_are_a_certificate() -> None:
    assert Certificate.from_statement(pack(*_parts())).roles == ("lawyer",)  # type: ignore[arg-type]  # a list of parts


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (0, 2),
        (1, "house"),
        (2, "root"),
        (3, None),
        (4, b"lawyer"),
        (4, pack(b"lawyer")),
        (4, pack("lawyer") + b"\0"),
        (5, b""),
        (6, bytes(31)),
        (7, 0),
        (8, None),
        (9, NOW + 1),
        (10, "never"),
        (11, "recovery"),
        (12, UUID(int=7)),
    ],
    ids=str,
)
def test_a_statement_that_means_nothing_is_untrusted(place: int, wrong: object) -> None:
    parts = _parts()
    parts[place] = wrong
    with pytest.raises(Untrusted):
        Certificate.from_statement(pack(*parts))  # type: ignore[arg-type]  # a list of parts


@pytest.mark.parametrize("statement", [b"", b"x", pack(), pack(1)])
def test_other_bytes_are_untrusted(statement: bytes) -> None:
    with pytest.raises(Untrusted):
        SignedCertificate(statement, bytes(64)).claims()


@many
@given(st.binary(max_size=80))
def test_any_bytes_are_refused_in_the_family(data: bytes) -> None:
    with pytest.raises((Unreadable, Untrusted)):
        SignedCertificate.from_bytes(data).claims()


def test_a_certificate_holds_from_its_first_second_to_before_its_last() -> None:
    assert not PERSON.covers(PERSON.not_before - 1)
    assert PERSON.covers(PERSON.not_before)
    assert PERSON.covers(PERSON.not_after - 1)
    assert not PERSON.covers(PERSON.not_after)


def test_the_fingerprint_covers_both_public_keys() -> None:
    other = PersonSecret.new(HOUSE.root.public)
    printed = {
        PERSON.fingerprint(),
        replace(PERSON, hpke_public=other.pair.public).fingerprint(),
        replace(PERSON, sign_public=other.signer.public).fingerprint(),
    }
    assert len(printed) == 3
    assert replace(PERSON, roles=(), serial=2).fingerprint() == PERSON.fingerprint()


def test_every_kind_of_the_design_exists() -> None:
    assert set(KINDS) == {
        "person",
        "invitation",
        "recovery",
        "supervision",
        "desk",
        "match",
        "statistics",
        "partner",
        "dossier",
    }
