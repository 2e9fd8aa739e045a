"""`himaya audit`: an honest record passes, a changed one is told and stops whoever relies on it."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import delete, update

from cases.models import Case
from commands.main import main
from core.audit.models import AuditEntry
from core.store.base import db
from tests.support.cast import Cast, on_stage

Command = Callable[..., Result]


@pytest.fixture
def cast(sqlite_app: Flask) -> Cast:
    with on_stage(sqlite_app) as cast:
        cast.record()
    return cast


@pytest.fixture
def audit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command on the instance of the cast."""
    monkeypatch.setattr("commands.main.harden", lambda: None)
    monkeypatch.setattr("commands.audit.load_settings", lambda: cast.settings)
    monkeypatch.setattr("commands.audit.application", lambda _settings: cast.app)
    return lambda *arguments: CliRunner().invoke(main, ["audit", *arguments])


def test_an_honest_record_fits_and_is_signed_once(cast: Cast, audit: Command) -> None:
    assert audit("checkpoint").output == "1 chains have grown.\n"
    assert audit("checkpoint").output == "0 chains have grown.\n"
    verified = audit("verify")
    assert verified.exit_code == 0
    assert verified.output.startswith(str(cast.organisation_id))
    assert verified.output.endswith("ok\n")


def test_a_deleted_act_is_told_with_its_number(cast: Cast, audit: Command) -> None:
    with cast.app.app_context():
        db.session.execute(delete(AuditEntry).where(AuditEntry.number == 4))
        db.session.commit()
    verified = audit("verify")
    assert verified.exit_code == 1
    assert "does not fit" in verified.output
    assert "missing at 4" in verified.output
    assert "newest backup" in verified.output


def test_a_case_put_back_is_told_with_its_id(cast: Cast, audit: Command) -> None:
    with cast.app.app_context():
        case_id = db.session.scalars(db.select(Case.id)).one()
        db.session.execute(update(Case).values(head=b"an earlier one"))
        db.session.commit()
    verified = audit("verify")
    assert verified.exit_code == 1
    assert f"case_head at 0 {case_id}" in verified.output
