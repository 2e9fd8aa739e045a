"""The cleaner: a PDF on standard input, a copy of it for passing on, on standard output, then it ends.

`core.documents.cleaning` starts it by path, isolated and bounded from outside (`core.documents.alone`).
What is not known to be needed is not taken over: a new file gets the pages, and of each page its drawing,
its boxes and what these use. So there is nothing that acts when it is opened or clicked (ISO 32000-2, 12.6),
no embedded file (7.11.4), no description of author, program, machine or day (14.3), no earlier version that
an incremental update left behind (7.5.6), no comment, no form that can be filled: what stands in its fields
is drawn. Pictures keep their points and lose what a camera wrote into them. Signatures do not hold any more.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Any, Final

NOT_READ: Final = 64
TOO_LARGE: Final = 66
LOCKED: Final = 67

PAGES: Final = 2_000
_OF_A_PAGE: Final = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Contents", "/Resources")
# What tells where a stream comes from, or refers to what was left out. Of others only the first two go: their
# other names may be those of fonts and pictures.
_TELLS: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/Alternates", "/OPI", "/StructParent")
_DEEPEST: Final = 50  # nothing honest nests directly so deep
_MARK, _LENGTH = 0xFF, 2
_SCAN, _END, _ADOBE, _COMMENT = 0xDA, 0xD9, 0xEE, 0xFE
_FIRST_APPLICATION, _LAST_APPLICATION = 0xE0, 0xEF
_ALONE: Final = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})  # markers without a length (ITU-T T.81, B.1.1.3)


class TooLarge(Exception):
    """More pages than are taken over."""


def bare(jpeg: bytes) -> bytes:
    """A JPEG without what programs wrote beside its points; how its colours are stored stays (Adobe).

    Raises ValueError for what is none.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        raise ValueError
    kept, at = bytearray(b"\xff\xd8"), 2
    while at + _LENGTH <= len(jpeg):
        if jpeg[at] != _MARK:
            raise ValueError
        kind = jpeg[at + 1]
        if kind == _MARK:  # filling
            at += 1
            continue
        if kind == _SCAN:
            end = jpeg.rfind(b"\xff\xd9")
            return bytes(kept + jpeg[at : end + 2 if end > at else len(jpeg)])
        size = 0 if kind in _ALONE else int.from_bytes(jpeg[at + 2 : at + 4])
        whole = jpeg[at : at + 2 + size]
        told = _FIRST_APPLICATION <= kind <= _LAST_APPLICATION and kind != _ADOBE
        if not told and kind != _COMMENT:
            kept += whole
        at += 2 + size
    raise ValueError


def strip(pdf: Any) -> None:
    """Take what tells out of everything that a file holds."""
    from pikepdf import Dictionary, Name, Stream  # noqa: PLC0415 - only the cleaner pays for loading it

    for one in pdf.objects:
        if isinstance(one, Stream):
            tell_less(one, _TELLS)
            if "/F" in one:  # its content is said to lie in a file outside (7.3.8.2)
                raise ValueError
            if one.get("/Filter") == Name.DCTDecode:
                how: Any = one.get("/DecodeParms")
                one.write(bare(one.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=how)
        elif isinstance(one, Dictionary):
            tell_less(one, _TELLS[:2])


def tell_less(held: Any, names: tuple[str, ...], depth: int = 0) -> None:
    """Delete names from a dictionary and the first two of them from those that lie directly in it."""
    from pikepdf import Dictionary  # noqa: PLC0415 - only the cleaner pays for loading it

    if depth > _DEEPEST:
        raise TooLarge
    for name in names:
        if name in held:
            del held[name]
    for name in list(held.keys()):
        value = held[name]
        if isinstance(value, Dictionary) and not value.is_indirect:
            tell_less(value, _TELLS[:2], depth + 1)


def clean(content: bytes) -> bytes:
    """The copy. Raises TooLarge, and whatever the library raises for what is no PDF."""
    import pikepdf  # noqa: PLC0415 - only the cleaner pays for loading it

    with pikepdf.open(io.BytesIO(content)) as came, pikepdf.new() as made:
        if not 1 <= len(came.pages) <= PAGES:
            raise TooLarge
        came.generate_appearance_streams()
        came.flatten_annotations("screen")
        for page in came.pages:
            taken = {name: page.obj[name] for name in _OF_A_PAGE if name in page.obj}
            for name in set(page.obj.keys()) - set(taken):
                if name not in {"/Type", "/Parent"}:
                    del page.obj[name]
            made.pages.append(page)
        if "/OCProperties" in came.Root:  # which layers are seen
            made.Root.OCProperties = made.copy_foreign(came.make_indirect(came.Root.OCProperties))
        strip(made)
        printed = io.BytesIO()
        made.remove_unreferenced_resources()
        made.save(
            printed,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=False,
            fix_metadata_version=False,
        )
        return printed.getvalue()


def main() -> int:
    """Clean what is on standard input; the exit status tells what went wrong, and nothing else does."""
    import pikepdf  # noqa: PLC0415 - only the cleaner pays for loading it

    content = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        printed = clean(content)
    except pikepdf.PasswordError:
        return LOCKED
    except (TooLarge, MemoryError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a library on somebody else's file: whatever it trips over is damage
        return NOT_READ
    sys.stdout.buffer.write(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
