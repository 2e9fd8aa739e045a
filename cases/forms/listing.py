"""Which cases are meant: filters of lists, hand-over sheets."""

from __future__ import annotations

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from cases.forms.choices import Pairs, any_state, any_urgency, text_of, with_none
from cases.forms.todo import plausible
from cases.service.filtering import DAYS, Filters
from cases.service.several import STATES
from core.reference import reference
from core.web.dates import DayField
from core.web.filters import number
from core.web.forms import Chosen, Form, Limit, LineField, Picked, TextField, TokenField, required
from core.web.labels import issue_choices, list_label, province_choices
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


def waiting_states() -> Pairs:
    """The states to which several cases are moved at once, behind an empty answer."""
    return with_none([(code, list_label("case_state", code)) for code in STATES], _("Choose a state"))


class SeveralForm(Form):
    """One act on several cases, and what it needs."""

    token = TokenField()
    act = Picked(_l("What to do with them"), [required(_l("Choose what to do."))])
    next_step = LineField(_l("Next step"))
    title = LineField(_l("What is to be done"))
    owner = Chosen(_l("Who does it"))
    day = DayField(_l("Until which day"))
    to = Chosen(_l("State"), choices=waiting_states)
    reason = TextField(_l("Reason, where the step needs one"), limit=Limit.REASON)
    person = Chosen(_l("Person"))

    def validate_day(self, field: DayField) -> None:
        """No year that is a slip of the hand."""
        plausible(field)

    def offer(self, acts: list[str], people: list[tuple[str, str]], owners: list[tuple[str, str]]) -> None:
        """Set what the actor may do, who can be put on cases, and who can have a task."""
        words = {
            "next_step": _("Set the next step"),
            "task": _("Add a task to each"),
            "state": _("Move them to another state"),
            "member": _("Put a colleague on them"),
        }
        self.act.choices = [(act, words[act]) for act in acts]
        self.owner.choices = with_none(owners, _("Nobody yet"))
        self.person.choices = with_none(people, _("Choose a person"))

    def said(self) -> dict[str, str]:
        """What the act needs; the rest is let go."""
        if self.act.data == "task":
            day = self.day.data.isoformat() if self.day.data else ""
            return text_of(self, "title", "owner") | {"day": day}
        needs = {"next_step": ("next_step",), "state": ("to", "reason"), "member": ("person",)}
        return text_of(self, *needs[self.act.data])
