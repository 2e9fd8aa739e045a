"""Coded vignettes in words: what each tells in every language, how it is marked, why one is not told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import force_locale, gettext, ngettext
from flask_babel import lazy_gettext as _l

from advocacy.service import checking
from advocacy.service.telling import Story
from core.reference import reference
from core.web.filters import number
from core.web.labels import issue_label, list_label
from core.web.locale import LOCALES, current_language
from domain.dossiers import LANGUAGES
from domain.stories.vignettes import Detail
from reports.words import quarter_label

_BETWEEN: Final = " · "
_REFUSED: Final[dict[str, Any]] = {
    checking.UNSIGNED: _l("It was changed outside the program and is not signed by its author"),
    checking.SAME_CASE: _l("Another vignette of this dossier tells the same case"),
}


def texts(codes: Mapping[str, str], cases: int) -> dict[str, str]:
    """The words of a vignette by language: a line that marks it, and one with its codes, by `Detail`."""
    told = {}
    for language, said in offered(codes).items():
        with force_locale(LOCALES[language]):
            told[language] = f"{_marked(cases)}\n{_BETWEEN.join(said)}"
    return told


def offered(codes: Mapping[str, str]) -> dict[str, list[str]]:
    """What may be told by language, code by code."""
    told = {}
    for language in LANGUAGES:
        with force_locale(LOCALES[language]):
            told[language] = _lines(codes)
    return told


def _lines(codes: Mapping[str, str]) -> list[str]:
    return [
        f"{list_label('story_detail', detail)}: {_label(detail, code)}"
        for detail in Detail
        if (code := codes.get(detail))
    ]


def mark(story: Story) -> str:
    """What kind of story it is, in two or three words."""
    if story.told and story.told.is_composite:
        return _composite(len(story.told.stories))
    return str(gettext("Coded vignette") if story.is_vignette else gettext("Free summary"))


def reasons(story: Story) -> list[str]:
    """Why a vignette is not told."""
    return [str(_REFUSED.get(one) or list_label("story_refusal", one)) for one in story.refused]


def _marked(cases: int) -> str:
    if cases > 1:
        return str(gettext("%(mark)s: only what they have in common is told.", mark=_composite(cases)))
    return str(gettext("Coded vignette: at least ten people who came to us share these facts."))


def _composite(cases: int) -> str:
    return str(
        ngettext("Composite of %(shown)s case", "Composite of %(shown)s cases", cases, shown=number(cases))
    )


def _label(detail: Detail, code: str) -> str:
    if detail is Detail.ISSUE:
        return issue_label(code)
    if detail is Detail.QUARTER:
        return quarter_label(code)
    if detail is Detail.REGION:
        regions = reference().places.regions
        return regions[code].label.of(current_language()) if code in regions else code
    return list_label("broad_age", code)
