"""Read the text of an exported WhatsApp conversation, as Android phones and iPhones write it.

Dates in any order (decided for the whole file), clocks of 12 or 24 hours, digits of three scripts, messages
of several lines, what the app itself wrote. Pure: text in, messages out. Nothing of what people wrote is
lost: a line that is no beginning of a message belongs to the one before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from domain.imports.whatsapp_dates import Order, Written, orders, read
from domain.imports.whatsapp_words import Kind, Sort, body_of

_UNSEEN: Final = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks of direction, which phones put around names, dates and what they write themselves."""

_LRM: Final = "\u200e"
_NUMBER: Final = "[0-9\u0660-\u0669\u06f0-\u06f9]"
_EVENING: Final = frozenset({"pm", "ös", "م", "مساءً", "مساء"})
_HALF: Final = r"(?:[AaPp]\.?[ ]?[Mm]\.?|[Öö][ÖöSs]|ص|م|صباحًا|صباحا|مساءً|مساء)"
_HEAD: Final = re.compile(
    rf"(?P<iphone>\[)?(?P<one>{_NUMBER}{{1,4}})(?P<sign>[./-])(?P<two>{_NUMBER}{{1,2}})(?P=sign)"
    rf"(?P<three>{_NUMBER}{{1,4}})[,،]?[ ]+(?:(?P<before>{_HALF})[ ])?(?P<hour>{_NUMBER}{{1,2}})[:.]"
    rf"(?P<minute>{_NUMBER}{{2}})(?:[:.]{_NUMBER}{{2}})?(?:[ ]?(?P<after>{_HALF}))?"
    r"(?(iphone)\][ ]?|[ ][-–][ ])(?P<rest>.*)"
)
_SAID: Final = re.compile(r"(?P<who>[^:]{1,100}):(?:[ ](?P<what>.*))?")
_NOON: Final = 12


@dataclass(frozen=True, slots=True)
class Message:
    """One message, by the clock of the phone that exported it, to the minute."""

    at: datetime
    sender: str  # "" where the app itself wrote
    text: str
    kind: Kind = Kind.TEXT
    edited: bool = False
    file: str = ""  # what an attachment is called in the export
    sort: Sort | None = None  # of an attachment, as far as it is told


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was read: messages as they follow each other, and what could not be read."""

    messages: tuple[Message, ...]
    people: tuple[str, ...]  # who wrote, in the order of their first message
    odd: tuple[str, ...]  # lines in front of the first message
    orders: tuple[Order, ...]  # in which the dates can be meant; where there are several, somebody has to say


@dataclass(slots=True)
class _Begun:
    """A message while its lines are gathered."""

    written: Written
    clock: time
    sender: str
    lines: list[str]
    from_app: bool


def parse(text: str, today: date, order: Order | None = None) -> Conversation:
    """Read an exported conversation.

    order: in which the dates are meant, where somebody has said it; it counts only where it is possible.
    """
    begun: list[_Begun] = []
    odd: list[str] = []
    heads = [(line, _head(line)) for line in text.splitlines()]
    possible = orders([head.written for _line, head in heads if head], today)
    meant = order if order in possible else next(iter(possible), None)
    days: list[date] = []
    for line, head in heads:
        day = read(head.written, meant, today) if head and meant else None
        if head and day:
            begun.append(head)
            days.append(day)
        elif begun:
            begun[-1].lines.append(_seen(line))
        elif line.strip():
            odd.append(_seen(line).strip())
    messages = tuple(_message(one, day) for one, day in zip(begun, days, strict=True))
    people = tuple(dict.fromkeys(one.sender for one in messages if one.sender))
    return Conversation(messages, people, tuple(odd), possible)


def _seen(line: str) -> str:
    return _UNSEEN.sub("", line)


def _head(line: str) -> _Begun | None:
    """The beginning of a message, or None for a line that goes on or says no time."""
    plain = _seen(line)
    found = _HEAD.fullmatch(plain.replace("\u202f", " ").replace("\xa0", " "))
    if found is None:
        return None
    clock = _clock(found["hour"], found["minute"], found["before"] or found["after"])
    if clock is None:
        return None
    written = Written(found["one"], found["two"], found["three"], found["sign"])
    said = _SAID.fullmatch(found["rest"])
    if said is None:
        return _Begun(written, clock, "", [found["rest"]], from_app=True)
    what = said["what"] or ""
    from_app = f": {_LRM}" in line
    return _Begun(written, clock, said["who"].strip(), [what], from_app)


def _clock(hour: str, minute: str, half: str | None) -> time | None:
    """A time of day on a clock of 24 hours; None for one that no clock shows."""
    hours, minutes = int(hour), int(minute)
    if half:
        word = half.replace(".", "").replace(" ", "").lower()
        if hours > _NOON:
            return None
        hours = hours % _NOON + (_NOON if word in _EVENING else 0)
    try:
        return time(hours, minutes)
    except ValueError:
        return None


def _message(begun: _Begun, day: date) -> Message:
    at, text = datetime.combine(day, begun.clock), "\n".join(begun.lines).strip()
    if not begun.sender:
        return Message(at, "", text, Kind.SYSTEM)
    body = body_of(text, from_app=begun.from_app)
    sender = "" if body.kind is Kind.SYSTEM else begun.sender
    return Message(at, sender, body.text, body.kind, body.edited, body.file, body.sort)
