"""The same questions about somebody else, and those that only whoever asks for somebody else is asked.

It is the same page, kept under the same names: only the words are others, so that no answer is lost when
somebody changes for whom they ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from cases.forms.choices import with_none
from core.web.forms import Chosen, Limit, LineField, Picked, required
from core.web.labels import list_choices
from domain.intake.urgency import Answer
from intake.forms.asking import Step, TellForm, UrgentForm, WhoForm, sure_or_not
from intake.forms.reaching import ReachForm
from intake.service.sending import CALL


def _agreed() -> list[tuple[str, str]]:
    return [("yes", _("Yes")), ("no", _("No")), ("unsure", _("I could not ask them"))]


def _reachable() -> list[tuple[str, str]]:
    return [
        ("phone", _("Yes, by phone")),
        ("visit", _("Yes, but only on a visit")),
        ("no", _("No, nobody can")),
        ("unsure", _("I do not know")),
    ]


class ThemForm(Step):
    """Who they are to whoever asks, and whether they want it."""

    page, title = "them", _l("The person who needs help")
    names = ("relation", "person", "knows", "agrees", "reachable")
    relation = Chosen(
        _l("Who are they to you?"),
        [required(_l("Choose who they are to you."))],
        choices=lambda: with_none(list_choices("asker_relation"), _("Choose")),
    )
    person = LineField(_l("What is their name?"), limit=Limit.NAME)
    knows = Picked(
        _l("Do they know that you ask for them?"), [required(_l("Choose an answer."))], choices=sure_or_not
    )
    agrees = Picked(_l("Do they want our help?"), [required(_l("Choose an answer."))], choices=_agreed)
    reachable = Picked(
        _l("Can anybody speak with them now?"), [required(_l("Choose an answer."))], choices=_reachable
    )


class _OfThem(Step):
    """A page whose questions are about somebody else."""

    words: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.words.items():
            self[name].label.text = words


class UrgentOfThem(_OfThem, UrgentForm):
    """What cannot wait."""

    words: ClassVar[Mapping[str, Any]] = {
        "detained": _l("Are they held by the police or in a removal centre?"),
        "removal": _l("Are they about to be sent out of the country?"),
        "deadline": _l("Did they get a paper with a date, or a decision?"),
        "danger": _l("Are they in danger tonight?"),
    }


class TellOfThem(_OfThem, TellForm):
    """What happened to them."""

    title = _l("What happened to them?")
    words: ClassVar[Mapping[str, Any]] = {"text": title}


class WhoOfThem(_OfThem, WhoForm):
    """Whom we speak with, and where the person is."""

    words: ClassVar[Mapping[str, Any]] = {"province": _l("Where are they now?")}


class ReachOfThem(_OfThem, ReachForm):
    """How to reach whoever asks, to whom a call about somebody else may do harm."""

    kept_as = "5 of them"
    names = ("safe_call", *ReachForm.names)
    safe_call = Picked(
        _l("Is it safe for you if we call you about them?"),
        [required(_l("Choose an answer."))],
        choices=sure_or_not,
    )

    def validate_safe_call(self, field: Picked) -> None:
        """Nobody is called for whom it is not safe."""
        if field.data == Answer.NO and self.way.data == CALL:
            raise ValidationError(_("Below you ask us to call. Choose the code if a call is not safe."))
