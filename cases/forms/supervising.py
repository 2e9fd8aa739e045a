"""Forms of supervision notes: a question about the handling of a case, and what is said to it."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, Picked, TextField, TokenField, VersionField, required


class AskForm(Form):
    """Whom, what, until when."""

    token = TokenField()
    whom = Chosen(_l("Whom you ask"), [required(_l("Choose somebody who works on this case."))], choices=())
    text = TextField(
        _l("What you ask about the handling"), [required(_l("Write something first."))], limit=Limit.NOTE
    )
    due_on = DayField(_l("Answer until"))


_SAID: Final = (("ask", _l("Ask further")), ("settle", _l("It is settled")), ("answer", _l("Answer")))


class SayForm(Form):
    """An answer, another question, or that it is settled."""

    version = VersionField()
    token = TokenField()
    how = Picked(
        _l("What you do"),
        [required(_l("Choose an answer."))],
        choices=(),
    )
    text = TextField(_l("What you say to it"), limit=Limit.NOTE)

    def only(self, able: tuple[str, ...]) -> None:
        """Offer what the reader can do."""
        self.how.choices = [(one, words) for one, words in _SAID if one in able]
