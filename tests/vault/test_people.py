"""A member's secret under password, code and pepper."""

from dataclasses import replace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from tests.vault.cast import FAST, PEPPER, flipped, many
from vault import (
    Mistyped,
    PasswordLock,
    PersonSecret,
    Profile,
    Signer,
    Unreadable,
    Untrusted,
    derive_anyway,
    lock_with_code,
    lock_with_password,
    new_personal_code,
    pack,
    passwords,
    people,
    repepper,
    root_fingerprint,
    unlock_with_code,
    unlock_with_password,
)

ROOT = Signer.new()
SECRET = PersonSecret.new(ROOT.public)
PERSON = uuid4()
PASSWORD = "üç kırmızı bisiklet"
OTHER_PEPPER = b"another pepper, from another time"
LOCKED = lock_with_password(SECRET, PASSWORD, PERSON, PEPPER, FAST)
CODE = new_personal_code()
CODE_LOCKED = lock_with_code(SECRET, CODE, PERSON, PEPPER)


def test_password_and_code_each_open_the_same_secret() -> None:
    assert unlock_with_password(LOCKED, PASSWORD, PERSON, PEPPER, FAST) == SECRET
    assert unlock_with_code(CODE_LOCKED, CODE.lower().replace("-", " "), PERSON, PEPPER) == SECRET


def test_the_standard_cost_opens_too() -> None:
    locked = lock_with_password(SECRET, PASSWORD, PERSON, PEPPER)
    assert unlock_with_password(locked, PASSWORD, PERSON, PEPPER) == SECRET


def test_wrong_password_other_pepper_or_other_person_opens_nothing() -> None:
    for password, person, pepper in [
        (PASSWORD + " ", PERSON, PEPPER),
        ("", PERSON, PEPPER),
        (PASSWORD, PERSON, OTHER_PEPPER),
        (PASSWORD, uuid4(), PEPPER),
    ]:
        with pytest.raises(Unreadable):
            unlock_with_password(LOCKED, password, person, pepper, FAST)


def test_another_code_other_pepper_or_other_person_opens_nothing() -> None:
    for code, person, pepper in [
        (new_personal_code(), PERSON, PEPPER),
        (CODE, PERSON, OTHER_PEPPER),
        (CODE, uuid4(), PEPPER),
    ]:
        with pytest.raises(Unreadable):
            unlock_with_code(CODE_LOCKED, code, person, pepper)


def test_what_can_be_no_code_is_mistyped() -> None:
    with pytest.raises(Mistyped):
        unlock_with_code(CODE_LOCKED, "not a code", PERSON, PEPPER)
    with pytest.raises(Mistyped):
        lock_with_code(SECRET, "not a code", PERSON, PEPPER)


def test_one_lock_never_opens_as_the_other() -> None:
    with pytest.raises(Unreadable):
        unlock_with_password(CODE_LOCKED, CODE, PERSON, PEPPER, FAST)
    with pytest.raises(Unreadable):
        unlock_with_code(LOCKED, CODE, PERSON, PEPPER)


@many
@given(st.integers(0, 10_000))
def test_any_changed_bit_keeps_it_closed(bit: int) -> None:
    with pytest.raises(Unreadable):
        unlock_with_password(flipped(LOCKED, bit), PASSWORD, PERSON, PEPPER, FAST)
    with pytest.raises(Unreadable):
        unlock_with_code(flipped(CODE_LOCKED, bit), CODE, PERSON, PEPPER)


def test_a_weak_lock_does_not_open_in_standard_mode() -> None:
    with pytest.raises(Unreadable):
        unlock_with_password(LOCKED, PASSWORD, PERSON, PEPPER)


def test_without_the_pepper_there_is_nothing_to_try_passwords_on() -> None:
    """The salt and cost of the password lie under the pepper, not beside it."""
    inner = people._unpepper(LOCKED, PEPPER, PERSON)
    lock = PasswordLock.from_bytes(inner[:18], FAST)
    assert lock.salt not in LOCKED
    assert inner not in LOCKED


