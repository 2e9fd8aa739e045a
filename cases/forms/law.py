"""Forms of the law: a version of a rule, a court, a year of holidays, a single day. Each names its source."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedPicked, NumberField
from core.web.dates import DayField
from core.web.forms import (
    Chosen,
    Form,
    Limit,
    LineField,
    Picked,
    TextField,
    TokenField,
    VersionField,
    required,
)
from domain.deadlines.rules import LENGTHS
from domain.deadlines.words import NAMES
from domain.tables import LANGUAGES, Row

UNITS: Final = {"day": _l("days"), "week": _l("weeks"), "month": _l("months"), "year": _l("years")}
FIXED: Final = {
    "hour": _l("A whole number of hours."),
    "workday": _l("A whole number of working days."),
    "stop": _l("A whole number of days, after which no reply is a refusal."),
}
ROLLS: Final = {
    "yes": _l("Moves to the next working day"),
    "no": _l("Stays where it is"),
    "contested": _l("Contested: moves for the latest date only"),
}
RECESSES: Final = {
    "none": _l("No recess extends it"),
    "iyuk": _l("Administrative procedure (İYUK 8)"),
    "hmk": _l("Civil procedure (HMK 104)"),
    "cmk": _l("Criminal procedure (CMK 331)"),
    "iyuk_contested": _l("Contested: İYUK 8 for the latest date only"),
    "cmk_contested": _l("Contested: CMK 331 for the latest date only"),
}
RECESS_OF_COURT: Final = {"yes": _l("Yes"), "no": _l("No"), "unknown": _l("Not known")}
DAYS: Final = {
    "full": _l("A holiday, closed all day"),
    "half": _l("A holiday from 13:00"),
    "none": _l("A working day after all"),
    "leave": _l("Administrative leave: offices are closed, no time limit moves"),
}
_IN_EACH: Final = _l("Write it in this language.")
FULLEST: Final = 999  # of any unit


CODE: Final = re.compile(r"[A-Z][A-Z0-9_-]{1,15}", re.ASCII)
STARTS: Final = {
    "service": _l("Service of a decision or another paper"),
    "event": _l("Something that happened, on its day"),
}
FILED: Final = {"uyap": _l("Yes"), "": _l("No")}


class _Added(Form):
    """What tells a new row from the others."""

    code = LineField(
        _l("Short code"),
        [required(_l("Write a code."))],
        limit=Limit.PHONE,
        description=_l("2 to 16 capital letters from A to Z, digits, - and _, for example T30. It stays."),
    )
    taken: Collection[str] = ()

    def validate_code(self, field: LineField) -> None:
        """One that nothing else has."""
        if not CODE.fullmatch(field.data):
            raise wtforms.ValidationError(_("Write 2 to 16 capital letters from A to Z, digits, - and _"))
        if field.data in self.taken:
            raise wtforms.ValidationError(_("This code is taken. Choose another one."))


class _RuleNames(_Added):
    """What a rule is called, and what begins it."""

    trigger_ar = LineField(_l("What happened, in Arabic"), [required(_IN_EACH)])
    trigger_tr = LineField(_l("What happened, in Turkish"), [required(_IN_EACH)])
    trigger_en = LineField(
        _l("What happened, in English"),
        [required(_IN_EACH)],
        description=_l("So it is called everywhere, for example: Service of a deportation decision."),
    )
    forum_ar = LineField(_l("Before whom it is met, in Arabic"), [required(_IN_EACH)])
    forum_tr = LineField(_l("Before whom it is met, in Turkish"), [required(_IN_EACH)])
    forum_en = LineField(_l("Before whom it is met, in English"), [required(_IN_EACH)])
    filing = Picked(
        _l("Is that a Turkish court?"),
        choices=FILED.items(),
        default="",
        description=_l("Papers reach it through UYAP until midnight."),
    )
    starts = Picked(_l("From what is it counted?"), [required(_l("Choose one."))], choices=STARTS.items())


class _CourtNames(_Added):
    """What a court is called."""

    ar = LineField(_l("Name in Arabic"), [required(_IN_EACH)])
    tr = LineField(_l("Name in Turkish"), [required(_IN_EACH)])
    en = LineField(_l("Name in English"), [required(_IN_EACH)])


class _Proposal(Form):
    """Whatever is proposed says where it can be read, and is carried out once."""

    token = TokenField()
    source = TextField(
        _l("Source"),
        [required(_l("Write where this can be read."))],
        limit=Limit.REASON,
        description=_l("Law, decree or circular with day and number, or the address of the calendar."),
    )


class RuleVersionForm(_Proposal):
    """From when on what is another."""

    valid_from = DayField(
        _l("In force from"),
        [required(_l("Enter the day."))],
        description=_l("Served on this day or later, it counts. Earlier days keep the version before."),
    )
    valid_to = DayField(
        _l("In force until"),
        description=_l("Only where it is repealed. Served later, nothing is counted any more."),
    )
    n = NumberField(_l("How long?"), limit=Limit.PREFIX, description=_l("A whole number."))
    unit = Chosen(
        _l("Counted in"),
        choices=UNITS.items(),
        description=_l("As the law says it: 14 days are not 2 weeks."),
    )
    roll = Picked(
        _l("When the last day is a holiday or a weekend"),
        [required(_l("Choose one."))],
        choices=ROLLS.items(),
    )
    recess = Chosen(
        _l("Judicial recess"),
        choices=RECESSES.items(),
        description=_l("Which law extends it when it ends in the recess. The safe date never relies on it."),
    )
    basis = LineField(
        _l("Legal basis"),
        [required(_l("Write the article."))],
        description=_l("As it is cited, for example YUKK m. 53/3."),
    )

    def fit(self, row: Row) -> None:
        """Leave out what has no choice in this rule: that it counts hours, what never moves."""
        if row["n"] == "0":
            del self.n
        elif row["unit"] in FIXED:
            self.n.description = FIXED[row["unit"]]
        if row["unit"] not in LENGTHS:
            del self.unit
        if row["roll"] not in ROLLS:
            del self.roll
        if row["recess"] not in RECESSES:
            del self.recess

    def validate_n(self, field: NumberField) -> None:
        """A length."""
        if not (field.data.isascii() and field.data.isdigit() and 1 <= int(field.data) <= FULLEST):
            raise wtforms.ValidationError(_("Enter a whole number from 1 to 999"))

    def validate_valid_to(self, field: DayField) -> None:
        """Not before it begins."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise wtforms.ValidationError(_("It can't end before it begins."))

    def cells(self, row: Row) -> Row:
        """The row with what was typed in it."""
        given: dict[str, str] = {
            name: str(self[name].data) for name in ("n", "unit", "roll", "recess") if name in self
        }
        if given.get("unit", "day") != "day":
            given["stops"] = ""  # a request to the authority stops periods of days only
        day: dt.date = self.valid_from.data or dt.date.min
        return (
            row
            | given
            | {
                "valid_from": day.isoformat(),
                "valid_to": self.valid_to.data.isoformat() if self.valid_to.data else "",
                "basis": self.basis.data,
                "source": self.source.data,
                "note": "",
            }
        )


