"""Signing in and out, the locked screen, a lost password, the password once more."""

import re
from typing import Any

import pytest

from core.web.limits import limiter
from tests.support.cast import PASSWORD

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/ /evil.example",
    "///evil.example",
    "https:evil.example",
    "",
]


def test_two_steps_lead_to_the_desk(house: Any, guest: Any) -> None:
    player = house.player("caseworker")
    first = guest.fill("/sign-in", email=player.email.upper(), password=PASSWORD)
    assert first.location == "/sign-in/code"
    assert guest.get("/desk").location.startswith("/sign-in/code")
    second = guest.fill("/sign-in/code", code=house.code("caseworker"))
    assert second.location == "/desk"
    assert guest.get("/desk").status_code == 200


def test_the_cookie_is_out_of_reach_and_changes_with_the_second_step(house: Any, guest: Any) -> None:
    first = guest.fill("/sign-in", email=house.player("lawyer").email, password=PASSWORD)
    second = guest.fill("/sign-in/code", code=house.code("lawyer"))
    planted, kept = (answer.headers["Set-Cookie"] for answer in (first, second))
    for cookie in (planted, kept):
        assert cookie.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert "Expires" not in cookie
    assert planted.split(";")[0] != kept.split(";")[0]


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_a_known_and_an_unknown_address_get_the_same_answer(house: Any, language: str) -> None:
    answers = []
    for email in (house.player("lawyer").email, "nobody@example.org"):
        guest = house.guest(language)
        status = guest.fill("/sign-in", email=email, password="wrong-wrong-wrong").status_code
        answers.append((status, re.sub(r'value="[^"]*"', "", guest.page)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_what_was_typed_stays_but_not_the_password(guest: Any) -> None:
    guest.fill("/sign-in", email="typed@example.org", password="never-shown-again")
    assert "typed@example.org" in guest.page
    assert "never-shown-again" not in guest.page


def test_a_code_works_once(house: Any) -> None:
    code = house.code("colleague")
    answers = []
    for _ in range(2):
        guest = house.guest()
        guest.fill("/sign-in", email=house.player("colleague").email, password=PASSWORD)
        answers.append(guest.fill("/sign-in/code", code=code).status_code)
    assert answers == [303, 422]


def test_five_wrong_codes_end_the_attempt(house: Any, guest: Any) -> None:
    guest.fill("/sign-in", email=house.player("manager").email, password=PASSWORD)
    for _ in range(5):
        guest.fill("/sign-in/code", code="000000")
    answer = guest.fill("/sign-in/code", code=house.code("manager"))
    assert answer.location.startswith("/sign-in")
    assert guest.get("/desk").location.startswith("/sign-in?")


def test_the_personal_code_replaces_a_lost_telephone(house: Any, guest: Any) -> None:
    name = house.newcomer("lawyer")
    player = house.player(name)
    guest.fill("/sign-in", email=player.email, password=PASSWORD)
    answer = guest.fill("/sign-in/code", code=player.personal_code.lower().replace("-", " "))
    assert answer.location.startswith("/account/authenticator")
    guest.get(answer.location)
    house.clock.advance(seconds=31)
    secret = guest.authenticator
    assert (
        guest.post("/account/authenticator", password="wrong", totp_code=now(house, secret)).status_code
        == 422
    )
    answer = guest.post("/account/authenticator", password=PASSWORD, totp_code=now(house, secret))
    assert answer.status_code == 200
    assert guest.codes != [player.personal_code]
    assert guest.get("/desk").status_code == 200
    house.clock.advance(seconds=31)
    other = house.guest()
    other.fill("/sign-in", email=player.email, password=PASSWORD)
    assert other.fill("/sign-in/code", code=house.code(name)).status_code == 422
    assert other.fill("/sign-in/code", code=now(house, secret)).location == "/desk"


def now(house: Any, secret: str) -> str:
    import pyotp

    return str(pyotp.TOTP(secret).at(house.clock.instant))


def test_a_locked_screen_keeps_the_place_and_opens_with_a_code_only(house: Any) -> None:
    guest = house.at("caseworker")
    guest.get("/cases")
    answer = guest.post("/lock")
    assert answer.location == "/unlock?next=/cases"
    assert guest.get("/cases").location == "/unlock?next=/cases"
    assert house.player("caseworker").personal_code
    guest.get(answer.location)
    assert guest.post(answer.location, code=house.player("caseworker").personal_code).status_code == 422
    assert guest.post(answer.location, code=house.code("caseworker")).location == "/cases"
    assert guest.get("/cases").status_code == 200


def test_fifteen_idle_minutes_lock_and_ten_hours_end(house: Any) -> None:
    guest = house.at("caseworker")
    house.clock.advance(minutes=14)
    assert guest.get("/desk").status_code == 200
    house.clock.advance(minutes=16)
    assert guest.get("/desk").location.startswith("/unlock")
    house.clock.advance(hours=10)
    assert guest.get("/desk").location.startswith("/sign-in")


def test_another_person_can_take_a_locked_screen(house: Any) -> None:
    guest = house.at("caseworker")
    guest.get("/cases")
    guest.post("/lock")
    guest.get("/unlock")
    answer = guest.post("/sign-out")
    assert answer.location == "/sign-in"
    assert guest.get("/unlock").location.startswith("/sign-in")


def test_after_signing_out_the_old_cookie_opens_nothing(house: Any) -> None:
    guest = house.at("caseworker")
    guest.get("/desk")
    stolen = guest.client.get_cookie("__Host-session", domain="localhost")
    guest.post("/sign-out")
    thief = house.guest()
    thief.client.set_cookie("__Host-session", stolen.value, domain="localhost", secure=True)
    assert thief.get("/desk").location.startswith("/sign-in")


def test_signing_out_wants_the_token_of_our_own_page(house: Any) -> None:
    guest = house.at("caseworker")
    guest.csrf = ""
    assert guest.post("/sign-out").status_code == 400
    assert guest.get("/desk").status_code == 200


@pytest.mark.parametrize("goal", ELSEWHERE)
def test_no_door_leads_away_from_this_site(house: Any, goal: str) -> None:
    from urllib.parse import quote

    guest = house.guest()
    player = house.player("colleague")
    first = guest.fill(f"/sign-in?next={quote(goal)}", email=player.email, password=PASSWORD)
    assert first.location == "/sign-in/code"
    answer = guest.fill(f"/sign-in/code?next={quote(goal)}", code=house.code("colleague"))
    assert answer.location == "/desk"


def test_a_page_that_was_wanted_comes_after_the_doors(house: Any, guest: Any) -> None:
    door = guest.get("/account").location
    assert door == "/sign-in?next=/account"
    second = guest.fill(door, email=house.player("colleague").email, password=PASSWORD).location
    assert guest.fill(second, code=house.code("colleague")).location == "/account"


def test_a_lost_password_and_what_ends_with_it(house: Any) -> None:
    name = house.newcomer("caseworker")
    player, before = house.player(name), house.at(name)
    fields = {"email": player.email, "personal_code": player.personal_code}
    guest = house.guest()
    weak = guest.fill("/sign-in/lost", password="password1234", again="password1234", **fields)
    assert weak.status_code == 422
    differ = guest.post(
        "/sign-in/lost", password="kara-tren-gecikir-9", again="kara-tren-gecikir-8", **fields
    )
    assert differ.status_code == 422
    new = "kara-tren-gecikir-91"
    done = guest.post("/sign-in/lost", password=new, again=new, **fields)
    assert done.status_code == 200
    [code] = guest.codes
    assert code != player.personal_code
    assert before.get("/desk").location.startswith("/sign-in")
    assert house.guest().fill("/sign-in", email=player.email, password=PASSWORD).status_code == 422
    assert house.guest().fill("/sign-in", email=player.email, password=new).location == "/sign-in/code"
    again = house.guest().fill("/sign-in/lost", password=PASSWORD, again=PASSWORD, **fields)
    assert again.status_code == 422


def test_a_lost_password_tells_nobody_who_has_an_account(house: Any) -> None:
    fields = {"personal_code": "AAAA-" * 7 + "AAAA", "password": PASSWORD + "-x", "again": PASSWORD + "-x"}
    answers = []
    for email in (house.player("lawyer").email, "nobody@example.org"):
        guest = house.guest()
        status = guest.fill("/sign-in/lost", email=email, **fields).status_code
        answers.append((status, re.sub(r'value="[^"]*"', "", guest.page)))
    assert answers[0] == answers[1]


def test_what_matters_for_others_asks_for_the_password_again(house: Any) -> None:
    guest = house.at("admin")
    assert guest.get("/people/invite").status_code == 200
    house.clock.advance(minutes=11)
    door = guest.get("/people/invite").location
    assert door == "/confirm?next=/people/invite"
    assert guest.fill(door, password="wrong").status_code == 422
    assert guest.get("/people/invite").location == door
    assert guest.fill(door, password=PASSWORD).location == "/people/invite"
    assert guest.get("/people/invite").status_code == 200


def test_too_many_failures_of_one_address_stop_only_that_address(house: Any) -> None:
    guest, other = house.guest(), house.guest()
    statuses = [
        guest.fill("/sign-in", email="nobody@example.org", password="x").status_code for _ in range(22)
    ]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert "Too many tries" in guest.text
    assert other.fill("/sign-in", email="nobody@example.org", password="x").status_code == 422
    counted = " ".join(map(str, vars(limiter.storage)["storage"]))
    assert counted
    assert guest.address not in counted


def test_an_office_behind_one_address_signs_in_freely(house: Any) -> None:
    guest = house.guest()
    for _ in range(30):
        assert guest.get("/sign-in").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/lost"])
@pytest.mark.parametrize("language", ["ar", "tr", "en"])
@pytest.mark.parametrize(
    "text", ["x" * 100_000, "\u202e\u2066", "👩‍⚖️" * 60, "\x00", "<script>alert(1)</script>", ""]
)
def test_anything_may_be_typed_into_a_door(house: Any, path: str, language: str, text: str) -> None:
    guest = house.guest(language)
    names = ("email", "password", "again", "personal_code")
    assert guest.fill(path, **dict.fromkeys(names, text)).status_code == 422
    assert "<script>alert" not in guest.page
    assert guest.post(path).status_code == 422


def test_a_double_click_on_signing_in_is_one(house: Any, guest: Any) -> None:
    guest.get("/sign-in")
    typed = {"email": house.player("lawyer").email, "password": PASSWORD, "csrf_token": guest.csrf}
    for _ in range(2):
        assert (
            guest.client.post("/sign-in", data=typed, base_url="https://localhost").location
            == "/sign-in/code"
        )
    assert guest.fill("/sign-in/code", code=house.code("lawyer")).location == "/desk"


def test_a_door_that_stood_open_too_long_keeps_what_was_typed(house: Any, guest: Any) -> None:
    guest.get("/sign-in")
    guest.csrf = "of-another-day"
    email = house.player("lawyer").email
    assert guest.post("/sign-in", email=email, password=PASSWORD).status_code == 422
    assert "The page was open too long. Send it again." in guest.text
    assert email in guest.page
    assert guest.client.get_cookie("__Host-session", domain="localhost") is None
