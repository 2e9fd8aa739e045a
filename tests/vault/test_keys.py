import pytest

from vault import Key, Unreadable, derive, key_from_bytes, key_from_secret, key_to_bytes


def test_new_keys_differ() -> None:
    assert len({Key.new().material for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("material", "epoch"), [(b"short", 1), (bytes(33), 1), (bytes(32), 0), (bytes(32), 2**32)]
)
def test_what_is_no_key_is_refused(material: bytes, epoch: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Key(material, epoch)


@pytest.mark.parametrize("epoch", [1, 7, 2**32 - 1])
def test_a_key_comes_back_with_its_epoch(epoch: int) -> None:
    key = Key.new(epoch)
    assert key_from_bytes(key_to_bytes(key)) == key


@pytest.mark.parametrize("data", [b"", bytes(36), b"\0\0\0\1" + bytes(31), b"\0\0\0\1" + bytes(33)], ids=len)
def test_bytes_that_are_no_key_do_not_open(data: bytes) -> None:
    with pytest.raises(Unreadable):
        key_from_bytes(data)


def test_derived_keys_depend_on_key_and_label_and_keep_the_epoch() -> None:
    key = Key.new(5)
    assert derive(key, "a") == derive(key, "a")
    assert len({key, derive(key, "a"), derive(key, "b"), derive(Key.new(5), "a")}) == 4
    assert derive(key, "a").epoch == 5


def test_a_secret_too_short_to_be_one_is_refused() -> None:
    assert key_from_secret(bytes(16), "label") == key_from_secret(bytes(16), "label")
    with pytest.raises(ValueError, match="16 bytes"):
        key_from_secret(bytes(15), "label")


def test_neither_repr_nor_str_shows_a_key() -> None:
    key = Key(b"the key that nobody may ever see", 3)
    assert repr(key) == str(key) == "Key(epoch=3)"
