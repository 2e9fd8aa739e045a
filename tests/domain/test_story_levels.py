"""Which consent carries a story how far."""

from __future__ import annotations

import pytest

from domain.stories.levels import LEVELS, carries, child_may, is_shown_first


@pytest.mark.parametrize(
    ("kind", "given", "carried"),
    [
        ("advocacy", "", "2"),
        ("story", "3", "23"),
        ("story", "4", "234"),
        ("story", "", ""),
        ("story", "5", ""),
        ("statistics", "4", ""),
    ],
)
def test_a_consent_carries_what_it_was_given_for_and_less(kind: str, given: str, carried: str) -> None:
    assert "".join(level for level in LEVELS if carries(kind, given, level)) == carried
    assert not carries(kind, given, "5")


def test_a_child_is_never_recognisable_and_never_alone() -> None:
    assert [level for level in LEVELS if child_may(level, "guardian")] == ["2", "3"]
    assert not any(child_may(level, "oral") for level in LEVELS)


def test_what_is_published_is_shown_first() -> None:
    assert [level for level in LEVELS if is_shown_first(level)] == ["3", "4"]
