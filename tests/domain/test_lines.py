"""Types of lines."""

import pytest

from core.reference import reference
from domain.lines import type_of


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("conversation", {}, "message"),
        ("meeting", {}, "visit"),
        ("item", {"item": "hearing"}, "hearing"),
        ("item", {"item": "signature"}, "hearing"),
        ("item", {"item": "task"}, "file"),
        ("filing", {}, "filing"),
        ("edited", {}, "file"),
    ],
)
def test_every_line_is_of_one_type_that_has_a_name(kind: str, data: dict[str, str], said: str) -> None:
    assert type_of(kind, data) == said
    assert said in reference().lists["line_type"]
