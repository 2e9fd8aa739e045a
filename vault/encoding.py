"""One injective encoding for everything that is hashed, signed or bound as context.

Each part is a type tag, a four-byte big-endian length and its bytes, so that no two different
tuples give the same bytes and ("ab", "c") is never ("a", "bc").
"""

from typing import TypeAlias
from uuid import UUID

from vault.errors import Unreadable

Part: TypeAlias = bytes | str | int | UUID | None

_TAG_BYTES = 5  # one for the type, four for the length
_UUID_HEAD = b"u" + (16).to_bytes(4)
_NONE = b"n" + bytes(4)


def pack(*parts: Part) -> bytes:
    """Encode parts; equal bytes mean equal parts. Raises TypeError for any other type, bool included."""
    return b"".join([_encode(part) for part in parts])


def unpack(data: bytes) -> tuple[Part, ...]:
    """Decode what `pack` made. Raises Unreadable for anything that `pack` cannot have made."""
    parts: list[Part] = []
    at = 0
    while at < len(data):
        body_at = at + _TAG_BYTES
        end = body_at + int.from_bytes(data[at + 1 : body_at])
        if end > len(data):
            raise Unreadable
        parts.append(_decode(data[at : at + 1], data[body_at:end]))
        at = end
    return tuple(parts)


def _encode(part: Part) -> bytes:
    if isinstance(part, UUID):  # these two first: most parts are, and a list of rows has hundreds
        return _UUID_HEAD + part.bytes
    if isinstance(part, str):
        tag, body = b"s", part.encode()
    elif isinstance(part, bytes):
        tag, body = b"b", part
    elif isinstance(part, int) and not isinstance(part, bool):
        tag, body = b"i", _integer(part)
    elif part is None:
        return _NONE
    else:
        raise TypeError(type(part).__name__)
    return tag + len(body).to_bytes(4) + body


def _integer(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, signed=True)


def _decode(tag: bytes, body: bytes) -> Part:
    match tag, len(body):
        case b"s", _:
            return _text(body)
        case b"u", 16:
            return UUID(bytes=body)
        case b"b", _:
            return body
        case b"i", _ if _integer(number := int.from_bytes(body, signed=True)) == body:
            return number
        case b"n", 0:
            return None
        case _:
            raise Unreadable


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Unreadable from None
