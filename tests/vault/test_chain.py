from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import NOW, many
from vault import Checkpoint, Signer, Untrusted, first_link, link


def head(entries: list[bytes], start: bytes) -> bytes:
    for entry in entries:
        start = link(start, entry)
    return start


START = first_link(uuid4())


@many
@given(st.lists(st.binary(max_size=8), max_size=6), st.lists(st.binary(max_size=8), max_size=6))
def test_a_head_stands_for_exactly_its_entries_in_order(one: list[bytes], other: list[bytes]) -> None:
    assert (head(one, START) == head(other, START)) == (one == other)


def test_organisations_start_apart() -> None:
    assert len({first_link(uuid4()), first_link(uuid4()), first_link(None)}) == 3
    assert first_link(None) == first_link(None)


@pytest.mark.parametrize("previous", [b"", bytes(31), bytes(33)], ids=len)
def test_a_link_needs_a_link(previous: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        link(previous, b"entry")


def test_a_checkpoint_holds_for_what_it_says_only() -> None:
    signer = Signer.new()
    checkpoint = Checkpoint(uuid4(), 3, head([b"a", b"b", b"c"], START), NOW)
    signature = checkpoint.sign(signer)
    checkpoint.verify(signer.public, signature)
    truncated = replace(checkpoint, length=2, head=head([b"a", b"b"], START))
    for other in (
        truncated,
        replace(checkpoint, length=4),
        replace(checkpoint, moment=NOW + 1),
        replace(checkpoint, organisation_id=uuid4()),
        replace(checkpoint, organisation_id=None),
    ):
        with pytest.raises(Untrusted):
            other.verify(signer.public, signature)
    with pytest.raises(Untrusted):
        checkpoint.verify(Signer.new().public, signature)
