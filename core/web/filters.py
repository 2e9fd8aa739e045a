"""What templates call to show dates, numbers and form controls in the reader's language.

Dates and counts follow the reader (Arabic-Indic digits in Arabic); references, phones and identity numbers
keep Latin digits, because that is how they stand on the papers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import wtforms
from babel.dates import format_date, format_datetime, format_timedelta, get_day_names
from babel.numbers import format_decimal
from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms.widgets import CheckboxInput, HiddenInput, Input

from core import clock
from core.documents.direction import first_strong, of_language
from core.web.dates import BoxesField, digits_of
from core.web.locale import current_language, current_locale
from domain import services

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
BIDI_CONTROLS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
LONG_RUN = 100
# Vowel marks, variation selectors, skin tones, and whatever a joiner ties to what stands before it.
_MARKS = (
    r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
)
_LONG = re.compile(rf"\S{{{LONG_RUN}}}(?:[{_MARKS}]|(?<=\u200d)\S){{0,20}}(?=\S)")
_UNBROKEN = re.compile(r"\S{1000}")  # twin of UNBROKEN in static/js/page.js
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"

LONG = {"ar": "EEEE d MMMM y", "tr": "d MMMM y EEEE", "en": "EEEE d MMMM y"}
SHORT = {"ar": "d MMM y", "tr": "d MMM y", "en": "d MMM y"}
MOMENT = {"ar": "d MMMM y، HH:mm", "tr": "d MMMM y HH:mm", "en": "d MMMM y, HH:mm"}


def _digits(text: str) -> str:
    return text.translate(ARABIC_INDIC) if current_language() == "ar" else text


def _day(value: dt.date) -> dt.date:
    return value.astimezone(clock.ISTANBUL).date() if isinstance(value, dt.datetime) else value


def date_long(value: dt.date) -> str:
    """A day with its weekday: "2 Kasım 2026 Pazartesi". An instant gives its day in Türkiye."""
    return _digits(format_date(_day(value), LONG[current_language()], locale=current_locale()))


def date_short(value: dt.date) -> str:
    """A day for a dense list: "2 Nov 2026"."""
    return _digits(format_date(_day(value), SHORT[current_language()], locale=current_locale()))


def known_day(value: str) -> str:
    """A date as far as it is known, and how far: "12 March 1987", "March 1987 (day not known)".

    `value`: "1987", "1987-03" or "1987-03-12", as `PartialDayField` gives it.
    """
    pattern = ("y", "MMMM y", "d MMMM y")[value.count("-")]
    day = dt.date.fromisoformat(f"{value}-01-01"[:10])
    shown = _digits(format_date(day, pattern, locale=current_locale()))
    if pattern == "y":
        return str(_("%(date)s (only the year is known)", date=shown))
    return str(_("%(date)s (day not known)", date=shown)) if pattern == "MMMM y" else shown


def month(value: str) -> str:
    """A month of a year, "2026-11": "November 2026"."""
    day = dt.date.fromisoformat(f"{value}-01")
    return _digits(format_date(day, "LLLL y", locale=current_locale()))


def datetime_long(value: dt.datetime) -> str:
    """An instant as a clock in Türkiye shows it: "2 November 2026, 14:05"."""
    return _digits(
        format_datetime(value, MOMENT[current_language()], tzinfo=clock.ISTANBUL, locale=current_locale())
    )


def clock_time(value: dt.datetime | dt.time | str, last: bool = False) -> str:  # noqa: FBT001, FBT002 - called from a template, positionally
    """What a clock in Türkiye shows: "09:00"; midnight as the last moment of something is "24:00".

    value: also a time as records keep it, "14:30".
    """
    if isinstance(value, str):
        value = dt.time.fromisoformat(value)
    shown = value.astimezone(clock.ISTANBUL).time() if isinstance(value, dt.datetime) else value
    text = "24:00" if last and shown == dt.time() else f"{shown:%H:%M}"
    return text.translate(ARABIC_INDIC) if current_language() == "ar" else text


def work_time(units: int) -> str:
    """Hours and minutes of units of six minutes: "1:30"."""
    text = services.clock(units)
    return text.translate(ARABIC_INDIC) if current_language() == "ar" else text


def relative_days(value: dt.date) -> str:
    """How far a day is from today in Türkiye: "in 3 days", "yesterday"."""
    distance = (_day(value) - clock.today()).days
    near: dict[int, str] = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}
    if distance in near:
        return near[distance]
    return _digits(
        format_timedelta(
            dt.timedelta(days=distance),
            granularity="day",
            threshold=math.inf,
            add_direction=True,
            locale=current_locale(),
        )
    )


def as_day(value: str) -> dt.date:
    """A day as records keep it, "2026-11-02"."""
    return dt.date.fromisoformat(value)


def as_moment(value: str) -> dt.datetime:
    """An instant as records keep it, in ISO 8601 with its zone."""
    return dt.datetime.fromisoformat(value)


def weekday(value: int) -> str:
    """The name of a day of the week, 0 for Monday."""
    return str(get_day_names(locale=current_locale())[value])


def number(value: float) -> str:
    """A count or amount in the reader's digits and grouping."""
    system = "arab" if current_language() == "ar" else "latn"
    return _digits(format_decimal(value, locale=current_locale(), numbering_system=system))


