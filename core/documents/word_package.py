"""A template of Word unpacked, read through, and built anew of the few parts that a letter needs.

A file is never passed on as it came: nothing in what is built runs, loads anything from elsewhere or says who
wrote it. Macros, files inside and pictures elsewhere are a reason to refuse; links, remarks, names of
templates and drawings that are no pictures are left out, and `left` says so. Pictures keep their points
alone. Only `core.documents.letterer` reads a file with it, in a process of its own.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from typing import Any, Final

from core.documents.word_pictures import bared as bare_picture

DAMAGED: Final = 64
MACROS: Final = 65
TOO_LARGE: Final = 66
OLD_FORMAT: Final = 67
EMBEDDED: Final = 68
ELSEWHERE: Final = 69
CHANGES: Final = 70
OTHER: Final = 71

PARTS: Final = 500
UNPACKED: Final = 16_000_000  # bytes of everything in the file
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RELATED: Final = "application/vnd.openxmlformats-package.relationships+xml"
_OLE: Final = b"\xd0\xcf\x11\xe0"

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LATER: Final = "{http://schemas.microsoft.com/office/word/"  # what Word added year by year
_R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML: Final = ("{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:")
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."

# Which parts a letter is built of: kind of relationship -> content type.
_KEPT: Final = {
    "styles": f"{_WORD}styles+xml", "numbering": f"{_WORD}numbering+xml", "settings": f"{_WORD}settings+xml",
    "fontTable": f"{_WORD}fontTable+xml", "header": f"{_WORD}header+xml", "footer": f"{_WORD}footer+xml",
    "footnotes": f"{_WORD}footnotes+xml", "endnotes": f"{_WORD}endnotes+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}  # fmt: skip # one table
_WRITTEN: Final = {"header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note"}
_LEFT_OUT: Final = {"hyperlink": "links", "attachedTemplate": "template", "comments": "remarks"}
_INSIDE: Final = frozenset({"object", "control", "altChunk", "subDoc", "OLEObject"})
_CHANGED: Final = frozenset({
    "ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "conflictIns", "conflictDel",
})  # fmt: skip # one list
# Of settings and text what names people, files or templates, or wants something from elsewhere.
_TELLING: Final = frozenset({
    "attachedTemplate", "mailMerge", "saveThroughXslt", "docVars", "rsids", "attachedSchema", "dataBinding",
    "documentProtection", "writeProtection", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange",
    "trPrChange", "tcPrChange", "numberingChange", "fldData", "commentRangeStart", "commentRangeEnd",
    "commentReference", "embedRegular", "embedBold", "embedItalic", "embedBoldItalic", "tblPrExChange",
    "tblGridChange", "permStart", "permEnd",
})  # fmt: skip # one list
_CHANGE_MARKS: Final = re.compile(r"(?:customXml)?(?:Ins|Del|[mM]ove(?:From|To))Range(?:Start|End)")
_SIGNED: Final = re.compile(
    r"author|initials|date(?:Utc)?|rsid\w*"
)  # who changed what, when, in which sitting
_NAMED: Final = frozenset({"docPr", "cNvPr"})  # a picture, often by the place of its file
_PLACE: Final = re.compile(r"[\\/]|\.\w{3,4}$")
_FOLLOWED: Final = frozenset({"src", "href", "althref"})
_COUNTS: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})


class Refused(Exception):
    """Why the file is not taken: one of the exit statuses."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Package:
    """A template unpacked and read through: its parts by name, and what was left out of them."""

    def __init__(self, content: bytes) -> None:
        self.left: set[str] = set()
        self.parts: dict[str, Any] = {}  # XML trees, and the bytes of pictures
        self.types: dict[str, str] = {}
        self.relations: dict[str, list[tuple[str, str, str]]] = {}  # part -> id, kind, target
        self._raw = unpacked(content)
        self.main = self._main()
        self.types[self.main] = f"{_WORD}document.main+xml"
        self._take(self.main, frozenset(_KEPT))

    def written(self) -> Iterator[tuple[str, Any]]:
        """Where there is text, and its tree: the text itself, heads, feet, notes."""
        yield "text", self.parts[self.main]
        for _id, kind, target in self.relations[self.main]:
            if kind in _WRITTEN:
                yield _WRITTEN[kind], self.parts[target]

    def styles(self) -> Any:
        """The tree of styles, or None."""
        found = [target for _id, kind, target in self.relations[self.main] if kind == "styles"]
        return self.parts[found[0]] if found else None

    def content(self) -> bytes:
        """The package; the same parts give the same bytes."""
        from docx.opc.oxml import serialize_part_xml  # noqa: PLC0415 - loaded before the limits

        files = {"[Content_Types].xml": self._content_types(), "_rels/.rels": _relations(
            [("rId1", "officeDocument", self.main)])}  # fmt: skip # two files
        for name, part in self.parts.items():
            files[name] = part if isinstance(part, bytes) else serialize_part_xml(part)
            if self.relations.get(name):
                folder, _, file = name.rpartition("/")
                files[f"{folder}/_rels/{file}.rels"] = _relations(self.relations[name])
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
            for name in sorted(files):
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                package.writestr(entry, files[name])
        return made.getvalue()

    def _main(self) -> str:
        found = [target for _id, kind, target, _out in self._related("") if kind == "officeDocument"]
        if not found or found[0] not in self._raw:
            raise Refused(OTHER)
        return found[0]

    def _take(self, name: str, kinds: frozenset[str]) -> None:
        """Read a part with what belongs to it."""
        tree = parsed(self._raw[name])
        if name == self.main and tree.tag != f"{W}document":
            raise Refused(OTHER)
        kept: list[tuple[str, str, str]] = []
        for id_, kind, target, outside in self._related(name):
            self.left |= {_LEFT_OUT[kind]} if kind in _LEFT_OUT else set()
            if outside and kind not in {*_LEFT_OUT, "mailMergeSource", "mailMergeHeaderSource"}:
                raise Refused(ELSEWHERE)
            if outside or target not in self._raw:
                continue
            if kind == "image" and (picture := bare_picture(self._raw[target])):
                self.types[target], self.parts[target] = f"image/{picture[0]}", picture[1]
            elif kind not in kinds:
                continue
            elif target not in self.parts:
                self.types[target] = _KEPT[kind]
                self._take(target, frozenset())
            kept.append((id_, kind, target))
        self.relations[name] = kept
        self.parts[name] = tree
        self.left |= bared(tree, {one[0] for one in kept})

    def _related(self, name: str) -> list[tuple[str, str, str, bool]]:
        """Id, kind, name and whether it lies outside, of what a part refers to."""
        folder, _, file = name.rpartition("/")
        raw = self._raw.get(join(folder, "_rels", f"{file}.rels"))
        found = []
        for one in parsed(raw) if raw else ():
            kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
            outside = one.get("TargetMode") == "External"
            inside = normpath(target.lstrip("/") if target.startswith("/") else join(folder, target))
            if re.fullmatch(r"\w{1,40}", one.get("Id", ""), re.ASCII):
                found.append((one.get("Id"), kind, target if outside else inside, outside))
        return found

    def _content_types(self) -> bytes:
        package = "http://schemas.openxmlformats.org/package/2006/content-types"
        lines = [f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in self.types.items()]
        return (
            f'{_DECLARED}<Types xmlns="{package}"><Default Extension="rels" ContentType="{_RELATED}"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{"".join(sorted(lines))}</Types>'
        ).encode()


