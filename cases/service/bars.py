"""What is still open in a case and keeps it from closing: the one list, to which every feature adds.

A feature registers in `bars` what gives its open things, in `forbids` who may not close over them, and in
`left` what becomes of them where a coordinator does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from flask_babel import lazy_gettext as _

from cases.models import Case
from core.access.actors import Actor
from core.errors import DomainError
from vault import Key


class Over(StrEnum):
    """When a coordinator may close over it, always with a reason in writing."""

    ANY = "any"
    OUT_OF_REACH = "out_of_reach"  # only where contact was lost or the person was removed
    NEVER = "never"


@dataclass(frozen=True)
class Bar:
    """One thing that is open. It is shown with a link, so that whoever reads it can end it."""

    kind: str  # a code of the list `closing_bar`
    endpoint: str  # of the page where it is ended, with the values that its address takes
    values: dict[str, Any] = field(default_factory=dict)
    anchor: str = ""  # of the part of that page
    name: str = ""  # as somebody typed it
    place: str = ""  # likewise, of what is somewhere
    rule: str = ""  # of a deadline
    day: dt.date | None = None
    over: Over = Over.ANY


OUT_OF_REACH: Final = frozenset({"lost_contact", "removed"})
"""The codes of the list `close_reason` for which a case closes over what is `Over.OUT_OF_REACH`."""

bars: Final[list[Callable[[Case, Key], Sequence[Bar]]]] = []
forbids: Final[list[Callable[[Actor, Case, Key], None]]] = []
"""Called before a closing over something; each raises DomainError where it is not for the actor to do.

Here and not in `left`: a refusal after the question whether a second one looks would tell its answer.
"""
left: Final[list[Callable[[Actor, Case, Key, str, str], None]]] = []
"""Called after a closing over something, with the code of `close_reason` and the reason in writing.

None of them refuses any more."""


def found(case: Case, key: Key) -> list[Bar]:
    """Everything that is open, in the order of registration."""
    return [bar for ask in bars for bar in ask(case, key)]


def require(actor: Actor, case: Case, key: Key, why: str, despite: str) -> list[Bar]:
    """What the case closes over. Raises DomainError where it may not, or not by the actor."""
    open_ = found(case, key)
    if any(bar.over is Over.NEVER for bar in open_):
        raise DomainError(
            _(
                "A deadline where a day decides is open: meet it, move it or take it out first. Nobody "
                "closes over it."
            )
        )
    if why not in OUT_OF_REACH and any(bar.over is Over.OUT_OF_REACH for bar in open_):
        raise DomainError(
            _(
                "A deadline, or an original that is not returned, is still open. The case closes over it "
                "only where contact was lost or the person was removed. Otherwise end it first."
            ),
            field="why",
        )
    if open_ and not despite:
        raise DomainError(
            _(
                "Something is still open, as listed above. End it first, or write why the case closes over "
                "it."
            ),
            field="despite",
        )
    for forbid in forbids if open_ else ():
        forbid(actor, case, key)
    return open_
