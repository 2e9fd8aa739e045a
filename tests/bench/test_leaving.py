"""How many statements it costs to take somebody off a case, however much is in it."""

import re
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from flask import Flask

from accounts.identity import COOKIE
from bench.filling import filled_case
from bench.worlds import World
from cases.service import members
from config.settings import Settings
from core.store.transaction import transaction
from tests.bench.conftest import counted
from tests.conftest import serving

AT_MOST = 38  # docs/performance.md, P11
HOME = "https://localhost"


def removed(app: Flask, world: World, case: UUID, leaver: UUID) -> list[str]:
    """Put a colleague on the case and take them off by its page; what that sends to the database."""
    with world.app(), transaction():
        members.add(world.actor("caseworker"), case, leaver)
    client = app.test_client()
    client.set_cookie(COOKIE, world.member("caseworker").cookie, domain="localhost", secure=True)
    path = f"/cases/{case}/members/{leaver}/remove"
    page = client.get(path, base_url=HOME).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[-1]
    with counted(app) as sent:
        answer = client.post(
            path, base_url=HOME, data={"csrf_token": token}, headers={"Referer": HOME + path}
        )
    assert answer.status_code == 303
    return sent


def test_taking_somebody_off_costs_the_same_whatever_is_in_the_case(
    tmp_path: Path, database_url: str
) -> None:
    world = World(tmp_path, database_url, "unsafe-fast-for-tests")
    world.found()
    sent = []
    with contextmanager(serving)(Settings.from_env(world.env)) as product:
        for notes, papers in ((2, 1), (9, 6)):
            with world.app():
                leaver = world.actor("colleague").person_id
                case = filled_case(world.actor("caseworker"), notes=notes, papers=papers)
            removed(product, world, case, leaver)  # warm
            sent.append(removed(product, world, case, leaver))
    assert len(sent[0]) == len(sent[1]) <= AT_MOST, sent[1]
