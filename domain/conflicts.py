"""Conflicts of interest: whom one house may not help in two matters, or only once somebody decided.

One person may stand in two matters in different roles. `judge` says what that means for the house, by whose
interest each role has: whom we act for, those close to them, the other side, witnesses, and people or bodies
of our own. It knows roles, never names: who is who is found by `domain.names`.

Sources: Avukatlık Kanunu (1136) art. 38/b, whoever advised one side of a matter refuses the other; TBB Meslek
Kuralları 35 (two people whose defences may harm each other), 36 (nobody of a shared office helps both sides),
37 (what was heard from somebody who was turned away stays secret too).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any, Final

CLIENT: Final = "client"
STAFF: Final = "staff"
MEMBER: Final = "member_organisation"


class Side(StrEnum):
    """Whose interest a party of a matter has."""

    OURS = "ours"  # we act for them
    BESIDE = "beside"  # close to the client; interests may part
    AGAINST = "against"  # the other side
    NEUTRAL = "neutral"  # says what they saw
    DUTY = "duty"  # of the house itself: whoever decides looks at it each time


ROLES: Final = MappingProxyType(
    {
        CLIENT: Side.OURS,
        "opposing": Side.AGAINST,
        "spouse": Side.BESIDE,
        "parent": Side.BESIDE,
        "child": Side.BESIDE,
        "household": Side.BESIDE,
        "representative": Side.BESIDE,
        "guardian": Side.BESIDE,
        "employer": Side.AGAINST,
        "landlord": Side.AGAINST,
        "co_accused": Side.BESIDE,
        "heir": Side.BESIDE,
        "witness": Side.NEUTRAL,
        "related": Side.BESIDE,
        STAFF: Side.DUTY,
        MEMBER: Side.DUTY,
    }
)
"""Every role by its code in `config/lists/party_role.tsv`."""


class Level(IntEnum):
    """How much a meeting of two roles weighs."""

    NONE = 0
    POSSIBLE = 1  # somebody decides
    CONFLICT = 2  # somebody decides, and a lawyer alone does not accept it


_SEEN_FROM: Final = MappingProxyType(
    {"spouse": "spouse", "parent": "child", "child": "parent", "household": "household", "heir": "heir"}
)


def seen_from(role: str) -> str:
    """What the client is in the own file of somebody who has this role in the client's."""
    return _SEEN_FROM.get(role, "related")


class Rule(StrEnum):
    """Why; words in three languages and the source stand in `config/lists/conflict_rule.tsv`."""

    KNOWN_CLIENT = "known_client"
    SAME_SIDE = "same_side"
    BOTH_SIDES = "both_sides"
    SPOUSES = "spouses"
    CLOSE_TO_CLIENT = "close_to_client"
    AGAINST_CLOSE = "against_close"
    WITNESS = "witness"
    OWN_HOUSE = "own_house"
    HEARD = "heard"  # another organisation was asked, and said that it may act for the other side


LEVELS: Final = MappingProxyType(
    {
        Rule.KNOWN_CLIENT: Level.NONE,
        Rule.SAME_SIDE: Level.NONE,
        Rule.BOTH_SIDES: Level.CONFLICT,
        Rule.SPOUSES: Level.CONFLICT,
        Rule.CLOSE_TO_CLIENT: Level.POSSIBLE,
        Rule.AGAINST_CLOSE: Level.POSSIBLE,
        Rule.WITNESS: Level.POSSIBLE,
        Rule.OWN_HOUSE: Level.POSSIBLE,
        Rule.HEARD: Level.POSSIBLE,
    }
)

_PAIRS: Final = MappingProxyType(
    {
        frozenset({Side.OURS}): Rule.KNOWN_CLIENT,
        frozenset({Side.OURS, Side.AGAINST}): Rule.BOTH_SIDES,
        frozenset({Side.OURS, Side.BESIDE}): Rule.CLOSE_TO_CLIENT,
        frozenset({Side.OURS, Side.NEUTRAL}): Rule.WITNESS,
        frozenset({Side.BESIDE, Side.AGAINST}): Rule.AGAINST_CLOSE,
    }
)


