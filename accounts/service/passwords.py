"""Passwords: at least twelve characters that are hard to guess, judged by zxcvbn."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from flask_babel import lazy_gettext as _

from config.settings import Settings
from core.errors import DomainError
from vault import Profile

SHORTEST: Final = 12
LONGEST: Final = 200
LEAST_SCORE: Final = 3
_JUDGED: Final = 72  # zxcvbn's own limit; its work grows with the square of the length

# zxcvbn keeps the hints in a table that all threads of the process share.
_one_at_a_time = threading.Lock()

_GUESSABLE = _("This is easy to guess.")
_WORDS: Final = MappingProxyType(
    {
        "Straight rows of keys are easy to guess.": _("Straight rows of keys are easy to guess."),
        "Short keyboard patterns are easy to guess.": _("Short keyboard patterns are easy to guess."),
        'Repeats like "aaa" are easy to guess.': _('Repeats like "aaa" are easy to guess.'),
        'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': _(
            "Repeated groups of letters are easy to guess."
        ),
        'Sequences like "abc" or "6543" are easy to guess.': _(
            'Sequences like "abc" or "6543" are easy to guess.'
        ),
        "Recent years are easy to guess.": _("Years are easy to guess."),
        "Dates are often easy to guess.": _("Dates are often easy to guess."),
        "This is a top-10 common password.": _("Many people use this password."),
        "This is a top-100 common password.": _("Many people use this password."),
        "This is a very common password.": _("Many people use this password."),
        "This is similar to a commonly used password.": _(
            "This is close to a password that many people use."
        ),
        "A word by itself is easy to guess.": _("A word by itself is easy to guess."),
        "Names and surnames by themselves are easy to guess.": _("Names are easy to guess."),
        "Common names and surnames are easy to guess.": _("Names are easy to guess."),
        "Use a few words, avoid common phrases.": _("Use several words that do not belong together."),
        "No need for symbols, digits, or uppercase letters.": _("Signs and digits are not needed."),
        "Add another word or two. Uncommon words are better.": _(
            "Add one or two more words. Uncommon words are better."
        ),
        "Use a longer keyboard pattern with more turns.": _("Use words instead of keys side by side."),
        "Avoid repeated words and characters.": _("Leave out what repeats."),
        "Avoid sequences.": _("Leave out sequences."),
        "Avoid recent years.": _("Leave out years."),
        "Avoid years that are associated with you.": _("Leave out years that have to do with you."),
        "Avoid dates and years that are associated with you.": _("Leave out dates that have to do with you."),
        "Capitalization doesn't help very much.": _("Capital letters help little."),
        "All-uppercase is almost as easy to guess as all-lowercase.": _("Capital letters help little."),
        "Reversed words aren't much harder to guess.": _("Words spelled backwards help little."),
        "Predictable substitutions like '@' instead of 'a' don't help very much.": _(
            "Signs in place of letters help little."
        ),
    }
)


@dataclass(frozen=True)
class Assessment:
    """How hard a password is to guess, 0 to 4, and what to say about it in the reader's language."""

    score: int
    warning: Any
    suggestions: tuple[Any, ...]


def assess(password: str, hints: Iterable[str] = ()) -> Assessment:
    """Judge a password. `hints` are words that have to do with the person: name, address, organisation."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 11 MB of words: only the process that judges a password holds them

    words = [part for hint in hints for part in (hint, *hint.replace("@", " ").replace(".", " ").split())]
    with _one_at_a_time:
        result = zxcvbn(password[:_JUDGED], user_inputs=words)
        zxcvbn("-", user_inputs=[])  # so that the words do not stay in memory
    feedback = result["feedback"]
    return Assessment(
        score=result["score"],
        warning=_WORDS.get(feedback["warning"], _GUESSABLE) if feedback["warning"] else "",
        suggestions=tuple(_WORDS[one] for one in feedback["suggestions"] if one in _WORDS),
    )


def require_strong(password: str, hints: Iterable[str] = ()) -> None:
    """Raise DomainError(field="password") for a password that is too short, too long or easy to guess."""
    if len(password) < SHORTEST:
        raise DomainError(
            _("Use at least %(count)s characters, for example four words.", count=SHORTEST), field="password"
        )
    if len(password) > LONGEST:
        raise DomainError(_("Use at most %(count)s characters.", count=LONGEST), field="password")
    judged = assess(password, hints)
    if judged.score < LEAST_SCORE:
        raise DomainError(judged.warning or _GUESSABLE, field="password")


def profile(settings: Settings) -> Profile:
    """The cost of Argon2id in this instance, which is also the least that a stored lock may have."""
    return Profile(settings.argon2)
