"""Which cases are meant: filters of lists, hand-over sheets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from core.web.forms import Chosen, Form


class HandOverForm(Form):
    """Whose cases are handed over."""

    class Meta(Form.Meta):
        """It changes nothing; a colleague's id may stand in the address."""

        csrf = False

    whose = Chosen(_l("Whose cases"))

    def offer(self, people: list[tuple[str, str]], me: str) -> None:
        """Set who can be chosen; oneself stands there to begin with."""
        self.whose.choices = people
        if not self.whose.data:
            self.whose.data = me
