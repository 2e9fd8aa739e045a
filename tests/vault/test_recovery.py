"""Any two papers open recovery; one, a wrong one, or a planted box does not."""

from dataclasses import replace
from itertools import combinations
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import Organisation, few, flipped, many
from vault import (
    Mistyped,
    Pair,
    RecoveryBox,
    RecoverySecret,
    Unreadable,
    Untrusted,
    new_papers,
    open_recovery,
    pack,
    recovery,
    seal_recovery,
)

HOUSE = Organisation()
SECRET = RecoverySecret.new()
CERTIFICATE = HOUSE.recovery(SECRET)
PAPERS = new_papers(HOUSE.id)
BOX = seal_recovery(SECRET, HOUSE.id, [paper.holder for paper in PAPERS])
CODES = {paper.holder.number: paper.code for paper in PAPERS}


def codes(*numbers: int) -> dict[int, str]:
    return {number: CODES[number] for number in numbers}


@pytest.mark.parametrize("numbers", [(1, 2), (1, 3), (2, 3), (2, 1), (3, 1), (3, 2), (1, 2, 3)])
def test_any_two_papers_open(numbers: tuple[int, ...]) -> None:
    assert open_recovery(codes(*numbers), BOX, CERTIFICATE) == SECRET


@pytest.mark.parametrize("numbers", [(), (1,), (2,), (3,)])
def test_one_paper_alone_opens_nothing(numbers: tuple[int, ...]) -> None:
    with pytest.raises(Unreadable):
        open_recovery(codes(*numbers), BOX, CERTIFICATE)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_one_holder_who_tries_every_seal_reads_none(number: int) -> None:
    holder = BOX.holders[number - 1]
    pair = recovery._open_paper(holder, CODES[number], BOX)
    opened_outer = 0
    for (one, other), sealed in zip(combinations(BOX.holders, 2), BOX.sealed, strict=True):
        outer, inner = recovery._contexts(one, other, HOUSE.id)
        for context in (outer, inner):
            try:
                layer = pair.open(sealed, context)
            except Unreadable:
                continue
            opened_outer += 1
            with pytest.raises(Unreadable):
                RecoverySecret.from_bytes(layer)
            for again in (outer, inner):
                with pytest.raises(Unreadable):
                    pair.open(layer, again)
    assert opened_outer == 3 - number


def test_the_same_paper_twice_is_one_paper() -> None:
    with pytest.raises(Unreadable):
        open_recovery({1: CODES[1], 2: CODES[1]}, BOX, CERTIFICATE)


def test_a_wrong_paper_among_three_is_noticed() -> None:
    other = new_papers(HOUSE.id)
    with pytest.raises(Unreadable):
        open_recovery(codes(1, 2) | {3: other[2].code}, BOX, CERTIFICATE)


def test_a_paper_under_another_holders_number_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        open_recovery({1: CODES[2], 2: CODES[1]}, BOX, CERTIFICATE)
    with pytest.raises(Unreadable):
        open_recovery({1: CODES[1], 4: CODES[2]}, BOX, CERTIFICATE)


def test_a_typing_mistake_says_so() -> None:
    wrong = CODES[2][:-1] + ("0" if CODES[2][-1] != "0" else "2")
    with pytest.raises(Mistyped):
        open_recovery({1: CODES[1], 2: wrong}, BOX, CERTIFICATE)


@few
@given(st.sampled_from([" ", "", "-", "\n"]), st.booleans())
def test_papers_read_as_typed(between: str, lower: bool) -> None:
    typed = {number: between.join(code.split("-")) for number, code in codes(1, 3).items()}
    if lower:
        typed = {number: code.lower() for number, code in typed.items()}
    assert open_recovery(typed, BOX, CERTIFICATE) == SECRET


def test_papers_of_another_organisation_open_nothing() -> None:
    with pytest.raises(Unreadable):
        open_recovery(codes(1, 2), replace(BOX, organisation_id=uuid4()), CERTIFICATE)


def test_a_planted_box_is_noticed() -> None:
    """The server shows holders a box of its own making, sealed to their real public keys."""
    planted = seal_recovery(RecoverySecret.new(), HOUSE.id, BOX.holders)
    with pytest.raises(Untrusted):
        open_recovery(codes(1, 2), planted, CERTIFICATE)


def test_another_certificate_is_noticed() -> None:
    member = HOUSE.member("coordinator").verified
    abroad = Organisation().recovery(SECRET)
    for wrong in (member, abroad, HOUSE.recovery(RecoverySecret.new())):
        with pytest.raises(Untrusted):
            open_recovery(codes(1, 2), BOX, wrong)


def test_a_substituted_public_half_is_noticed() -> None:
    first = replace(BOX.holders[0], public=Pair.new().public)
    swapped = replace(BOX, holders=(first, *BOX.holders[1:]))
    with pytest.raises(Unreadable):
        open_recovery(codes(1, 2), swapped, CERTIFICATE)


def test_seals_in_another_order_open_nothing() -> None:
    one, other, last = BOX.sealed
    with pytest.raises(Unreadable):
        open_recovery(codes(1, 2), replace(BOX, sealed=(other, one, last)), CERTIFICATE)


def test_any_number_of_holders_from_two() -> None:
    papers = new_papers(HOUSE.id, 2)
    box = seal_recovery(SECRET, HOUSE.id, [paper.holder for paper in papers])
    assert len(box.sealed) == 1
    assert open_recovery({paper.holder.number: paper.code for paper in papers}, box, CERTIFICATE) == SECRET
    with pytest.raises(ValueError, match="two holders"):
        new_papers(HOUSE.id, 1)


def test_a_box_comes_back_from_storage() -> None:
    again = RecoveryBox.from_bytes(BOX.to_bytes())
    assert again == BOX
    assert open_recovery(codes(2, 3), again, CERTIFICATE) == SECRET


@pytest.mark.parametrize(
    "data",
    [
        b"",
        pack(2, HOUSE.id, b"", b""),
        pack(1, HOUSE.id, pack("holder"), b""),
        pack(1, HOUSE.id, pack(pack("one", b"", b"")), b""),
        pack(1, HOUSE.id, b"", pack(None)),
        pack(1, HOUSE.id, b"", pack(b"one seal too many")),
        BOX.to_bytes() + b"\0",
    ],
    ids=range(7),
)
def test_what_is_no_box_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        RecoveryBox.from_bytes(data)


@many
@given(st.integers(0, 100_000))
def test_a_changed_box_never_opens_to_something_else(bit: int) -> None:
    try:
        changed = RecoveryBox.from_bytes(flipped(BOX.to_bytes(), bit))
        opened = open_recovery(codes(1, 2), changed, CERTIFICATE)
    except (Unreadable, Untrusted):
        return
    assert opened == SECRET


def test_a_recovery_secret_comes_back_whole_and_nothing_else_does() -> None:
    assert RecoverySecret.from_bytes(SECRET.to_bytes()) == SECRET
    for wrong in (b"", pack(2, b"", b""), pack(1, b"", b""), SECRET.to_bytes() + b"\0"):
        with pytest.raises(Unreadable):
            RecoverySecret.from_bytes(wrong)


def test_reprs_show_no_code_and_no_secret() -> None:
    assert PAPERS[0].code not in repr(PAPERS)
    assert repr(SECRET) == "RecoverySecret()"
    assert repr(PAPERS[0]) == "Paper(holder=Holder(number=1))"
