"""Forms of what has to be done in a case: tasks, appointments, hearings, duties to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import wtforms
from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import ListedField, ListedPicked, NumberField, Pairs, TimeField, check_happened
from cases.service.views import MemberLine, OpenItem
from core import clock
from core.web.dates import DayField
from core.web.filters import direction_of
from core.web.forms import (
    ChecksField,
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
from core.web.locale import current_locale
from domain import hearings
from domain.drafts import REVIEWER

_AHEAD: Final = dt.timedelta(days=366 * 5)
_DAY: Final = _l("Enter the day.")


def weekdays() -> Pairs:
    """The days of the week, 0 for Monday, in the reader's language."""
    return [(str(day), name) for day, name in sorted(get_day_names(locale=current_locale()).items())]


class ItemForm(Form):
    """What all of them carry; `data_of` gives what is sealed, by name."""

    version = VersionField()
    token = TokenField()

    def data_of(self) -> dict[str, Any]:
        """What the item holds, as the service takes it."""
        raise NotImplementedError

    def owner_id(self) -> UUID | None:
        """On whose desk it stands."""
        return UUID(self.owner.data) if "owner" in self and self.owner.data else None

    def due_on(self) -> dt.date | None:
        """The day on which it does."""
        return self.day.data if "day" in self else None

    @classmethod
    def stored(cls, one: OpenItem) -> dict[str, Any]:
        """The values of the fields for an item that exists."""
        return {**one.data, "owner": str(one.owner_id or ""), "day": one.due_on, "version": one.version}


