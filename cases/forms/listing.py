"""Which cases are meant: filters of lists, hand-over sheets."""

from __future__ import annotations

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from cases.forms.choices import Pairs, any_state, any_urgency, with_none
from cases.service.filtering import DAYS, Filters
from core.reference import reference
from core.web.filters import number
from core.web.forms import Chosen, Form, Limit, LineField, TokenField
from core.web.labels import issue_choices, province_choices
from core.web.locale import current_language


class FilterForm(Form):
    """Coded filters of the list; nothing that names anybody."""

    class Meta(Form.Meta):
        """Filters change nothing and stand in the address."""

        csrf = False

    state = Chosen(_l("State"), choices=any_state, default="")
    urgency = Chosen(_l("Urgency"), choices=any_urgency, default="")
    mine = wtforms.BooleanField(_l("Only cases I work on"))
    before = wtforms.HiddenField()


def any_issue() -> dict[str, Pairs]:
    """Every issue in its group, each group as a whole, behind "every issue"."""
    language, groups = current_language(), reference().taxonomy.groups.values()
    whole = {group.label.of(language): group.code for group in groups}
    parts = {
        name: [(whole[name], _("All of: %(group)s", group=name)), *found]
        for name, found in issue_choices().items()
    }
    return {"": [("", _("Every issue"))], **parts}


def any_province() -> Pairs:
    """The provinces, behind "every province"."""
    return with_none(province_choices(), _("Every province"))


def quiet_for() -> Pairs:
    """For how long nothing happened in a case."""
    days = [
        (code, ngettext("One day", "%(count)s days", int(code), count=number(int(code)))) for code in DAYS
    ]
    return with_none(days, _("It does not matter"))


class ChooseForm(Form):
    """All that cases can be chosen by, and a name under which the choice is kept."""

    token = TokenField()
    state = Chosen(_l("State"), choices=any_state)
    urgency = Chosen(_l("Urgency"), choices=any_urgency)
    issue = Chosen(_l("Issue"), choices=any_issue)
    province = Chosen(_l("Province"), choices=any_province)
    lawyer = Chosen(
        _l("Lawyer"),
        choices=[
            ("", _l("It does not matter")),
            ("with", _l("A lawyer works on it")),
            ("without", _l("No lawyer works on it")),
        ],
    )
    quiet = Chosen(_l("Nothing happened for"), choices=quiet_for)
    mine = wtforms.BooleanField(_l("Only cases I work on"))
    restricted = wtforms.BooleanField(_l("Only cases that named people may open"))
    name = LineField(_l("Name of the list"), limit=Limit.SHORT)

    def filters(self) -> Filters:
        """What is chosen."""
        coded = ("state", "urgency", "issue", "province", "lawyer", "quiet")
        ticked = {name: "y" for name in ("mine", "restricted") if self[name].data}
        return Filters.of({**{name: self[name].data for name in coded}, **ticked})


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
