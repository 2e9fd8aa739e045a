import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.vault.cast import many
from vault import Part, Unreadable, pack, unpack

parts = st.lists(
    st.one_of(st.binary(max_size=40), st.text(max_size=40), st.integers(), st.uuids(), st.none()), max_size=6
)


@many
@given(parts)
@example([0, -1, 127, 128, -128, -129, 255, 256])
@example([b"", "", None])
def test_what_is_packed_comes_back_with_its_types(some: list[Part]) -> None:
    back = unpack(pack(*some))
    assert back == tuple(some)
    assert [type(part) for part in back] == [type(part) for part in some]


@many
@given(parts, parts)
@example(["ab", "c"], ["a", "bc"])
@example([b"1"], ["1"])
@example([1], ["1"])
@example([None], [b""])
@example([], [b""])
@example([pack("a")], ["a"])
def test_different_parts_never_give_the_same_bytes(one: list[Part], other: list[Part]) -> None:
    same = one == other and [type(part) for part in one] == [type(part) for part in other]
    assert (pack(*one) == pack(*other)) == same


@many
@given(parts, parts, parts, parts)
def test_packing_cannot_be_cut_elsewhere(
    one: list[Part], rest: list[Part], other: list[Part], remainder: list[Part]
) -> None:
    if pack(*one) + pack(*rest) == pack(*other) + pack(*remainder):
        assert one + rest == other + remainder


@many
@given(st.binary(max_size=60))
def test_whatever_unpacks_packs_to_the_same_bytes(data: bytes) -> None:
    try:
        read = unpack(data)
    except Unreadable:
        return
    assert pack(*read) == data


@many
@given(parts.filter(bool), st.binary(min_size=1, max_size=4))
def test_a_rest_that_is_no_part_is_refused(some: list[Part], rest: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(pack(*some) + rest)


@pytest.mark.parametrize(
    "data",
    [
        b"s",
        b"s\0\0\0",
        b"s\0\0\0\2a",
        b"x\0\0\0\0",
        b"s\0\0\0\1\xff",
        b"u\0\0\0\3abc",
        b"n\0\0\0\1a",
        b"i\0\0\0\0",
        b"i\0\0\0\2\0\1",
        b"i\0\0\0\2\xff\xff",
        b"b\xff\xff\xff\xff",
    ],
    ids=repr,
)
def test_what_pack_cannot_have_made_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        unpack(data)


@pytest.mark.parametrize("wrong", [True, 1.0, bytearray(b"a"), ("a",), ["a"]], ids=repr)
def test_other_types_are_a_programming_error(wrong: Part) -> None:
    with pytest.raises(TypeError):
        pack(wrong)