def judge(one: str, other: str, *, family: bool = False) -> Rule:
    """What it means that one person has these roles in two matters, or one of them and none elsewhere.

    family: one of the matters is about family, violence or children, where spouses stand against each other.
    Raises KeyError for an unknown role.
    """
    sides = frozenset({ROLES[one], ROLES[other]})
    if Side.DUTY in sides:
        return Rule.OWN_HOUSE
    if family and {one, other} == {CLIENT, "spouse"}:
        return Rule.SPOUSES
    return _PAIRS.get(sides, Rule.SAME_SIDE)


def met_by(role: str, *, family: bool = False) -> tuple[str, ...]:
    """The roles in other matters in which a person of this role must not stay unnoticed.

    Somebody who is of the house in both says nothing new by it.
    """
    return tuple(
        other
        for other in ROLES
        if LEVELS[judge(role, other, family=family)] > Level.NONE
        and not ROLES[role] is ROLES[other] is Side.DUTY
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """A party of this matter who stands in another one, or belongs to the house.

    `party` is the client or the id of a party; `matter` the id of the other one, `reference` what colleagues
    call it, both empty for somebody of the house, whom `colleague` names where it is known who.
    """

    party: str
    role: str
    rule: Rule
    theirs: str = ""
    matter: str = ""
    reference: str = ""
    colleague: str = ""
    ask: tuple[str, ...] = ()

    @property
    def level(self) -> Level:
        """How much it weighs."""
        return LEVELS[self.rule]

    @property
    def key(self) -> str:
        """What a decision about it covers: another role of either is another matter to decide."""
        return f"{self.party}:{self.role}:{self.matter}:{self.theirs}:{self.colleague}:{self.rule}"

    def stored(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "party": self.party,
            "role": self.role,
            "rule": str(self.rule),
            "theirs": self.theirs,
            "matter": self.matter,
            "reference": self.reference,
            "colleague": self.colleague,
            "ask": list(self.ask),
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Finding:
        """From plain values."""
        return cls(**{**stored, "rule": Rule(stored["rule"]), "ask": tuple(stored["ask"])})


def of_the_house(parties: Iterable[tuple[str, str]]) -> list[Finding]:
    """The parties (id and role) who are of the house by their role: nothing else has to meet them."""
    return [Finding(party, role, Rule.OWN_HOUSE) for party, role in parties if ROLES.get(role) is Side.DUTY]


def heard(enquiry: str, name: str) -> Finding:
    """That an organisation of this name answered an enquiry so that a conflict is possible."""
    return Finding(CLIENT, CLIENT, Rule.HEARD, reference=name, colleague=enquiry)


class Outcome(StrEnum):
    """What somebody decides."""

    ACCEPT = "accept"
    WALL = "wall"  # accepted, and people who know the other side never get the key
    REFER_OUT = "refer_out"


class Standing(StrEnum):
    """How a matter stands after its check."""

    CLEAR = "clear"  # nothing was found, or all of it was accepted
    POSSIBLE = "possible"  # waits for a decision
    REFUSED = "refused"  # is to go elsewhere
    DUE = "due"  # as it is now it was not compared


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome and the findings that it covers, by their keys."""

    outcome: Outcome
    covers: frozenset[str]


def undecided(found: Iterable[Finding], decisions: Iterable[Decision]) -> list[Finding]:
    """What was found and nobody decided yet, the gravest first."""
    covered = {key for one in decisions for key in one.covers}
    waits = [one for one in found if one.level > Level.NONE and one.key not in covered]
    return sorted(waits, key=lambda one: (-one.level, one.key))


def standing(found: Collection[Finding], decisions: Iterable[Decision]) -> Standing:
    """How the matter stands; `decisions` in the order in which they were made, the last one counts."""
    made = list(decisions)
    if undecided(found, made):
        return Standing.POSSIBLE
    last = {key: one.outcome for one in made for key in one.covers}
    refused = any(last.get(one.key) is Outcome.REFER_OUT for one in found)
    return Standing.REFUSED if refused else Standing.CLEAR


def may_accept_as_lawyer(waits: Iterable[Finding]) -> bool:
    """Whether a lawyer of the case accepts this alone: nothing grave, and nobody of the house."""
    return all(one.level < Level.CONFLICT and one.rule is not Rule.OWN_HOUSE for one in waits)
