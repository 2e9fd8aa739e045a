import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.lifecycle import (
    CLOCK,
    INITIAL,
    TRANSITIONS,
    UNDER_WAY,
    LifecycleError,
    NoSuchTransition,
    NotYourTransition,
    ReasonMissing,
    State,
    UnknownState,
    check,
    next_states,
)

PEOPLE = ("caseworker", "lawyer", "coordinator", "manager", "administrator", "focal_point")
roles = st.sets(st.sampled_from([*PEOPLE, CLOCK]))
states = st.sampled_from(list(State))


class CaseLife(RuleBasedStateMachine):
    """Whatever people do, a case stays inside the table."""

    def __init__(self) -> None:
        super().__init__()
        self.state = INITIAL
        self.closed_before = False
        self.accepted = False

    @rule(to=states, held=roles, reason=st.sampled_from(["", "  ", "because"]))
    def somebody_tries(self, to: State, held: set[str], reason: str) -> None:
        try:
            move = check(self.state, to, held)
            move.require(reason)
        except LifecycleError:
            return
        assert to in next_states(self.state, held)
        self.accepted = self.accepted or (self.state == State.ASSIGNED and to == State.IN_PROGRESS)
        self.closed_before = self.closed_before or to == State.CLOSED
        self.state = to

    @precondition(lambda self: self.state not in {State.CONFLICT_CHECK, State.ERASED})
    @rule()
    def a_coordinator_always_has_a_next_step(self) -> None:
        assert next_states(self.state, ["coordinator"])

    @invariant()
    def nothing_is_erased_that_was_not_closed(self) -> None:
        assert self.state != State.ERASED or self.closed_before

    @invariant()
    def nobody_outside_the_team_moves_a_case(self) -> None:
        assert next_states(self.state, ["manager", "administrator", "focal_point"]) == ()


TestCaseLife = CaseLife.TestCase


@given(states, states, roles)
def test_what_is_offered_is_what_is_allowed(state: State, to: State, held: set[str]) -> None:
    if to in next_states(state, held):
        move = check(state, to, held)
        assert (move.origin, move.to) == (state, to)
        assert move.roles & held
    else:
        with pytest.raises((NoSuchTransition, NotYourTransition)):
            check(state, to, held)


@given(states, roles, roles)
def test_more_roles_never_take_a_step_away(state: State, some: set[str], more: set[str]) -> None:
    assert set(next_states(state, some)) <= set(next_states(state, some | more))


def test_every_state_can_be_reached_and_erased_is_the_end() -> None:
    reached, todo = {INITIAL}, [INITIAL]
    while todo:
        for to in next_states(todo.pop(), PEOPLE):
            if to not in reached:
                reached.add(to)
                todo.append(to)
    assert reached == set(State)
    assert next_states("erased", [*PEOPLE, CLOCK]) == ()


def test_no_case_skips_the_conflict_check() -> None:
    assert INITIAL == State.CONFLICT_CHECK
    assert not [move for move in TRANSITIONS if move[1] == State.CONFLICT_CHECK]
    # To review, on the way to its end; on the way back `progress.move` asks the gate as from the check.
    assert next_states("conflict_check", ["caseworker"]) == (State.OPEN, State.IN_REVIEW)
    assert next_states("conflict_check", ["coordinator"]) == (State.OPEN, State.IN_REVIEW, State.CLOSED)


def test_a_lawyer_accepts_or_declines_and_the_clock_only_takes_back() -> None:
    assert next_states("assigned", ["lawyer"]) == (State.OPEN, State.IN_PROGRESS)
    assert next_states("assigned", [CLOCK]) == (State.OPEN,)
    assert next_states("assigned", ["coordinator"]) == (State.OPEN,)
    assert [state for state in State if next_states(state, [CLOCK])] == [State.ASSIGNED]


def test_waiting_returns_to_work_and_a_lawyer_can_step_off_from_anywhere() -> None:
    for state in UNDER_WAY:
        assert State.OPEN in next_states(state, ["lawyer"])
        assert State.OPEN not in next_states(state, ["caseworker"])
        if state != State.IN_PROGRESS:
            assert State.IN_PROGRESS in next_states(state, ["caseworker"])


def test_only_a_coordinator_closes_reopens_and_orders_erasure_always_with_a_reason() -> None:
    for (origin, to), move in TRANSITIONS.items():
        if State.CLOSED in {origin, to}:
            assert move.roles == {"coordinator"}
            assert move.needs_reason


def test_a_blank_reason_is_no_reason() -> None:
    move = check("in_review", "closed", ["coordinator"])
    move.require("service completed")
    with pytest.raises(ReasonMissing):
        move.require(" \n")
    check("open", "assigned", ["coordinator"]).require("")


def test_each_refusal_has_its_own_name() -> None:
    with pytest.raises(UnknownState):
        check("archived", "open", PEOPLE)
    with pytest.raises(UnknownState):
        next_states("archived", PEOPLE)
    with pytest.raises(NoSuchTransition):
        check("conflict_check", "in_progress", PEOPLE)
    with pytest.raises(NotYourTransition):
        check("in_review", "closed", ["lawyer", "caseworker"])
