"""docs/deadlines.md explains every example as the engine does today."""

from tests.domain.deadlines.page import PAGE, page
from tests.domain.deadlines.support import EXAMPLES


def test_the_page_is_up_to_date() -> None:
    text = PAGE.read_text("utf-8")
    assert text == page(), "python -m tests.domain.deadlines.page"
    assert all(f"### {case['id']} · {case['rule']}" in text for case in EXAMPLES["cases"])
