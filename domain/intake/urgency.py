"""How soon somebody has to look at a request: from four questions anybody can answer, and from the issue.

Levels and their names are those of the taxonomy (`config/law/urgency.tsv`). Only the most urgent ground
counts; no answer makes a request less urgent than its issue is by itself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.taxonomy import URGENCIES

_SAME_DAY, _SOON, _UNKNOWN_ISSUE, _ = URGENCIES


class Answer(StrEnum):
    """What somebody says. Who is not sure is looked at on the same day; who was not asked says nothing."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Ground(StrEnum):
    """Why a request is as urgent as it is; of several that weigh the same, the first here is told."""

    DANGER = "danger"
    DETAINED = "detained"
    REMOVAL = "removal"
    DEADLINE = "deadline"
    UNSURE = "unsure"
    ISSUE = "issue"
    NOT_SAID = "not_said"  # neither issue nor any answer that would tell


@dataclass(frozen=True, slots=True)
class Answers:
    """The questions that every channel asks; None where one was not asked or not answered."""

    detained: Answer | None = None  # is somebody detained?
    removal: Answer | None = None  # is somebody about to be sent out of the country?
    deadline: Answer | None = None  # is a deadline running, or is there a paper with a date?
    danger: Answer | None = None  # is somebody in danger tonight?


@dataclass(frozen=True, slots=True)
class Assessed:
    """U0 to U3, and why."""

    urgency: str
    ground: Ground


_YES: Final = {
    "danger": Assessed(_SAME_DAY, Ground.DANGER),
    "detained": Assessed(_SAME_DAY, Ground.DETAINED),
    "removal": Assessed(_SAME_DAY, Ground.REMOVAL),
    "deadline": Assessed(_SOON, Ground.DEADLINE),
}


def assess(answers: Answers, default: str | None) -> Assessed:
    """The urgency of a request; `default` is that of its issue, None as long as the issue is not known.

    Raises `ValueError` for a default that is no urgency.
    """
    said: dict[str, Answer | None] = {question: getattr(answers, question) for question in _YES}
    grounds = [assessed for question, assessed in _YES.items() if said[question] is Answer.YES]
    if Answer.UNSURE in said.values():
        grounds.append(Assessed(_SOON, Ground.UNSURE))
    if default is None:
        grounds.append(Assessed(_UNKNOWN_ISSUE, Ground.NOT_SAID))
    elif default in URGENCIES:
        grounds.append(Assessed(default, Ground.ISSUE))
    else:
        message = f"{default} is no urgency"
        raise ValueError(message)
    return min(grounds, key=lambda ground: ground.urgency)


def of_subject(issues: Collection[str]) -> str:
    """The urgency of a request of which only the group of its issues is known, from the urgencies of those.

    The middle one, for most are like it; never the same day, which is for what somebody answers. Raises
    `ValueError` for a group without issues.
    """
    if not issues:
        message = "a group without issues has no urgency"
        raise ValueError(message)
    return max(sorted(issues)[(len(issues) - 1) // 2], _SOON)
