"""Padding in 256-byte steps (ISO/IEC 7816-4), so that a sealed length tells little.

The padding is inside what is authenticated: whoever cannot forge a seal cannot probe it.
"""

from vault.errors import Unreadable

STEP = 256
_WHOLE = 1 << 16
_MARK = b"\x80"


def pad(plaintext: bytes) -> bytes:
    """Append one mark and zeros up to the next step; at least one byte is added."""
    marked = plaintext + _MARK
    return marked.ljust(-len(marked) // STEP * -STEP, b"\0")


def unpad(padded: bytes) -> bytes:
    """Take the padding off. Raises Unreadable if there is none."""
    marked = padded.rstrip(b"\0")
    if len(padded) % STEP or not marked.endswith(_MARK) or len(padded) - len(marked) >= STEP:
        raise Unreadable
    return marked[:-1]


def padded_size(size: int) -> int:
    """The size to which a file of this many bytes is filled up, so that its length tells few things apart.

    Padmé (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford, "Reducing Metadata Leakage from Encrypted Files
    and Communication with PURBs", PETS 2019): at most 12 % more. Up to 64 KiB one size.
    """
    if size <= _WHOLE:
        return _WHOLE
    exponent = size.bit_length() - 1
    step = 1 << exponent - exponent.bit_length()
    return -size // step * -step
