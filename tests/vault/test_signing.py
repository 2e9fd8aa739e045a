import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped
from vault import Signer, Unreadable, Untrusted, verify

SIGNER = Signer.new()


@few
@given(st.text(max_size=20), st.binary(max_size=100), st.integers(0, 511))
def test_a_signature_holds_for_its_label_and_message_only(label: str, message: bytes, bit: int) -> None:
    signature = SIGNER.sign(label, message)
    verify(SIGNER.public, label, message, signature)
    with pytest.raises(Untrusted):
        verify(SIGNER.public, label + "x", message, signature)
    with pytest.raises(Untrusted):
        verify(SIGNER.public, label, message + b"x", signature)
    with pytest.raises(Untrusted):
        verify(SIGNER.public, label, message, flipped(signature, bit))


def test_label_and_message_cannot_be_shifted() -> None:
    with pytest.raises(Untrusted):
        verify(SIGNER.public, "ab", b"c", SIGNER.sign("a", b"bc"))


@pytest.mark.parametrize("public", [b"", bytes(31), Signer.new().public, bytes(33)], ids=len)
def test_another_or_malformed_public_key_does_not_verify(public: bytes) -> None:
    with pytest.raises(Untrusted):
        verify(public, "label", b"message", SIGNER.sign("label", b"message"))


def test_a_signer_comes_back_from_its_seed() -> None:
    again = Signer.from_seed(SIGNER.seed())
    assert again == SIGNER
    assert again.public == SIGNER.public
    for wrong in (b"", bytes(31), bytes(33)):
        with pytest.raises(Unreadable):
            Signer.from_seed(wrong)


def test_the_repr_shows_no_seed() -> None:
    assert repr(SIGNER) == "Signer()"
