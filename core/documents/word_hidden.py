"""Text of a file of Word that is not seen when it is read or printed, and goes along all the same."""

from __future__ import annotations

from typing import Any, Final

from core.documents.word_fields import paragraphs
from core.documents.word_package import Package, W, local

MOST: Final = 12  # pieces that are shown
_LONGEST: Final = 200  # letters of one
_UNSEEN: Final = ("vanish", "specVanish")
_NO: Final = frozenset({"0", "false", "off"})

Styles = dict[str, tuple[str, bool | None]]  # on which each rests, and whether it says that text is hidden


def hidden(package: Package) -> list[str]:
    """The pieces of text that are hidden by themselves, by a style or with the row of a table."""
    styles, found = _styles(package.styles()), list[str]()
    for _where, tree in package.written():
        for paragraph, pieces in paragraphs(tree):
            said = "".join(text for one, text in pieces if _is_hidden(one.getparent(), paragraph, styles))
            if said.strip():
                found.append(said.strip()[:_LONGEST])
    return list(dict.fromkeys(found))[:MOST]


def _is_hidden(run: Any, paragraph: Any, styles: Styles) -> bool:
    own = _said(run)
    if own is not None:
        return own
    rows = run.iterancestors(f"{W}tr")
    if any(_is_on(one) for row in rows for one in row.findall(f"{W}trPr/{W}hidden")):
        return True
    named = [one.get(f"{W}val") or "" for one in run.findall(f"{W}rPr/{W}rStyle")]
    named += [one.get(f"{W}val") or "" for one in paragraph.findall(f"{W}pPr/{W}pStyle")]
    for table in run.iterancestors(f"{W}tbl"):
        named += [one.get(f"{W}val") or "" for one in table.findall(f"{W}tblPr/{W}tblStyle")]
    return any(_by_style(one, styles) for one in [*named, ""])


def _by_style(name: str, styles: Styles) -> bool:
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        name, said = styles.get(name, ("", None))
        if said is not None:
            return said
    return False


def _styles(tree: Any) -> Styles:
    found: Styles = {"": ("", None)}
    for style in tree.iter(f"{W}style") if tree is not None else ():
        based = style.find(f"{W}basedOn")
        found[style.get(f"{W}styleId") or "?"] = (
            "" if based is None else based.get(f"{W}val") or "",
            _said(style),
        )
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") not in {None, *_NO}:
            found[""] = ("", _said(style))
    usual = None if tree is None else tree.find(f"{W}docDefaults/{W}rPrDefault")
    if usual is not None and found[""][1] is None:
        found[""] = ("", _said(usual))
    return found


def _said(parent: Any) -> bool | None:
    """Whether the properties of a run or a style say that text is hidden; None where they say nothing."""
    marks = [one for one in parent.findall(f"{W}rPr/*") if local(one) in _UNSEEN]
    return any(map(_is_on, marks)) if marks else None


def _is_on(mark: Any) -> bool:
    return mark.get(f"{W}val") not in _NO