class CheckTaskForm(ItemForm):
    """A task whose words come from a list: only who, when and the note are asked."""

    owner = Chosen(_l("Who does it"), choices=())
    day = DayField(_l("Until which day"))
    more = TextField(_l("More about it"), limit=Limit.REASON)

    def validate_day(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def data_of(self) -> dict[str, Any]:
        """The note."""
        return {"more": self.more.data}


class TaskForm(CheckTaskForm):
    """Something to do, by whom, until when."""

    title = LineField(_l("What is to be done"), [required(_l("Write what is to be done."))])

    def data_of(self) -> dict[str, Any]:
        """Title and note."""
        return {"title": self.title.data, **super().data_of()}


class AppointmentForm(ItemForm):
    """An appointment somewhere."""

    title = LineField(_l("What it is for"), [required(_l("Write what it is for."))])
    day = DayField(_l("Day"), [required(_DAY)])
    at = TimeField(_l("Time in Türkiye"), limit=Limit.SHORT)
    authority = ListedField(_l("With which authority"), "authority", empty=_l("With none, or not known"))
    where = LineField(_l("Where"))
    file_number = NumberField(_l("File number there"), limit=Limit.NUMBER)
    owner = Chosen(_l("Who sees to it"), choices=())
    goes = LineField(_l("Who goes"))
    interpreter = ListedField(_l("Interpreter"), "language", empty=_l("None is needed"))
    bring = TextField(_l("What to bring"), limit=Limit.REASON)
    more = TextField(_l("More about it"), limit=Limit.REASON)

    def validate_day(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def data_of(self) -> dict[str, Any]:
        """Everything but day and owner."""
        names = ("title", "authority", "where", "file_number", "goes", "interpreter", "bring", "more")
        return {name: self[name].data or "" for name in names} | {"at": self.at.clock}


class HearingForm(AppointmentForm):
    """A hearing before a court."""

    authority = ListedField(_l("Court"), "authority", empty=_l("Not known"))
    where = LineField(_l("Which chamber, where"), [required(_l("Write which court it is and where."))])


class SignatureForm(ItemForm):
    """A duty to sign that comes back."""

    where = LineField(_l("Where they sign"), [required(_l("Write where they sign."))])
    authority = ListedField(_l("At which authority"), "authority", empty=_l("Not known"))
    how = Picked(
        _l("How often"),
        [required(_l("Choose how often."))],
        choices=[
            ("weekly", _l("Every week, on the weekday of the first day")),
            ("every", _l("Every so many days")),
            ("weekdays", _l("On certain days of the week")),
        ],
    )
    days = NumberField(_l("Every how many days"), limit=Limit.PREFIX)
    weekdays = ChecksField(_l("On which days of the week"), choices=weekdays)
    first = DayField(_l("First day"), [required(_DAY)])
    last = DayField(_l("Last day"))
    owner = Chosen(_l("Who sees to it"), choices=())
    more = TextField(_l("More about it"), limit=Limit.REASON)

    def validate_first(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def validate_last(self, field: DayField) -> None:
        """Likewise."""
        plausible(field)

    def data_of(self) -> dict[str, Any]:
        """On which days, and where."""
        days = self.days.data or ""
        first, last = self.first.data, self.last.data
        return {
            **{name: self[name].data or "" for name in ("where", "authority", "how", "more")},
            "days": int(days) if days.isdecimal() else 0,
            "weekdays": sorted(int(day) for day in self.weekdays.data),
            "first": first.isoformat() if first else "",
            "last": last.isoformat() if last else "",
        }

    @classmethod
    def stored(cls, one: OpenItem) -> dict[str, Any]:
        """The values of the fields for a duty that exists."""
        data = one.data
        return {
            **super().stored(one),
            "days": str(data["days"] or ""),
            "weekdays": [str(day) for day in data["weekdays"]],
            "first": dt.date.fromisoformat(data["first"]),
            "last": dt.date.fromisoformat(data["last"]) if data["last"] else None,
        }


class EndTaskForm(Form):
    """Whether a task is done, or is not needed."""

    version = VersionField()
    token = TokenField()
    how = Picked(
        _l("What became of it"),
        [required(_l("Choose what became of it."))],
        choices=[("done", _l("It is done")), ("dropped", _l("It is not needed"))],
        default="done",
    )
    word = TextField(_l("A word about it"), limit=Limit.REASON)


class SettleForm(Form):
    """Whether something that is usually done is done here, or is not needed."""

    how = Picked(
        _l("How it stands"),
        [required(_l("Choose an answer."))],
        choices=[("done", _l("It is done")), ("dropped", _l("It is not needed"))],
    )
    word = TextField(_l("A word about it"), [required(_l("Write a word about it."))], limit=Limit.REASON)


MISTAKE: Final = "mistake"
_MISTAKE: Final = (MISTAKE, _l("Entered by mistake"))


class CameForm(Form):
    """What came of an appointment or hearing."""

    version = VersionField()
    token = TokenField()
    came = ListedPicked(
        _l("What came of it"), "appointment_outcome", validators=[required(_l("Choose what came of it."))]
    )
    text = TextField(_l("What was said or decided"), limit=Limit.NOTE)
    next_on = DayField(_l("Next date"))
    next_at = TimeField(_l("Time in Türkiye"), limit=Limit.SHORT)

    def validate_next_on(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def offer(self, *, before: bool) -> None:
        """Offer what there can be: before the day less than afterwards."""
        known = [one for one in self.came.entries() if not before or one[0] in hearings.BEFORE]
        self.came.choices = [*known, _MISTAKE]


class MarkForm(Form):
    """Whether somebody signed on the day."""

    version = VersionField()
    token = TokenField()
    kept = Picked(
        _l("Was it kept?"),
        [required(_l("Choose an answer."))],
        choices=[
            ("yes", _l("Yes, signed")),
            ("no", _l("No, it was missed")),
            ("lifted", _l("The duty has ended: nobody signs any more")),
            _MISTAKE,
        ],
    )
    note = TextField(_l("A word about it"), limit=Limit.REASON)


def offer_owners(form: ItemForm, people: Iterable[tuple[str, str]]) -> None:
    """Set on whose desk it can stand; names each in their own direction."""
    if "owner" in form:
        named = [(value, name, {"dir": direction_of(name)}) for value, name in people]
        form.owner.choices = [("", _("Nobody yet"), {}), *named]


def blank_task(members: Iterable[MemberLine], me: UUID) -> TaskForm:
    """The form on the page of a case, for those who work on it and for the reader. Asks nothing."""
    form = TaskForm(formdata=None, owner=str(me))
    named = [(str(one.person_id), one.name) for one in members if one.capacity != REVIEWER]
    offer_owners(form, named if str(me) in dict(named) else [(str(me), _("Me")), *named])
    return form


def plausible(field: DayField) -> None:
    """Raise ValidationError for a day that is a slip of the hand."""
    if field.data is None:
        return
    if field.data > clock.today() + _AHEAD:
        raise wtforms.ValidationError(_("This is more than five years ahead. Look at the year once more"))
    if field.data < clock.today():
        check_happened(field)
