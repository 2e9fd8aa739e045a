"""Codes of our lists in addresses, as words that mean something to this server alone.

An address stays in the history of a telephone that may be taken from somebody, and in what a proxy keeps;
it must not tell that a case is about a detention. So the code stands in it as a keyed digest. A plain code,
as in addresses of an earlier version, is understood still, and never written.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flask import current_app
from werkzeug.routing import BaseConverter, ValidationError

if TYPE_CHECKING:
    from flask import Blueprint

NAME: Final = "neutral"
_LENGTH: Final = 12  # hexadecimal digits; the lists have a hundred codes at most


class Neutral(BaseConverter):
    """One of the codes that the rule names."""

    def __init__(self, rules: Any, *codes: str) -> None:
        super().__init__(rules)
        self._codes = codes

    def to_python(self, value: str) -> str:
        """The code. Raises ValidationError, which is a page that is not there."""
        found = next((code for code in self._codes if value in {code, _word_of(code)}), None)
        if found is None:
            raise ValidationError
        return found

    def to_url(self, value: str) -> str:
        """What stands for it in an address of this installation."""
        return _word_of(value)


def install(blueprint: Blueprint) -> None:
    """Let the rules of a blueprint, added after this, take codes."""
    blueprint.record(lambda state: state.app.url_map.converters.update({NAME: Neutral}))


def one_of(codes: Iterable[str]) -> str:
    """The converter of a rule that takes one of some codes."""
    return f"{NAME}({', '.join(repr(str(code)) for code in codes)})"


def _word_of(code: str) -> str:
    key = current_app.secret_key
    assert isinstance(key, bytes)  # noqa: S101 - every application of ours has one
    return _word(key, code)


@lru_cache(maxsize=1024)
def _word(key: bytes, code: str) -> str:
    return hmac.new(key, f"address|{code}".encode(), hashlib.sha256).hexdigest()[:_LENGTH]
