import pytest

from tests.vault.cast import FAST
from vault import Key, Profile, match_token, nest_token, slow_token

SERVER = bytes(range(32))
MATCH = Key(bytes(range(32, 64)))


def test_the_same_pair_gives_the_same_token() -> None:
    token = match_token(SERVER, MATCH, "given+father", "احمد", "محمد")
    assert token == match_token(SERVER, MATCH, "given+father", "احمد", "محمد")
    assert len(token) == 32


def test_a_token_depends_on_everything_in_it() -> None:
    variants = [
        match_token(SERVER, MATCH, "given+father", "a", "b"),
        match_token(SERVER, MATCH, "given+father", "b", "a"),
        match_token(SERVER, MATCH, "given+father", "a", "c"),
        match_token(SERVER, MATCH, "given+father", "ab", ""),
        match_token(SERVER, MATCH, "given+father", "a", "b", ""),
        match_token(SERVER, MATCH, "given+family", "a", "b"),
        match_token(SERVER, Key.new(), "given+father", "a", "b"),
        match_token(bytes(32), MATCH, "given+father", "a", "b"),
        match_token(SERVER, MATCH, "family+year", "a", 1990),
        match_token(SERVER, MATCH, "family+year", "a", "1990"),
    ]
    assert len(set(variants)) == len(variants)


@pytest.mark.parametrize("parts", [(), ("alone",)])
def test_a_single_name_gets_no_token(parts: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="pair"):
        match_token(SERVER, MATCH, "given", *parts)


def test_a_weak_server_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        match_token(b"", MATCH, "given+father", "a", "b")


def test_slow_tokens_depend_on_both_keys_kind_and_value() -> None:
    token = slow_token(SERVER, MATCH, "phone", "+905321112233", FAST)
    assert token == slow_token(SERVER, MATCH, "phone", "+905321112233", FAST)
    others = [
        slow_token(SERVER, MATCH, "number", "+905321112233", FAST),
        slow_token(SERVER, MATCH, "phone", "+905321112234", FAST),
        slow_token(SERVER, Key.new(), "phone", "+905321112233", FAST),
        slow_token(bytes(32), MATCH, "phone", "+905321112233", FAST),
    ]
    assert len({token, *others}) == 5


def test_slow_tokens_are_slow_unless_asked_otherwise() -> None:
    assert slow_token(SERVER, MATCH, "phone", "1") == slow_token(SERVER, MATCH, "phone", "1", Profile.RECEIPT)
    assert slow_token(SERVER, MATCH, "phone", "1") != slow_token(SERVER, MATCH, "phone", "1", FAST)


def test_a_rotated_server_key_goes_around_stored_tokens() -> None:
    new = bytes(reversed(SERVER))
    stored = match_token(SERVER, MATCH, "given+father", "a", "b")
    rotated = nest_token(stored, new)
    assert rotated == nest_token(match_token(SERVER, MATCH, "given+father", "a", "b"), new)
    assert rotated not in {stored, match_token(new, MATCH, "given+father", "a", "b")}
