"""Making an instance: secrets, database, and a check that names what is missing and what mends it."""

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from commands.main import COMMANDS, main
from config.settings import SECRETS, VARIABLES, Settings
from tests.support.servers import valkey_at

Command = Callable[..., Result]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def himaya(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command, in an instance folder of its own, as a developer runs it."""
    for variable in VARIABLES:
        monkeypatch.delenv(variable.name, raising=False)
    monkeypatch.setenv("HIMAYA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HIMAYA_MODE", "development")
    # The command hardens its own process; this one goes on afterwards.
    monkeypatch.setattr("commands.main.harden", lambda: None)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_secrets_are_made_once_and_for_their_owner_only(himaya: Command, tmp_path: Path) -> None:
    first = himaya("secrets", "make")
    files = {path.name: path for path in (tmp_path / "home" / "secrets").iterdir()}
    assert set(files) == {*SECRETS, "setup-link"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files.values())
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
    before = {name: path.read_bytes() for name, path in files.items()}
    second = himaya("secrets", "make")
    assert (first.exit_code, second.output) == (0, "Every secret is there.\n")
    assert {name: path.read_bytes() for name, path in files.items()} == before
    assert Settings.from_env(os.environ).mode == "development"


def test_a_later_command_judges_by_the_mode_that_the_folder_was_made_for(
    himaya: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    himaya("secrets", "make")
    assert stat.S_IMODE((tmp_path / "home" / "mode").stat().st_mode) == 0o600
    monkeypatch.delenv("HIMAYA_MODE")
    assert "configuration and secrets: ok (development" in himaya("check").output
    monkeypatch.setenv("HIMAYA_MODE", "production")
    assert "BASE_URL is plain http" in himaya("check").output


def test_every_printed_hint_is_a_command_that_can_be_typed() -> None:
    """`himaya` is not on anybody's PATH."""
    for file in (*ROOT.glob("commands/*.py"), ROOT / "config/settings.py"):
        hints = re.findall(
            r"(?<![\w/`])himaya (?:secrets|migrate|run|check|audit|recover|law|files)", file.read_text()
        )
        assert not hints, file


def test_a_used_set_up_link_does_not_come_back(himaya: Command, tmp_path: Path) -> None:
    himaya("secrets", "make")
    (tmp_path / "home" / "secrets" / "setup-link").unlink()
    himaya("secrets", "make")
    assert not (tmp_path / "home" / "secrets" / "setup-link").exists()


def test_a_secret_given_by_a_variable_needs_no_file(
    himaya: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIMAYA_PEPPER", himaya("secrets", "new").output.strip())
    assert "pepper" not in himaya("secrets", "make").output
    assert not (tmp_path / "home" / "secrets" / "pepper").exists()
    assert len(Settings.from_env(os.environ).pepper) == 32


def test_without_secrets_every_command_says_what_makes_them(himaya: Command) -> None:
    for command in ("migrate", "run", "check", "worker"):
        result = himaya(command)
        assert result.exit_code == 1
        assert "The secret pepper is missing" in result.output
        assert ".venv/bin/himaya secrets make" in result.output


def test_a_folder_that_cannot_be_made_is_told(
    himaya: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HIMAYA_HOME", str(tmp_path / "file" / "home"))
    result = himaya("secrets", "make")
    assert result.exit_code == 1
    assert "export HIMAYA_HOME=" in result.output


def test_check_names_what_is_missing_until_nothing_is(himaya: Command, tmp_path: Path) -> None:
    himaya("secrets", "make")
    before = himaya("check")
    assert before.exit_code == 1
    assert "database: not at the newest revision\n    .venv/bin/himaya migrate" in before.output
    assert "queue: does not answer (ConnectionError)\n    .venv/bin/himaya run" in before.output
    assert himaya("run").output.endswith("    .venv/bin/himaya migrate\n")
    assert himaya("migrate").exit_code == 0
    assert himaya("migrate").output == "The database is up to date.\n"
    with valkey_at(tmp_path / "home" / "queue"):
        after = himaya("check")
    assert after.output.splitlines()[1:] == [
        "database: ok",
        "queue: ok",
        "jobs: ok",
        "storage: ok",
        "files: ok",
        "documents: ok",
    ]
    assert after.exit_code == 0


def test_files_of_another_database_are_told_until_somebody_says_that_they_go_together(
    himaya: Command, tmp_path: Path
) -> None:
    himaya("secrets", "make")
    himaya("migrate")
    assert "files: ok" in himaya("check").output
    assert himaya("files", "bind", "--yes").exit_code == 0
    for file in (tmp_path / "home").glob("himaya.db*"):
        file.unlink()
    himaya("migrate")
    said = himaya("check").output
    assert "files: go with another database" in said
    assert ".venv/bin/himaya files bind" in said
    assert "go with another database" in himaya("files", "sweep").output
    asked = CliRunner().invoke(main, ["files", "bind"], input="n\n")
    assert "stop here" in asked.output
    assert asked.exit_code == 1
    assert "files: go with another database" in himaya("check").output
    assert himaya("files", "bind", "--yes").exit_code == 0
    assert "files: ok" in himaya("check").output
    assert "Come back tomorrow" in himaya("files", "sweep", "--yes").output


def test_check_tells_what_does_not_answer_without_its_address(
    himaya: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    himaya("secrets", "make")
    monkeypatch.setenv("DATABASE_URL", f"postgresql://himaya:hunter2@/himaya?host={tmp_path}")
    monkeypatch.setenv("REDIS_URL", f"unix://:hunter2@{tmp_path}/nothing.sock")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}/file")
    result = himaya("check")
    assert "database: does not answer (OperationalError)" in result.output
    assert "queue: does not answer (ConnectionError)\n    start it, or mend REDIS_URL" in result.output
    assert "storage: cannot be written" in result.output
    assert "hunter2" not in result.output
    migrated = himaya("migrate")
    assert migrated.exit_code == 1
    assert "DATABASE_URL" in migrated.output
    assert "hunter2" not in migrated.output


def test_check_names_what_printing_needs(himaya: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    himaya("secrets", "make")
    monkeypatch.setattr("core.documents.pdf.printable", lambda: False)
    result = himaya("check")
    assert result.exit_code == 1
    assert "documents: cannot be printed\n    make setup, or: apt-get install libpango" in result.output


def test_the_demo_is_refused_in_another_mode(himaya: Command) -> None:
    result = himaya("demo")
    assert result.exit_code == 1
    assert "export HIMAYA_MODE=demo" in result.output


def test_every_command_is_told() -> None:
    """docs/operating.md names each `himaya` command."""
    told = (ROOT / "docs/operating.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"| `himaya {name}" not in told] == []
