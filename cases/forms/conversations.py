"""A conversation from a phone: its exported text, and who in it is who."""

from __future__ import annotations

import datetime as dt
from typing import Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.choices import Pairs, Part
from cases.service.conversations import CLIENT, LEFT_OUT, OTHER, US
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


class ConversationForm(Form):
    """The exported text first; once it is read, in which order its dates are meant, and who is who."""

    token = TokenField()
    text = TextField(
        _l("The exported text"), [required(_l("Paste the exported text."))], limit=Limit.CONVERSATION
    )
    order = Picked(_l("Which day do the dates mean?"), choices=())
    people = wtforms.FieldList(wtforms.FormField(PersonPart), max_entries=MOST)

    def look(self, today: dt.date) -> Conversation | None:
        """Read the text and ask who everybody in it is; None, with the reason beside it, if it can't be."""
        if not self.text.validate(self):
            return None
        order = Order(self.order.data) if self.order.data in set(Order) else None
        found = parse(self.text.data, today, order)
        if not found.people:
            self._refuse(
                _(
                    "No message was found in it. Export the conversation on the phone without media, open "
                    "the text file and paste all of it."
                )
            )
            return None
        if len(found.people) > MOST:
            self._refuse(
                _("More than %(most)s people write in it. Take a conversation of fewer.", most=number(MOST))
            )
            return None
        self._ask_who(found)
        self._ask_order(found, today)
        return found

    def roles(self) -> dict[str, str]:
        """Who everybody is, by the name that the phone has."""
        return {part.form.name.data: part.form.role.data for part in self.people}

    def is_answered(self) -> bool:
        """Whether every question that the text raises was on the page and has an answer."""
        return all(self.roles().values()) and (not self.order.choices or bool(self.order.data))

    def _refuse(self, why: str) -> None:
        self.text.errors = [why]

    def _ask_who(self, found: Conversation) -> None:
        said = self.roles()
        while self.people.entries:
            self.people.pop_entry()
        for name in found.people:
            part = self.people.append_entry({"name": name, "role": said.get(name, "")})
            part.form.role.label.text = isolate(name)

    def _ask_order(self, found: Conversation, today: dt.date) -> None:
        if len(found.orders) == 1:
            self.order.choices = []
            return
        first = {order: parse(self.text.data, today, order).messages[0] for order in found.orders}
        self.order.choices = [
            (str(order), _("The first message is of %(date)s", date=date_long(message.at.date())))
            for order, message in first.items()
        ]
        self.order.validators = [required(_l("Say which day is meant."))]