def year(value: int) -> str:
    """A year in the reader's digits, without grouping."""
    return _digits(format_date(dt.date(value, 1, 1), "y", locale=current_locale()))


def strip_bidi(text: str) -> str:
    """The text without characters that turn the direction of what follows."""
    return text.translate(BIDI_CONTROLS)


def direction_of(text: str) -> str:
    """`rtl` or `ltr` as the text begins; the page's own for digits. For print, which knows no dir=auto."""
    return first_strong(text, of_language(current_language()))


def isolate(text: str) -> str:
    """The text fenced off from its surroundings, for places where <bdi> can't stand, such as attributes."""
    return f"{FIRST_STRONG_ISOLATE}{strip_bidi(text)}{POP_ISOLATE}"


def fenced(text: str) -> Markup:
    """A sentence whose codes and citations are fenced off by characters, with markup in their place."""
    marked = str(escape(text)).replace(FIRST_STRONG_ISOLATE, "<bdi>").replace(POP_ISOLATE, "</bdi>")
    return Markup(marked)  # noqa: S704 - escaped first


def soft_breaks(text: str) -> Markup:
    """What somebody typed, with a place to break about every LONG_RUN characters of a run without a blank.

    Chromium shapes a run of joined letters again for each line of it: a page with 50,000 of them hangs for
    seconds. `<wbr>` adds nothing to what is copied and never parts a letter from its marks.
    """
    ends = [found.end() for found in _LONG.finditer(text)]
    pieces = (text[start:end] for start, end in pairwise([0, *ends, len(text)]))
    return Markup("<wbr>").join(pieces)  # our own tag; join escapes every piece


def unbroken(text: str | None) -> bool:
    """Whether a text area needs to be spared wrapping, because a run of its text is far too long for it."""
    return bool(text and _UNBROKEN.search(text))


def control(field: wtforms.Field) -> str:
    """Which kind of control the field macro draws for this WTForms field."""
    by_class: list[tuple[type[wtforms.Field], str]] = [
        (wtforms.FormField, "form"),
        (wtforms.FieldList, "list"),
        (wtforms.DateField, "date"),
        (BoxesField, "date"),
        (wtforms.RadioField, "radio"),
        (wtforms.SelectMultipleField, "checks"),
        (wtforms.SelectField, "select"),
        (wtforms.TextAreaField, "area"),
        (wtforms.FileField, "file"),
    ]
    if isinstance(field.widget, HiddenInput):
        return "hidden"
    if isinstance(field.widget, CheckboxInput):
        return "check"
    for kind, name in by_class:
        if isinstance(field, kind):
            return name
    return str(field.widget.input_type) if isinstance(field.widget, Input) else "plain"


def date_parts(field: wtforms.Field) -> tuple[str, str, str]:
    """Day, month and year as typed, or of the stored date."""
    typed = field.raw_data or ()
    if len(typed) == 3:  # noqa: PLR2004 - day, month, year
        day, month, year = (str(part) for part in typed)
        return day, month, year
    return digits_of(field.data)


def described(field: wtforms.Field, hint: str = "", limit: int = 0, meter: bool = False) -> dict[str, str]:  # noqa: FBT001, FBT002 - called from a template, positionally
    """The attribute that ties hint, error, limit and meter to the control for a screen reader."""
    parts = {"hint": hint or field.description, "error": field.errors, "limit": limit, "meter": meter}
    names = [f"{field.id}-{name}" for name, present in parts.items() if present]
    return {"aria-describedby": " ".join(names)} if names else {}


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str, versioned: bool = True) -> str:  # noqa: FBT001, FBT002 - called from a template, positionally
    """The address of a file under static/, changing with its content, so that browsers may keep it for good.

    Fonts go without version: the stylesheet names them too, and both addresses must agree.
    """
    if not versioned:
        return url_for("static", filename=name)
    folder = Path(str(current_app.static_folder))
    return url_for("static", filename=name, v=_fingerprint(folder / name))


def init_filters(app: Flask) -> None:
    """Make the filters and helpers known to every template."""
    filters: Mapping[str, object] = {
        "date_long": date_long,
        "date_short": date_short,
        "datetime_long": datetime_long,
        "clock_time": clock_time,
        "relative_days": relative_days,
        "work_time": work_time,
        "known_day": known_day,
        "month": month,
        "as_day": as_day,
        "as_moment": as_moment,
        "weekday": weekday,
        "soft_breaks": soft_breaks,
        "unbroken": unbroken,
        "number": number,
        "year": year,
        "isolate": isolate,
        "fenced": fenced,
        "strip_bidi": strip_bidi,
        "direction_of": direction_of,
        "control": control,
        "date_parts": date_parts,
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(described=described, asset=asset)
