"""Organisations as parties of a matter: by what two names are one.

An organisation is compared by its whole name without the words that say what it is (derneği, جمعية): a public
name, no name of a person, and few bear the same. Across scripts a name is translated rather than spelled, so
that each script is compared with itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from domain.folding import search_key
from domain.text import fold_digits

KIND: Final = "organisation"
"""What tokens of such names are called (`vault.match_token`)."""

_ARTICLE: Final = "ال"
_LEAST: Final = 4  # letters of a word from which an article can go

_NAMED_SO: Final = """
    dernek dernegi vakif vakfi sirket sirketi ltd limited sti anonim kooperatif kooperatifi federasyon
    federasyonu konfederasyonu kurulus kurulusu association foundation organization organisation ngo inc llc
    جمعيه موسسه شركه منظمه تعاونيه رابطه
"""
_FILLING: Final = "ve and the of for icin san tic sanayi ticaret a s as هييه اتحاد وقف society company"
_IS: Final = frozenset(_NAMED_SO.split())
_LEFT_OUT: Final = _IS | frozenset(_FILLING.split())


def key_of(name: str) -> str:
    """The name as it is compared; as it stands where nothing is left of it, "" for no name."""
    words = _words(name)
    return " ".join([word for word in words if word not in _LEFT_OUT] or words)


def is_named_so(name: str) -> bool:
    """Whether a name says that it is of an organisation."""
    return not _IS.isdisjoint(_words(name))


def keys_of(party: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the names of a party that is an organisation, or is named like one; else none.

    party: as the record keeps it: `legal_form`, `name_ar`, `name_latin`.
    """
    names = [str(party.get(name) or "") for name in ("name_ar", "name_latin")]
    known = bool(party.get("legal_form"))
    return frozenset(key for name in names if (known or is_named_so(name)) and (key := key_of(name)))


def numbers_of(party: Mapping[str, Any]) -> frozenset[str]:
    """The numbers under which it is registered, by their letters and digits."""
    values = (str(number["value"]) for number in party.get("numbers", ()))
    return frozenset(plain for one in values if (plain := "".join(filter(str.isalnum, fold_digits(one)))))


def _words(name: str) -> list[str]:
    return [_bare(word) for word in search_key(name).split()]


def _bare(word: str) -> str:
    """Without the Arabic article."""
    return word[len(_ARTICLE) :] if word.startswith(_ARTICLE) and len(word) > _LEAST else word
