from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import few, flipped
from vault import SessionToken, Unreadable, open_secret, seal_secret

TOKEN = SessionToken.new()


def test_the_cookie_opens_what_the_row_keeps() -> None:
    session = uuid4()
    row = seal_secret(TOKEN, b"secret", session)
    from_browser = SessionToken.from_cookie(TOKEN.to_cookie())
    assert from_browser.lookup_hash() == TOKEN.lookup_hash()
    assert open_secret(from_browser, row, session) == b"secret"


def test_another_cookie_another_session_or_a_changed_row_opens_nothing() -> None:
    session = uuid4()
    row = seal_secret(TOKEN, b"secret", session)
    for token, sealed, where in [
        (SessionToken.new(), row, session),
        (TOKEN, row, uuid4()),
        (TOKEN, flipped(row, 700), session),
        (TOKEN, b"", session),
    ]:
        with pytest.raises(Unreadable):
            open_secret(token, sealed, where)


def test_what_the_row_is_found_by_says_nothing_about_its_key() -> None:
    """Two tokens that share the lookup half find the same row, but only one opens it."""
    session = uuid4()
    twin = SessionToken(TOKEN._random[:16] + SessionToken.new()._random[16:])
    assert twin.lookup_hash() == TOKEN.lookup_hash()
    with pytest.raises(Unreadable):
        open_secret(twin, seal_secret(TOKEN, b"secret", session), session)
    other_half = SessionToken(SessionToken.new()._random[:16] + TOKEN._random[16:])
    assert other_half.lookup_hash() != TOKEN.lookup_hash()


def test_the_lookup_hash_is_not_in_the_cookie() -> None:
    assert TOKEN.lookup_hash() not in TOKEN._random
    assert len(TOKEN.lookup_hash()) == 32


def test_cookie_text_is_64_letters_safe_in_a_header() -> None:
    text = TOKEN.to_cookie()
    assert len(text) == 64
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 63,
        "A" * 65,
        "A" * 68,
        "A" * 62 + "==",
        "A" * 60,
        "A" * 63 + "+",
        "A" * 63 + "/",
        "A" * 63 + " ",
        "A" * 64 + "\n",
        " " + "A" * 64,
        "A" * 63 + "ş",
        "\ud800" * 64,
    ],
    ids=repr,
)
def test_only_the_one_spelling_of_a_cookie_is_read(text: str) -> None:
    with pytest.raises(Unreadable):
        SessionToken.from_cookie(text)


@few
@given(st.text(max_size=70))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    try:
        token = SessionToken.from_cookie(text)
    except Unreadable:
        return
    assert token.to_cookie() == text


def test_tokens_differ_and_stay_out_of_reprs() -> None:
    assert len({SessionToken.new().to_cookie() for _ in range(50)}) == 50
    assert repr(TOKEN) == "SessionToken()"
