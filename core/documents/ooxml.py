"""Properties of paragraphs, runs, tables and sections in the order of the schema (ECMA-376-1, 17).

Word reads a property out of place as damage. python-docx knows a few of them and none for right to left.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, Final

from core.documents.direction import Direction

_SKELETON: Final = Path(__file__).with_name("word")
# The oldest date that a zip can hold, instead of now: the same document gives the same bytes.
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

# The order of the properties that are set here or by styles; CT_PPr, CT_RPr, CT_TblPr, CT_TrPr, CT_SectPr.
_ORDER: Final = {
    "pPr": ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr", "pBdr", "shd", "tabs", "bidi",
            "spacing", "ind", "jc", "outlineLvl", "rPr", "sectPr"),
    "rPr": ("rStyle", "rFonts", "b", "bCs", "color", "sz", "szCs", "rtl", "cs", "lang"),
    "tblPr": ("tblStyle", "bidiVisual", "tblW", "jc", "tblBorders", "tblLayout", "tblLook", "tblCaption"),
    "trPr": ("cantSplit", "tblHeader"),
    "sectPr": ("headerReference", "footerReference", "pgSz", "pgMar", "cols", "bidi", "docGrid"),
}  # fmt: skip # one line each


def put(parent: Any, name: str, **values: object) -> Any:
    """Set a property of a `w:…Pr` element, replacing the one it had. values: attributes without prefix."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only who writes a document pays for loading it
    from docx.oxml.ns import qn  # noqa: PLC0415 - the same

    order = _ORDER[parent.tag.rpartition("}")[2]]
    for old in parent.findall(qn(f"w:{name}")):
        parent.remove(old)
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    later = {qn(f"w:{tag}") for tag in order[order.index(name) + 1 :]}
    for place, child in enumerate(parent):
        if child.tag in later:
            parent.insert(place, made)
            return made
    parent.append(made)
    return made


def of(thing: Any) -> Any:
    """The properties of a paragraph, run, row or table of python-docx, made where it has none."""
    element = thing._element  # noqa: SLF001 - python-docx's documented way below its own interface
    kind = element.tag.rpartition("}")[2]
    return element.tblPr if kind == "tbl" else getattr(element, f"get_or_add_{kind}Pr")()


def turn(thing: Any, direction: Direction) -> None:
    """Say which way a paragraph or a run goes.

    A paragraph's start edge, indents and tabs follow, and a run's choice between the two halves of its font.
    """
    if direction == "rtl":
        properties = of(thing)
        put(properties, "bidi" if properties.tag.endswith("}pPr") else "rtl")


def embolden(run: Any) -> None:
    """Bold in both halves: Word reads `b` for Latin and `bCs` for Arabic letters."""
    put(of(run), "b")
    put(of(run), "bCs")


def field(run: Any, instruction: str) -> None:
    """A number that Word counts itself: PAGE, NUMPAGES."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only who writes a document pays for loading it
    from docx.oxml.ns import qn  # noqa: PLC0415 - the same

    def mark(kind: str) -> Any:
        made = OxmlElement("w:fldChar")
        made.set(qn("w:fldCharType"), kind)
        return made

    asked = OxmlElement("w:instrText")
    asked.text = instruction
    counted = OxmlElement("w:t")
    counted.text = "1"
    run.element.extend([mark("begin"), asked, mark("separate"), counted, mark("end")])


def skeleton() -> io.BytesIO:
    """The empty document: styles, lists and settings as they stand in `word/`."""
    parts = {
        str(path.relative_to(_SKELETON)): path.read_bytes()
        for path in sorted(_SKELETON.rglob("*"))
        if path.is_file()
    }
    return io.BytesIO(_zip(parts))


def repacked(content: bytes) -> bytes:
    """The same package with its parts in a fixed order and without the time of writing."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return _zip({name: package.read(name) for name in sorted(package.namelist())})


def _zip(parts: dict[str, bytes]) -> bytes:
    """A package; `[Content_Types].xml` sorts before every other name, where readers expect it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)
    return made.getvalue()
