"""Whole numbers in addresses: as long as a column is wide, everything longer is a page that is not there."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """Nine digits at most, as in `VersionField`: what does not fit the database never gets there."""

    regex = r"[0-9]{1,9}"


def init_numbers(app: Flask) -> None:
    """Let `<int:…>` in every rule that is added from now on mean such a number."""
    app.url_map.converters["int"] = Number
