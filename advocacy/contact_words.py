"""Words of addressees, contacts and outcomes, and the letters that are proposed."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _l

from advocacy.dossier_words import in_language
from advocacy.service.letters import Letter

STATES: Final[dict[str, Any]] = {
    "noted": "",
    "open": _l("Promise is open"),
    "kept": _l("Promise was kept"),
    "broken": _l("Promise was not kept"),
}

# The letters as they are proposed; whoever sends one changes it as they like.
_LETTERS: Final[dict[str, Any]] = {
    "cover": _l(
        "We send you our dossier \u201c%(title)s\u201d.\n\n"
        "It describes what we see in our legal work, the legal basis, and what could be done within your "
        "powers. It names none of the people concerned.\n\n"
        "We would be glad to answer questions and to hear your view. Please let us know what you decide."
    ),
    "meeting": _l(
        "We ask for a meeting about our dossier \u201c%(title)s\u201d.\n\n"
        "We would like to explain what we see in our legal work and to hear your view. Half an hour is "
        "enough. We come to you, at a time of your choice."
    ),
    "reminder": _l(
        "We have sent you our dossier \u201c%(title)s\u201d and have not heard from you yet.\n\n"
        "Could you tell us who deals with it and when we may expect an answer?"
    ),
}


ABOUT: Final = _l("About: %(title)s")
KIND: Final = _l("Letter")


# Where the title of the dossier stands in a text that is kept for many letters.
TITLE_MARK: Final = _l("[title]")


def house(kind: str, language: str) -> str:
    """The house's words of a letter, with a mark for the title."""
    return in_language(_LETTERS[kind], language) % {"title": in_language(TITLE_MARK, language)}


def proposed(letter: Letter, own: str = "") -> str:
    """The text of a letter to begin with, in its language: the organisation's own, or the standard one."""
    text = own or house(letter.kind, letter.language)
    return text.replace(in_language(TITLE_MARK, letter.language), letter.title)
