"""Coverage gates as failing tests, so that pytest's closing line counts them and stays the last line.

`--gates` turns them on; the gates themselves stand in pyproject.toml under [tool.himaya.coverage].
"""

import json
import os
import tomllib
from collections.abc import Generator, Mapping
from pathlib import Path

import coverage
import pytest

ROOT = Path(__file__).parents[2]
# What runs the same lines again: a browser's server, each page for each role, races, any order of acts,
# attacks on what other files show at peace. `--cov-context=test` finds it: what adds least for its time.
# What shows many lines in little time is measured instead: tests/access/test_kept sends every form.
AGAIN = tuple((ROOT / "tests/support/again.txt").read_text().split())
OTHER = "[postgres"
# Rules are measured with all their examples; elsewhere a test is measured with its first parameters only.
EXAMPLES = ("tests/domain/", "tests/vault/", "tests/access/", "tests/accounts/service/test_sessions.py")
_measured: set[str] = set()
_FOR_CHILDREN = "COVERAGE_PROCESS_CONFIG"  # by which coverage measures processes that a test starts


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--gates", action="store_true", help="fail when coverage is below the gates")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """After pytest-cov has gathered its data, report each gate that is not met as a failed test."""
    result = yield
    on_worker = hasattr(session.config, "workerinput")
    if session.config.getoption("--gates") and not on_worker:
        for prefix, message in shortfalls(measured(), gates()).items():
            _fail(session, f"coverage::{prefix or 'everything else'}", message)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no line twice: being measured takes as long again as the test itself."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = plugin.cov_controller if plugin else None
    if controller is None or not _was_measured(item.nodeid):
        return (yield)
    children = os.environ.pop(_FOR_CHILDREN, None)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()
        if children is not None:
            os.environ[_FOR_CHILDREN] = children


def _was_measured(nodeid: str) -> bool:
    """Whether another test, or the same one with other parameters, shows the same lines."""
    if nodeid.startswith(AGAIN) or OTHER in nodeid:
        return True
    test, _, parameters = nodeid.partition("[")
    again = bool(parameters) and test in _measured and not test.startswith(EXAMPLES)
    _measured.add(test)
    return again


def gates() -> dict[str, float]:
    """Least percentage by path prefix; the longest prefix of a file decides."""
    table: dict[str, float] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["himaya"][
        "coverage"
    ]
    return table


def measured() -> dict[str, dict[str, int]]:
    """Coverage's own summary of each file, by path relative to the project."""
    report = ROOT / ".coverage.json"
    data = coverage.Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    data.load()
    data.json_report(outfile=str(report))
    files = json.loads(report.read_text())["files"]
    report.unlink()
    return {name: entry["summary"] for name, entry in files.items()}


def shortfalls(files: Mapping[str, Mapping[str, int]], least: Mapping[str, float]) -> dict[str, str]:
    """What is wrong, by prefix: the percentage of lines and branches together, and the worst files."""
    wrong: dict[str, str] = {}
    for prefix, wanted in least.items():
        mine = {
            name: (
                summary["covered_lines"] + summary["covered_branches"],
                summary["num_statements"] + summary["num_branches"],
            )
            for name, summary in files.items()
            if max((other for other in least if name.startswith(other)), key=len) == prefix
        }
        covered, total = (sum(pair[index] for pair in mine.values()) for index in (0, 1))
        if covered * 100 < wanted * total:
            worst = sorted(mine, key=lambda name: mine[name][0] - mine[name][1])[:10]
            lines = [f"{mine[name][1] - mine[name][0]:5d} missing in {name}" for name in worst]
            wrong[prefix] = f"{100 * covered / total:.1f} % covered, {wanted} % wanted\n" + "\n".join(lines)
    return wrong


def _fail(session: pytest.Session, name: str, message: str) -> None:
    report = pytest.TestReport(
        nodeid=name,
        location=("pyproject.toml", 0, name),
        keywords={},
        outcome="failed",
        longrepr=message,
        when="call",
    )
    session.config.hook.pytest_runtest_logreport(report=report)
