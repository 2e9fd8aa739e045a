"""Rows of sheets as offices keep them: read, or told why not."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import reference
from domain.identity import Warn
from domain.imports.cells import Cell, birth_of, day_of, text_of
from domain.imports.codes import Codes
from domain.imports.faults import Fault, Problem, Unreadable
from domain.imports.fields import Field, guess
from domain.imports.sheet import Doubt, Plan, ReadCase, read_row

TODAY = dt.date(2026, 11, 27)
CODES = Codes.of(reference())
_DAYS = st.dates(dt.date(1910, 1, 1), TODAY)


def read(
    *cells: tuple[Field, Cell], issue: str = "A02", day_first: bool | None = None, lenient: bool = False
) -> tuple[ReadCase | None, list[Problem]]:
    columns = {place: field for place, (field, _) in enumerate(cells)}
    plan = Plan(columns, issue, day_first=day_first, lenient=lenient)
    return read_row([cell for _, cell in cells], plan, CODES, TODAY)


def case(*cells: tuple[Field, Cell], **more: bool) -> ReadCase:
    found, problems = read(*cells, **more)  # type: ignore[arg-type]  # the flags of a plan
    assert found is not None, problems
    return found


def fault(field: Field, cell: Cell, **more: bool) -> Fault:
    found, problems = read((Field.NAME, "سلمى الخطيب"), (field, cell), **more)  # type: ignore[arg-type]  # likewise
    assert found is None
    (problem,) = problems
    assert (problem.column, problem.field) == (1, field)
    return problem.fault


def test_a_whole_row() -> None:
    one = case(
        (Field.NAME, " سلمى  الخطيب "),
        (Field.NAME_OTHER, "SELMA ELHATIB"),
        (Field.FATHER, "أحمد"),
        (Field.MOTHER, "ليلى"),
        (Field.PHONE, "٠٥٣٢ ١٢٣ ٤٥ ٦٧ / 0533 765 43 21"),
        (Field.BIRTH, "12.03.1991"),
        (Field.SEX, "Kadın"),
        (Field.NATIONALITY, "سوري"),
        (Field.STATUS, "geçici koruma"),
        (Field.NUMBER, 99123456782.0),
        (Field.PROVINCE, "هاتاي"),
        (Field.LANGUAGE, "العربية"),
        (Field.ISSUE, "B01 - sınır dışı"),
        (Field.URGENCY, "u1"),
        (Field.OPENED, "2024-05-06 00:00:00"),
        (Field.STATE, "kapandı"),
        (Field.CLOSING, "anlaşma ile"),
        (Field.OLD_NUMBER, 117.0),
        (Field.SUMMARY, "سطر\nسطر"),
        (Field.NOTES, "Not"),
        (Field.CHANNEL, "whatsapp"),
        (Field.KEEP, "mavi dosya"),
    )
    assert (one.name_ar, one.name_latin) == ("سلمى الخطيب", "SELMA ELHATIB")
    assert (one.father, one.mother, one.birth) == ("أحمد", "ليلى", "1991-03-12")
    assert one.phones == ("0532 123 45 67", "0533 765 43 21")
    assert one.numbers == (("foreigner_number", "99123456782"),)
    assert dict(one.codes) == {
        Field.SEX: "f",
        Field.NATIONALITY: "SYR",
        Field.STATUS: "temporary_protection",
        Field.PROVINCE: "31",
        Field.LANGUAGE: "ar",
        Field.ISSUE: "B01",
        Field.URGENCY: "U1",
        Field.STATE: "closed",
        Field.CHANNEL: "whatsapp",
    }
    assert (one.opened, one.closed, one.old_number) == (dt.date(2024, 5, 6), True, "117")
    assert one.narrative == "سطر\nسطر\n\nNot"
    assert one.kept == ((16, "anlaşma ile"), (21, "mavi dosya"))
    assert one.doubts == (Doubt(9, Warn.CHECK_DIGITS, "99123456782"),)


def test_a_name_in_parts_and_nothing_else() -> None:
    one = case((Field.GIVEN, "Selma"), (Field.FAMILY, "Elhatib"), (Field.PHONE, None))
    assert (one.name_ar, one.name_latin, one.codes) == ("", "Selma Elhatib", {Field.ISSUE: "A02"})
    assert not one.closed


def test_an_empty_row_is_no_problem_and_one_without_a_name_is() -> None:
    assert read((Field.NAME, None), (Field.PHONE, " ")) == (None, [])
    assert read((Field.NAME, None), (Field.SEX, "f")) == (None, [Problem(Fault.NO_NAME, None, Field.NAME)])
    assert read((Field.NAME, ""), (Field.OPENED, "01.02.2020"))[1] == [
        Problem(Fault.NO_NAME, None, Field.NAME)
    ]
    short = Plan({0: Field.NAME, 5: Field.SEX}, "A02")
    assert read_row(["Selma"], short, CODES, TODAY)[0] is not None


def test_every_problem_of_a_row_is_told_at_once() -> None:
    _none, problems = read((Field.NAME, "#REF!"), (Field.SEX, "?!abc"), (Field.BIRTH, "03/04/1991"))
    assert [one.fault for one in problems] == [Fault.BROKEN, Fault.UNKNOWN, Fault.EITHER_DAY]
    assert problems[2].given == "03/04/1991"


@pytest.mark.parametrize(
    ("field", "cell", "why"),
    [
        (Field.FATHER, "x" * 121, Fault.TOO_LONG),
        (Field.PHONE, "1" * 41, Fault.TOO_LONG),
        (Field.OLD_NUMBER, 1e15, Fault.ROUNDED),
        (Field.OLD_NUMBER, float("nan"), Fault.ROUNDED),
        (Field.NUMBER, "#N/A", Fault.BROKEN),
        (Field.OPENED, "31.02.2020", Fault.NOT_A_DAY),
        (Field.OPENED, "geçen yıl", Fault.NOT_A_DAY),
        (Field.OPENED, "1.2.20", Fault.SHORT_YEAR),
        (Field.OPENED, "01.01.2030", Fault.FUTURE),
        (Field.OPENED, 2020, Fault.NOT_A_DAY),
        (Field.BIRTH, "01.01.1850", Fault.NOT_LIVING),
        (Field.BIRTH, "13/1991", Fault.NOT_LIVING),
        (Field.PROVINCE, "Halep", Fault.UNKNOWN),
        (Field.ISSUE, "B", Fault.GROUP),
        (Field.ISSUE, "hukuk", Fault.UNKNOWN),
        (Field.URGENCY, "U9", Fault.UNKNOWN),
    ],
)
def test_what_cannot_be_read_says_why(field: Field, cell: Cell, why: Fault) -> None:
    assert fault(field, cell) is why


def test_columns_that_are_too_long_together_are_said_so() -> None:
    columns = [(Field.NOTES, "x" * 20_000)] * 3
    assert read((Field.NAME, "Selma"), *columns)[1] == [Problem(Fault.TOO_LONG, None, Field.SUMMARY)]


def test_words_that_no_list_has_go_into_a_note_where_that_was_chosen() -> None:
    one = case((Field.NAME, "Selma"), (Field.PROVINCE, "Halep"), (Field.ISSUE, "hukuk"), lenient=True)
    assert one.kept == ((1, "Halep"), (2, "hukuk"))
    assert one.codes == {Field.ISSUE: "A02"}


def test_numbers_of_every_kind() -> None:
    one = case((Field.NAME, "Selma"), (Field.NUMBER, "10000000146; N 0123456; 12/345; 99-12"))
    assert one.numbers == (
        ("turkish_id", "10000000146"),
        ("passport", "N 0123456"),
        ("other", "12"),
        ("other", "345"),
        ("foreigner_number", "9912"),
    )
    assert [each.warn for each in one.doubts] == [Warn.NOT_ELEVEN_DIGITS]


def test_doubtful_phones_and_births_are_taken() -> None:
    one = case((Field.NAME, "Selma"), (Field.PHONE, "sor"), (Field.BIRTH, "1.1.1990"))
    assert one.phones == ("sor",)
    assert {each.warn for each in one.doubts} == {Warn.PHONE_UNREADABLE, Warn.FIRST_OF_JANUARY}


def test_slashes_are_read_where_somebody_said_how_or_the_number_does() -> None:
    assert day_of("13/02/2020", TODAY) == day_of("02/13/2020", TODAY) == dt.date(2020, 2, 13)
    assert day_of("05/05/2020", TODAY) == dt.date(2020, 5, 5)
    assert day_of("03/04/2020", TODAY, day_first=True) == dt.date(2020, 4, 3)
    assert day_of("03/04/2020", TODAY, day_first=False) == dt.date(2020, 3, 4)
    assert day_of(None, TODAY) is None


def test_births_as_far_as_they_are_known() -> None:
    assert [birth_of(one, TODAY) for one in (1987, "١٩٨٧", "1987-03", "03.1987", None, 33_000.0)] == [
        "1987",
        "1987",
        "1987-03",
        "1987-03",
        "",
        "1990-05-07",
    ]


@given(_DAYS)
def test_a_day_is_the_same_however_it_was_written(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    ways: list[Cell] = [
        day,
        day.isoformat(),
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        f"{day.isoformat()} 13:05",
    ]
    assert {day_of(one, TODAY) for one in ways} == {day}
    assert birth_of(day, TODAY) == day.isoformat()
    assert day_of(f"{day:%m/%d/%Y}", TODAY, day_first=False) == day
    assert day_of(serial, TODAY) == day or serial < 1_000 or serial in range(1900, 2100)


@given(st.lists(st.tuples(st.sampled_from(list(Field)), st.none() | st.integers() | st.floats() | st.text())))
def test_any_row_is_read_or_told_why(cells: list[tuple[Field, Cell]]) -> None:
    found, problems = read(*cells)
    assert found is None or not problems
    if found is not None:
        assert found.name_ar or found.name_latin


@given(st.floats(allow_nan=True) | st.integers())
def test_a_number_is_text_or_refused(number: float) -> None:
    if not abs(number) < 1e15:
        with pytest.raises(Unreadable, match=Fault.ROUNDED):
            text_of(number)
    else:
        assert float(text_of(number)) == number


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (
            ["Sıra No", "Adı Soyadı", "Baba Adı", "Doğum Tarihi", "Cep Telefonu", "İl", "Konu", "?"],
            {0: "old_number", 1: "name", 2: "father", 3: "birth", 4: "phone", 5: "province", 6: "issue"},
        ),
        (
            ["الاسم الكامل", "رقم الهاتف (واتساب)", "الولاية", "تاريخ الميلاد", "ملاحظات"],
            {0: "name", 1: "phone", 2: "province", 3: "birth", 4: "notes"},
        ),
        (["First name", "Surname", "Phone", "Phone 2", "Status", "Case status"], {
            0: "given", 1: "family", 2: "phone", 3: "phone", 4: "state"}),
    ],
)  # fmt: skip # tables
def test_headings_are_recognised(headers: list[str], found: dict[int, str]) -> None:
    assert guess(headers) == found
