"""The form of a file review: each question answered with yes, no or not here; words and somebody for a no."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from cases.service.reviewing import Answers, lacking
from core.web.dates import DayField
from core.web.forms import Chosen, Form, Limit, Picked, TextField, TokenField, VersionField
from core.web.labels import list_label
from domain.file_reviews import QUESTIONS, Answer

CHOICES: Final = (
    (str(Answer.YES), _l("Yes")),
    (str(Answer.NO), _l("No")),
    (str(Answer.NOT_HERE), _l("Does not apply here")),
)


class ReviewForm(Form):
    """Three fields for each question, added below; what is lacking is said by the service."""

    version = VersionField()
    token = TokenField()
    mend_by = DayField(_l("Until when it is to be mended"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whatever is missing stands beside its field, all at once."""
        right = super().validate(extra_validators)
        missing = lacking(self.answers()) if right else {}
        for name, sentence in missing.items():
            self[name].errors = [*self[name].errors, str(sentence)]
        return bool(right and not missing)

    def answers(self) -> Answers:
        """As the service takes it."""
        owners = {name: self[f"owner_{name}"].data for name in QUESTIONS}
        return Answers(
            {name: self[f"answer_{name}"].data for name in QUESTIONS},
            {name: self[f"words_{name}"].data or "" for name in QUESTIONS},
            {name: UUID(owner) if owner else None for name, owner in owners.items()},
            self.mend_by.data,
        )

    def offer(self, people: list[tuple[str, str, dict[str, Any]]]) -> None:
        """Set who can mend something."""
        for name in QUESTIONS:
            self[f"owner_{name}"].choices = people


for _name in QUESTIONS:
    setattr(
        ReviewForm,
        f"answer_{_name}",
        Picked(LazyString(list_label, "review_question", _name), choices=CHOICES),
    )
    setattr(ReviewForm, f"words_{_name}", TextField(_l("What is wrong"), limit=Limit.REASON))
    setattr(ReviewForm, f"owner_{_name}", Chosen(_l("Who mends it"), choices=()))
