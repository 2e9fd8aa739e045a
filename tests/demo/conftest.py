"""A small demonstration, loaded once for all its tests."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.service import trust
from demo.seed import load
from demo.sign_ins import PASSWORD, SignIn, code_now
from domain.text import fold_digits
from tests.conftest import serving
from tests.support.databases import SqliteTemplate
from tests.support.instances import settings_for

CASES = 40


HOME = "https://localhost"


@dataclass
class Demonstration:
    """The application with its invented data, and browsers in which its people are signed in."""

    app: Flask
    sign_ins: list[SignIn]
    database: Path
    told: list[float]
    browsers: dict[str, FlaskClient] = field(default_factory=dict)

    def browser(self, account: str) -> FlaskClient:
        """A browser in which somebody signed in with what is printed; a code works once, so only one each."""
        trust.install(self.app.extensions["himaya"])  # the roots of this one among the applications of a run
        if account not in self.browsers:
            client = self.app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.1.{len(self.browsers)}.1"
            _send(client, "/sign-in", email=account, password=PASSWORD)
            assert _send(client, "/sign-in/code", code=code_now()) == 303, account
            self.browsers[account] = client
        return self.browsers[account]

    def status(self, account: str, path: str) -> int:
        """What somebody gets who opens a page."""
        return self.browser(account).get(path, base_url=HOME).status_code

    def text(self, account: str, path: str) -> str:
        """What somebody reads on a page, without its markup and in Latin digits."""
        answer = self.browser(account).get(path, base_url=HOME)
        assert answer.status_code == 200, path
        return fold_digits(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def _send(client: FlaskClient, path: str, **fields: str) -> int:
    page = client.get(path, base_url=HOME).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    answer = client.post(
        path, base_url=HOME, data={"csrf_token": token, **fields}, headers={"Referer": f"{HOME}{path}"}
    )
    return answer.status_code


@pytest.fixture(scope="session")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate
) -> Iterator[Demonstration]:
    home = tmp_path_factory.mktemp("demo")
    settings = settings_for(home, sqlite_template.copy(home / "himaya.db"), HIMAYA_MODE="demo")
    for app in serving(settings):
        told: list[float] = []
        yield Demonstration(app, load(app, CASES, told.append), home / "himaya.db", told)