class NewRuleForm(_RuleNames, RuleVersionForm):
    """A rule that the tables do not have."""

    def cells(self, row: Row) -> Row:
        """A row like `row`, which is empty, with its names and with what was typed in it."""
        named = {name: str(self[name].data) for name in ("code", "starts", "filing", *NAMES)}
        notes = {f"note_{language}": "" for language in LANGUAGES}
        return super().cells(row | named | notes)


class CourtForm(_Proposal):
    """Whether a court has a recess."""

    has_recess = Picked(
        _l("Has this court a judicial recess?"),
        [required(_l("Choose one."))],
        choices=RECESS_OF_COURT.items(),
        description=_l(
            "None where it is the only administrative court of its province and not at the seat of a "
            "regional administrative court (İYUK 61/1)."
        ),
    )


class NewCourtForm(_CourtNames, CourtForm):
    """A court that the tables do not have."""

    def cells(self, blank: Row) -> Row:
        """A row like `blank` with what was typed in it."""
        names = ("code", "ar", "tr", "en", "has_recess", "source")
        return blank | {name: str(self[name].data) for name in names}


class YearForm(_Proposal):
    """The first days of the feasts of a year, compared with the published calendar."""

    ramadan = DayField(_l("First day of the Feast of Ramadan"), [required(_l("Enter the day."))])
    ramadan_again = DayField(
        _l("A second Feast of Ramadan in the same year"), description=_l("In few years. Else leave it empty.")
    )
    sacrifice = DayField(_l("First day of the Feast of the Sacrifice"), [required(_l("Enter the day."))])
    sacrifice_again = DayField(
        _l("A second Feast of the Sacrifice in the same year"),
        description=_l("In few years. Else leave it empty."),
    )
    year: int

    def _in_the_year(self, field: DayField) -> None:
        if field.data is not None and field.data.year != self.year:
            raise wtforms.ValidationError(_("This day is not in the year."))

    def validate_ramadan(self, field: DayField) -> None:
        """A day of the year."""
        self._in_the_year(field)

    validate_ramadan_again = validate_sacrifice = validate_sacrifice_again = validate_ramadan

    def cells(self, row: Row) -> Row:
        """The row with these days."""
        days: dict[str, Any] = {
            name: " ".join(
                day.isoformat() for one in (name, f"{name}_again") if (day := self[one].data) is not None
            )
            for name in ("ramadan", "sacrifice")
        }
        return row | days | {"source": self.source.data}


class LawDayForm(_Proposal):
    """A single day that differs from the law and the feasts."""

    day = DayField(_l("Day"), [required(_l("Enter the day."))])
    kind = Picked(_l("What is it?"), [required(_l("Choose one."))], choices=DAYS.items())
    year: int

    def validate_day(self, field: DayField) -> None:
        """A day of the year."""
        if field.data is not None and field.data.year != self.year:
            raise wtforms.ValidationError(_("This day is not in the year."))

    def cells(self) -> tuple[str, Row]:
        """The table and the row."""
        day = (self.day.data or dt.date.min).isoformat()
        if self.kind.data == "leave":
            return "closed_offices", {"day": day, "source": self.source.data}
        return "holiday_changes", {
            "day": day,
            "kind": self.kind.data,
            "holiday": "other",
            "source": self.source.data,
        }


class SignOffForm(Form):
    """Which row of the tables is signed as it came."""

    token = TokenField()
    table = wtforms.HiddenField()
    key = wtforms.HiddenField()


class WithdrawLawForm(Form):
    """Why a change is taken back."""

    version = VersionField()
    because = ListedPicked(_l("Reason"), "law_withdrawal", validators=[required(_l("Choose a reason"))])
