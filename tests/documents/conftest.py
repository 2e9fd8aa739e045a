"""Documents printed for a test, and presses that are broken on purpose."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from core.documents import pdf
from tests.support.printing import ROOT, printing_app

Press = Callable[..., None]


@pytest.fixture
def app() -> Iterator[Flask]:
    """The printing app, with a request of its own."""
    app = printing_app()
    with app.test_request_context():
        yield app


@pytest.fixture
def other_press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    """Print with a copy of the press from now on: other limits, other fonts, or another program."""

    def use(*, fonts: dict[str, bytes] | None = None, program: str = "", **constants: int) -> None:
        source = ROOT / "core" / "documents"
        copy = tmp_path / "core" / "documents"
        copy.mkdir(parents=True)
        code = program or (source / "press.py").read_text("utf-8")
        for name, value in constants.items():
            assert f"\n{name}: Final = " in code
            code = "\n".join(
                f"{name}: Final = {value}" if line.startswith(f"{name}: Final = ") else line
                for line in code.splitlines()
            )
        (copy / "press.py").write_text(code, "utf-8")
        shutil.copy(source / "fonts.conf", copy)
        if fonts is None:
            (tmp_path / "static").symlink_to(ROOT / "static")
        else:
            folder = tmp_path / "static" / "fonts"
            folder.mkdir(parents=True)
            for name, content in fonts.items():
                (folder / name).write_bytes(content)
        monkeypatch.setattr(pdf, "_PRESS", copy / "press.py")

    return use
