"""The fields of a template of Word, `{{name}}`, and the letter that is made of it.

Word tears such a text into as many pieces as it likes; it is looked for in the whole paragraph. What takes
its place is text and nothing else, in runs of one direction each, as the order says for a paragraph from left
to right and for one from right to left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from core.documents.word_package import TOO_LARGE, Package, Refused, W, local

FIELDS: Final = 400  # places
NUMBERS: Final = 12
READ: Final = 100_000  # letters of a text that is shown
_LONG: Final = 10  # digits of a number that may be somebody's
_AROUND: Final = 30
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_FIELD: Final = re.compile(r"\{\{([^{}\n]{1,120})\}\}")
_BRACES: Final = re.compile(r"\{\{|\}\}")
_NUMBER: Final = re.compile(r"\+?\d[\d ()/.\-]{6,}\d")
_STRONG: Final = {"L": "ltr", "R": "rtl", "AL": "rtl"}

# The order of CT_PPr and CT_RPr (ECMA-376-1, 17.3): Word reads a property out of place as damage.
_ORDER: Final = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd "
        "tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi "
        "adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
        "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
        "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd "
        "fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
}
_TWINS: Final = {"b": "bCs", "i": "iCs", "sz": "szCs"}  # Word reads the second for Arabic letters


def paragraphs(tree: Any) -> Iterator[tuple[Any, list[tuple[Any, str]]]]:
    """Each paragraph with its pieces of text; what breaks a line is a piece of its own that is no text."""
    for paragraph in tree.iter(f"{W}p"):
        pieces = []
        for one in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr"):
            own = next(up for up in one.iterancestors() if up.tag == f"{W}p") is paragraph
            if own and local(one.getparent()) == "r":
                pieces.append((one, (one.text or "") if local(one) == "t" else "\n"))
        yield paragraph, pieces


def look(package: Package) -> dict[str, Any]:
    """The fields of a template, each with where it stands and what is around it; numbers in its text."""
    fields: list[dict[str, str]] = []
    numbers: dict[str, None] = {}
    for where, tree in package.written():
        for paragraph, pieces in paragraphs(tree):
            text = "".join(said for _one, said in pieces)
            in_table = where == "text" and next(paragraph.iterancestors(f"{W}tc"), None) is not None
            place = "table" if in_table else where
            named = [(one[1], one) for one in _FIELD.finditer(text)]
            bare = _FIELD.sub(lambda found: " " * len(found[0]), text)
            broken = [("", one) for one in _BRACES.finditer(bare)]
            fields += [
                {"name": name, "where": place, "around": _around(text, one)} for name, one in named + broken
            ]
            numbers |= dict.fromkeys(
                found[0] for found in _NUMBER.finditer(bare) if sum(map(str.isdigit, found[0])) >= _LONG
            )
            if len(fields) > FIELDS:
                raise Refused(TOO_LARGE)
    return {"fields": fields, "left": sorted(package.left), "numbers": list(numbers)[:NUMBERS]}


def read(package: Package) -> dict[str, Any]:
    """The text of a letter by paragraphs, as far as it is shown; what of it is no text is not told."""
    said, room = [], READ
    for _where, tree in package.written():
        for _paragraph, pieces in paragraphs(tree):
            text = "".join(words for _one, words in pieces).strip()
            if text and room > 0:
                said.append(text[:room])
                room -= len(text)
    return {"text": said, "left": sorted(package.left)}


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(found.start() - _AROUND, 0) : found.end() + _AROUND].strip()


def fill(package: Package, values: dict[str, Any], *, rtl: bool) -> None:
    """Put the values in place of their fields; rtl: the letter is Arabic. A field without one stays."""
    turned = directions(package.styles())
    for _where, tree in package.written():
        for paragraph, pieces in list(paragraphs(tree)):
            text = "".join(said for _one, said in pieces)
            found = [one for one in _FIELD.finditer(text) if one[1] in values]
            if not found:
                continue
            base = base_of(paragraph, turned)
            if base is None and rtl:
                shown = _FIELD.sub(lambda one: values.get(one[1], {}).get("text", ""), text)
                base = first_strong(shown)
                if base == "rtl":
                    _put(_properties(paragraph, "pPr"), "bidi")
            for one in reversed(found):
                _replace(pieces, one, values[one[1]][base or "ltr"])


def _replace(pieces: list[tuple[Any, str]], found: re.Match[str], lines: list[list[list[str]]]) -> None:
    """Let a value stand where a field stood, in the looks of its beginning."""
    at, touched = 0, []
    for one, said in pieces:
        begin, end = max(found.start() - at, 0), min(found.end() - at, len(said))
        if begin < end:
            touched.append((one, begin, end))
        at += len(said)
    last, _begin, end = touched[-1]
    _cut(last, end)
    for one, begin, _end in touched:
        _say(one, (one.text or "")[:begin])
    run = touched[0][0].getparent()
    made = list(_runs(run, lines))
    for fresh in reversed(made):
        run.addnext(fresh)


def _cut(text: Any, at: int) -> None:
    """Let what stands behind a place in a run be a run of its own."""
    run, said = text.getparent(), text.text or ""
    behind = list(text.itersiblings())
    if at == len(said) and not behind:
        return
    fresh, rest = _like(run), text.makeelement(f"{W}t")
    _say(rest, said[at:])
    _say(text, said[:at])
    fresh.append(rest)
    fresh.extend(behind)
    run.addnext(fresh)


def _runs(like: Any, lines: list[list[list[str]]]) -> Iterator[Any]:
    for number, line in enumerate(lines):
        if number:
            broken = _like(like)
            broken.append(like.makeelement(f"{W}br"))
            yield broken
        for said, direction in line:
            run = _like(like)
            _turn(run, direction)
            text = run.makeelement(f"{W}t")
            _say(text, said)
            run.append(text)
            yield run


def _turn(run: Any, direction: str) -> None:
    """Say which way a run goes; what is bold or large is so for both kinds of letters."""
    properties = _properties(run, "rPr")
    for old in properties.findall(f"{W}rtl"):
        properties.remove(old)
    if direction == "rtl":
        _put(properties, "rtl")
        for one, twin in _TWINS.items():
            found = properties.find(f"{W}{one}")
            if found is not None and properties.find(f"{W}{twin}") is None:
                _put(properties, twin, found.get(f"{W}val"))


def _like(run: Any) -> Any:
    """An empty run that looks like another."""
    made = run.makeelement(f"{W}r")
    looks = run.find(f"{W}rPr")
    if looks is not None:
        made.append(deepcopy(looks))
    return made


def _say(text: Any, said: str) -> None:
    text.text = said
    text.set(f"{_XML}space", "preserve")


def _properties(parent: Any, name: str) -> Any:
    found = parent.find(f"{W}{name}")
    if found is None:
        found = parent.makeelement(f"{W}{name}")
        parent.insert(0, found)
    return found


def _put(properties: Any, name: str, value: str | None = None) -> None:
    """Set a property at its place in the order of the schema."""
    order = _ORDER[local(properties)].split()
    later = {f"{W}{one}" for one in order[order.index(name) + 1 :]}
    made = properties.makeelement(f"{W}{name}")
    if value is not None:
        made.set(f"{W}val", value)
    place = next((at for at, one in enumerate(properties) if one.tag in later), len(properties))
    properties.insert(place, made)


def directions(styles: Any) -> dict[str, tuple[str, str | None]]:
    """By style what it rests on, and which way it says that paragraphs go; "" is what holds without one."""
    found: dict[str, tuple[str, str | None]] = {"": ("", None)}
    if styles is None:
        return found
    defaults = styles.find(f"{W}docDefaults/{W}pPrDefault")
    usual = None if defaults is None else _said(defaults)
    found[""] = ("", usual)
    for style in styles.iter(f"{W}style"):
        based = style.find(f"{W}basedOn")
        id_ = style.get(f"{W}styleId") or "?"
        found[id_] = ("" if based is None else based.get(f"{W}val") or "", _said(style))
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true", "on"}:
            found[""] = ("", found[id_][1] or usual)
    return found


def base_of(paragraph: Any, turned: dict[str, tuple[str, str | None]]) -> str | None:
    """Which way a paragraph goes, as it or its styles say; None where nothing says it."""
    own = _said(paragraph)
    named = paragraph.find(f"{W}pPr/{W}pStyle")
    style = "" if named is None else named.get(f"{W}val") or ""
    seen: set[str] = set()
    while own is None and style and style not in seen:
        seen.add(style)
        style, own = turned.get(style, ("", None))
    return own or turned[""][1]


def _said(parent: Any) -> str | None:
    found = parent.find(f"{W}pPr/{W}bidi")
    if found is None:
        return None
    return "ltr" if found.get(f"{W}val") in {"0", "false", "off"} else "rtl"


def first_strong(text: str) -> str:
    """The direction of the first letter that has one (Unicode Standard Annex 9, P2)."""
    return next((way for one in text if (way := _STRONG.get(unicodedata.bidirectional(one)))), "ltr")
