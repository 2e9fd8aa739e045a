"""Forms of what recurs."""

from __future__ import annotations

from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.web.forms import Chosen, Form, Limit, Picked, TextField, TokenField, VersionField, required
from core.web.labels import issue_choices, list_choices, province_choices
from domain.recurrence.decisions import Verdict

VERDICTS: Final[dict[Verdict, Any]] = {
    Verdict.ACCEPTED: _l("Accept: we work on it"),
    Verdict.WATCHED: _l("Watch: tell us when it grows"),
    Verdict.REJECTED: _l("Reject: it is no pattern"),
}


def _issues() -> dict[str, list[tuple[str, str]]]:
    """Every issue under its group, behind an empty answer."""
    return {"": [("", _("Choose"))], **issue_choices()}


class DecisionForm(Form):
    """What is done with a pattern, and why."""

    last = wtforms.HiddenField()  # the decision that stood when the page was shown
    verdict = Picked(
        _l("What do you do with it?"),
        [required(_l("Choose what to do with the pattern."))],
        choices=[(str(verdict), words) for verdict, words in VERDICTS.items()],
    )
    reason = TextField(_l("Why"), [required(_l("Write the reason"))], limit=Limit.REASON)


class AnswerForm(Form):
    """What is done with a colleague's proposal, and why."""

    version = VersionField()
    verdict = DecisionForm.verdict
    reason = DecisionForm.reason


class ProposalForm(Form):
    """Something that somebody who works files noticed."""

    token = TokenField()
    issue = Chosen(_l("Issue"), [required(_l("Choose an issue."))], choices=_issues)
    province = Chosen(_l("Province"), choices=lambda: [("", _("All or unknown")), *province_choices()])
    authority = Chosen(
        _l("Authority"), choices=lambda: [("", _("None or unknown")), *list_choices("authority")]
    )
    text = TextField(
        _l("What keeps happening?"), [required(_l("Write what you noticed."))], limit=Limit.REASON
    )
