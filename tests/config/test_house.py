"""Rules of the house that no tool knows. Each has a reason in docs/; each failure names the file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "accounts", "advocacy", "awareness", "cases", "commands", "config", "core", "demo", "desk", "domain",
    "intake", "referrals", "reports", "vault",
)  # fmt: skip # one list
LONGEST_FILE = 400
REASON = re.compile(r"#\s*(?:noqa(?::\s*[A-Z0-9, ]+)?|type:\s*ignore\[[^\]]+\])\s*(.*)")


def product() -> Iterator[Path]:
    yield ROOT / "app.py"
    for package in PACKAGES:
        yield from (ROOT / package).rglob("*.py")


def everything() -> Iterator[Path]:
    yield from product()
    yield from (ROOT / "tests").rglob("*.py")
    yield from (ROOT / "migrations").rglob("*.py")


def templates() -> Iterator[Path]:
    return (ROOT / "templates").rglob("*.html")


def holding(pattern: str, files: Iterator[Path], *allowed: str) -> list[str]:
    """Where the pattern stands outside the files that may hold it."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line) and str(path.relative_to(ROOT)) not in allowed
    ]


def test_one_place_commits() -> None:
    assert holding(r"\.commit\(", product(), "core/store/transaction.py") == []


def test_one_place_knows_who_is_signed_in() -> None:
    assert holding(r"\bcurrent_user\b(?!`)", product(), "core/access/guard.py") == []


def test_only_the_server_and_the_commands_import_the_application() -> None:
    files = (path for path in product() if path.parts[len(ROOT.parts)] != "commands")
    assert holding(r"^\s*(from app import|import app\b)", files) == []


def test_the_clock_is_asked_through_its_module() -> None:
    """Otherwise tests could not set it."""
    assert holding(r"from core\.clock import", product()) == []


@pytest.mark.parametrize("path", sorted(everything()), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short_and_ignores_have_reasons(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE or path.parent.name == "versions"  # a revision is one step of history
    bare = [
        number
        for number, line in enumerate(lines, 1)
        if (found := REASON.search(line)) and not found[1].strip()
    ]
    assert bare == [], "say why on the same line"


def test_packages_begin_with_a_docstring_and_nothing_else() -> None:
    """`vault` names what it offers, and a module split into a folder keeps its outside name."""
    packages = [ROOT / name for name in PACKAGES if name != "vault"]
    for path in [*(package / "__init__.py" for package in packages), *ROOT.glob("core/*/__init__.py")]:
        if path.exists():
            [only] = ast.parse(path.read_text(encoding="utf-8")).body
            assert isinstance(only, ast.Expr), path


def test_templates_hold_no_style_no_script_and_nothing_from_elsewhere() -> None:
    assert (
        holding(
            r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|(src|href)=\"(https?:)?//", templates()
        )
        == []
    )


def test_trusted_markup_says_why() -> None:
    assert holding(r"\|\s*safe\b(?!.*\{#)", templates()) == []
    assert holding(r"\bMarkup\((?!.*#)", product()) == []


def test_nothing_waits_to_be_written() -> None:
    assert holding(r"\b(TODO|FIXME|XXX:|HACK)\b", everything(), "tests/config/test_house.py") == []
