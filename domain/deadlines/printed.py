"""Where the document itself prints the last day (an invitation to leave, YUKK 56), that day counts.

The length of the rule is then the least that the document may give: as long as nobody has read the day from
it, that is the safe assumption.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.deadlines.finishing import Ends
from domain.deadlines.steps import Period, Steps, Unit

if TYPE_CHECKING:
    from domain.deadlines.questions import Question


def as_printed(most: int | None, begun: date, ends: Ends, question: Question, steps: Steps) -> Ends:
    """The three dates by the printed day, where there is one; `most` days may be given, None: by no document.

    A day before the least is what the authority will act on, and by the law one too early: `latest` argues
    that. A day after the most is doubtful, and `safe` does not rely on it.
    """
    printed = question.printed_on
    if most is None or printed is None:
        return ends
    furthest = begun + timedelta(days=most)
    if printed < ends.due:
        steps.say("printed_early", day=printed)
        steps.say("rescue_printed", to=ends.due)
        return Ends(printed, min(printed, ends.safe), ends.latest)
    if printed > furthest:
        steps.say("printed_late", day=printed, period=Period(most, Unit.DAY), to=furthest)
        return Ends(printed, furthest, printed)
    steps.say("printed", day=printed)
    return Ends(printed, printed, printed)
