"""What is missing beside Python is installed where that is allowed, and named where it is not."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "config" / "install.sh"
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the few programs the script may find; each says what it was asked."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program(tmp_path / ".venv" / "bin" / "python", "exit 1")  # no library can be loaded
    return tmp_path


def program(path: Path, code: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o755)


def install(machine: Path, *purposes: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(machine / "bin")}
    return subprocess.run(
        ["/bin/sh", SCRIPT, *purposes],
        cwd=machine,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_there_is_left_alone(machine: Path) -> None:
    program(machine / ".venv" / "bin" / "python", "exit 0")
    done = install(machine, "printing")
    assert (done.returncode, done.stdout) == (0, "")


def test_an_administrator_gets_what_is_missing(machine: Path) -> None:
    program(machine / "bin" / "id", "echo 0")
    program(machine / "bin" / "apt-get", f'echo "$@" >> {machine}/asked')
    done = install(machine, "printing")
    assert done.returncode == 0
    assert f"Installing {LIBRARIES}" in done.stdout
    asked = (machine / "asked").read_text()
    assert "update" in asked
    assert asked.rstrip().endswith(LIBRARIES)


def test_anybody_else_reads_the_command(machine: Path) -> None:
    program(machine / "bin" / "id", "echo 1000")
    program(machine / "bin" / "sudo", "exit 1")
    program(machine / "bin" / "apt-get", "exit 1")
    done = install(machine, "printing")
    assert done.returncode == 1
    assert f"sudo apt-get install {LIBRARIES}" in done.stdout


def test_other_systems_are_told_what_to_look_for(machine: Path) -> None:
    program(machine / "bin" / "ls", "exit 1")
    done = install(machine, "printing", "testing", "checking")
    assert done.returncode == 1
    assert LIBRARIES in done.stdout
    assert "chromium" in done.stdout
    assert "libreoffice-writer-nogui" in done.stdout
    assert " nodejs npm" in done.stdout


def test_the_script_names_the_libraries_the_pages_name() -> None:
    from core.documents.pdf import INSTALL

    assert f"apt-get install {LIBRARIES}" == INSTALL
    assert all(f"={package}" in SCRIPT.read_text() for package in LIBRARIES.split())
