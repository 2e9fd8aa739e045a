"""What a vignette may rest on, read from the sealed case by somebody who works on it; nothing is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _

from advocacy.service.story_seal import Coded
from cases.models import Case
from cases.service import consents, facts, records
from core.errors import DomainError
from core.reference import reference
from domain.statistics_facts import Fact
from domain.stories.vignettes import CodedCase, Detail
from vault import Key

_SEEN: Final = (
    "case", "client", "household", "event", "issue", "province", "opened", "age_band", "authority",
    "statistics",
)  # fmt: skip # one list


def coded(case: Case, key: Key) -> Coded:
    """The coarse codes of a case and its random id in statistics.

    Raises DomainError where the person did not agree to be counted: then nobody can say who else is meant.
    """
    if not consents.stands(case, key, facts.CONSENT):
        raise DomainError(
            _(
                "The person has not agreed to be counted in statistics, so nobody can check whether a "
                "vignette would point at them. Ask the person, or write a free summary."
            ),
            field="case",
        )
    row = facts.coded(case, records.open_record(key, case), consented=True)
    told = of_fact(Fact.from_coded(row))
    return Coded(told.case, {detail.value: code for detail in Detail if (code := told.detail(detail))})


def of_fact(fact: Fact) -> CodedCase:
    """A fact as the rule for vignettes sees it."""
    return CodedCase.of(reference().places, **{name: getattr(fact, name) for name in _SEEN})


def of_coded(coded: Mapping[str, Any]) -> CodedCase:
    """The same of a coded case as plain values (`scanning.facts`)."""
    values = {name: coded[name] for name in _SEEN} | {"opened": dt.date.fromisoformat(coded["opened"])}
    return CodedCase.of(reference().places, **values)
