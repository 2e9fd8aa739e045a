"""Channels of contacts."""

from pathlib import Path

import pytest

from domain.lists import CodeList
from domain.talks import CHANNELS, Fault, UnfitChannel, channel_of

LISTS = Path(__file__).parents[2] / "config" / "lists"


@pytest.mark.parametrize(
    ("kind", "given", "channel"),
    [
        ("note", "", ""),
        ("call", "", "call"),
        ("call", "whatsapp", "whatsapp"),
        ("visit", "", "in_person"),
        ("meeting", "outreach", "outreach"),
        ("message", "letter", "letter"),
    ],
)
def test_a_contact_has_a_channel_and_a_note_has_none(kind: str, given: str, channel: str) -> None:
    assert channel_of(kind, given) == channel


@pytest.mark.parametrize(
    ("kind", "given", "fault"),
    [
        ("message", "", Fault.NEEDED),
        ("note", "call", Fault.NO_CONTACT),
        ("call", "letter", Fault.DOES_NOT_FIT),
        ("visit", "nonsense", Fault.DOES_NOT_FIT),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, given: str, fault: Fault) -> None:
    with pytest.raises(UnfitChannel) as refused:
        channel_of(kind, given)
    assert refused.value.fault is fault


def test_every_channel_is_on_the_list() -> None:
    known = CodeList.load(LISTS / "channel.tsv").codes
    assert {channel for channels in CHANNELS.values() for channel in channels} <= set(known)
