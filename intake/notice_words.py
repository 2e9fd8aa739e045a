"""What a notice says, the same to everybody; pages that ask for the choice show these very words."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l

SUBJECT: Final = _l("A message")
TEXT: Final = _l("There is something new for you. You know where to look.")
