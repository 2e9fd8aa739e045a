"""8. Sign-in does the same derivations for known and unknown, and answers the same."""

from __future__ import annotations

import re

import pytest

from tests.support.cast import PASSWORD
from tests.support.world import Browser, World
from vault import passwords

TRIES = [
    ("known, wrong password", "caseworker@ham.example", f"not-{PASSWORD}"),
    ("unknown", "nobody@ham.example", PASSWORD),
    ("unknown elsewhere", "x@y.example", "short"),
]


@pytest.fixture
def derivations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts what Argon2id is asked for."""
    asked: list[int] = []
    true = passwords.Argon2id  # type: ignore[attr-defined] # where the vault asks for it

    def counted(*args: object, **kwargs: object) -> object:
        asked.append(int(str(kwargs["memory_cost"])))
        return true(*args, **kwargs)  # type: ignore[arg-type] # whatever was asked for

    monkeypatch.setattr(passwords, "Argon2id", counted)
    return asked


def attempt(world: World, email: str, password: str) -> tuple[int, str]:
    guest = Browser(world.app.test_client())
    guest.get("/sign-in")
    answer = guest.post("/sign-in", email=email, password=password)
    text = re.sub(r'value="[^"]*"', "", guest.page)
    return answer.status_code, text


def test_known_and_unknown_look_and_cost_the_same(world: World, derivations: list[int]) -> None:
    seen = []
    for _name, email, password in TRIES:
        derivations.clear()
        status, text = attempt(world, email, password)
        seen.append((status, text, tuple(derivations)))
    assert len(set(seen)) == 1
    assert len(seen[0][2]) == 1  # the work is done, once
    derivations.clear()
    guest = Browser(world.app.test_client())
    guest.get("/sign-in")
    answer = guest.post("/sign-in", email="caseworker@ham.example", password=PASSWORD)
    assert answer.status_code == 303  # the control: the true password is let in, at the same cost
    assert tuple(derivations) == seen[0][2]


def test_a_lost_password_says_nothing_about_an_address(world: World, derivations: list[int]) -> None:
    seen = []
    for email in ("caseworker@ham.example", "nobody@ham.example"):
        derivations.clear()
        guest = Browser(world.app.test_client())
        guest.get("/sign-in/lost")
        fresh = "kırmızı-gemi-41-sessiz-orman"
        answer = guest.post(
            "/sign-in/lost", email=email, personal_code="0000-" * 7 + "0000", password=fresh, again=fresh
        )
        seen.append(
            (answer.status_code, re.sub(r'value="[^"]*"', "", guest.page), tuple(sorted(derivations)))
        )
    assert seen[0] == seen[1]
