import threading
import time

import pytest

from tests.vault.cast import FAST
from vault import PasswordLock, Profile, Unreadable, allow_at_once, passwords


def test_the_same_password_gives_the_same_key_through_storage() -> None:
    lock = PasswordLock.new(FAST)
    again = PasswordLock.from_bytes(lock.to_bytes(), FAST)
    assert again == lock
    assert again.key("geçmiş olsun") == lock.key("geçmiş olsun")
    assert lock.key("geçmiş olsun") != lock.key("gecmis olsun")
    assert PasswordLock.new(FAST).key("geçmiş olsun") != lock.key("geçmiş olsun")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("şifre", "s\u0327ifre"),
        ("أمان", "ا\u0654مان"),
        ("two words", "two\u00a0words"),
        ("two words", "two\u3000words"),
    ],
    ids=["Turkish", "Arabic", "no-break space", "wide space"],
)
def test_keyboards_that_write_the_same_password_differently_agree(one: str, other: str) -> None:
    lock = PasswordLock.new(FAST)
    assert one != other
    assert lock.key(one) == lock.key(other)


def test_case_and_inner_spaces_count() -> None:
    lock = PasswordLock.new(FAST)
    assert len({lock.key(text).material for text in ("a b", "A b", "ab", "a  b", "a b ")}) == 5


def test_a_password_that_is_no_valid_text_still_gives_a_key() -> None:
    lock = PasswordLock.new(FAST)
    assert lock.key("\ud800") != lock.key("\ud801")


@pytest.mark.parametrize(
    ("stored", "least", "accepted"),
    [
        (Profile.STANDARD, Profile.STANDARD, True),
        (Profile.RECEIPT, Profile.STANDARD, False),
        (FAST, Profile.STANDARD, False),
        (Profile.STANDARD, Profile.RECEIPT, True),
        (FAST, Profile.RECEIPT, False),
        (Profile.STANDARD, FAST, True),
        (FAST, FAST, True),
    ],
)
def test_a_stored_lock_is_never_weaker_than_asked(stored: Profile, least: Profile, accepted: bool) -> None:
    data = PasswordLock.new(stored).to_bytes()
    if accepted:
        assert PasswordLock.from_bytes(data, least).profile is stored
    else:
        with pytest.raises(Unreadable):
            PasswordLock.from_bytes(data, least)


def test_nothing_weak_is_accepted_unless_asked_for_by_name() -> None:
    with pytest.raises(Unreadable):
        PasswordLock.from_bytes(PasswordLock.new(FAST).to_bytes())
    assert PasswordLock.new().profile is Profile.STANDARD


@pytest.mark.parametrize(
    "data", [b"", bytes(18), b"\1\0" + bytes(16), b"\2\1" + bytes(16), b"\1\1" + bytes(15)]
)
def test_unknown_locks_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        PasswordLock.from_bytes(data, FAST)


def test_settings_name_the_profiles() -> None:
    assert Profile("standard") is Profile.STANDARD
    assert Profile("unsafe-fast-for-tests") is FAST


class Slow:
    """Stands in for Argon2id and counts how many run together."""

    running = most = 0
    lock = threading.Lock()
    meet: threading.Barrier

    def __init__(self, **_: object) -> None:
        pass

    def derive(self, _: bytes) -> bytes:
        with self.lock:
            Slow.running += 1
            Slow.most = max(Slow.most, Slow.running)
        self.meet.wait(60)  # as many as may run together do, however slowly the machine starts them
        time.sleep(0.02)
        with self.lock:
            Slow.running -= 1
        return bytes(32)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_few_derivations_run_at_a_time(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "Argon2id", Slow)
    monkeypatch.setattr(passwords, "_at_once", None)
    monkeypatch.setattr(Slow, "most", 0)
    monkeypatch.setattr(Slow, "meet", threading.Barrier(limit), raising=False)
    allow_at_once(limit)
    lock = PasswordLock.new(FAST)
    threads = [threading.Thread(target=lock.key, args=("password",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Slow.most == limit


def test_by_default_two_run_at_a_time() -> None:
    assert passwords._at_once._initial_value == 2  # type: ignore[attr-defined]  # the standard library's own field


def test_no_derivation_at_a_time_would_stop_everything() -> None:
    with pytest.raises(ValueError, match="At least one"):
        allow_at_once(0)
