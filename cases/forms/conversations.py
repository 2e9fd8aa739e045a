"""A conversation from a phone: its exported text, and who in it is who."""

from __future__ import annotations

import datetime as dt
from typing import Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import Pairs, Part
from cases.service.conversations import CLIENT, LEFT_OUT, OTHER, US
from core.errors import DomainError
from core.web.filters import date_long, isolate, number
from core.web.forms import Form, Limit, Picked, TextField, TokenField, required
from domain.imports.whatsapp import Conversation, parse
from domain.imports.whatsapp_dates import Order

MOST: Final = 20  # people in one conversation


def roles() -> Pairs:
    """Who somebody in a conversation is, in words."""
    return [
        (CLIENT, _("The person of this case")),
        (US, _("Somebody of ours")),
        (OTHER, _("Somebody else")),
        (LEFT_OUT, _("Leave out what they wrote")),
    ]


class PersonPart(Part):
    """One who writes in the conversation, by the name that the phone has."""

    name = wtforms.HiddenField()
    role = Picked(validators=[required(_l("Say who this is."))], choices=roles)


class WhoForm(Form):
    """Questions about a conversation that was read: in which order its dates are meant, and who is who."""

    token = TokenField()
    order = Picked(_l("Which day do the dates mean?"), choices=())
    people = wtforms.FieldList(wtforms.FormField(PersonPart), max_entries=MOST)

    def read(self, text: str, today: dt.date) -> Conversation:
        """Read the text and ask who everybody in it is. Raises DomainError where it is no conversation."""
        order = Order(self.order.data) if self.order.data in set(Order) else None
        found = parse(text, today, order)
        require_people(found)
        self._ask_who(found)
        self._ask_order(found, text, today)
        return found

    def roles(self) -> dict[str, str]:
        """Who everybody is, by the name that the phone has."""
        return {part.form.name.data: part.form.role.data for part in self.people}

    def is_answered(self) -> bool:
        """Whether every question that the text raises was on the page and has an answer."""
        return all(self.roles().values()) and (not self.order.choices or bool(self.order.data))

    def _ask_who(self, found: Conversation) -> None:
        said = self.roles()
        while self.people.entries:
            self.people.pop_entry()
        for name in found.people:
            part = self.people.append_entry({"name": name, "role": said.get(name, "")})
            part.form.role.label.text = isolate(name)

    def _ask_order(self, found: Conversation, text: str, today: dt.date) -> None:
        if len(found.orders) == 1:
            self.order.choices = []
            return
        first = {order: parse(text, today, order).messages[0] for order in found.orders}
        self.order.choices = [
            (str(order), _("The first message is of %(date)s", date=date_long(message.at.date())))
            for order, message in first.items()
        ]
        self.order.validators = [required(_l("Say which day is meant."))]


class ConversationForm(WhoForm):
    """The exported text first; once it is read, the questions about it."""

    text = TextField(
        _l("The exported text"), [required(_l("Paste the exported text."))], limit=Limit.CONVERSATION
    )

    def look(self, today: dt.date) -> Conversation | None:
        """Read the text and ask who everybody in it is; None, with the reason beside it, if it can't be."""
        if not self.text.validate(self):
            return None
        try:
            return self.read(self.text.data, today)
        except DomainError as error:
            self.text.errors = [error.message]
            return None


class ArchiveForm(Form):
    """The ZIP that a phone exported."""

    token = TokenField()
    file = wtforms.FileField(_l("The exported ZIP"), render_kw={"accept": ".zip,application/zip"})


def require_people(found: Conversation) -> None:
    """Raise DomainError for a text in which nobody writes, or more people than anybody is asked about."""
    if not found.people:
        raise DomainError(
            _(
                "No message was found in it. Export the conversation on the phone without media, open "
                "the text file and paste all of it."
            )
        )
    if len(found.people) > MOST:
        raise DomainError(
            _("More than %(most)s people write in it. Take a conversation of fewer.", most=number(MOST))
        )
