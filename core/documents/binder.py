"""The binder: typeset pages and files on standard input, one PDF under a password on standard output.

`core.documents.binding` starts it by path, isolated and bounded from outside (`core.documents.alone`). Once
its library is loaded it can write to no file at all.

What comes is, for each file, one line of JSON with its bytes behind it: `name` (of the file inside), `title`,
`mime`, `size`, and `shown`: how many bytes what is shown of it has, a PDF of ours or, where `photo` is true,
a plain JPEG; 0 for nothing. The last line has a `password` and how many bytes the `typeset` PDF has. Its last
pages stand before the files, one before each. The password opens the whole for reading and for everything
else alike: AES-256 by qpdf (ISO 32000-2, 7.6.4, revision 6), over names, titles and descriptions too.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from contextlib import ExitStack
from typing import Any, BinaryIO, Final

NOT_BOUND: Final = 64
TOO_LARGE: Final = 66

PAGE: Final = (595.28, 841.89)  # A4 upright, in points
_MARGIN: Final = 28.0


def read(source: BinaryIO) -> tuple[list[tuple[dict[str, Any], bytes, bytes]], dict[str, Any], bytes]:
    """The files, each with what is said of it and what is shown of it; then the last line and the pages."""
    parts = []
    while "password" not in (said := json.loads(source.readline())):
        parts.append((said, source.read(said["size"]), source.read(said["shown"])))
    return parts, said, source.read(said["typeset"])


def bind(source: BinaryIO) -> bytes:
    """The finished PDF. Raises ValueError, and whatever the library raises for pages that it cannot read."""
    import pikepdf  # noqa: PLC0415 - only the binder pays for loading it

    parts, order, typeset = read(source)
    with ExitStack() as stays:  # what pages come from is read when the whole is saved
        made = stays.enter_context(pikepdf.open(io.BytesIO(typeset)))
        at = len(made.pages) - len(parts)
        if at < 1:
            raise ValueError
        outline = []
        for part, content, shown in parts:
            outline.append(pikepdf.OutlineItem(part["title"], at))
            if part["photo"]:
                pages = [page_of(made, shown)]
            elif shown:
                pages = list(stays.enter_context(pikepdf.open(io.BytesIO(shown))).pages)
            else:
                pages = []
            for at, page in enumerate(pages, at + 1):  # noqa: B020 - it goes on where this part ends
                made.pages.insert(at, page)
            at += 1
            made.attachments[part["name"]] = pikepdf.AttachedFileSpec(
                made, content, filename=part["name"], description=part["title"], mime_type=part["mime"]
            )
        with made.open_outline() as said:
            said.root[:] = outline
        # It says that every page can be read aloud, which is true of ours alone.
        if "/Metadata" in made.Root:
            del made.Root.Metadata
        made.Root.PageMode = pikepdf.Name.UseAttachments
        printed = io.BytesIO()
        made.save(
            printed,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            encryption=pikepdf.Encryption(owner=order["password"], user=order["password"], R=6),
            fix_metadata_version=False,
        )
    return printed.getvalue()


def page_of(made: Any, jpeg: bytes) -> Any:
    """A page with a photo of ours on it, as large as fits, on its side where the photo lies."""
    import pikepdf  # noqa: PLC0415 - only the binder pays for loading it
    from pikepdf import Array, Dictionary, Name  # noqa: PLC0415 - the same
    from PIL import Image  # noqa: PLC0415 - the same

    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as opened:
        width, height = opened.size
    sheet = PAGE if height >= width else PAGE[::-1]
    scale = min((sheet[0] - 2 * _MARGIN) / width, (sheet[1] - 2 * _MARGIN) / height)
    across, up = width * scale, height * scale
    left, low = (sheet[0] - across) / 2, (sheet[1] - up) / 2
    image = made.make_stream(
        jpeg, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8,
        ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode,
    )  # fmt: skip # one picture
    drawing = f"q {across:.2f} 0 0 {up:.2f} {left:.2f} {low:.2f} cm /Im0 Do Q".encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, *sheet]),
        Contents=made.make_stream(drawing),
        Resources=Dictionary(XObject=Dictionary(Im0=image)),
    )
    return pikepdf.Page(made.make_indirect(page))


def main() -> int:
    """Bind what is on standard input; the exit status tells what went wrong, and nothing else does."""
    import pikepdf  # noqa: F401, PLC0415 - before nothing can be written
    from PIL import Image, JpegImagePlugin  # noqa: F401, PLC0415 - the same

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        printed = bind(sys.stdin.buffer)
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - pages that came from somebody else's file: whatever the library trips over
        return NOT_BOUND
    sys.stdout.buffer.write(printed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
