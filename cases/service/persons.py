"""A client as the names engine takes one."""

from __future__ import annotations

from typing import Any

from core import clock
from domain.identity import BirthDate, BirthDateError, comparable_phone
from domain.names.people import Person
from domain.text import TextTooLong


def persons_of(client: dict[str, Any]) -> list[Person]:
    """The client once for each script in which the name is written."""
    try:
        birth = BirthDate.parse(client.get("birth") or "", clock.today())
    except (BirthDateError, TextTooLong):
        birth = None
    names = [client[name] for name in ("name_ar", "name_latin") if client.get(name)] or [""]
    return [
        Person(
            name=name,
            father=client.get("father") or "",
            mother=client.get("mother") or "",
            birth=birth,
            numbers=tuple(number["value"] for number in client.get("numbers", ())),
            phones=tuple(comparable_phone(one["number"]) for one in client.get("phones", ())),
        )
        for name in names
    ]
