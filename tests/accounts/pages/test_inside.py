"""People, keys, the own account, roles and the record of acts, through the pages."""

import ast
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from core.access.labels import PERMISSIONS
from core.audit.labels import ACTS
from core.store.transaction import transaction
from tests.support.cast import PASSWORD

ROOT = Path(__file__).parents[3]
PAGES = {
    "admin": [
        "/people", "/people/invite", "/keys", "/acts", "/roles", "/account", "/account/password",
        "/account/authenticator", "/account/code", "/account/devices",
    ],
    "coordinator": ["/people", "/keys", "/keys/desk/renew", "/acts"],
    "manager": ["/keys", "/roles"],
    "lawyer": ["/account", "/roles"],
}  # fmt: skip  # a table
DIRECTIONS = {"ar": "rtl", "tr": "ltr", "en": "ltr"}


def end_page(house: Any, name: str) -> str:
    return f"/people/{house.player(name).id}/end"


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
@pytest.mark.parametrize("name", list(PAGES))
def test_every_page_opens_in_every_language_and_names_nobody(house: Any, name: str, language: str) -> None:
    guest = house.at(name, language)
    for path in PAGES[name]:
        assert guest.get(path).status_code == 200, path
        assert f'<html lang="{language}" dir="{DIRECTIONS[language]}"' in guest.page
        assert "Kişi" not in guest.title
        assert "@" not in guest.title
        assert not re.search(r"\sstyle=|<style|<script(?![^>]* src=)|\son\w+=", guest.page), path


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/lost"])
@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_the_doors_speak_every_language(house: Any, path: str, language: str) -> None:
    guest = house.guest(language)
    assert guest.get(path).status_code == 200
    assert f'<html lang="{language}" dir="{DIRECTIONS[language]}"' in guest.page
    assert 'class="bar-nav"' not in guest.page


def test_the_menu_holds_what_a_role_may_open_and_nothing_else(house: Any) -> None:
    shown = {}
    for name in ("lawyer", "manager", "admin"):
        guest = house.at(name)
        guest.get("/account")
        [menu] = re.findall(r'<nav class="bar-nav".*?</nav>', guest.page, re.DOTALL)
        shown[name] = re.findall(r'href="([^"]+)"', menu)
        for path in shown[name]:
            assert guest.get(path).status_code in {200, 303}  # what recurs is first looked through
    assert shown == {
        "lawyer": [
            "/desk", "/cases", "/referrals", "/directory", "/topics", "/law", "/templates", "/sessions-held",
        ],
        "manager": [
            "/desk", "/directory", "/sessions-held", "/statistics", "/patterns", "/dossiers", "/institutions",
            "/keys",
        ],
        "admin": [
            "/desk", "/directory", "/topics", "/law", "/requests/door", "/institutions", "/people", "/keys",
            "/partners", "/acts",
        ],
    }  # fmt: skip # the order of the menu


def test_an_account_ends_only_after_its_consequences_were_read(house: Any) -> None:
    name = house.newcomer("caseworker")
    leaving, admin = house.at(name), house.at("admin")
    path = end_page(house, name)
    admin.get(path)
    assert "cannot be undone" in admin.text
    assert admin.post(path).status_code == 422
    assert leaving.get("/desk").status_code == 200
    assert admin.post(path, understood="y").location == "/people"
    assert leaving.get("/desk").location.startswith("/sign-in")
    assert (
        house.guest().fill("/sign-in", email=house.player(name).email, password=PASSWORD).status_code == 422
    )
    assert admin.get(path).status_code == 404


def test_the_last_of_a_role_is_asked_twice(house: Any) -> None:
    admin, path = house.at("admin"), end_page(house, "admin")
    admin.get(path)
    assert admin.post(path, understood="y").status_code == 422
    assert "last administrator" in admin.text
    assert 'name="forced" type="hidden" value="yes"' in admin.page
    assert admin.get("/desk").status_code == 200


def test_only_an_administrator_ends_accounts_and_only_of_the_own_house(house: Any) -> None:
    assert house.at("coordinator").get(end_page(house, "lawyer")).status_code == 404
    assert house.at("admin").get(f"/people/{uuid4()}/end").status_code == 404


