"""6. What the processes hold between requests: no private key of a person."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

from tests.support.instances import environment_for
from tests.support.world import World
from vault import Pair, PersonSecret, Signer

SECRET = (PersonSecret, Pair, Signer)


def alive() -> dict[type, int]:
    """How many secrets are reachable now."""
    gc.collect()
    objects = gc.get_objects()
    return {kind: sum(type(one) is kind for one in objects) for kind in SECRET}


def test_nothing_outlives_a_request(world: World) -> None:
    """The cast's own secrets are in the memory of this test; a request adds none that stays."""
    browser = world.browser("caseworker")
    case_id = world.record()
    browser.get(f"/cases/{case_id}")
    before = alive()
    assert before[PersonSecret] >= len(world.cast.players)  # the check would see them
    for path in ("/desk", "/cases", f"/cases/{case_id}", "/account", "/cases/new"):
        assert browser.get(path).status_code == 200
    assert alive() == before


def test_jobs_and_their_environment_know_no_person(tmp_path: Path) -> None:
    """The worker is told the server's secrets only, none of which opens what is sealed to a person."""
    program = (
        "import os; from config.settings import Settings; import dataclasses;"
        "print(sorted(f.name for f in dataclasses.fields(Settings.from_env(os.environ))))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program],
        env=environment_for(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pepper" in shown.stdout
    assert not {"password", "private", "root", "recovery"} & set(shown.stdout.replace("'", " ").split())
