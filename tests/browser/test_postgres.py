"""The same product on PostgreSQL: somebody signs in, records a case and opens it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from accounts.service import factors
from tests.browser.player import Player
from tests.browser.test_journeys import STORY, record
from tests.conftest import serving
from tests.support.cast import on_stage
from tests.support.postgres import Cluster
from tests.support.servers import serving_at


@pytest.mark.postgres
def test_a_case_is_recorded_and_opened_again(browser: Browser, cluster: Cluster, tmp_path: Path) -> None:
    with cluster.database() as url, serving_at(tmp_path, DATABASE_URL=url) as server:
        secret = ""
        for app in serving(server.settings):
            with on_stage(app, "UYD") as cast:
                secret = factors.as_text(cast.players["caseworker"].totp_secret)
        caseworker = Player(browser, server.url, "tr", 1280, "caseworker@uyd.example", secret)
        caseworker.sign_in()
        reference = record(caseworker)
        caseworker.go("/cases")
        caseworker.page.get_by_role("link", name="محمد الأحمد").first.click()
        caseworker.page.wait_for_load_state()
        assert reference in caseworker.page.content()
        assert STORY in caseworker.text
