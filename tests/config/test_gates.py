"""The coverage gates name what is short, and nothing else."""

from collections.abc import Mapping

import pytest

from tests.conftest import ON_ONE
from tests.support.gates import AGAIN, ROOT, gates, shortfalls

GATES = {"vault/": 100.0, "": 95.0}


def summary(missing: int, *, branches: int = 0) -> dict[str, int]:
    return {
        "num_statements": 100,
        "covered_lines": 100 - missing,
        "num_branches": 20,
        "covered_branches": 20 - branches,
    }


@pytest.mark.parametrize(
    ("files", "short"),
    [
        ({"vault/keys.py": summary(0), "cases/a.py": summary(5)}, set()),
        ({"vault/keys.py": summary(0, branches=1), "cases/a.py": summary(0)}, {"vault/"}),
        ({"vault/keys.py": summary(0), "cases/a.py": summary(7)}, {""}),
        ({"vault/keys.py": summary(1), "cases/a.py": summary(50)}, {"vault/", ""}),
        ({"cases/a.py": summary(0)}, set()),
    ],
)
def test_a_gate_that_is_not_met_is_named(files: Mapping[str, Mapping[str, int]], short: set[str]) -> None:
    assert set(shortfalls(files, GATES)) == short


def test_the_worst_file_comes_first() -> None:
    told = shortfalls({"cases/a.py": summary(3), "cases/b.py": summary(40)}, GATES)[""]
    assert told.index("cases/b.py") < told.index("cases/a.py")


def test_the_gates_of_the_project_are_those_of_the_design() -> None:
    assert gates() == {"vault/": 100, "core/access/": 100, "domain/": 100, "": 95}


def test_what_is_left_out_is_there() -> None:
    """A file that was renamed would be measured, or run twice, without anybody noticing."""
    for name in (*AGAIN, *ON_ONE):
        assert (ROOT / name).exists(), name
