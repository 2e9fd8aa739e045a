"""File review: which files are drawn each month, what is asked of each, and when one is in order.

Source: quality of practice after the ABA Standards for the Provision of Civil Legal Aid 2021 (domain
research 4.4): one closed file in ten at random, every closed file of the highest urgency, every file that
somebody complained about. Of the open files we draw fewer: they are many, and still change; of those closed
earlier a few, so that of no file it can be said that chance would never have drawn it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Final

CLOSED_ONE_IN: Final = 10
OPEN_ONE_IN: Final = 20
EARLIER_ONE_IN: Final = 200

QUESTIONS: Final = (
    "identity", "conflict", "consent", "deadline_proof", "client_told", "originals", "outcome_evidence",
)  # fmt: skip # one list
"""What is asked of a file; the sentences are in `config/lists/review_question.tsv`."""


class Answer(StrEnum):
    """What can be said to a question."""

    YES = "yes"
    NO = "no"
    NOT_HERE = "not_here"


class Missing(StrEnum):
    """What an answer lacks."""

    ANSWER = "answer"
    WORDS = "words"


def month_of(day: dt.date) -> dt.date:
    """The first day of its month."""
    return day.replace(day=1)


def month_before(month: dt.date) -> dt.date:
    """The first day of the month before."""
    return month_of(month_of(month) - dt.timedelta(days=1))


def sample(seed: str, numbers: Collection[int], one_in: int, first: Collection[int] = ()) -> list[int]:
    """One in so many of these files, rounded up, so that of a few it is one; the same for the same seed.

    first: those that are taken whatever chance says, in the place of others, so that how many they are does
    not tell that there are such files. More are only taken where these alone are more.

    Each file is ordered by a hash of the seed and its number: nobody can choose it for a file.
    """
    many = -(-len(numbers) // one_in)
    taken = set(first).intersection(numbers)
    by_chance = sorted(set(numbers) - taken, key=lambda number: _place(seed, number))
    return sorted({*taken, *by_chance[: max(0, many - len(taken))]})


def digest_of(seed: str, closed: Sequence[int], open_: Sequence[int], drawn: Sequence[int]) -> bytes:
    """What the record of acts keeps of a draw: of the seed, of whom it was drawn among, and of its result."""
    return hashlib.sha256(json.dumps([seed, [*closed], [*open_], [*drawn]]).encode()).digest()


def missing(answers: Mapping[str, str], words: Mapping[str, str]) -> dict[str, Missing]:
    """By question what is lacking: each is answered, and whoever says no says what is wrong."""
    lacking = {name: Missing.ANSWER for name in QUESTIONS if answers.get(name) not in set(Answer)}
    return lacking | {name: Missing.WORDS for name in found(answers) if not words.get(name, "").strip()}


def found(answers: Mapping[str, str]) -> list[str]:
    """The questions whose answer has to be mended."""
    return [name for name in QUESTIONS if answers.get(name) == Answer.NO]


def _place(seed: str, number: int) -> bytes:
    return hashlib.sha256(f"file review|{seed}|{number}".encode()).digest()