def unpacked(content: bytes) -> dict[str, bytes]:
    """Every part by its name, counted while it is unpacked. Raises Refused."""
    if content.startswith(_OLE):
        raise Refused(OLD_FORMAT)  # .doc, or a file with a password
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(OTHER)
    left, found = UNPACKED, {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        if len(entries) > PARTS:
            raise Refused(TOO_LARGE)
        for entry in entries:
            name = entry.filename
            if re.search(r"vbaProject|vbaData|macrosheet", name, re.IGNORECASE):
                raise Refused(MACROS)
            if re.search(r"/(?:embeddings|activeX)/", name, re.IGNORECASE):
                raise Refused(EMBEDDED)
            with package.open(entry) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                raise Refused(TOO_LARGE)
            found[name] = part
    if b"macroEnabled" in found.get("[Content_Types].xml", b""):
        raise Refused(MACROS)
    # The names of what is kept go into other files of the package.
    return {name: part for name, part in found.items() if re.fullmatch(r"[\w./\[\]-]{1,120}", name, re.ASCII)}


def parsed(part: bytes) -> Any:
    """The tree of a part. No part of Word declares entities; in UTF-16 the declaration would not be seen."""
    from docx.oxml.parser import parse_xml  # noqa: PLC0415 - loaded before the limits

    if b"\0" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused(DAMAGED)
    tree = parse_xml(part)
    if (
        tree.getroottree().docinfo.internalDTD is not None
    ):  # declared in an encoding that was not looked through
        raise Refused(DAMAGED)
    return tree


def bared(tree: Any, known: set[str]) -> set[str]:
    """Take out of a part what runs, loads or tells. Gives what a person would miss. Raises Refused."""
    left: set[str] = set()
    for one in list(tree.iter("*")):
        name = local(one)
        if name in _INSIDE:
            raise Refused(EMBEDDED)
        if name in _CHANGED and _of_word(one.tag):
            raise Refused(CHANGES)
        _unsign(one, name)
        if one.tag.startswith(_VML):
            for attribute in [key for key in one.attrib if key.rpartition("}")[2] in _FOLLOWED]:
                del one.attrib[attribute]
        if name in _TELLING or _CHANGE_MARKS.fullmatch(name):
            _drop(one)
        elif any(key.startswith(_R) and value not in known for key, value in one.attrib.items()):
            left |= _unrelated(one)
    return left | _uncounted(tree)


def _unsign(one: Any, name: str) -> None:
    """Take from an element who changed it and when, and from a picture the name of its file."""
    for key in one.attrib:
        if _of_word(key) and _SIGNED.fullmatch(key.rpartition("}")[2]):
            del one.attrib[key]
    if name in _NAMED and "name" in one.attrib:
        one.set("name", "")
        if _PLACE.search(one.get("descr", "")):
            one.set("descr", "")


def _of_word(tag: str) -> bool:
    return tag.startswith((W, _LATER))


def _unrelated(one: Any) -> set[str]:
    """Take out what refers to a part that is not kept."""
    name = local(one)
    if name == "hyperlink":
        _unwrap(one)
        return {"links"}
    if name == "svgBlip":  # the same picture stands beside it as PNG
        _drop(one.getparent())
        return set()
    if name in {"hlinkClick", "hlinkHover", "hlinkMouseOver"}:
        _drop(one)
        return {"links"}
    around = [up for up in one.iterancestors() if local(up) in {"drawing", "pict"}]
    _drop(around[-1] if around else one)
    return {"drawings"} if around else set()


def _uncounted(tree: Any) -> set[str]:
    """Let what fields of Word show stand as text, but for those that count pages."""
    left: set[str] = set()
    for one in list(tree.iter(f"{W}fldSimple")):
        if _instruction(one.get(f"{W}instr") or "") not in _COUNTS:
            left.add("fields")
            _unwrap(one)
    for marks, ended in _marked(tree):
        said = "".join(mark.text or "" for mark in marks if local(mark) == "instrText")
        if not ended or _instruction(said) not in _COUNTS:
            left.add("fields")
            for mark in marks:
                _drop(mark)
    return left


def _marked(tree: Any) -> Iterator[tuple[list[Any], bool]]:
    """The marks of each field that is written in several runs, and whether it ends; one may hold others."""
    begun: list[list[Any]] = []
    for one in list(tree.iter(f"{W}fldChar", f"{W}instrText")):
        kind = one.get(f"{W}fldCharType")
        if kind == "begin" or not begun:
            begun.append([])
        begun[-1].append(one)
        if kind == "end":
            yield begun.pop(), True
    yield from ((marks, False) for marks in begun)


def _instruction(said: str) -> str:
    return (said.split() or [""])[0].upper()


def _relations(related: list[tuple[str, str, str]]) -> bytes:
    lines = "".join(
        f'<Relationship Id="{id_}" Type="{_REL}{kind}" Target="/{target}"/>' for id_, kind, target in related
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{_DECLARED}<Relationships xmlns="{package}">{lines}</Relationships>'.encode()


def _drop(one: Any) -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _unwrap(one: Any) -> None:
    """Let the children of an element stand in its place."""
    for inner in list(one):
        one.addprevious(inner)
    _drop(one)


def local(one: Any) -> str:
    """The name of an element without its namespace."""
    return str(one.tag).rpartition("}")[2]
