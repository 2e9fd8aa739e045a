"""Names of codes in the reader's language, for forms and templates."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _

from cases.service.checklists import of_case
from cases.service.law import words_of
from core import clock
from core.access import guard
from core.access.labels import ROLES
from core.access.permissions import Role
from core.reference import checklists, law_words, reference
from core.web.locale import current_language
from domain.deadlines.words import Words


def list_label(name: str, code: str) -> str:
    """The name of an entry of a code list; a code that the list has lost shows as itself."""
    entries = reference().lists[name]
    return entries.label(code, current_language()) if code in entries else code


def source_of(rule: str) -> str:
    """The article behind a rule about conflicts of interest; empty where there is none."""
    return reference().lists["conflict_rule"][rule].notes["source"]


def list_choices(name: str) -> list[tuple[str, str]]:
    """Code and name of the entries that may be chosen today."""
    return reference().lists[name].choices(current_language(), clock.today())


def check_label(code: str) -> str:
    """What is usually done, in words; a line that the table has lost shows as its code."""
    lines = checklists().lines
    return lines[code].label.of(current_language()) if code in lines else code


def province_label(plate: str) -> str:
    """The name of a province by its plate number."""
    places = reference().places
    return places.label(plate, current_language()) if plate in places.provinces else plate


def province_choices() -> list[tuple[str, str]]:
    """Plate number and name of every province."""
    language = current_language()
    return [(plate, place.label.of(language)) for plate, place in reference().places.provinces.items()]


def issue_label(code: str) -> str:
    """The name of an issue, or of a group of issues."""
    taxonomy = reference().taxonomy
    known = code in taxonomy.leaves or code in taxonomy.groups
    return taxonomy.label(code, current_language()) if known else code


def issue_choices() -> dict[str, list[tuple[str, str]]]:
    """Code and name of every issue under the name of its group."""
    language, taxonomy = current_language(), reference().taxonomy
    return {
        group.label.of(language): [
            (issue.code, issue.label.of(language)) for issue in taxonomy.leaves_of(group.code)
        ]
        for group in taxonomy.groups.values()
    }


def consent_label(kind: str) -> str:
    """The title of a consent or of the notice, in its present wording."""
    return reference().consents.current(kind, clock.today()).title.of(current_language())


def consent_kinds() -> list[str]:
    """The notice and the consents that are asked today, in their order."""
    return [wording.code for wording in reference().consents.all_current(clock.today())]


def rule_label(code: str) -> str:
    """What begins a deadline, such as the service of a decision; a rule the tables have lost is a code."""
    words = _words()
    return words.name("trigger", code, current_language()) if words.knows(code) else code


def rule_forum(code: str) -> str:
    """Before whom a deadline is met."""
    words = _words()
    return words.name("forum", code, current_language()) if words.knows(code) else ""


def rule_note(code: str) -> str:
    """What to know about meeting it; "" where there is nothing."""
    words = _words()
    return words.name("note", code, current_language()) if words.knows(code) else ""


def _words() -> Words:
    """Of the reader's organisation."""
    home = _home()
    return words_of(home) if home else law_words()


def _home() -> UUID | None:
    at_door = guard.visitor()
    return at_door.actor.organisation_id if at_door and at_door.actor else None


def law_day(value: dt.date) -> str:
    """A day of a deadline with its weekday, or a moment in the time of Türkiye."""
    return law_words().shown(value, current_language())


def role_label(role: str) -> str:
    """What somebody is, in words."""
    return str(ROLES[Role(role)])


def urgency_label(code: str) -> str:
    """How soon the first legal step is due, in words."""
    levels = reference().urgencies
    return levels[code].label.of(current_language()) if code in levels else code


def urgency_choices() -> list[tuple[str, str]]:
    """Code and words of every level, the most urgent first."""
    return [(code, f"{code} · {urgency_label(code)}") for code in reference().urgencies]


def yes_no() -> list[tuple[str, str]]:
    """The two answers, for a question that must not be answered by leaving a box alone."""
    return [("yes", _("Yes")), ("no", _("No"))]


def init_labels(app: Flask) -> None:
    """Make the names known to every template."""
    app.jinja_env.globals.update(
        list_choices=list_choices,
        list_label=list_label,
        check_label=check_label,
        usually_done=of_case,
        source_of=source_of,
        province_label=province_label,
        issue_label=issue_label,
        rule_label=rule_label,
        rule_forum=rule_forum,
        rule_note=rule_note,
        law_day=law_day,
        consent_label=consent_label,
        consent_kinds=consent_kinds,
        role_label=role_label,
        urgency_label=urgency_label,
    )
