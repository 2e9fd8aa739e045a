"""The forms of a session (how many came, by sex and age) and of a campaign (how many were reached)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from awareness.forms.topics import issues
from awareness.service.held import CAMPAIGN, MOST, MOST_REACHED, SESSION, Counts, Held
from cases.forms.choices import ListedField, ListedPicked
from core.reference import reference
from core.web.dates import DayField
from core.web.filters import number
from core.web.forms import Chosen, Form, TokenField, VersionField, required
from core.web.labels import list_label, province_choices
from domain.text import fold_digits


class CountField(wtforms.IntegerField):
    """How many, up to `most`; an empty box is nought. Digits may be Arabic-Indic."""

    data: int | None

    def __init__(self, label: Any = None, *, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a whole number. Raises ValueError with the sentence the person sees."""
        typed = fold_digits(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not re.fullmatch(r"[0-9]{0,9}", typed) or int(typed or 0) > self.most:
            raise ValueError(_("Enter a whole number up to %(most)s", most=number(self.most)))
        self.data = int(typed or 0)


def provinces() -> list[tuple[str, str]]:
    """Every province, behind an empty answer."""
    return [("", _("Choose a province")), *province_choices()]


def one_or_several() -> list[tuple[str, str]]:
    """Every province, behind the answer that there were several."""
    return [("", _("Several provinces")), *province_choices()]


class HeldForm(Form):
    """What both have."""

    token = TokenField()
    version = VersionField()
    held_on = DayField(_l("Day"), [required(_l("Enter the day on which it was held"))])
    issue = Chosen(_l("What it was about"), [required(_l("Choose an issue"))], choices=issues)
    language = ListedField(_l("Language"), "language", empty=_l("Choose a language"), validators=[required()])
    leaflets = CountField(_l("Leaflets handed out"), most=MOST_REACHED)

    def held(self) -> Held:
        """What was typed; of a form that is right."""
        raise NotImplementedError

    def _day(self) -> dt.date:
        if self.held_on.data is None:
            raise ValueError("a form without its day was taken for right")
        return self.held_on.data


class SessionForm(HeldForm):
    """A session. Its counts are fields `<sex>_<age>`, made below."""

    province = Chosen(_l("Province"), [required(_l("Choose a province"))], choices=provinces)
    place = ListedPicked(_l("Kind of place"), "session_place", validators=[required()])
    total = CountField(_l("How many people came"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for _band, fields in self.rows():
            for sex, field in zip(reference().lists["sex"].codes, fields, strict=True):
                field.label.text = list_label("sex", sex)

    def held(self) -> Held:
        """What was typed; of a form that is right."""
        return Held(
            SESSION, self._day(), self.issue.data, self.province.data, self.place.data, self.language.data,
            self.total.data or 0, counts=self.counts(), leaflets=self.leaflets.data or 0,
        )  # fmt: skip # one session

    def counts(self) -> Counts:
        """Sex -> age band -> how many."""
        return {
            sex: {age: self[_name(sex, age)].data or 0 for age in reference().lists["age_band"].codes}
            for sex in reference().lists["sex"].codes
        }

    def rows(self) -> list[tuple[str, list[wtforms.Field]]]:
        """Each age band with its fields, one for each sex."""
        return [
            (age, [self[_name(sex, age)] for sex in reference().lists["sex"].codes])
            for age in reference().lists["age_band"].codes
        ]


def _name(sex: str, age: str) -> str:
    return f"{sex}_{age.replace('-', '_').replace('+', '_more')}"


for _sex in reference().lists["sex"].codes:
    for _age in reference().lists["age_band"].codes:
        setattr(SessionForm, _name(_sex, _age), CountField())


class CampaignForm(HeldForm):
    """A campaign. Nobody counts by sex and age whom a poster or a broadcast reaches."""

    held_on = DayField(_l("First day"), [required(_l("Enter the first day"))])
    ended_on = DayField(_l("Last day"), [required(_l("Enter the last day"))])
    channel = ListedPicked(_l("Channel"), "campaign_channel", validators=[required()])
    province = Chosen(_l("Province"), choices=one_or_several)
    place = ListedField(_l("Kind of place"), "session_place", empty=_l("No particular place"))
    total = CountField(_l("How many people were reached, estimated"), most=MOST_REACHED)

    def held(self) -> Held:
        """What was typed; of a form that is right."""
        return Held(
            CAMPAIGN, self._day(), self.issue.data, self.province.data, self.place.data, self.language.data,
            self.total.data or 0, self.ended_on.data, self.channel.data, {}, self.leaflets.data or 0,
        )  # fmt: skip # one campaign


FORMS: dict[str, type[HeldForm]] = {SESSION: SessionForm, CAMPAIGN: CampaignForm}


def stored(held: Held, version: int) -> dict[str, Any]:
    """The values that the form shows for what is written down."""
    numbers = {
        _name(sex, age): count for sex, ages in (held.counts or {}).items() for age, count in ages.items()
    }
    return {
        **numbers,
        "version": version,
        "held_on": held.held_on,
        "ended_on": held.ended_on,
        "issue": held.issue,
        "province": held.province,
        "place": held.place,
        "channel": held.channel,
        "language": held.language,
        "total": held.total,
        "leaflets": held.leaflets or None,
    }


class WithdrawForm(Form):
    """Why something should not count."""

    version = VersionField()
    because = ListedPicked(_l("Reason"), "session_withdrawal", validators=[required(_l("Choose a reason"))])
