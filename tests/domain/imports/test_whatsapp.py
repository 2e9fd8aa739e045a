"""Conversations as phones export them: each kind of phone, three languages, and what they leave open."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports.whatsapp import Message, parse
from domain.imports.whatsapp_dates import Order
from domain.imports.whatsapp_words import Kind, Sort

TODAY = date(2026, 11, 27)
EVENING = datetime.combine(date(2026, 10, 31), time(21, 41))
LRM, RLM, NARROW = "\u200e", "\u200f", "\u202f"

PHONES = {
    "android, English, 12 hours": f"10/31/26, 9:41{NARROW}PM - Selma: merhaba",
    "android, English, day first": "31/10/2026, 9:41 p.m. - Selma: merhaba",
    "android, Turkish": "31.10.2026 21:41 - Selma: merhaba",
    "android, Turkish, 12 hours": "31.10.2026 ÖS 9:41 - Selma: merhaba",
    "android, Arabic": f"٣١{RLM}/١٠{RLM}/٢٠٢٦، ٩:٤١ م - Selma: merhaba",
    "android, Arabic with Latin digits": f"{RLM}31{RLM}/10{RLM}/2026، 9:41 م - \u202aSelma\u202c: merhaba",
    "android, Persian digits": "۳۱/۱۰/۲۰۲۶، ۲۱:۴۱ - Selma: merhaba",
    "iphone, English": f"[10/31/26, 9:41:05{NARROW}PM] Selma: merhaba",
    "iphone, Turkish": "[31.10.2026 21:41:05] Selma: merhaba",
    "iphone, Arabic": f"{RLM}[٣١{RLM}/١٠{RLM}/٢٠٢٦، ٩:٤١:٠٥ م] Selma: merhaba",
    "iphone, ISO": "[2026-10-31, 21:41:05] Selma: merhaba",
}


@pytest.mark.parametrize("text", PHONES.values(), ids=PHONES)
def test_every_phone_is_read(text: str) -> None:
    found = parse(text, TODAY)
    assert found.messages == (Message(EVENING, "Selma", "merhaba"),)
    assert (found.people, found.odd, len(found.orders)) == (("Selma",), (), 1)


@pytest.mark.parametrize(
    ("clock", "hour", "minute"),
    [("12:05 AM", 0, 5), ("12:05 pm", 12, 5), ("ÖÖ 12:00", 0, 0), ("٩:٤١ ص", 9, 41), ("23.59", 23, 59)],
)
def test_clocks_of_12_and_24_hours(clock: str, hour: int, minute: int) -> None:
    [message] = parse(f"31/10/2026, {clock} - Ali: .", TODAY).messages
    assert (message.at.hour, message.at.minute) == (hour, minute)


@pytest.mark.parametrize("clock", ["25:10", "13:10 PM", "9:61"])
def test_a_clock_that_does_not_exist_begins_no_message(clock: str) -> None:
    found = parse(f"31/10/2026, 9:41 - Ali: a\n31/10/2026, {clock} - Ali: b", TODAY)
    assert [message.text for message in found.messages] == [f"a\n31/10/2026, {clock} - Ali: b"]


def test_several_lines_are_one_message_and_what_stands_in_front_is_told() -> None:
    found = parse(
        "Forwarded by e-mail\n\n"
        "31.10.2026 21:41 - Selma: ilk satır\n\nüçüncü satır\n"
        "31.10.2026 21:42 - Ofis:",
        TODAY,
    )
    assert [message.text for message in found.messages] == ["ilk satır\n\nüçüncü satır", ""]
    assert found.odd == ("Forwarded by e-mail",)
    assert found.people == ("Selma", "Ofis")


@pytest.mark.parametrize("text", ["", "hello", "1447/05/06, 9:41 - Ali: x", "99/99/26, 9:41 - Ali: x"])
def test_what_is_no_conversation_has_no_messages(text: str) -> None:
    found = parse(text, TODAY)
    assert (found.messages, found.people, found.orders) == ((), (), ())
    assert found.odd == ((text,) if text else ())


def both(*dates: str) -> str:
    return "\n".join(f"{one}, 9:41 - Ali: x" for one in dates)


@pytest.mark.parametrize(
    ("dates", "orders"),
    [
        (["3/4/26", "5/4/26"], (Order.DMY, Order.MDY)),  # nobody can know
        (["5/5/26"], (Order.DMY,)),  # both say the same
        (["3.4.26"], (Order.DMY,)),  # nobody writes the month first with dots
        (["3/4/26", "13/4/26"], (Order.DMY,)),  # there is no thirteenth month
        (["4/3/26", "4/13/26"], (Order.MDY,)),
        (["11/12/25", "2/1/26"], (Order.DMY, Order.MDY)),
        (["30/6/26", "1/7/26", "12/8/26"], (Order.DMY,)),
        (["1/9/26", "2/9/26", "1/10/26"], (Order.DMY,)),  # otherwise it would go back in time
        (["4/12/26"], (Order.MDY,)),  # the fourth of December is still to come
        (["2026/11/3"], (Order.YMD,)),
        (["31/10/26", "10/31/26", "1/11/26"], (Order.DMY,)),  # one of them was quoted
    ],
)
def test_the_order_of_dates_is_decided_for_the_whole_file_or_asked(
    dates: list[str], orders: tuple[Order, ...]
) -> None:
    assert parse(both(*dates), TODAY).orders == orders


def test_whoever_is_asked_decides() -> None:
    text = both("3/4/26", "5/4/26")
    assert parse(text, TODAY).messages[0].at.date() == date(2026, 4, 3)
    assert parse(text, TODAY, Order.MDY).messages[0].at.date() == date(2026, 3, 4)
    assert parse(text, TODAY, Order.YMD).messages[0].at.date() == date(2026, 4, 3)  # not possible here


@pytest.mark.parametrize(
    ("said", "kind", "file", "sort", "words"),
    [
        ("<Media omitted>", Kind.MEDIA, "", None, ""),
        ("<Medya dahil edilmedi>", Kind.MEDIA, "", None, ""),
        ("<تم استبعاد الوسائط>", Kind.MEDIA, "", None, ""),
        (f"{LRM}image omitted", Kind.MEDIA, "", Sort.PHOTO, ""),
        (f"{LRM}ses dahil edilmedi", Kind.MEDIA, "", Sort.VOICE, ""),
        (f"{LRM}Çıkartma dahil edilmedi", Kind.MEDIA, "", Sort.OTHER, ""),
        (f"{LRM}لم يتم إدراج الفيديو", Kind.MEDIA, "", Sort.VIDEO, ""),
        (f"karar.pdf • {LRM}2 sayfa {LRM}belge dahil edilmedi", Kind.MEDIA, "karar.pdf", Sort.OTHER, ""),
        ("IMG-20261031-WA0001.jpg (file attached)", Kind.MEDIA, "IMG-20261031-WA0001.jpg", Sort.PHOTO, ""),
        ("PTT-1-WA2.opus (dosya ekli)\nbak", Kind.MEDIA, "PTT-1-WA2.opus", Sort.VOICE, "bak"),
        ("VID-1-WA3.mp4 (الملف مرفق)", Kind.MEDIA, "VID-1-WA3.mp4", Sort.VIDEO, ""),
        (f"{LRM}<attached: 0001-PHOTO.jpg>", Kind.MEDIA, "0001-PHOTO.jpg", Sort.PHOTO, ""),
        (f"a.pdf • 1 sayfa {LRM}<eklendi: 3-a.pdf>", Kind.MEDIA, "3-a.pdf", Sort.OTHER, "a.pdf • 1 sayfa"),
        (f"{LRM}<مرفق: 4-AUDIO.opus>", Kind.MEDIA, "4-AUDIO.opus", Sort.VOICE, ""),
        ("This message was deleted", Kind.DELETED, "", None, ""),
        (f"{LRM}Bu mesaj silindi.", Kind.DELETED, "", None, ""),
        ("لقد حذفت هذه الرسالة", Kind.DELETED, "", None, ""),
        ("image omitted, she said", Kind.TEXT, "", None, "image omitted, she said"),
    ],
)  # fmt: skip  # one case in each line
def test_what_the_app_writes_for_what_was_sent(
    said: str, kind: Kind, file: str, sort: Sort | None, words: str
) -> None:
    [message] = parse(f"[31.10.2026 21:41:05] Selma: {said}", TODAY).messages
    assert message == Message(EVENING, "Selma", words, kind, file=file, sort=sort)


@pytest.mark.parametrize(
    "mark", ["<This message was edited>", f"{LRM}<Bu mesaj düzenlendi>", "<تم تعديل هذه الرسالة>"]
)
def test_an_edited_message_says_so(mark: str) -> None:
    [message] = parse(f"31.10.2026 21:41 - Selma: yarın gel {mark}", TODAY).messages
    assert (message.text, message.edited) == ("yarın gel", True)


def test_what_the_app_says_by_itself_is_nobodys() -> None:
    found = parse(
        "31.10.2026 21:40 - Mesajlar ve aramalar uçtan uca şifrelidir.\n"
        f"[31.10.2026 21:41:05] Selma: {LRM}Messages and calls are end-to-end encrypted.\n"
        "31.10.2026 21:42 - Selma: is it end-to-end encrypted",
        TODAY,
    )
    assert [message.kind for message in found.messages] == [Kind.SYSTEM, Kind.SYSTEM, Kind.TEXT]
    assert [message.sender for message in found.messages] == ["", "", "Selma"]


# What somebody may write: any letters, in one or several lines that are no beginnings of messages.
LINES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12).map(
    lambda line: f"x{line}y"
)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
NAMES = st.sampled_from(["Selma", "سلمى الخطيب", "+90 532 123 45 67", "Hukuk Ofisi"])
STEPS = st.lists(st.tuples(st.integers(0, 5000), NAMES, TEXTS), min_size=1, max_size=8)
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def as_exported(at: datetime, name: str, text: str, phone: str) -> str:
    """A message as one of four phones writes it."""
    half = at.hour % 12 or 12
    evening = at.hour >= 12
    if phone == "android tr":
        return f"{at:%d.%m.%Y %H:%M} - {name}: {text}"
    if phone == "android ar":
        head = f"{at:%d}{RLM}/{at:%m}{RLM}/{at:%Y}، {half}:{at:%M} {'م' if evening else 'ص'}"
        return f"{head.translate(DIGITS)} - {name}: {text}"
    if phone == "iphone us":
        clock = f"{half}:{at:%M}:59{NARROW}{'PM' if evening else 'AM'}"
        return f"[{at.month}/{at.day}/{at:%y}, {clock}] {name}: {text}"
    return f"[{at:%d.%m.%Y} {'ÖS' if evening else 'ÖÖ'} {half}:{at:%M}:00] {name}: {text}"


@given(steps=STEPS, phone=st.sampled_from(["android tr", "android ar", "iphone us", "iphone tr"]))
def test_what_a_phone_wrote_is_what_is_read(steps: list[tuple[int, str, str]], phone: str) -> None:
    at, told = datetime.combine(date(2026, 1, 13), time()), []
    for minutes, name, text in steps:
        at += timedelta(minutes=minutes)
        told.append(Message(at, name, text))
    exported = "\n".join(as_exported(one.at, one.sender, one.text, phone) for one in told)
    found = parse(exported, TODAY)
    assert found.messages == tuple(told)
    assert found.orders == ((Order.MDY,) if phone == "iphone us" else (Order.DMY,))


@given(st.text(max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    found = parse(text, TODAY)
    assert all(message.at.date() <= TODAY + timedelta(days=1) for message in found.messages)
