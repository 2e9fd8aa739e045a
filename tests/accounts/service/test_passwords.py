"""What counts as a strong password, and what is said about a weak one."""

from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from accounts.service import passwords
from core.errors import DomainError


@pytest.mark.parametrize(
    "password",
    [
        "zeytin-agaci-87-mavi-kapi",
        "زيتون أخضر على الطريق القديم",
        "correct horse battery staple",
        "x9$Kq2!vTz7#",
        "ş" * 3 + "kırık testi uçar gider",
    ],
)
def test_long_and_unusual_is_enough(password: str) -> None:
    passwords.require_strong(password)
    assert passwords.assess(password, []).score >= 3


@pytest.mark.parametrize(
    "password",
    ["", "Tr0ub4dour&3", "password12345", "aaaaaaaaaaaaaaaa", "qwertyuiopas", "123456789012345", "x" * 201],
)
def test_short_common_repeated_or_endless_is_not(password: str) -> None:
    with pytest.raises(DomainError) as caught:
        passwords.require_strong(password)
    assert caught.value.field == "password"


def test_words_about_the_person_count_less() -> None:
    words = "gulsen kavaklidere"
    assert passwords.assess(words).score > passwords.assess(words, ["Gulsen Kavaklidere"]).score
    address = ["gulsen.kavaklidere@example.org"]
    assert passwords.assess(words).score > passwords.assess(words, address).score


def test_hints_do_not_stay_in_the_process() -> None:
    from zxcvbn.matching import RANKED_DICTIONARIES

    passwords.assess("something-else-entirely", ["Gulsen"])
    assert not RANKED_DICTIONARIES["user_inputs"]


def test_what_is_said_is_in_the_readers_words(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(headers={"Accept-Language": "en"}):
        judged = passwords.assess("aaaaaaaaaaaaaaaa")
        assert judged.score == 0
        assert str(judged.warning) == 'Repeats like "aaa" are easy to guess.'
        assert [str(one) for one in judged.suggestions] == [
            "Add one or two more words. Uncommon words are better.",
            "Leave out what repeats.",
        ]


def test_everything_zxcvbn_says_has_words_of_ours() -> None:
    """A new version of zxcvbn may say something new; then a sentence is missing here."""
    import inspect
    import re

    from zxcvbn import feedback

    source = re.sub(r"['\"]\s*\\?\n\s*['\"]", "", inspect.getsource(feedback))
    said = {
        text.replace("\\'", "'") for _quote, text in re.findall(r"_\((['\"])(.+?)\1\)", source, re.DOTALL)
    }
    assert len(said) > 20
    assert said <= set(passwords._WORDS)


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str) -> None:
    with suppress(DomainError):
        passwords.require_strong(text)
        assert passwords.SHORTEST <= len(text) <= passwords.LONGEST
        assert passwords.assess(text).score >= passwords.LEAST_SCORE