def test_a_key_is_given_after_the_fingerprint_was_compared(house: Any) -> None:
    name = house.newcomer("caseworker")
    newcomer, holder = house.at(name), house.at("coordinator")
    newcomer.get("/account")
    read_out = newcomer.codes
    assert len(" ".join(read_out).split()) == 8
    path = f"/keys/desk/give/{house.player(name).id}"
    holder.get("/keys")
    assert f'href="{path}"' in holder.page
    holder.get(path)
    assert holder.codes == read_out
    fingerprint = " ".join(read_out)
    assert holder.post(path, fingerprint=fingerprint).status_code == 422
    assert holder.post(path, fingerprint="0" * 40, compared="y").status_code == 422
    assert "Compare them again" in holder.text
    assert holder.post(path, fingerprint=fingerprint, compared="y").location == "/keys#desk"
    holder.get("/keys")
    assert f'href="{path}"' not in holder.page
    assert holder.get(path).status_code == 404


def test_whoever_leaves_makes_a_new_epoch_due(house: Any) -> None:
    name = house.newcomer("caseworker")
    with house.app.app_context():
        house.cast.hand_over()
    admin, holder = house.at("admin"), house.at("coordinator")
    admin.fill(end_page(house, name), understood="y")
    holder.get("/keys")
    assert 'href="/keys/match/renew"' in holder.page
    assert holder.fill("/keys/match/renew").location == "/keys#match"
    holder.get("/keys")
    assert 'href="/keys/match/renew"' not in holder.page
    assert "The new epoch has begun" in holder.text


@pytest.mark.parametrize(
    ("name", "path", "status"),
    [
        ("coordinator", "/keys/desk/make", 303),  # somebody made it: back to the keys, which say so
        ("coordinator", "/keys/statistics/make", 403),
        ("manager", "/keys/supervision/renew", 403),
        ("coordinator", "/keys/root/make", 404),
        ("coordinator", "/keys/%D8%B4/make", 404),
        ("coordinator", "/keys/recovery/renew", 404),
    ],
)
def test_keys_are_made_by_the_role_that_makes_them(house: Any, name: str, path: str, status: int) -> None:
    assert house.at(name).fill(path).status_code == status


def test_a_key_is_given_only_to_those_whose_role_holds_it(house: Any) -> None:
    holder = house.at("coordinator")
    assert holder.get(f"/keys/desk/give/{house.player('manager').id}").status_code == 404
    assert holder.get(f"/keys/root/give/{house.player('manager').id}").status_code == 404
    assert house.at("caseworker").get("/keys").status_code == 404


def test_the_own_account_keeps_what_was_chosen(house: Any) -> None:
    guest = house.at("other_lawyer")
    guest.get("/account")
    version = re.findall(r'name="version"[^>]*value="(\d+)"', guest.page)[0]
    fields = {
        "name": "Kişi\u202e Yeni",
        "language": "en",
        "languages": ["ar", "tr"],
        "provinces": ["34", "27"],
    }
    assert guest.post("/account", version=version, **fields).location == "/account"
    guest.get("/account")
    assert 'value="Kişi Yeni"' in guest.page
    for chosen in ("ar", "tr", "34", "27"):
        box = rf'<input [^>]*checked id="(languages|provinces)-\d+"[^>]*value="{chosen}"'
        assert re.search(box, guest.page)
    assert guest.post("/account", version=version, **fields).status_code == 422
    assert "changed meanwhile" in guest.text


@pytest.mark.parametrize("name", ["name", "language", "languages", "provinces"])
@pytest.mark.parametrize("value", ["x" * 100_000, "\u202e", "👍" * 200])
def test_anything_may_be_typed_into_the_own_account(house: Any, name: str, value: str) -> None:
    guest = house.at("lawyer", "ar")
    fields = {"version": "1", "name": "N", "language": "ar", "languages": [], "provinces": [], name: value}
    assert guest.fill("/account", **fields).status_code == 422


def test_switching_the_language_is_remembered(house: Any) -> None:
    guest = house.at("manager", "tr")
    assert guest.get("/language/ar?back=/roles").location == "/roles"
    guest.get("/roles")
    assert '<html lang="ar"' in guest.page
    guest.client.delete_cookie("language", domain="localhost")
    guest.get("/roles")
    assert '<html lang="ar"' in guest.page


def test_a_new_password_signs_other_devices_out(house: Any) -> None:
    name = house.newcomer("lawyer")
    guest, other = house.at(name), house.at(name)
    new = "kara-tren-gecikir-91"
    fields = {"password": new, "again": new}
    assert guest.fill("/account/password", current="wrong", **fields).status_code == 422
    assert other.get("/desk").status_code == 200
    assert guest.fill("/account/password", current=PASSWORD, **fields).location == "/account"
    assert guest.get("/desk").status_code == 200
    assert other.get("/desk").location.startswith("/sign-in")


