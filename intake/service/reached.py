"""How a client says that they are reached now, told from what their file holds."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from domain.identity import comparable_phone
from intake.service.sealing import REACH_CHANGED, is_client

COMPARED: Final = ("whose", "hours", "message_ok", "cover_name")
NOT_SAID: Final = {"whose": "unknown", "message_ok": "unknown"}


def differing(answers: dict[str, Any], record: dict[str, Any]) -> dict[str, Any] | None:
    """How the person said that they are reached now; None where nothing is new.

    With the instant, as `at`, and as it is stored. Nothing is said of whoever is not the client: the client
    is not reached so.
    """
    at = answers.get(REACH_CHANGED)
    if not at or not is_client(answers):
        return None
    said, stored = _phones(answers, record), record["client"].get("phones", [])
    if any(_alike(said[0], one) for one in stored) if said else not stored:
        return None
    return {**answers, "said_at": at, "at": dt.datetime.fromisoformat(at)}


def with_contact(record: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """A record in which the client is reached as the answers say."""
    return {**record, "client": {**record["client"], "phones": _phones(answers, record)}}


def _phones(answers: dict[str, Any], record: dict[str, Any]) -> list[dict[str, Any]]:
    """As a record keeps it: one phone, or none. Who else answers it was asked by us, and stays known."""
    number = answers.get("phone") or ""
    if not number:
        return []
    stored = record["client"].get("phones", [])
    others = next((one.get("others", "") for one in stored if _same_number(one["number"], number)), "")
    texts = {name: answers.get(name) or NOT_SAID.get(name, "") for name in COMPARED}
    return [{"number": number, "channels": answers.get("channels") or [], "others": others, **texts}]


def _alike(said: dict[str, Any], stored: dict[str, Any]) -> bool:
    same = all(said[name] == (stored.get(name) or NOT_SAID.get(name, "")) for name in COMPARED)
    ways = set(said["channels"]) == set(stored.get("channels", ()))
    return same and ways and _same_number(said["number"], stored["number"])


def _same_number(one: str, other: str) -> bool:
    return comparable_phone(one) == comparable_phone(other)
