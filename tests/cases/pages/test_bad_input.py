"""What people paste and what attackers send: every field takes it or says why not, and nothing breaks."""

import re
from uuid import uuid4

import pytest

from tests.cases.pages.conftest import long_form
from tests.support.world import World

BIDI = "\u202e\u2066\u200f"
EMOJI = "👩🏽‍⚖️🌻"
LONG = "ب" * 100_000
TEXTS = [
    "name_ar", "name_latin", "father", "mother", "code_word", "narrative", "next_step", "numbers-0-value",
    "phones-0-number", "phones-0-hours", "phones-0-cover_name", "phones-0-others",
]  # fmt: skip  # one list
CODES = [
    "sex", "nationality", "status", "language", "province", "authority", "issue", "urgency", "restricted",
    "numbers-0-kind", "phones-0-whose", "phones-0-message_ok", "phones-0-channels", "channel",
]  # fmt: skip  # one list


@pytest.mark.parametrize("field", TEXTS)
def test_a_hundred_thousand_characters_are_refused_beside_their_field(world: World, field: str) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    assert browser.post("/cases/new", **long_form(**{field: LONG})).status_code == 422
    assert any("Shorten this" in error for error in browser.errors)


@pytest.mark.parametrize("field", TEXTS)
def test_emoji_stay_and_hidden_directions_go(world: World, field: str) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    answer = browser.post("/cases/new", **long_form(**{field: f"{BIDI}{EMOJI}\x00\x07"}))
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    assert EMOJI in browser.page
    assert "\u202e" not in browser.page
    assert "\x00" not in browser.page


@pytest.mark.parametrize("field", CODES)
@pytest.mark.parametrize("value", ["nonsense", "<script>alert(1)</script>", "' OR 1=1 --", LONG])
def test_a_code_that_is_not_offered_is_refused(world: World, field: str, value: str) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    assert browser.post("/cases/new", **long_form(**{field: value})).status_code == 422
    assert "<script>alert" not in browser.page


@pytest.mark.parametrize(
    "birth",
    [
        ["31", "2", "1990"],
        ["1", "", "1990"],
        ["", "", "1700"],
        ["", "", "2090"],
        ["x", "y", "z"],
        ["", "5", ""],
    ],
)
def test_a_birth_date_that_cannot_be_is_refused(world: World, birth: list[str]) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    assert browser.post("/cases/new", **long_form(birth=birth)).status_code == 422


def test_digits_of_any_script_are_read(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    answer = browser.post("/cases/new", **long_form(birth=["١٢", "٣", "١٩٩١"]))
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    assert "12 March 1991" in browser.page


def test_what_people_write_is_never_markup(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    hostile = "<img src=x onerror=alert(1)>{{ 7*7 }}"
    browser.get(path)
    assert browser.post(f"{path}/notes", kind="note", text=hostile).status_code == 303
    browser.get(path)
    assert "<img src=x" not in browser.page
    assert "{{ 7*7 }}" in browser.page


@pytest.mark.parametrize("token", ["", "x", "0" * 200])
def test_a_damaged_token_records_once(world: World, token: str) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    assert browser.post("/cases/new", **long_form(token=token)).status_code == 303


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("notes", {"kind": "note", "text": LONG}),
        ("notes", {"kind": "nonsense", "text": "x"}),
        ("state", {"version": "1", "to": "erased"}),
        ("state", {"version": "1", "to": "closed"}),
        ("state", {"version": "1", "to": "open", "reason": LONG}),
        ("close", {"version": "1", "level": "S9", "code": "Q", "outcome": "won", "why": "because"}),
        ("step-off", {"reason": LONG}),
        ("restrict", {"named": ["not-a-person"]}),
        ("restrict", {"named": [str(uuid4())]}),
    ],
)
def test_small_forms_say_what_is_wrong(world: World, page: str, fields: dict[str, object]) -> None:
    browser, path = world.browser("coordinator"), f"/cases/{world.record(by='coordinator')}"
    browser.get(f"{path}/state")
    if page == "close":  # which nobody does before a review
        assert browser.post(f"{path}/state", version=browser.version, to="in_review").status_code == 303
    assert browser.post(f"{path}/{page}", **fields).status_code == 422
    assert browser.errors


def test_many_more_phones_than_anybody_has_are_not_all_taken(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    many = {f"phones-{number}-number": "0532 123 45 67" for number in range(300)}
    browser.post("/cases/new", **{**long_form(), **many}, add="phone")
    assert len(re.findall(r'name="phones-\d+-number"', browser.page)) <= 10


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(path)
    browser.csrf = "forged"
    assert browser.post(f"{path}/notes", kind="note", text="x").status_code == 400
    assert browser.post("/cases/draft", name_ar="x").status_code == 400