def test_a_new_personal_code_kills_the_old_one(house: Any) -> None:
    name = house.newcomer("lawyer")
    guest = house.at(name)
    assert guest.fill("/account/code").status_code == 200
    [code] = guest.codes
    fields = {
        "email": house.player(name).email,
        "password": "kara-tren-91-gecikir",
        "again": "kara-tren-91-gecikir",
    }
    old = house.player(name).personal_code
    assert house.guest().fill("/sign-in/lost", personal_code=old, **fields).status_code == 422
    assert house.guest().fill("/sign-in/lost", personal_code=code, **fields).status_code == 200


def test_devices_are_seen_and_ended_by_their_owner_only(house: Any) -> None:
    name = house.newcomer("lawyer")
    guest, other, stranger = house.at(name), house.at(name), house.at("lawyer")
    guest.get("/account/devices")
    [path] = re.findall(r'action="(/account/devices/[^"]+/end)"', guest.page)
    assert stranger.fill("/account") is not None
    assert stranger.post(path).status_code == 404
    assert other.get("/desk").status_code == 200
    assert guest.post(path).location == "/account/devices"
    assert other.get("/desk").location.startswith("/sign-in")
    assert guest.get("/desk").status_code == 200


def test_the_roles_page_is_the_rules(house: Any) -> None:
    guest = house.at("caseworker")
    guest.get("/roles")
    for words in PERMISSIONS.values():
        assert str(words) in guest.text


def test_the_record_of_acts_is_read_page_by_page_and_reading_is_recorded(house: Any) -> None:
    guest = house.at("admin")
    for _ in range(30):  # to be looked at is an act
        guest.get("/acts")
    assert "Signed in" in guest.text
    assert "Kişi admin" in guest.text
    numbers = re.findall(r'<td class="cell-number"><bdi class="number">([\d,]+)', guest.page)
    assert len(numbers) == 50
    [onward] = re.findall(r'href="(/acts\?before=\d+)"', guest.page)
    guest.get(onward)
    older = re.findall(r'<td class="cell-number"><bdi class="number">([\d,]+)', guest.page)
    assert not set(numbers) & set(older)
    guest.get("/acts")
    assert "Looked at the record of acts" in guest.text
    assert not re.search("[a-z]+\\.[a-z_]+</td>", guest.page)


@pytest.mark.parametrize("before", ["0", "-1", "x", "9" * 40, "٣", "1;drop"])
def test_a_damaged_place_in_the_record_breaks_nothing(house: Any, before: str) -> None:
    assert house.at("coordinator").get(f"/acts?before={before}").status_code == 200


@pytest.mark.parametrize("name", ["caseworker", "lawyer", "manager"])
def test_the_record_of_acts_is_not_for_everybody(house: Any, name: str) -> None:
    assert house.at(name).get("/acts").status_code == 404


def test_after_recovery_the_one_time_code_gives_way_to_a_password_and_a_telephone(house: Any) -> None:
    import pyotp

    from accounts.service import recovery

    name = house.newcomer("lawyer")
    email = house.player(name).email
    with house.app.app_context():
        papers = {number: code for number, _holder, code in house.cast.papers[:2]}
        prepared = recovery.prepare(house.cast.settings, house.cast.organisation_id, papers, email)
        with transaction():
            once = recovery.recover_person(prepared)
    guest = house.guest()
    assert guest.fill("/sign-in", email=email, password=once).location == "/sign-in/code"
    assert guest.get("/sign-in/code").location == "/sign-in/renew"
    for language, deleted in (("ar", "وقد حُذف"), ("tr", "anahtarla açılabiliyordu ve silindi")):
        guest.client.set_cookie("language", language, domain="localhost")
        guest.get("/sign-in/renew")
        assert deleted in guest.text
    code = str(pyotp.TOTP(guest.authenticator).at(house.clock.instant))
    new = "kara-tren-gecikir-91"
    assert guest.post("/sign-in/renew", password="short", again="short", totp_code=code).status_code == 422
    assert guest.post("/sign-in/renew", password=new, again=new, totp_code=code).status_code == 200
    assert len(guest.codes) == 1
    assert guest.get("/desk").status_code == 200


def test_every_act_of_the_program_has_words() -> None:
    unnamed = set()
    for file in ROOT.glob("[a-z]*/**/*.py"):
        if file.relative_to(ROOT).parts[0] in {"tests", "migrations", "bench", "instance"}:
            continue
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = isinstance(call, ast.Call) and (
                getattr(call.func, "attr", None) or getattr(call.func, "id", None)
            )
            if name in {"record", "_record", "written"} and isinstance(call, ast.Call):
                unnamed |= {
                    part.value
                    for argument in call.args
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(part.value))
                }
    assert len(unnamed) > 40
    assert unnamed <= ACTS.keys()
