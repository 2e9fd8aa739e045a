"""The blueprint of the advocacy pages."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

blueprint: Final = Blueprint("advocacy", __name__)