def test_the_cost_cannot_be_lowered_by_whoever_holds_the_pepper() -> None:
    inner = people._unpepper(lock_with_password(SECRET, PASSWORD, PERSON, PEPPER), PEPPER, PERSON)
    assert inner[:2] == PasswordLock.new().to_bytes()[:2]
    cheaper = PasswordLock(FAST, inner[2:18]).to_bytes() + inner[18:]
    for profile in (FAST, Profile.STANDARD):
        with pytest.raises(Unreadable):
            unlock_with_password(people._pepper(cheaper, PEPPER, PERSON), PASSWORD, PERSON, PEPPER, profile)


def test_the_pepper_rotates_without_a_password() -> None:
    moved = repepper(LOCKED, PEPPER, OTHER_PEPPER, PERSON)
    assert unlock_with_password(moved, PASSWORD, PERSON, OTHER_PEPPER, FAST) == SECRET
    with pytest.raises(Unreadable):
        unlock_with_password(moved, PASSWORD, PERSON, PEPPER, FAST)
    moved_code = repepper(CODE_LOCKED, PEPPER, OTHER_PEPPER, PERSON)
    assert unlock_with_code(moved_code, CODE, PERSON, OTHER_PEPPER) == SECRET
    with pytest.raises(Unreadable):
        repepper(moved, PEPPER, OTHER_PEPPER, PERSON)


def test_a_missing_pepper_is_a_configuration_error() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        lock_with_password(SECRET, PASSWORD, PERSON, b"", FAST)


@pytest.mark.parametrize("profile", list(Profile))
def test_an_unknown_account_costs_the_same_derivation(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[dict[str, int]] = []
    real = Argon2id

    def counting(*, salt: bytes, length: int, iterations: int, lanes: int, memory_cost: int) -> object:
        costs.append({"iterations": iterations, "lanes": lanes, "memory_cost": memory_cost})
        return real(salt=salt, length=length, iterations=1, lanes=lanes, memory_cost=8)

    monkeypatch.setattr(passwords, "Argon2id", counting)
    locked = lock_with_password(SECRET, PASSWORD, PERSON, PEPPER, profile)
    costs.clear()
    with pytest.raises(Unreadable) as known:
        unlock_with_password(locked, "wrong", PERSON, PEPPER, profile)
    with pytest.raises(Unreadable) as unknown:
        derive_anyway("wrong", PEPPER, profile)
    assert len(costs) == 2
    assert costs[0] == costs[1]
    assert repr(known.value) == repr(unknown.value)


def test_a_secret_comes_back_whole_and_nothing_else_does() -> None:
    assert PersonSecret.from_bytes(SECRET.to_bytes()) == SECRET
    for wrong in (b"", pack(), pack(2, *[b""] * 5), pack(1, *[b""] * 5), SECRET.to_bytes() + pack(None)):
        with pytest.raises(Unreadable):
            PersonSecret.from_bytes(wrong)


def test_members_get_secrets_of_their_own() -> None:
    other = PersonSecret.new(ROOT.public)
    assert other.pair != SECRET.pair
    assert other.signer != SECRET.signer
    assert other.ring != SECRET.ring
    assert other.totp_secret != SECRET.totp_secret
    assert len(SECRET.totp_secret) == 20


def test_a_substituted_organisation_root_is_noticed() -> None:
    organisation = uuid4()
    assert SECRET.trust(organisation, ROOT.public).root_public == ROOT.public
    with pytest.raises(Untrusted):
        SECRET.trust(organisation, Signer.new().public)
    with pytest.raises(Untrusted):
        replace(SECRET, root_fingerprint=root_fingerprint(b"")).trust(organisation, ROOT.public)


def test_the_repr_shows_nothing() -> None:
    assert repr(SECRET) == "PersonSecret()"
