"""What goes out of a case as an archive, to whom, under which password."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.service.exporting import PARTS, PERSON, Choice, Whole, left_out, preset
from cases.service.unchosen import Why
from core.documents import binding
from core.web.forms import ChecksField, Form, Limit, LineField, Picked, TokenField, required

LANGUAGES: Final = (("ar", "العربية"), ("tr", "Türkçe"), ("en", "English"))
WORDS: Final = {
    "identity": _l("Who the person is: names, birth, status, numbers"),
    "contact": _l("How they are reached"),
    "story": _l("What happened, as it was written down"),
    "matter": _l("Facts of the matter"),
    "dates": _l("Appointments, hearings and duties to sign"),
    "deadlines": _l("Deadlines"),
    "services": _l("Services given"),
    "consents": _l("Consents"),
    "originals": _l("Originals that lie or lay with us"),
    "shared": _l("Whom we asked for help, and with what"),
}
WHY: Final = {
    Why.OLDER: _l("An older version"),
    Why.REDACTED: _l("A redacted copy was made of it"),
    Why.COPIES: _l("One of several redacted copies: choose the right one"),
    Why.DRAFT: _l("In no filing yet: ask a lawyer of the case whether it may go"),
    Why.OTHERS: _l("Sent or brought by somebody else"),
}
"""Why a paper is not chosen beforehand; that its deletion was asked stands there anyway."""


class ExportForm(Form):
    """Everything that may go out, each with a box; nothing goes that was not looked at."""

    gone = False  # whether a document that was chosen is not here any more
    moved = False  # whether one was redacted, replaced or marked since the page showed it
    token = TokenField()
    seen = wtforms.HiddenField()  # what was not chosen beforehand on the page from which this came
    # Made by us, shown on the page, and nowhere else: drafts keep nothing that is called a password.
    password = wtforms.HiddenField()
    to = LineField(_l("Who gets it"), [required(_l("Write who gets it"))], limit=Limit.NAME)
    language = Picked(_l("Language of the pages"), [required()], choices=LANGUAGES)
    parts = ChecksField(_l("From the file"))
    parties = ChecksField(_l("Other people in the matter"))
    lines = ChecksField(_l("Lines of the timeline"))
    papers = ChecksField(_l("Documents"))
    cleaned = ChecksField(_l("As a cleaned copy"))
    looked = wtforms.BooleanField(
        _l("I have looked at each line and document that goes out, and nothing is among them that must not"),
        [required(_l("Look at what goes out, then say so here"))],
    )

    def offer(self, whole: Whole, purpose: str) -> None:
        """Give the boxes of this case."""
        self.parts.choices = [(part, str(WORDS[part])) for part in PARTS[purpose]]
        others = () if purpose == PERSON else whole.others
        self.parties.choices = [(one.id, " · ".join(one.names)) for one in others]
        self.lines.choices = [(str(one.id), one.kind) for one in whole.lines]
        self.papers.choices = [(str(one.id), one.title) for one in whole.papers]
        self.cleaned.choices = [(str(one.id), one.title) for one in whole.papers if one.can_be_cleaned]
        for field in (self.papers, self.cleaned):
            known = {value for value, _title in field.choices}
            self.gone = self.gone or not known.issuperset(field.data)
            field.data = [one for one in field.data if one in known]
        left = left_out(whole, purpose)
        stands = hashlib.sha256(repr(sorted(left.items())).encode()).hexdigest()[:16]
        self.moved = self.is_submitted() and self.seen.data != stands
        if self.moved or self.returned:
            self.papers.data = [one for one in self.papers.data if one not in left]
        self.seen.data = stands
        if not binding.is_password(self.password.data or ""):
            self.password.data = binding.new_password()

    def validate_papers(self, _field: ChecksField) -> None:
        """A document that was deleted meanwhile is no answer any more."""
        if self.gone:
            raise wtforms.ValidationError(
                _("A document was deleted meanwhile. Look at what goes out once more.")
            )
        if self.moved:
            raise wtforms.ValidationError(
                _(
                    "A document was redacted, replaced or marked meanwhile. What must not go by oversight is "
                    "not chosen any more. Look at what goes out once more."
                )
            )

    def choice(self, purpose: str) -> Choice:
        """What was chosen."""
        return Choice(
            purpose=purpose,
            to=self.to.data,
            language=self.language.data,
            parts=tuple(self.parts.data),
            parties=tuple(self.parties.data),
            lines=tuple(self.lines.data),
            papers=tuple(self.papers.data),
            cleaned=frozenset(self.cleaned.data) & frozenset(self.papers.data),
        )


def fields_of(whole: Whole, purpose: str) -> dict[str, Any]:
    """What goes out, to whom and in which language, until somebody says otherwise."""
    client, chosen = whole.case.record["client"], preset(whole, purpose)
    if purpose != PERSON:
        return {**chosen, "to": "", "language": "tr"}
    spoken = str(client.get("language") or "ar")[:2]
    return {
        **chosen,
        "to": client.get("name_ar") or client.get("name_latin") or "",
        "language": spoken if spoken in dict(LANGUAGES) else "ar",
    }
