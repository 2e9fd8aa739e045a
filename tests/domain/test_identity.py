from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.tr import tckimlik

from domain.identity import (
    AGE_BANDS,
    BirthDate,
    BirthDateError,
    Precision,
    Warn,
    check_foreigner_number,
    comparable_phone,
    is_child,
    normalise_phone,
)
from domain.text import TextTooLong

TODAY = date(2026, 11, 24)


def foreigner_number(middle: int) -> str:
    nine = f"99{middle:07d}"
    return nine + tckimlik.calc_check_digits(nine)


@given(st.integers(0, 10**7 - 1))
def test_a_well_formed_number_raises_no_doubt_in_any_digits(middle: int) -> None:
    number = foreigner_number(middle)
    arabic = number.translate({0x30 + digit: 0x660 + digit for digit in range(10)})
    for typed in (number, f" {number[:3]} {number[3:6]}-{number[6:]} ", arabic):
        assert check_foreigner_number(typed) == check_foreigner_number(number)
    assert check_foreigner_number(arabic).value == number
    assert check_foreigner_number(number).warnings == ()


@given(st.integers(0, 10**7 - 1), st.integers(2, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_and_still_recorded(middle: int, place: int, by: int) -> None:
    number = foreigner_number(middle)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert check_foreigner_number(wrong).value == wrong
    assert check_foreigner_number(wrong).warnings == (Warn.CHECK_DIGITS,)


@pytest.mark.parametrize(
    ("typed", "value", "warnings"),
    [
        ("10000000146", "10000000146", (Warn.NOT_99,)),
        ("98000000000", "98000000000", (Warn.NOT_99, Warn.CHECK_DIGITS)),
        ("99123", "99123", (Warn.NOT_ELEVEN_DIGITS,)),
        ("none", "none", (Warn.NOT_ELEVEN_DIGITS,)),
        ("", "", (Warn.NOT_ELEVEN_DIGITS,)),
        ("९९१२३४५६७८९", "९९१२३४५६७८९", (Warn.NOT_ELEVEN_DIGITS,)),
    ],
)
def test_odd_numbers_are_kept_with_a_warning(typed: str, value: str, warnings: tuple[Warn, ...]) -> None:
    checked = check_foreigner_number(typed)
    assert (checked.value, checked.warnings) == (value, warnings)


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("0532 123 45 67", "+905321234567"),
        ("٠٥٣٢١٢٣٤٥٦٧", "+905321234567"),
        ("0090 532 123 45 67", "+905321234567"),
        ("+963 944 123 456", "+963944123456"),
        ("(0532) 123-4567", "+905321234567"),
    ],
)
def test_phones_are_read_as_people_write_them(typed: str, e164: str) -> None:
    phone = normalise_phone(typed)
    assert (phone.e164, phone.warnings) == (e164, ())


def test_a_syrian_number_without_code_needs_its_region() -> None:
    assert normalise_phone("0944 123 456", "SY").e164 == "+963944123456"
    assert normalise_phone("0944 123 456").warnings == (Warn.PHONE_DOUBTFUL,)


def test_a_doubtful_phone_is_kept() -> None:
    short = normalise_phone("0532 123")
    assert (short.given, short.warnings) == ("0532 123", (Warn.PHONE_DOUBTFUL,))
    words = normalise_phone("the neighbour’s")
    assert (words.given, words.e164, words.warnings) == ("the neighbour’s", None, (Warn.PHONE_UNREADABLE,))
    with pytest.raises(TextTooLong):
        normalise_phone("1" * 41)


@given(st.dates(TODAY - timedelta(days=365 * 119), TODAY))
def test_a_birth_date_survives_writing_and_reading(day: date) -> None:
    for text in (f"{day}", f"{day:%Y-%m}", f"{day:%Y}"):
        assert str(BirthDate.parse(text, TODAY)) == text
    assert BirthDate.parse(f"{day:%d/%m/%Y}", TODAY) == BirthDate.parse(f"{day}", TODAY)
    assert BirthDate.parse(f"{day:%m.%Y}", TODAY) == BirthDate.parse(f"{day:%Y-%m}", TODAY)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("1987-3-12", Precision.DAY),
        ("١٢/٣/١٩٨٧", Precision.DAY),
        ("1987-03", Precision.MONTH),
        ("1987", Precision.YEAR),
        ("  ", Precision.UNKNOWN),
    ],
)
def test_precision_follows_from_what_is_known(text: str, precision: Precision) -> None:
    assert BirthDate.parse(text, TODAY).precision == precision


