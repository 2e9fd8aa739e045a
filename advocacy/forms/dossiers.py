"""Forms of dossiers and their stories."""

from __future__ import annotations

from typing import Any, Final

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from advocacy import dossier_words as words
from core.web.dates import DayField
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
    VersionForm,
    required,
)
from domain.dossiers import LANGUAGES, Paper

_TITLES: Final = ("title_tr", "title_ar", "title_en")


class TitlesForm(Form):
    """The title in each language; one is enough to begin."""

    token = TokenField()
    version = VersionField()
    title_tr = LineField(_l("Title in Turkish"), limit=Limit.LINE, render_kw={"lang": "tr"})
    title_ar = LineField(_l("Title in Arabic"), limit=Limit.LINE, render_kw={"lang": "ar"})
    title_en = LineField(_l("Title in English"), limit=Limit.LINE, render_kw={"lang": "en"})

    def titles(self) -> dict[str, str]:
        """By language."""
        return {language: self[f"title_{language}"].data or "" for language in LANGUAGES}


class SectionForm(Form):
    """One section in three languages, side by side; each has its own version."""

    version_tr = VersionField()
    text_tr = TextField(_l("Turkish"), limit=Limit.NOTE, render_kw={"lang": "tr"})
    ready_tr = wtforms.BooleanField(_l("Ready in Turkish"))
    version_ar = VersionField()
    text_ar = TextField(_l("Arabic"), limit=Limit.NOTE, render_kw={"lang": "ar"})
    ready_ar = wtforms.BooleanField(_l("Ready in Arabic"))
    version_en = VersionField()
    text_en = TextField(_l("English"), limit=Limit.NOTE, render_kw={"lang": "en"})
    ready_en = wtforms.BooleanField(_l("Ready in English"))


class FigureForm(Form):
    """A row of a release."""

    row = Picked(_l("Which figure"), [required(_l("Choose a figure."))], choices=())


class AskForm(Form):
    """Whom to ask for a story, and for what."""

    people = ChecksField(_l("Whom do you ask?"), [required(_l("Choose at least one colleague."))], choices=())
    text = TextField(
        _l("What do you ask for?"), [required(_l("Write what you ask for."))], limit=Limit.REASON
    )


class _StoryForm(Form):
    """What every story is asked: from which case, how far it may go, whether a lawyer signs."""

    token = TokenField()
    version = VersionField()
    case = Chosen(_l("From which of your cases?"), [required(_l("Choose a case."))], choices=())
    level = Picked(
        _l("How far may it go?"),
        [required(_l("Choose how far the story may go."))],
        choices=lambda: list(words.LEVELS.items()),
    )
    agreed = DayField(_l("On which day did the person hear these very words and agree?"))
    counsel = wtforms.BooleanField(_l("The person is detained, or a removal decision is pending"))

    def forget_agreement(self) -> None:
        """The page comes back, so the words may change: what was agreed was about the last ones."""
        self.agreed.data = None
        self.agreed.raw_data = None

    def agreed_on(self) -> str:
        """The day as an ISO date; empty where the person was not asked yet."""
        return self.agreed.data.isoformat() if self.agreed.data else ""


class StoryForm(_StoryForm):
    """A story, written for the dossier; never copied from the file."""

    text_tr = TextField(_l("The story in Turkish"), limit=Limit.REASON, render_kw={"lang": "tr"})
    text_ar = TextField(_l("The story in Arabic"), limit=Limit.REASON, render_kw={"lang": "ar"})
    text_en = TextField(_l("The story in English"), limit=Limit.REASON, render_kw={"lang": "en"})
    kept = TextField(_l("Why flagged words must stay"), limit=Limit.REASON)

    def texts(self) -> dict[str, str]:
        """By language, only those that were written."""
        found = {language: self[f"text_{language}"].data or "" for language in LANGUAGES}
        return {language: text for language, text in found.items() if text.strip()}


class VignetteForm(_StoryForm):
    """A coded vignette: chosen, never typed. `seen` names the codes as the page showed them."""

    seen = wtforms.HiddenField()


class ReadForm(VersionForm):
    """Which story, and which words of it, somebody read and signs."""

    read = wtforms.HiddenField(default="")


class OutputForm(Form):
    """Which file is made."""

    paper = Picked(
        _l("What"), [required(_l("Choose what to make."))], choices=lambda: list(words.PAPERS.items())
    )
    language = Picked(_l("In which language"), [required(_l("Choose a language"))], choices=words.languages)
    format = Picked(
        _l("Format"), [required(_l("Choose a format."))], choices=[("pdf", "PDF"), ("docx", "DOCX")]
    )


def defaults() -> dict[str, Any]:
    """What stands in the form for files before anybody chose."""
    return {"paper": str(Paper.POLICY), "language": "tr", "format": "pdf"}


def case_choices(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Cases to choose from, behind an empty answer."""
    return [("", _("Choose")), *lines]
