"""What a case does not take while a conflict of interest is possible: the one list of acts that wait."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from cases.models import Case
from cases.service import conflicts
from core.errors import DomainError
from domain.conflicts import Standing
from domain.lifecycle import State


class Act(StrEnum):
    """An act that has to wait."""

    # Anything beyond first contact: the record, lines of the timeline but calls; no day of a court or police.
    FACTS = "facts"
    OPEN = "open"  # out of the conflict check, and on
    ASSIGN = "assign"  # asking a lawyer, and the lawyer's yes
    REFER = "refer"
    ADVISE = "advise"  # a line to the person


CLOSED: Final = _("A closed file is not edited. A coordinator can reopen it.")
_WAITS: Final = frozenset({Standing.POSSIBLE, Standing.REFUSED})

REFUSED_IN: Final[Mapping[Act, frozenset[Standing]]] = MappingProxyType(
    {
        Act.FACTS: _WAITS,
        Act.OPEN: _WAITS | {Standing.DUE},
        Act.ASSIGN: _WAITS | {Standing.DUE},
        # Once it is decided that somebody else has to help, they are asked.
        Act.REFER: frozenset({Standing.POSSIBLE}),
        # And the person has to read who that is, for many have no other way to be told.
        Act.ADVISE: frozenset({Standing.POSSIBLE, Standing.DUE}),
    }
)
_WORDS: Final = MappingProxyType(
    {
        Standing.POSSIBLE: _(
            "A possible conflict of interest waits for a decision. Until then the case takes no more than "
            "first contact, and nobody is asked to take it on. The page “Parties and conflicts” says whom "
            "to ask."
        ),
        Standing.REFUSED: _(
            "It was decided that somebody else has to help here. Refer the person, then close the case."
        ),
        Standing.DUE: _(
            "The people in this case are not compared with other files yet as they stand now. A caseworker "
            "or coordinator does it on the page “Parties and conflicts”."
        ),
    }
)


class Held(DomainError):
    """The case does not take this now."""


def held(case: Case, record: dict[str, Any], act: Act) -> Standing | None:
    """Why an act has to wait, or None."""
    now = conflicts.standing_of(case, record)
    # Before it was ever compared a case takes first contact only.
    first = now is Standing.DUE and case.state == State.CONFLICT_CHECK
    return now if now in REFUSED_IN[act] or first else None


def told(case: Case, record: dict[str, Any], act: Act) -> LazyString | None:
    """The same in a sentence."""
    why = held(case, record, act)
    return None if why is None else _WORDS[why]


def require(case: Case, record: dict[str, Any], act: Act) -> None:
    """Raise Held where the act has to wait."""
    why = told(case, record, act)
    if why is not None:
        raise Held(why)
