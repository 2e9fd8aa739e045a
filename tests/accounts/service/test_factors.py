"""Time-based codes against the published vectors, a drifting clock and odd digits."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.service import factors
from tests.support.cast import code_now
from tests.support.clock import FrozenClock

# RFC 6238, appendix B, SHA-1; the last six of the eight digits.
SECRET = b"12345678901234567890"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")]


@pytest.mark.parametrize(("moment", "code"), VECTORS)
def test_published_codes_are_accepted_at_their_time(clock: FrozenClock, moment: int, code: str) -> None:
    clock.set(dt.datetime.fromtimestamp(moment, dt.UTC))
    assert factors.step_of(SECRET, code) == moment // 30


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_one_step_off(clock: FrozenClock, seconds: int, accepted: bool) -> None:
    code = code_now(SECRET)
    clock.advance(seconds=seconds)
    assert (factors.step_of(SECRET, code) is not None) is accepted


def test_arabic_digits_and_blanks_are_read(clock: FrozenClock) -> None:
    code = code_now(SECRET)
    arabic = code.translate({ord(digit): 0x0660 + int(digit) for digit in "0123456789"})
    assert factors.step_of(SECRET, f" {arabic[:3]} {arabic[3:]} ") == factors.step_of(SECRET, code)


@given(st.text(max_size=20))
def test_no_other_text_is_a_code(text: str) -> None:
    step = factors.step_of(SECRET, text)
    assert step is None or len("".join(text.split())) == 6


def test_the_address_names_account_and_secret() -> None:
    address = factors.uri(SECRET, "ayşe+1@himaya.example")
    assert address.startswith("otpauth://totp/Himaya:")
    assert factors.as_text(SECRET) in address
    assert len(factors.new_secret()) == factors.SECRET_BYTES
    assert factors.new_secret() != factors.new_secret()
