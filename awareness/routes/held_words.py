"""What is written down of a session or campaign, in the reader's words."""

from __future__ import annotations

from flask_babel import gettext as _

from awareness.service.held import CAMPAIGN, Held
from awareness.service.session_log import Correction
from core.web.filters import date_long, number
from core.web.labels import issue_label, list_label, province_label


def described(held: Held) -> dict[str, str]:
    """Label -> words, in order; what is not written down is left out."""
    campaign = held.kind == CAMPAIGN
    words = {
        _("First day") if campaign else _("Day"): date_long(held.held_on),
        _("Last day"): date_long(held.ended_on) if held.ended_on else "",
        _("What it was about"): issue_label(held.issue),
        _("Channel"): list_label("campaign_channel", held.channel) if held.channel else "",
        _("Province"): province_label(held.province) if held.province else _("Several provinces"),
        _("Kind of place"): list_label("session_place", held.place) if held.place else "",
        _("Language"): list_label("language", held.language),
        _("Reached, estimated") if campaign else _("Attendance"): number(held.total),
        _("Leaflets handed out"): number(held.leaflets) if held.leaflets else "",
    }
    for sex, ages in (held.counts or {}).items():
        for age, count in ages.items():
            words[f"{list_label('sex', sex)} · {list_label('age_band', age)}"] = number(count)
    return {label: said for label, said in words.items() if said}


def replaced(correction: Correction) -> list[tuple[str, str]]:
    """Label and words of what stood there and does not any more; words are empty where nothing stood."""
    before, after = described(correction.before), described(correction.after)
    return [
        (label, before.get(label, ""))
        for label in {**before, **after}
        if before.get(label) != after.get(label)
    ]
