"""What a printed recovery paper says, in three languages at once: its holder may read only one of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from core.web.locale import LOCALES, direction


@dataclass(frozen=True)
class PaperText:
    """The text of a paper in one language."""

    language: str
    direction: str
    title: str
    what: str
    rules: list[str]


def paper_texts() -> list[PaperText]:
    """Arabic, Turkish, English."""
    texts = []
    for language, locale in LOCALES.items():
        with force_locale(locale):
            texts.append(_text(language))
    return texts


def _text(language: str) -> PaperText:
    return PaperText(
        language,
        direction(language),
        _("Recovery paper"),
        _(
            "Three people keep one such paper each. Any two papers together bring back what was locked when"
            " people lost their passwords. This paper alone opens nothing."
        ),
        [
            _("Keep it at home in a safe place, not in the office and not beside another paper."),
            _("Do not photograph it, and do not type it into a telephone or computer."),
            _("Bring it only when an administrator you know asks you face to face."),
            _("If it is lost, or somebody has seen it, tell an administrator the same day."),
            _("When you leave, hand it to whoever takes your place, and tell an administrator."),
        ],
    )
