"""Codes on paper: random bits in Crockford's base 32, in groups of four.

Reading is forgiving about case, spaces, hyphens, invisible marks, Arabic and Persian digits, and the
letters people confuse (o and 0; i, l and 1, with and without dots as on Turkish keyboards).
https://www.crockford.com/base32.html
"""

import secrets
import unicodedata

from vault.errors import Mistyped

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ = {symbol: value for value, symbol in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "İ": 1, "L": 1}
# Separators, dashes, controls and direction marks, which come along when a code is copied or dictated.
_SKIPPED = frozenset({"Zs", "Zl", "Zp", "Pd", "Cc", "Cf"})
_BITS = 5
_GROUP = 4
_PERSONAL_SYMBOLS = 32
_PAPER_SYMBOLS = 40
# The whole number leaves 1 modulo the largest prime below 32**2, as in ISO/IEC 7064: this finds every
# single wrong symbol and every two symbols exchanged.
_CHECK_SYMBOLS = 2
_CHECK_SPACE = 1 << _CHECK_SYMBOLS * _BITS
_MODULUS = 1021


def new_personal_code() -> str:
    """Make a personal recovery code: 160 bits, 32 symbols."""
    return _write(secrets.randbits(_PERSONAL_SYMBOLS * _BITS), _PERSONAL_SYMBOLS)


def read_personal_code(typed: str) -> bytes:
    """Give the 20 secret bytes of a personal code. Raises Mistyped."""
    return _read(typed, _PERSONAL_SYMBOLS).to_bytes(_PERSONAL_SYMBOLS * _BITS // 8)


def new_paper_code() -> str:
    """Make the code of a recovery paper: 200 bits and two check symbols, 42 symbols."""
    shifted = secrets.randbits(_PAPER_SYMBOLS * _BITS) * _CHECK_SPACE
    return _write(shifted + (1 - shifted) % _MODULUS, _PAPER_SYMBOLS + _CHECK_SYMBOLS)


def read_paper_code(typed: str) -> bytes:
    """Give the 25 secret bytes of a paper code. Raises Mistyped, also when the check symbols do not fit."""
    number = _read(typed, _PAPER_SYMBOLS + _CHECK_SYMBOLS)
    if number % _MODULUS != 1 or number % _CHECK_SPACE >= _MODULUS:
        raise Mistyped
    return (number // _CHECK_SPACE).to_bytes(_PAPER_SYMBOLS * _BITS // 8)


def _write(number: int, symbols: int) -> str:
    text = "".join(_ALPHABET[number >> _BITS * place & 31] for place in reversed(range(symbols)))
    return "-".join(text[at : at + _GROUP] for at in range(0, symbols, _GROUP))


def _read(typed: str, symbols: int) -> int:
    text = plain(typed)
    if len(text) != symbols or not all(symbol in _READ for symbol in text):
        raise Mistyped
    number = 0
    for symbol in text:
        number = number << _BITS | _READ[symbol]
    return number


def plain(typed: str) -> str:
    """A code as it was typed, in capitals and Latin digits, without what stands between its symbols."""
    kept = (letter for letter in typed if unicodedata.category(letter) not in _SKIPPED)
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in kept).upper()
