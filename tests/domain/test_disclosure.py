"""Who knows the rule, the code list and all that is published still can't tell a hidden figure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.disclosure import (
    DIMENSIONS,
    Explanation,
    Fact,
    Figure,
    OtherRow,
    ProtectedTable,
    Quarter,
    QuarterStillOpen,
    Spec,
    code_lists,
    protect,
)
from domain.reference import Reference
from domain.tables import UNKNOWN

Q3 = Quarter(2026, 3)
AFTER = date(2026, 11, 24)
IN_Q2, IN_Q3, IN_Q4 = date(2026, 5, 7), date(2026, 8, 6), date(2026, 10, 8)
SEXES = ("f", "m", "x", UNKNOWN)
BLANK = Fact("", "", IN_Q3, IN_Q3, "o", "B01", "27", "pdmm", "f", "18-29", "SYR", "", "", statistics=True)
SHAPES = ((2, 26), (3, 22), (4, 16), (6, 9), (8, 6))  # rows of the list, and the largest total that is tried

World = tuple[int, ...]
Outcomes = Mapping[object, list[World]]


def facts(numbers: Mapping[str, int], **more: object) -> list[Fact]:
    """So many cases of each sex, each of another person."""
    serial = count()
    blank = replace(BLANK, **more)  # type: ignore[arg-type]  # a test names the fields it changes
    return [
        replace(blank, case=f"{number}", client=f"p{number}", sex=code)
        for code, cases in numbers.items()
        for number in (next(serial) for _ in range(cases))
    ]


def by_sex(cases: Iterable[Fact], codes: tuple[str, ...] = SEXES) -> ProtectedTable:
    return protect(cases, Spec("sex", codes, Q3), AFTER)


def codes_of(world: World) -> tuple[str, ...]:
    return (*"abcdefghi"[: len(world) - 1], UNKNOWN)


def table_of(world: World) -> ProtectedTable:
    return by_sex(facts(dict(zip(codes_of(world), world, strict=True))), codes_of(world))


def worlds(rows: int, total: int) -> Iterator[World]:
    """All ways to spread a total over the rows."""
    if rows == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in worlds(rows - 1, total - first):
            yield (first, *rest)


def outcomes(publish: Callable[[World], object], rows: int, most: int) -> Outcomes:
    found: dict[object, list[World]] = defaultdict(list)
    for total in range(most + 1):
        for world in worlds(rows, total):
            found[publish(world)].append(world)
    return found


@cache
def protected(rows: int, most: int) -> Outcomes:
    return outcomes(table_of, rows, most)


def hidden(table: ProtectedTable, world: World) -> list[int]:
    shown = {row.code for row in table.rows}
    return [place for place, code in enumerate(codes_of(world)) if code not in shown]


def narrowest(outcome: Iterable[World], places: Iterable[int]) -> int:
    listed = list(outcome)
    ranges = [{world[place] for world in listed} for place in places]
    return min(max(figures) - min(figures) for figures in ranges)


@pytest.mark.parametrize(("rows", "most"), SHAPES)
def test_each_hidden_figure_is_open_by_four(rows: int, most: int) -> None:
    audited = 0
    for table, possible in protected(rows, most).items():
        assert isinstance(table, ProtectedTable)
        if table.other is not None or Explanation.ONLY_TOTAL in table.explanations:
            audited += 1
            assert narrowest(possible, hidden(table, possible[0])) >= 4, (table, possible)
    assert audited


@pytest.mark.parametrize(("rows", "most"), SHAPES)
def test_knowing_which_rows_are_empty_does_not_help(rows: int, most: int) -> None:
    for table, possible in protected(rows, most).items():
        assert isinstance(table, ProtectedTable)
        if table.other is None:
            continue
        by_emptiness: dict[tuple[bool, ...], list[World]] = defaultdict(list)
        for world in possible:
            by_emptiness[tuple(figure > 0 for figure in world)].append(world)
        for filled, known in by_emptiness.items():
            assert narrowest(known, (place for place in hidden(table, known[0]) if filled[place])) >= 1


def merging_small_rows_only(world: World) -> object:
    """The rule as one would first write it: small rows, then next ones, until two rows and five cases."""
    order = sorted(range(len(world)), key=lambda place: world[place])
    merged = [place for place in order if 0 < world[place] < 5]
    rest = [place for place in order if world[place] >= 5]
    while merged and rest and (len(merged) < 2 or sum(world[place] for place in merged) < 5):
        merged.append(rest.pop(0))
    shown = tuple((place, world[place]) for place in sorted(rest))
    return shown, sum(world[place] for place in merged), len(world)


def test_the_audit_finds_what_a_simpler_rule_gives_away() -> None:
    exact = []
    for outcome, possible in outcomes(merging_small_rows_only, 4, 20).items():
        places = [place for place in range(4) if place not in {row[0] for row in outcome[0]}]  # type: ignore[index] # an outcome is a tuple
        if sum(possible[0]) >= 5 and outcome[1] and places and narrowest(possible, places) == 0:  # type: ignore[index] # likewise
            exact.append(possible)
    assert any(tuple(sorted(world)[:2]) == (4, 4) for possible in exact for world in possible)


@pytest.mark.parametrize(("rows", "most"), SHAPES)
def test_what_is_published_is_true_and_large_enough(rows: int, most: int) -> None:
    for table, possible in protected(rows, most).items():
        assert isinstance(table, ProtectedTable)
        for world in possible:
            figures = dict(zip(codes_of(world), world, strict=True))
            assert all(figures[row.code] == row.value >= 5 for row in table.rows)
            left = [figures[code] for code in figures if code not in {row.code for row in table.rows}]
            if table.other is not None:
                assert table.other == OtherRow(sum(left), len(left))
                assert sum(left) >= 5
                assert sum(figure > 0 for figure in left) >= 2
            elif table.rows:
                assert sum(left) == 0
            assert table.total == (sum(world) if sum(world) >= 5 else None)


def test_fewer_than_five_look_the_same_as_none() -> None:
    small = {table_of(world) for total in range(5) for world in worlds(3, total)}
    assert len(small) == 1
    (refused,) = small
    assert (refused.rows, refused.other, refused.total) == ((), None, None)
    assert refused.is_refused
    assert Explanation.TOO_FEW in refused.explanations


CASE = st.builds(
    lambda client, sex, province: replace(BLANK, client=client, sex=sex, province=province),
    st.sampled_from(["", *(f"p{number}" for number in range(9))]),
    st.sampled_from("aaaaabbbcde"),
    st.sampled_from(["27", "27", "31", "34", "63"]),
)
FIVE = ("a", "b", "c", "d", "e", UNKNOWN)
PROVINCES = ("27", "31", "34", "63", "79", UNKNOWN)


def relabelled(cases: list[Fact], codes: Iterable[str]) -> list[Fact]:
    return [replace(fact, sex=code) for fact, code in zip(cases, codes, strict=True)]


def alternatives(cases: list[Fact], out: list[str]) -> Iterator[list[Fact]]:
    """The other worlds of the proof: rows exchanged, and the hidden cases spread as 0, 4 and the rest."""
    for one, other in permutations(out, 2):
        swap = {one: other, other: one}
        yield relabelled(cases, (swap.get(fact.sex, fact.sex) for fact in cases))
    hidden_cases = sum(fact.sex in out for fact in cases)
    for turn in range(len(out)):
        order = out[turn:] + out[:turn]
        # None in the first row, four in the second, one to three in the third, at most four in the others.
        spread = [order[1]] * 4 + [order[2]] * 3 if len(out) > 2 else []
        spread += [code for code in order[3:] for _ in range(4)]
        if len(spread) >= hidden_cases:
            codes = iter(spread)
            yield relabelled(cases, (next(codes) if fact.sex in out else fact.sex for fact in cases))
    for code in out:
        yield relabelled(cases, (code if fact.sex in out else fact.sex for fact in cases))


@given(st.lists(CASE, max_size=40))
def test_the_guarantee_holds_for_people_with_several_cases_and_over_all_tables(drawn: list[Fact]) -> None:
    cases = [replace(fact, case=f"c{number}") for number, fact in enumerate(drawn)]
    provinces = Spec("province", PROVINCES, Q3)
    table, beside = by_sex(cases, FIVE), protect(cases, provinces, AFTER)
    people = defaultdict(set)
    for fact in cases:
        people[fact.sex].add(fact.client or fact.case)
    assert all(len(people[row.code]) >= 5 for row in table.rows)
    if table.total is None or (table.rows and table.other is None):
        return
    shown = {row.code for row in table.rows}
    out = [code for code in FIVE if code not in shown]
    possible = [
        world
        for world in (cases, *alternatives(cases, out))
        if by_sex(world, FIVE) == table and protect(world, provinces, AFTER) == beside
    ]
    for code in out:
        figures = {sum(fact.sex == code for fact in world) for world in possible}
        assert max(figures) - min(figures) >= 4


@given(st.lists(CASE, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_facts_changes_nothing(drawn: list[Fact], chance: object) -> None:
    cases = [replace(fact, case=f"c{number}") for number, fact in enumerate(drawn)]
    shuffled = sorted(cases, key=lambda _: chance.random())  # type: ignore[attr-defined]  # random.Random
    assert by_sex(shuffled, FIVE) == by_sex(cases, FIVE)


def test_large_rows_stand_as_they_are() -> None:
    table = by_sex(facts({"f": 12, "m": 7}))
    assert table.rows == (Figure("f", 12), Figure("m", 7))
    assert (table.other, table.total) == (None, 19)


def test_small_rows_take_the_next_one_with_them() -> None:
    table = by_sex(facts({"f": 20, "m": 9, "x": 1}))
    assert table.rows == (Figure("f", 20),)
    assert table.other == OtherRow(10, 3)
    assert Explanation.SMALL_ROWS_MERGED in table.explanations


def test_equal_rows_go_together_or_not_at_all() -> None:
    table = by_sex(facts({"f": 9, "m": 9, "x": 2, UNKNOWN: 30}))
    assert table.rows == (Figure(UNKNOWN, 30),)
    assert table.other == OtherRow(20, 3)


def test_where_all_are_alike_only_the_total_is_shown() -> None:
    alike = by_sex(facts({"f": 12}))
    spread = by_sex(facts({"f": 4, "m": 4, "x": 4}))
    assert alike == spread
    assert (alike.rows, alike.other, alike.total) == ((), None, 12)
    assert Explanation.ONLY_TOTAL in alike.explanations


def test_many_cases_of_one_person_are_one_person() -> None:
    busy = [replace(fact, client="p") for fact in facts({"x": 30})]
    cases = [
        replace(fact, case=f"c{number}") for number, fact in enumerate([*busy, *facts({"f": 12, "m": 6})])
    ]
    table = by_sex(cases)
    assert table.rows == (Figure("f", 12),)
    assert table.other == OtherRow(36, 3)
    assert by_sex(busy).total is None


def test_late_cases_and_refusals_stand_beside_the_table() -> None:
    late = [replace(fact, case=f"l{fact.case}") for fact in facts({"f": 6}, opened=IN_Q2)]
    refused = [replace(fact, case=f"r{fact.case}") for fact in facts({"m": 5}, statistics=False)]
    later = [replace(fact, case=f"o{fact.case}") for fact in facts({"m": 9}, recorded=IN_Q4)]
    table = by_sex([*facts({"f": 8, "m": 7}), *late, *refused, *later])
    assert table.rows == (Figure("f", 8), Figure("m", 7))
    assert (table.total, table.late, table.refused) == (15, 6, 5)
    assert table.explanations == ()
    fourth = protect([*late, *later], Spec("sex", SEXES, Quarter(2026, 4)), date(2027, 1, 4))
    assert (fourth.total, fourth.late) == (None, 9)


def test_a_few_late_or_refusing_look_the_same_as_none() -> None:
    timely = facts({"f": 8, "m": 7})
    none = by_sex(timely)
    assert none.explanations == (Explanation.LATE_WITHHELD, Explanation.REFUSED_WITHHELD)
    for number in range(1, 5):
        late = [replace(fact, case=f"l{fact.case}") for fact in facts({"x": number}, opened=IN_Q2)]
        refused = [replace(fact, case=f"r{fact.case}") for fact in facts({"x": number}, statistics=False)]
        assert by_sex([*timely, *late, *refused]) == none


def test_issues_are_counted_by_group_and_strange_codes_as_unknown() -> None:
    cases = [
        *facts({"f": 6}, issue="B01"),
        *facts({"f": 5}, issue="A02"),
        *facts({"f": 5}, issue=""),
        *facts({"f": 4}, issue="?"),
    ]
    cases = [replace(fact, case=f"c{number}", client="") for number, fact in enumerate(cases)]
    table = protect(cases, Spec("issue_group", ("A", "B", UNKNOWN), Q3), AFTER)
    assert table.rows == (Figure("A", 5), Figure("B", 6), Figure(UNKNOWN, 9))


def test_an_open_quarter_is_not_published() -> None:
    with pytest.raises(QuarterStillOpen, match="2026-Q3"):
        protect(facts({"f": 50}), Spec("sex", SEXES, Q3), date(2026, 9, 27))
    assert protect(facts({"f": 50}), Spec("sex", SEXES, Q3), date(2026, 9, 28)).total == 50


def test_a_case_that_comes_twice_is_an_error_not_a_figure() -> None:
    with pytest.raises(ValueError, match="one fact per case"):
        by_sex([*facts({"f": 6}), *facts({"f": 1})])


@pytest.mark.parametrize(("dimension", "codes"), [("nationality", SEXES), ("sex", ("f", "m"))])
def test_a_table_that_is_not_on_the_menu_is_refused(dimension: str, codes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="dimension of the menu"):
        Spec(dimension, codes, Q3)


def test_the_menu_covers_every_dimension() -> None:
    reference = Reference.load(Path(__file__).parents[2] / "config")
    lists = code_lists(reference.taxonomy, reference.places)
    assert tuple(lists) == DIMENSIONS
    assert [len(codes) for codes in lists.values()] == [20, 82, 4, 7]
    for dimension, codes in lists.items():
        assert Spec(dimension, codes, Q3).codes[-1] == UNKNOWN
