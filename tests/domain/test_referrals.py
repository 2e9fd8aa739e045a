"""The table of a referral, its clocks, and what a consent lets go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import referrals as rules
from domain.directory import load_services
from domain.reference import Reference
from domain.referrals import OPEN, OVER, READABLE, Side, State, Why
from domain.tables import TableError

CONFIG = Path(__file__).parents[2] / "config"
TODAY = dt.date(2026, 11, 2)
TO = rules.Recipient("a", "", frozenset({"A", "أ"}))
STATES, SIDES = st.sampled_from(State), st.sampled_from(Side)


@dataclass(frozen=True)
class Given:
    recipient: str = "a"
    recipient_name: str = "A"
    recipient_partner: str | None = ""
    recipient_names: tuple[str, ...] = ("A", "أ")
    answer: str = "given"
    purposes: tuple[str, ...] = ("housing",)
    fields: tuple[str, ...] = ("name",)
    until: dt.date = field(default=TODAY)


@given(st.lists(st.tuples(SIDES, STATES, st.integers(0, 3), st.booleans()), max_size=40))
def test_no_order_of_moves_reads_before_an_acceptance(
    tries: list[tuple[Side, State, int, bool]],
) -> None:
    """Whatever is tried, what is readable was accepted and released before; what is over stays over."""
    state, seen = State.DRAFT, [State.DRAFT]
    by_hand = bool(tries) and tries[0][3]
    for side, to, chases, _ in tries:
        try:
            rules.check(state, to, side, by_hand=by_hand, chases=chases)
        except rules.ReferralError:
            continue
        assert state not in OVER
        state = to
        seen.append(to)
        if state in READABLE:
            assert seen.index(State.ACCEPTED) < seen.index(State.RELEASED)
        if state is State.CLOSED:
            assert State.FEEDBACK in seen or chases >= rules.CHASES_TO_CLOSE


def test_a_life_can_be_lived_to_its_end() -> None:
    lived = [
        (Side.SENDER, State.ENQUIRY), (Side.PARTNER, State.ACCEPTED), (Side.SENDER, State.RELEASED),
        (Side.PARTNER, State.IN_PROGRESS), (Side.PARTNER, State.OUTCOME), (Side.SENDER, State.FEEDBACK),
        (Side.SENDER, State.CLOSED),
    ]  # fmt: skip # one list
    state = State.DRAFT
    for side, to in lived:
        assert to in rules.next_states(state, side)
        state = to
    assert all(rules.next_states(state, side) == () for side in Side)


def test_the_other_side_and_nobody_are_told_apart() -> None:
    with pytest.raises(rules.NotYourMove):
        rules.check("enquiry", "accepted", Side.SENDER)
    assert rules.check("enquiry", "accepted", Side.SENDER, by_hand=True).to is State.ACCEPTED
    with pytest.raises(rules.NotYourMove):
        rules.check("enquiry", "expired", Side.PARTNER, by_hand=True)
    with pytest.raises(rules.NoSuchMove):
        rules.check("draft", "released", Side.SENDER)
    with pytest.raises(rules.NotChasedEnough):
        rules.check("released", "closed", Side.SENDER, chases=1)
    assert rules.check("released", "closed", Side.SENDER, chases=2).unheard


def test_only_the_clock_expires_and_every_open_state_can_be_withdrawn() -> None:
    assert {move.side for move in rules.MOVES.values() if move.to is State.EXPIRED} == {Side.CLOCK}
    for state in OPEN:
        assert State.WITHDRAWN in rules.next_states(state, Side.SENDER)


def test_clocks_are_those_of_the_inter_agency_form_and_chase_comes_first() -> None:
    hours = {code: clock.answer.total_seconds() / 3600 for code, clock in rules.CLOCKS.items()}
    assert hours == {"emergency": 24, "urgent": 72, "normal": 14 * 24}
    assert all(clock.chase < clock.answer for clock in rules.CLOCKS.values())


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([], Why.NO_CONSENT),
        ([Given()], Why.COVERED),
        ([Given(recipient="b")], Why.OTHER_RECIPIENT),
        ([Given(recipient="b", answer="refused")], Why.NO_CONSENT),
        ([Given(recipient="b", until=TODAY - dt.timedelta(days=1))], Why.NO_CONSENT),
        ([Given(answer="refused")], Why.REFUSED),
        ([Given(answer="withdrawn"), Given(recipient="b")], Why.WITHDRAWN),
        ([Given(until=TODAY - dt.timedelta(days=1))], Why.EXPIRED),
        ([Given(purposes=("cash",))], Why.OTHER_PURPOSE),
        ([Given(fields=("birth",))], Why.NOT_NAMED),
    ],
)
def test_each_reason_why_a_field_may_not_go(answers: list[Given], why: Why) -> None:
    assert rules.coverage(["name"], answers, TO, "housing", TODAY) == {"name": why}


@pytest.mark.parametrize(
    ("answer", "to", "told"),
    [
        (Given(recipient_partner="p"), rules.Recipient("a", "p", frozenset({"renamed"})), True),
        (Given(recipient_partner="p"), rules.Recipient("a", "q", TO.names), False),
        (Given(recipient_partner="p"), TO, False),
        (Given(recipient_partner=""), rules.Recipient("a", "q", TO.names), False),
        (Given(), rules.Recipient("a", "", frozenset({"A", "أ", "Ä"})), True),
        (Given(), rules.Recipient("a", "", frozenset({"B", "أ"})), False),
        (Given(), rules.Recipient("a", "", frozenset({"A", "ب"})), False),
        # From before it was kept who was behind the entry.
        (Given(recipient_partner=None, recipient_names=()), TO, True),
        (Given(recipient_partner=None, recipient_names=()), rules.Recipient("a", "p", TO.names), False),
        (
            Given(recipient_partner=None, recipient_names=()),
            rules.Recipient("a", "", frozenset({"B"})),
            False,
        ),
    ],
)
def test_an_entry_that_became_somebody_else_is_not_whom_the_person_was_told(
    answer: Given, to: rules.Recipient, *, told: bool
) -> None:
    why = Why.COVERED if told else Why.CHANGED
    assert rules.coverage(["name"], [answer], to, "housing", TODAY) == {"name": why}


def test_an_answer_that_named_nobody_covers_nobody() -> None:
    nobody = rules.Recipient("", "", frozenset({"A", "أ"}))
    assert rules.coverage(["name"], [Given(recipient="")], nobody, "housing", TODAY) == {
        "name": Why.OTHER_RECIPIENT
    }


@given(
    st.lists(
        st.builds(
            Given,
            recipient=st.sampled_from(["a", "b", ""]),
            answer=st.sampled_from(["given", "refused", "withdrawn"]),
            purposes=st.sampled_from([("housing",), ("cash",), ()]),
            fields=st.sampled_from([("name",), ("birth",), ("name", "birth"), ()]),
            until=st.dates(TODAY - dt.timedelta(days=3), TODAY + dt.timedelta(days=3)),
        ),
        unique_by=lambda one: one.recipient,
    )
)
def test_a_field_goes_only_under_a_live_answer_for_this_recipient_and_purpose(answers: list[Given]) -> None:
    for name, why in rules.coverage(["name", "birth"], answers, TO, "housing", TODAY).items():
        live = [
            one
            for one in answers
            if one.recipient == "a" and one.answer == "given" and one.until >= TODAY
            and "housing" in one.purposes and name in one.fields
        ]  # fmt: skip # one condition
        assert (why is Why.COVERED) == bool(live)


def test_lists_hold_what_the_rules_speak_of() -> None:
    lists = Reference.load(CONFIG).lists
    assert lists["referral_state"].codes == tuple(State)
    assert lists["referral_priority"].codes == tuple(rules.CLOCKS)


def test_the_directory_begins_with_public_services_of_known_kinds() -> None:
    lists = Reference.load(CONFIG).lists
    services = load_services(
        CONFIG / "directory" / "services.tsv", lists["service"].codes, lists["language"].codes
    )
    codes = {service.code for service in services}
    assert {"emergency_112", "social_183", "yimer_157", "police_155", "sonim", "bar_legal_aid"} <= codes
    assert {"sydv", "tihek", "kdk", "unhcr"} <= codes
    assert all(service.services and service.languages for service in services)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("a\tA\tA\tأ\tcash\t\ttr\t\t\na\tA\tA\tأ\tcash\t\ttr\t\t\n", "stands twice"),
        ("a\tA\tA\tأ\tmagic\t\ttr\t\t\n", "unknown: magic"),
    ],
)
def test_a_spoilt_directory_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    path = tmp_path / "services.tsv"
    path.write_text(
        "code\ten\ttr\tar\tservices\tprovinces\tlanguages\thours\tphone\n" + rows, encoding="utf-8"
    )
    with pytest.raises(TableError, match=why):
        load_services(path, ["cash"], ["tr"])
