"""The pages of a request in their order, for oneself and for somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from intake.forms.asking import OTHER, Step, TellForm, UrgentForm, WhoForm, WhomForm
from intake.forms.other import ReachOfThem, TellOfThem, ThemForm, UrgentOfThem, WhoOfThem
from intake.forms.reaching import BackForm, ReachForm, UseForm

STEPS: Final[tuple[type[Step], ...]] = (
    WhomForm, UrgentForm, TellForm, WhoForm, ReachForm, UseForm, BackForm,
)  # fmt: skip # one list
OF_THEM: Final[tuple[type[Step], ...]] = (
    WhomForm, ThemForm, UrgentOfThem, TellOfThem, WhoOfThem, ReachOfThem, UseForm, BackForm,
)  # fmt: skip # one list


def steps(answers: Mapping[str, Any]) -> tuple[type[Step], ...]:
    """The pages of whoever answered so far, in order; who gives no number is asked nothing of its use."""
    pages = OF_THEM if answers.get("whom") == OTHER else STEPS
    reach = next(one for one in pages if issubclass(one, ReachForm))
    if answers.get(reach.mark()) and not answers.get("phone"):
        return tuple(one for one in pages if one is not UseForm)
    return pages
