"""What a vignette may rest on, read from the sealed case by somebody who works on it; nothing is typed."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from flask_babel import lazy_gettext as _

from advocacy.service.story_seal import Coded
from cases.models import Case
from cases.service import consents, facts, records
from core.errors import DomainError
from core.reference import reference
from domain.statistics_facts import Fact
from domain.stories.vignettes import CodedCase, Detail
from vault import Key

_FIELDS: Final = tuple(each.name for each in fields(Fact) if each.name != "recorded")


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
    fact = Fact.from_record({name: row[name] for name in _FIELDS} | {"recorded": row["opened"]})
    told = of_fact(fact)
    return Coded(told.case, {detail.value: code for detail in Detail if (code := told.detail(detail))})


def of_fact(fact: Fact) -> CodedCase:
    """A fact as the rule for vignettes sees it."""
    return CodedCase.of(
        reference().places,
        case=fact.case,
        client=fact.client,
        household=fact.household,
        event=fact.event,
        issue=fact.issue,
        province=fact.province,
        opened=fact.opened,
        age_band=fact.age_band,
        authority=fact.authority,
        statistics=fact.statistics,
    )
