"""Who offers a paper to one parliament group sees which others still wait for it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.contacts import Contact, GroupContact, Offer, equal_contact
from domain.lists import CodeList, ListItem
from domain.tables import Label

LISTS = Path(__file__).parents[2] / "config" / "lists"
START = date(2026, 11, 2)
LABEL = Label("a", "b", "c")


def group(code: str, since: date | None = None, until: date | None = None) -> ListItem:
    return ListItem(code, LABEL, since, until, {})


def offer(code: str, days: int = 0, version: int = 2, paper: str = "paper") -> Offer:
    return Offer(code, paper, version, START + timedelta(days=days))


def contacts(offers: list[Offer], days: int, *groups: ListItem) -> dict[str, GroupContact]:
    listed = groups or (group("a"), group("b"), group("c"))
    today = START + timedelta(days=days)
    return {each.group: each for each in equal_contact(listed, offers, "paper", 2, 14, today)}


def states(offers: list[Offer], days: int, *groups: ListItem) -> dict[str, str]:
    return {code: each.state.value for code, each in contacts(offers, days, *groups).items()}


def test_codes_have_names_for_people() -> None:
    assert CodeList.load(LISTS / "equal_contact.tsv").codes == tuple(Contact)


def test_the_groups_are_dated_in_no_rank_and_to_be_confirmed() -> None:
    groups = CodeList.load(LISTS / "parliament_group.tsv")
    assert len(groups) == 6
    letters = str.maketrans("Iİ", "ıi")
    names = [item.label.tr.translate(letters).lower() for item in groups]
    assert names == sorted(names)
    assert all(item.valid_from and item.notes["source"] for item in groups)
    assert {item.notes["status"] for item in groups} == {"to_be_confirmed"}


def test_nothing_is_due_before_the_first_offer() -> None:
    assert states([], 0) == {}
    assert states([offer("a", version=1), offer("b", paper="other"), offer("stranger")], 0) == {}
    assert states([offer("a", days=1)], 0) == {}


def test_groups_that_wait_are_named_until_and_after_the_time() -> None:
    offers = [offer("a"), offer("b", days=15)]
    assert states(offers, 14) == {"a": "offered", "b": "due", "c": "due"}
    assert states(offers, 15) == {"a": "offered", "b": "late", "c": "missed"}
    waiting = contacts(offers, 14)["c"]
    assert (waiting.due, waiting.offered, waiting.is_open) == (START + timedelta(days=14), None, True)
    assert not contacts(offers, 15)["b"].is_open


def test_a_later_version_does_and_an_earlier_one_is_mentioned() -> None:
    offers = [offer("a"), offer("b", days=3, version=3), offer("c", days=-9, version=1)]
    found = contacts(offers, 5)
    assert (found["b"].state, found["b"].earlier_version) == (Contact.OFFERED, None)
    assert (found["c"].state, found["c"].earlier_version) == (Contact.DUE, 1)


def test_groups_that_form_or_end_meanwhile() -> None:
    formed = group("b", since=START + timedelta(days=10))
    ended = group("c", until=START + timedelta(days=5))
    assert states([offer("a")], 5, group("a"), formed, ended) == {"a": "offered", "c": "due"}
    assert states([offer("a")], 24, group("a"), formed, ended) == {"a": "offered", "b": "due"}
    assert states([offer("a")], 25, group("a"), formed, ended) == {"a": "offered", "b": "missed"}


def test_a_negative_time_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        equal_contact([], [], "paper", 1, -1, START)


OFFERS = st.lists(
    st.builds(
        offer,
        st.sampled_from("abcx"),
        st.integers(-20, 40),
        st.integers(1, 3),
        st.sampled_from(["paper", "other"]),
    )
)


@given(OFFERS, st.integers(0, 40))
def test_whoever_was_not_offered_is_always_named(offers: list[Offer], days: int) -> None:
    today = START + timedelta(days=days)
    served = {
        each.group for each in offers if each.paper == "paper" and each.version >= 2 and each.on <= today
    }
    found = contacts(offers, days)
    assert found == contacts(offers[::-1], days)
    if served & set("abc"):
        assert {code for code, each in found.items() if not each.is_open} == served & set("abc")
        assert list(found) == ["a", "b", "c"]
        assert any(each.state is Contact.OFFERED for each in found.values())
    else:
        assert found == {}
