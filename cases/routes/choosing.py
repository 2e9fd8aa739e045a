"""A choice of cases in words, and as it comes in an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from cases.forms.listing import ChooseForm
from cases.service.filtering import Filters

MORE: Final = frozenset({"issue", "province", "lawyer", "quiet", "restricted"})  # beside those of every list


def known(said: Mapping[str, str]) -> dict[str, str]:
    """What an address chooses beside the filters of every list; an unknown code chooses nothing."""
    form = ChooseForm(formdata=MultiDict(said), meta={"csrf": False})
    form.validate()
    found = form.filters().chosen()
    return {name: found[name] for name in MORE if name in found and not form[name].errors}


def in_words(filters: Filters) -> list[tuple[str, str]]:
    """Label and words of each filter that chooses something."""
    said = filters.chosen()
    if not said:
        return []
    form = ChooseForm(formdata=None, meta={"csrf": False})
    return [(str(form[name].label.text), _words(form[name], code)) for name, code in said.items()]


def _words(field: Any, code: str) -> str:
    if not hasattr(field, "iter_choices"):
        return str(_("Yes"))
    return next((str(choice.label) for choice in field.iter_choices() if choice.value == code), code)
