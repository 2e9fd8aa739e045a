"""Invented clients: their records as the form of a case would give them, and how soon each matter is due."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from core.reference import reference
from demo.chance import Chance
from demo.names import Name, Story, Words
from domain.identity import Warn, check_foreigner_number

# How often each issue group comes, of about a hundred: some often enough for the table of a quarter.
GROUPS: Final = {
    "A": 34, "B": 20, "F": 18, "G": 9, "H": 4, "L": 4, "I": 2, "K": 2, "M": 2, "C": 1, "D": 1, "E": 1, "J": 1,
    "N": 1, "O": 1, "P": 1, "Q": 1, "R": 1, "Z": 1,
}  # fmt: skip  # a table
AUTHORITIES: Final = {
    "A": "pdmm", "B": "ggm", "C": "pdmm", "D": "pdmm", "E": "pmm", "F": "employer", "G": "landlord",
    "H": "family_court", "I": "civil_registry", "J": "school", "K": "hospital", "L": "police",
    "M": "family_services", "N": "prosecutor", "O": "private", "P": "enforcement", "Q": "consulate",
    "R": "associations", "Z": "none",
}  # fmt: skip  # a table
RESTRICTED: Final = {"L": 100, "M": 80, "H": 30}  # of a hundred cases of the group; else one
LANGUAGES: Final = {"ar_levantine": 60, "ar_mesopotamian": 20, "ku_kurmanji": 8, "tr": 7, "tk_syrian": 5}
OTHER_LANGUAGES: Final = {"AFG": "fa_dari", "IRQ": "ar_mesopotamian", "SOM": "so", "PSE": "ar_levantine"}
# A story says of whom it tells by the word it begins with or uses first.
FEMALE_WORDS: Final = ("السيدة", "الفتاة", "المريضة", "الزوجة", "Anne")
CHILD_ISSUES: Final = ("F05", "M01", "M02")
_GROWN: Final = (18, 64)
_SCHOOL: Final = (9, 17)


@dataclass(frozen=True)
class Matter:
    """What somebody comes with."""

    group: str
    urgency: str
    restricted: bool
    record: dict[str, Any]


def invent(words: Words, provinces: dict[str, int], on: dt.date, chance: Chance, group: str = "") -> Matter:
    """A person with a matter, who comes on a day, or an association. group: of the issue, if not any."""
    group = group or chance.draw(GROUPS)
    story = chance.choice(words.stories[group])
    female = any(word in story.text for word in FEMALE_WORDS) or chance.in_hundred(40)
    client = _client(words, story, on, chance, female=female)
    record = {
        "client": client | _house(words, chance) if group == "R" else client,
        "province": chance.draw(provinces),
        "authority": AUTHORITIES[group],
        "issue": story.issue,
        "narrative": story.text,
        "next_step": "",
    }
    return Matter(
        group=group,
        urgency=reference().taxonomy.leaves[story.issue].urgency,
        restricted=chance.in_hundred(RESTRICTED.get(group, 1)),
        record=record,
    )


def _client(words: Words, story: Story, on: dt.date, chance: Chance, *, female: bool) -> dict[str, Any]:
    given, family = words.names["female" if female else "male"], chance.choice(words.names["family"])
    name: Name = chance.choice(given) + family
    drawn = chance.draw({"SYR": 93, "IRQ": 3, "AFG": 2, "PSE": 1, "SOM": 1})
    nationality = "IRQ" if "العراق" in story.text else drawn
    birth = _birth(on, _SCHOOL if story.issue in CHILD_ISSUES else _GROWN, chance)
    registered = chance.in_hundred(80)
    return {
        "name_ar": name.ar,
        "name_latin": name.capitals,
        "father": chance.choice(words.names["male"]).ar,
        "mother": chance.choice(words.names["female"]).ar,
        "birth": birth,
        "birth_precision": "day" if "-" in birth else "year",
        "sex": "f" if female else "m",
        "nationality": nationality,
        "status": _status(story.issue, nationality, registered=registered),
        "language": OTHER_LANGUAGES.get(nationality) or chance.draw(LANGUAGES),
        "numbers": [{"kind": "foreigner_number", "value": nobodys_number(chance)}] if registered else [],
        "phones": [_phone(story, chance)],
        "code_word": "",
    }


def _house(words: Words, chance: Chance) -> dict[str, Any]:
    """What is otherwise of a client that is an association."""
    name: Name = chance.choice(words.names["family"])
    unknown = {"sex": "unknown", "nationality": "XXX", "status": "unknown", "birth_precision": "unknown"}
    return {
        "name_ar": f"جمعية {name.ar} للتضامن",
        "name_latin": f"{name.tr} Dayanışma Derneği",
        "legal_form": "association",
        **unknown,
        **dict.fromkeys(("father", "mother", "birth"), ""),
        "numbers": [{"kind": "association_register", "value": f"00-{chance.randrange(1000):03}-000"}],
    }


def _birth(on: dt.date, ages: tuple[int, int], chance: Chance) -> str:
    """A birth date; now and then only the year, now and then the first of January of the registers."""
    year = on.year - chance.randint(*ages)
    day = f"-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return f"{year}{chance.draw({'': 15, '-01-01': 20, day: 65})}"


def _status(issue: str, nationality: str, *, registered: bool) -> str:
    if issue[0] == "D":
        return "short_term_residence"
    if nationality != "SYR":
        return "ip_applicant" if registered else "unregistered"
    if issue in {"A02", "K01"}:
        return "tp_deactivated"
    return "temporary_protection" if registered else "tp_preregistration"


def nobodys_number(chance: Chance) -> str:
    """A foreigner number whose check digits are wrong, so that it is nobody's."""
    while True:
        number = f"99{chance.randrange(10**9):09}"
        if Warn.CHECK_DIGITS in check_foreigner_number(number).warnings:
            return number


def _phone(story: Story, chance: Chance) -> dict[str, Any]:
    """A phone under 0500, which no operator uses, with the rules that keep its owner safe."""
    guarded = story.issue[0] == "L" or chance.in_hundred(15)
    return {
        "number": f"0500 000 {chance.randrange(100):02} {chance.randrange(100):02}",
        "whose": "shared" if guarded else chance.draw({"own": 8, "spouse": 1, "relative": 1}),
        "channels": ["none"] if story.issue[0] == "L" else ["call"] if guarded else ["call", "whatsapp"],
        "hours": "10-12" if guarded else "",
        "message_ok": "no" if guarded else "yes",
        "cover_name": "Terzi Ayşe" if guarded else "",
        "others": "",
    }
