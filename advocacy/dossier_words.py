"""Dossiers in words: sections, states, approvals, levels, papers; and figures as a reader reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from advocacy.service.figures import OTHER, TOTAL
from core.web.locale import LOCALES, NAMES
from domain.dossiers import LANGUAGES, Approval, Paper, Section, State
from reports import words as statistics

SECTIONS: Final[dict[Section, Any]] = {
    Section.PROBLEM: _l("The problem in one sentence"),
    Section.LEGAL: _l("Legal standard"),
    Section.PRACTICE: _l("What is observed"),
    Section.NUMBERS: _l("Numbers, period and limits"),
    Section.STORIES: _l("Cases"),
    Section.COUNTER: _l("What speaks against it"),
    Section.GOOD_PRACTICE: _l("Good practice elsewhere"),
    Section.COST: _l("What it costs people and the administration"),
    Section.OPTIONS: _l("Options"),
    Section.REQUEST: _l("What we ask for"),
    Section.RISKS: _l("Risks and how we meet them"),
    Section.CONTACT: _l("Contact and annexes"),
}

HINTS: Final[dict[Section, Any]] = {
    Section.PROBLEM: _l("Who is affected by what, where and since when. One sentence."),
    Section.LEGAL: _l("The rule and its source: article, decision, date."),
    Section.PRACTICE: _l("By time, province and authority. Say what is document, first-hand, second-hand."),
    Section.NUMBERS: _l("What was counted, when, and what it cannot show. Figures come from releases below."),
    Section.STORIES: _l(
        "A short introduction. The stories themselves are written by those who hold the files."
    ),
    Section.COUNTER: _l("Other explanations, and what the authority has said so far."),
    Section.GOOD_PRACTICE: _l("Where it works, and how."),
    Section.COST: _l("Time, money, health, school, work; for both sides."),
    Section.OPTIONS: _l("At least two, each with what speaks for and against it."),
    Section.REQUEST: _l("Specific, within the addressee's power, what costs least first."),
    Section.RISKS: _l("For clients and for member organisations. This section stays in the house."),
    Section.CONTACT: _l("Who answers questions, and what is attached."),
}

STATES: Final[dict[State, Any]] = {
    State.DRAFT: _l("Draft"),
    State.REVIEW: _l("In review"),
    State.APPROVED: _l("Approved"),
    State.LEFT: _l("Has left"),
    State.CLOSED: _l("Closed"),
}

TEXT_STATES: Final[dict[str, Any]] = {"": _l("Empty"), "draft": _l("Draft"), "ready": _l("Ready")}

APPROVALS: Final[dict[Approval, Any]] = {
    Approval.LEGAL: _l("Legal: the law is right and nobody is put at risk"),
    Approval.DATA: _l("Data: figures and stories are covered and betray nobody"),
    Approval.NEUTRALITY: _l("Neutrality: everybody addressed would find each sentence fair"),
}

CHECKLIST: Final = (
    _l("Would an addressee of any party accept each sentence as fair?"),
    _l("Does it name a party or a leader? It should not."),
    _l("Is a right tied to a conflict between nationalities? It should not be."),
    _l("Is a motive attributed to anybody? It should not be."),
    _l("Does it take a position for return or for staying? It should not."),
)

LEVELS: Final[dict[str, Any]] = {
    "2": _l("Anonymous facts, in a closed dossier to the authority"),
    "3": _l("Anonymous story that may be published"),
    "4": _l("Story that insiders may recognise"),
}

STORY_STATES: Final[dict[str, Any]] = {
    "signed": _l("Waits for a second signature"),
    "confirmed": _l("Signed by two"),
    "pulled": _l("Taken out"),
}

BECAUSE: Final[dict[str, Any]] = {
    "withdrawn": _l("The person withdrew the consent."),
    "uncovered": _l("No consent of the person carries it any more."),
    "expired": _l("The consent has run out."),
    "closed": _l("The case was closed since. Its author has to stand for the story again."),
    "restricted": _l("The case was restricted since. Its author has to stand for the story again."),
    "author": _l("Its author took it back."),
    "dossier": _l("It was taken out of the dossier."),
}

PAPERS: Final[dict[str, Any]] = {
    str(Paper.POLICY): _l("Policy paper, at most four pages"),
    str(Paper.FULL): _l("Full dossier, for authorities"),
    str(Paper.OPEN): _l("Full dossier for everybody, without stories given for authorities alone"),
}

KINDS: Final[dict[str, Any]] = {
    str(Paper.POLICY): _l("Policy paper"),
    str(Paper.FULL): _l("Dossier"),
    str(Paper.OPEN): _l("Dossier"),
}


FOR_ADDRESSEE: Final = _l("For the addressee only")


def languages() -> list[tuple[str, str]]:
    """Turkish first, each by its own name."""
    return [(language, NAMES[language]) for language in LANGUAGES]


def figure_row(figure: Mapping[str, Any]) -> str:
    """The row of a figure."""
    if figure["row"] == TOTAL:
        return str(_l("Total"))
    if figure["row"] == OTHER:
        return statistics.other_label()
    return statistics.code_label(figure["table"], figure["row"])


def figure_label(figure: Mapping[str, Any]) -> str:
    """Table, quarter and row of a figure."""
    return " · ".join((statistics.heading(figure["table"], figure["quarter"]), figure_row(figure)))


def in_language(text: Any, language: str) -> str:
    """A text of ours in the language of a document, whatever language the desk speaks."""
    with force_locale(LOCALES[language]):
        return str(text)
