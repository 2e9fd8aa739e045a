"""The calendar of a person, for a program without a session: its secret address alone opens it."""

from __future__ import annotations

from typing import Final

from flask import Response, current_app, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.service import feeds
from cases.service.feed import DueDay, due_days, todo_days
from config.settings import Settings
from core import clock
from core.access.guard import public
from core.errors import NotFound
from core.web.limits import few_tries
from core.web.locale import LOCALES

HOURS: Final = "PT1H"  # how often a program may ask (RFC 7986, 5.7)


@public
@few_tries
def feed(token: str) -> Response:
    """All-day entries (RFC 5545): safe dates, tasks and appointments, each sort with the same words."""
    owner = feeds.owner(token)
    if owner is None:
        raise NotFound
    with force_locale(LOCALES[owner.language]):
        due = [(day, _("Himaya: something is due")) for day in due_days(owner.person_id)]
        todo = [(day, _("Himaya: task or appointment")) for day in todo_days(owner.person_id)]
        body = _calendar([*due, *todo])
    return Response(body, content_type="text/calendar; charset=utf-8")


def _calendar(days: list[tuple[DueDay, str]]) -> bytes:
    from icalendar import Calendar, Event  # noqa: PLC0415 - only who reads a calendar pays for loading it

    settings: Settings = current_app.extensions["himaya"]
    calendar, desk = Calendar(), settings.base_url + url_for("desk.show")
    for name, value in (
        ("prodid", "-//Himaya//Calendar//EN"),
        ("version", "2.0"),
        ("name", "Himaya"),
        ("x-wr-calname", "Himaya"),
        ("x-published-ttl", HOURS),
    ):
        calendar.add(name, value)
    calendar["refresh-interval;value=duration"] = HOURS
    for day, words in days:
        event = Event()
        event.add("uid", f"{day.id}@himaya")
        event.add("dtstamp", clock.now())
        event.add("dtstart", day.on)
        event.add("sequence", day.version)
        event.add("summary", words)
        event.add("url", desk)
        event.add("class", "PRIVATE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
