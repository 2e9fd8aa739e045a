"""A manager chooses a table of a closed quarter, sees it protected and downloads it, twice the same."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accounts.models import Person
from accounts.service import factors
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from domain.quarters import quarter_of
from domain.statistics_facts import thursday_of
from tests.browser.player import Player
from tests.conftest import serving
from tests.support.cast import found, record_of
from tests.support.databases import SqliteTemplate
from tests.support.servers import serving_at

AGREED = [{"kind": "statistics", "answer": "given", "language": "ar", "how": "oral"}]
THEN = clock.now() - dt.timedelta(days=200)
SEXES = ["f"] * 9 + ["m"] * 7 + ["x"] * 2 + ["unknown"]


@pytest.mark.parametrize(("language", "width"), [("ar", 360), ("tr", 1280)])
def test_from_the_menu_to_the_file(
    browser: Browser, sqlite_template: SqliteTemplate, tmp_path: Path, language: str, width: int
) -> None:
    sqlite_template.copy(tmp_path / "himaya.db")
    email = secret = ""
    with serving_at(tmp_path) as server:
        for app in serving(server.settings):
            with app.app_context():
                with clock.at(THEN):
                    cast = found(app, "IST")
                    for sex in SEXES:
                        cast.record(record=record_of(sex=sex), consents=AGREED)
                with transaction():
                    db.session.get_one(Person, cast["manager"].person_id).language = language
                email = cast.players["manager"].email
                secret = factors.as_text(cast.players["manager"].totp_secret)
        manager = Player(browser, server.url, language, width, email, secret)
        manager.sign_in()
        manager.go("/statistics")
        manager.press(f"/statistics/sex/{quarter_of(thursday_of(THEN.date()))}")
        figures = manager.page.locator("main table").inner_text()
        # Two and one are not there, nor anything from which they follow.
        assert "19" in western(manager.text)
        assert not {"1", "2", "3"} & set(western(figures).split())
        manager.press("/export")
        manager.confirm()
        assert manager.page.url.endswith("/export")
        workbook, again = download(manager, "xlsx"), download(manager, "xlsx")
        assert hashlib.sha256(workbook).digest() == hashlib.sha256(again).digest()
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(workbook)).namelist()
        table = download(manager, "csv").decode()
        assert ",19," in table
        manager.go("/statistics/releases")
        assert hashlib.sha256(workbook).hexdigest()[:8] in manager.page.content()


def western(text: str) -> str:
    """Figures as they are computed with."""
    return text.translate({0x0660 + digit: str(digit) for digit in range(10)})


def download(manager: Player, kind: str) -> bytes:
    with manager.page.expect_download() as waiting:
        manager.page.locator(f"main form button[value={kind}]").click()
    return Path(waiting.value.path()).read_bytes()
