"""Codes by whatever an office calls them: the code itself, our names in three languages, usual words."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from domain.folding import search_key
from domain.imports.faults import Fault, Unreadable
from domain.imports.fields import Field
from domain.tables import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from domain.reference import Reference
    from domain.tables import Label

OPEN: Final = "open"
CLOSED: Final = "closed"

# Beside the names in our lists.
_USUAL: Final[Mapping[Field, Mapping[str, str]]] = MappingProxyType(
    {
        Field.SEX: {
            "f": "woman|girl|k|kız|bayan|ث|انثى|امرأة|بنت|سيدة",
            "m": "man|boy|e|bay|ذ|ذكور|رجل|صبي|شاب",
        },
        Field.NATIONALITY: {
            "SYR": "syrian|suriyeli|سوري|سورية|سوريا|syria arab republic",
            "PSE": "palestinian|filistinli|فلسطيني|فلسطينية",
            "IRQ": "iraqi|iraklı|عراقي|عراقية",
            "AFG": "afghan|afgan|أفغاني|أفغانية",
            "TUR": "turkish|turkey|türk|تركي|تركية",
        },
        Field.STATUS: {
            "temporary_protection": "tp|kimlik|gk|gkk|كملك|حماية مؤقتة|الحماية المؤقتة",
            "unregistered": "no papers|kayıtsız|غير مسجل|بدون كملك|مخالف",
        },
        Field.LANGUAGE: {
            "ku_kurmanji": "kurdish|kürtçe|كردي|الكردية|كردية",
            "ar": "arabic|عربي",
            "tr": "تركي",
        },
        Field.URGENCY: {},
        Field.PROVINCE: {
            "01": "اضنه",
            "27": "antep|عنتاب|عينتاب|غازي عينتاب",
            "31": "antakya|hatay antakya|انطاكيا|هاتاي|هطاي",
            "33": "içel|مرسين",
            "34": "استانبول|استنبول|اسطنبول",
            "46": "maraş|k maraş|مرعش",
            "63": "urfa|ş urfa|اورفا|أورفة|شانلي أورفا|شانلي اورفة",
        },
        Field.STATE: {
            OPEN: "open|ongoing|active|in progress|açık|devam ediyor|devam|derdest|مفتوح|مفتوحة|جار|جارية|"
            "قيد المتابعة|قيد العمل|مستمرة",
            CLOSED: "closed|done|finished|kapalı|kapandı|kapatıldı|bitti|sonuçlandı|مغلق|مغلقة|منتهية|منته|"
            "أغلق|انتهت",
        },
    }
)
_LISTS: Final = MappingProxyType(
    {
        Field.SEX: "sex",
        Field.NATIONALITY: "nationality",
        Field.STATUS: "protection_status",
        Field.LANGUAGE: "language",
        Field.CLOSING: "closing_code",
        Field.CHANNEL: "channel",
    }
)


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of every listed field by folded words."""

    by_words: Mapping[Field, Mapping[str, str]]
    groups: frozenset[str]  # what issue groups are called

    @classmethod
    def of(cls, reference: Reference) -> Codes:
        """From the reference tables of an installation; of two entries that share a word the first has it."""
        named: dict[Field, list[tuple[str, Label]]] = {
            field: [(one.code, one.label) for one in reference.lists[name]] for field, name in _LISTS.items()
        }
        taxonomy, places = reference.taxonomy, reference.places
        named[Field.ISSUE] = [(one.code, one.label) for one in taxonomy.leaves.values()]
        named[Field.PROVINCE] = [(one.plate, one.label) for one in places.provinces.values()]
        named[Field.URGENCY] = [(code, level.label) for code, level in reference.urgencies.items()]
        found = {field: _words(pairs, _USUAL.get(field, {})) for field, pairs in named.items()}
        found[Field.STATE] = _words((), _USUAL[Field.STATE])
        found[Field.PROVINCE] |= {plate.lstrip("0"): plate for plate in places.provinces}
        groups = _words([(one.code, one.label) for one in taxonomy.groups.values()], {})
        return cls(found, frozenset(groups))

    def code(self, field: Field, text: str) -> str:
        """The code that a text means; "" for none. Raises `Unreadable` for a text that means nothing here.

        A name may stand behind the code of an issue or urgency, as in "B01 - Deportation".
        """
        key = search_key(text)
        words = self.by_words[field]
        if not key or key in words:
            return words.get(key, "")
        if field is Field.ISSUE and key in self.groups:
            raise Unreadable(Fault.GROUP)
        code = words.get(first := key.split(" ", 1)[0], "")
        if field in {Field.ISSUE, Field.URGENCY} and code.lower() == first:
            return code
        raise Unreadable(Fault.UNKNOWN)


def _words(pairs: Iterable[tuple[str, Label]], usual: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    named = list(pairs)
    every = [
        *((code, code) for code, _label in named),
        *((label.of(language), code) for code, label in named for language in LANGUAGES),
        *((label.of(language).partition("(")[0], code) for code, label in named for language in LANGUAGES),
        *((words, code) for code, text in usual.items() for words in text.split("|")),
    ]
    for words, code in every:
        found.setdefault(search_key(words), code)
    return found