def test_the_first_of_january_is_doubted_and_nothing_else() -> None:
    assert BirthDate.parse("1987-01-01", TODAY).warnings == (Warn.FIRST_OF_JANUARY,)
    assert BirthDate.parse("1987-01", TODAY).warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "1987-13",
        "1987-02-30",
        "1987-00",
        "1987-03-00",
        "2026-11-25",
        "2027",
        "1904",
        "87",
        "12-03-87",
        "0000",
        "1987--3",
    ],
)
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(BirthDateError):
        BirthDate.parse(text, TODAY)


def test_the_oldest_and_the_newest_are_taken() -> None:
    assert str(BirthDate.parse("1905", TODAY)) == "1905"
    assert str(BirthDate.parse("2026", TODAY)) == "2026"
    assert BirthDate.parse("2026-11-24", TODAY).ages(TODAY) == (0, 0)


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.dates(date(2026, 1, 2), date(2030, 12, 31)))
def test_ages_enclose_the_true_age_at_every_precision(born: date, on: date) -> None:
    true = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    assert BirthDate.parse(f"{born}", TODAY).ages(on) == (true, true)
    for text in (f"{born:%Y-%m}", f"{born:%Y}"):
        ages = BirthDate.parse(text, TODAY).ages(on)
        assert ages is not None
        assert ages[0] <= true <= ages[1] <= ages[0] + 1


@pytest.mark.parametrize(
    ("born", "on", "band"),
    [
        ("2014-11-25", TODAY, "0-11"),
        ("2014-11-24", TODAY, "12-17"),
        ("2008-11-25", TODAY, "12-17"),
        ("2008-11-24", TODAY, "18-29"),
        ("1966-11-24", TODAY, "60+"),
        ("2008", date(2026, 6, 1), "12-17"),
        ("2008", date(2026, 8, 1), "18-29"),
        ("2026", TODAY, "0-11"),
        ("2026", date(2026, 1, 5), "0-11"),
        ("", TODAY, "unknown"),
    ],
)
def test_age_bands(born: str, on: date, band: str) -> None:
    assert BirthDate.parse(born, TODAY).age_band(on) == band


def test_bands_meet_without_gap() -> None:
    for (low, code), (following, _) in pairwise(AGE_BANDS):
        assert code == f"{low}-{following - 1}"


def test_an_unknown_year_has_no_age_and_no_span() -> None:
    assert BirthDate().ages(TODAY) is None
    assert str(BirthDate()) == ""
    with pytest.raises(ValueError, match="not known"):
        BirthDate().span()


def test_a_leap_day_has_its_birthday_on_the_first_of_march() -> None:
    born = BirthDate.parse("2008-02-29", TODAY)
    assert born.ages(date(2026, 2, 28)) == (17, 17)
    assert born.ages(date(2026, 3, 1)) == (18, 18)


@pytest.mark.parametrize(
    ("birth", "child"),
    [("2012", True), ("2009", True), ("2008-05-02", True), ("2008-05-01", False), ("1991", False)],
)
def test_who_may_be_under_eighteen_is_a_child(birth: str, *, child: bool) -> None:
    assert is_child(birth, date(2026, 5, 1)) is child


@pytest.mark.parametrize("birth", ["", "nonsense", "3012"])
def test_an_unknown_birth_makes_no_child(birth: str) -> None:
    assert not is_child(birth, date(2026, 5, 1))


def test_phones_are_compared_as_far_as_they_can_be_read() -> None:
    assert comparable_phone("0532 123 45 67") == comparable_phone("+90 (532) 123-45-67") == "+905321234567"
    assert comparable_phone("yok") == "yok"
    assert comparable_phone("5" * 41) == ""
