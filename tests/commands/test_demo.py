"""Invented data is loaded once, whole, and marked before it is there."""

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from commands.main import main
from config.settings import VARIABLES
from core.access.permissions import Role
from demo.sign_ins import PASSWORD, SignIn, code_now

SIGN_INS = [
    SignIn("Invented office", "Invented person", "caseworker@example.org", frozenset({Role.CASEWORKER}))
]
Load = Callable[[Flask], list[SignIn]]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Load], Result]:
    """`himaya demo` with a seed of the test's own: here it matters when it is called, not what it sows."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("HIMAYA_HOME", str(tmp_path))
    monkeypatch.setenv("HIMAYA_MODE", "demo")
    monkeypatch.setattr("commands.main.harden", lambda: None)

    def run(load: Load) -> Result:
        seed = ModuleType("demo.seed")
        seed.load = lambda app, tell: tell(0.5) or load(app)  # type: ignore[attr-defined]  # a module made by hand
        monkeypatch.setitem(sys.modules, "demo.seed", seed)
        return CliRunner().invoke(main, ["demo"])

    return run


def never(_app: Flask) -> list[SignIn]:
    pytest.fail("the data is there already")


def test_it_is_loaded_once(demo: Callable[[Load], Result], tmp_path: Path) -> None:
    assert demo(lambda _app: SIGN_INS).exit_code == 0
    assert "caseworker@example.org" in (tmp_path / "demo").read_text()
    assert PASSWORD in (tmp_path / "demo").read_text()
    assert not (tmp_path / "secrets" / "setup-link").exists()
    again = demo(never)
    assert (again.exit_code, again.output) == (0, "The demo data is there.\n")


def test_the_code_of_the_moment_can_be_asked_for() -> None:
    result = CliRunner().invoke(main, ["demo", "--code"])
    assert re.fullmatch(r"\d{6}   \(for \d+ seconds\)\n", result.output)
    assert result.output[:6] == code_now()


def test_interrupted_it_begins_anew(demo: Callable[[Load], Result], tmp_path: Path) -> None:
    def interrupted(_app: Flask) -> list[SignIn]:
        assert (tmp_path / "demo").exists(), "production must refuse even a half-loaded folder"
        (tmp_path / "himaya.db-journal").write_text("left behind")
        raise KeyboardInterrupt

    assert demo(interrupted).exit_code == 1
    assert demo(lambda _app: SIGN_INS).exit_code == 0
    assert not (tmp_path / "himaya.db-journal").exists()
    assert "caseworker@example.org" in (tmp_path / "demo").read_text()


def test_a_half_loaded_server_database_is_left_to_its_owner(
    demo: Callable[[Load], Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "demo").write_text("loading\n")
    monkeypatch.setenv("DATABASE_URL", f"postgresql:///himaya?host={tmp_path}")
    result = demo(never)
    assert result.exit_code == 1
    assert "dropdb" in result.output


@pytest.mark.parametrize("made", [{"secrets/pepper": "x"}, {"mode": "production\n"}])
def test_a_folder_of_another_instance_stays_as_it_was(
    demo: Callable[[Load], Result], tmp_path: Path, made: dict[str, str]
) -> None:
    for name, text in {**made, "secrets/setup-link": "kept"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    refused = demo(never)
    assert refused.exit_code == 1
    assert "another instance" in refused.output
    for name, text in {"mode": "", **made}.items():
        assert ((tmp_path / name).read_text() if (tmp_path / name).exists() else "") == text
    assert (tmp_path / "secrets" / "setup-link").read_text() == "kept"
    assert not (tmp_path / "himaya.db").exists()
