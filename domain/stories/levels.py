"""How far a story may go, and what carries it (domain research, 5.7).

Level 1 is statistics and level 5 name or image; neither is written as a story here.
"""

from __future__ import annotations

from typing import Final

CLOSED: Final = "2"
"""Anonymous facts, in a closed dossier to an authority."""
PUBLIC: Final = "3"
"""An anonymous story that may be published. The furthest that a child's may go."""
RECOGNISABLE: Final = "4"
"""A story that insiders may recognise."""

LEVELS: Final = (CLOSED, PUBLIC, RECOGNISABLE)
ASKED: Final = (PUBLIC, RECOGNISABLE)
"""The levels that the consent to a story asks for; its answer names one of them."""
AGREED_DAYS: Final = 90
"""For so many days agreement to the very words counts as asked for a publication."""


def carries(kind: str, given: str, level: str) -> bool:
    """Whether a consent of a kind (`advocacy`, `story`), given up to a level, carries a story of a level."""
    if level not in LEVELS:
        return False
    return (kind == "advocacy" and level == CLOSED) or (kind == "story" and given in ASKED and level <= given)


def child_may(level: str, how: str) -> bool:
    """Whether the story of a child may go so far: a guardian agrees, and nobody may recognise the child."""
    return how == "guardian" and level <= PUBLIC


def is_shown_first(level: str) -> bool:
    """Whether the person agrees to the very words before anybody else signs them."""
    return level in ASKED
