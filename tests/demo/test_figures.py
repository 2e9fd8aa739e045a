"""What a manager of the demonstration finds: closed quarters with tables worth looking at."""

import datetime as dt

import pytest

from core.reference import reference
from demo.chance import Chance
from demo.clients import invent
from demo.lives import ASKED
from demo.names import Words
from demo.offices import PLANS
from demo.seed import CASES, HISTORY, openings
from domain.disclosure import Spec, closed, code_lists, protect
from domain.identity import BirthDate
from domain.quarters import quarter_of
from domain.statistics_facts import Fact, thursday_of


def figures(present: dt.datetime) -> list[Fact]:
    """The facts of the larger office as they are drawn for a demonstration that is loaded at this moment."""
    words, plan, begin = Words(), PLANS[0], present - HISTORY
    facts = []
    for number, opening in enumerate(openings(CASES, begin, Chance(CASES))):
        chance = Chance(number)
        if chance.choices([0, 1], [plan.share for plan in PLANS])[0]:
            continue
        day = opening.date()
        record = invent(words, plan.provinces, day, chance).record
        client, known = record["client"], BirthDate.parse(record["client"]["birth"], day)
        facts.append(
            Fact(
                case=str(number), client=str(number), opened=thursday_of(day), recorded=thursday_of(day),
                organisation="", issue=record["issue"], province=record["province"], authority="",
                sex=client["sex"], age_band=known.age_band(day), nationality=client["nationality"], level="",
                outcome="", statistics=chance.in_hundred(ASKED["statistics"][0]),
            )
        )  # fmt: skip  # a row
    return facts


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("day", [2, 17])
def test_the_last_closed_quarters_show_rows_and_merge_others(month: int, day: int) -> None:
    present = dt.datetime(2027, month, day, 9, tzinfo=dt.UTC)
    facts = figures(present)
    codes = code_lists(reference().taxonomy, reference().places)
    over = sorted({quarter_of(f.opened) for f in facts if closed(quarter_of(f.opened), present.date())})[-4:]
    tables = [
        protect(facts, Spec(table, codes[table], quarter), present.date())
        for quarter in over
        for table in ("issue_group", "province", "sex", "age_band")
    ]
    shown = [len(table.rows) for table in tables]
    assert sum(rows >= 1 for rows in shown) >= 13, shown
    assert sum(rows >= 2 for rows in shown) >= 6, shown
    assert sum(table.other is not None for table in tables) >= 6
