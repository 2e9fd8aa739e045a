"""A dossier: its sections, its states, and when it may leave (domain research, 5.2 and 5.3).

Nothing leaves without three approvals (legal, data, neutrality) by three people, each of exactly the
content that leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class State(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    LEFT = "left"
    CLOSED = "closed"


class Section(StrEnum):
    """The parts of a dossier in their order; `GOOD_PRACTICE` and `OPTIONS` stand in the policy paper too."""

    PROBLEM = "problem"
    LEGAL = "legal"
    PRACTICE = "practice"
    NUMBERS = "numbers"
    STORIES = "stories"
    COUNTER = "counter"
    GOOD_PRACTICE = "good_practice"
    COST = "cost"
    OPTIONS = "options"
    REQUEST = "request"
    RISKS = "risks"
    CONTACT = "contact"


class Approval(StrEnum):
    """What somebody stands for."""

    LEGAL = "legal"
    DATA = "data"
    NEUTRALITY = "neutrality"


class Paper(StrEnum):
    """What is made of an approved dossier."""

    POLICY = "paper"
    FULL = "full"
    OPEN = "open"
    """The full dossier for everybody: without stories that were given for an authority alone."""


LANGUAGES: Final = ("tr", "ar", "en")
"""Turkish first, Arabic and English equal versions."""


def title_in(titles: Mapping[str, str], language: str) -> str:
    """The title in a language, or in the first that has one."""
    return titles.get(language) or next((titles[one] for one in LANGUAGES if titles.get(one)), "")


PAPER_PAGES: Final = 4
"""A policy paper has at most so many."""

PARTS: Final[Mapping[Paper, tuple[Section, ...]]] = {
    Paper.POLICY: (
        Section.PROBLEM,
        Section.PRACTICE,
        Section.LEGAL,
        Section.NUMBERS,
        Section.GOOD_PRACTICE,
        Section.OPTIONS,
        Section.REQUEST,
    ),
    # What is said of risks to people and of our own reading stays with us.
    **dict.fromkeys(
        (Paper.FULL, Paper.OPEN), tuple(section for section in Section if section is not Section.RISKS)
    ),
}

AUTHORITIES: Final = frozenset({"local", "provincial", "oversight", "ministry", "parliament_commission"})
"""Kinds of addressees (`config/lists/addressee_kind.tsv`) that a closed dossier may go to."""

NEEDED: Final = frozenset(
    {
        Section.PROBLEM,
        Section.LEGAL,
        Section.PRACTICE,
        Section.NUMBERS,
        Section.COUNTER,
        Section.REQUEST,
        Section.RISKS,
    }
)
"""Without these, in at least one language, nothing is sent to review."""


@dataclass(frozen=True, slots=True)
class Given:
    """An approval: of which content (its digest), as what, by whom."""

    kind: Approval
    person: str
    digest: bytes


def may_leave(digest: bytes, approvals: Collection[Given], *, pulled: bool) -> bool:
    """Whether content may leave: three kinds by three people on this digest, and nothing in it pulled."""
    of_this = [given for given in approvals if given.digest == digest]
    kinds = {given.kind for given in of_this}
    people = {given.person for given in of_this}
    return not pulled and kinds == set(Approval) and len(people) >= len(Approval)


def may_approve(kind: Approval, person: str, approvals: Collection[Given], digest: bytes) -> bool:
    """Whether this person may still give this approval of this content."""
    of_this = [given for given in approvals if given.digest == digest]
    return all(given.kind is not kind and given.person != person for given in of_this)


def missing(sections: Mapping[Section, Collection[str]]) -> tuple[Section, ...]:
    """What is needed and stands in no language. `sections`: the languages in which each has text."""
    return tuple(section for section in Section if section in NEEDED and not sections.get(section))


def untranslated(
    paper: Paper, language: str, sections: Mapping[Section, Collection[str]]
) -> tuple[Section, ...]:
    """The parts of a paper that stand in another language but not in this one: it is not printed so."""
    return tuple(
        section for section in PARTS[paper] if sections.get(section) and language not in sections[section]
    )
