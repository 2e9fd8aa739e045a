"""The other people of a matter and the decision about a conflict, on their pages."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from tests.cases.conflicting import matter, party
from tests.cases.pages.conftest import long_form
from tests.support.world import Browser, World


def other_side(world: World, ar: str, by: str = "colleague") -> UUID:
    return world.record(by, record=matter(ar, father="صالح"))


def form(**changes: object) -> dict[str, object]:
    own = {"numbers-0-value": "N77", "phones-0-number": "", "birth": ["", "", ""], "father": "", "mother": ""}
    return long_form(**{"looked": False, **own, **changes})


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_recorded_held_decided(world: World, language: str) -> None:
    family = {"en": "العكاري", "ar": "الدباغ", "tr": "السمان"}[language]
    latin = {"en": "VEHBE ELAKKARİ", "ar": "VEHBE DEBBAĞ", "tr": "VEHBE SEMMAN"}[language]
    other_side(world, f"وهبة {family}")
    browser = world.browser("caseworker", language)
    client = {"en": "NADA SABBAG", "ar": "HUDA CABİ", "tr": "RUBA MARDİNİ"}[language]
    typed = form(
        name_ar="", name_latin=client, **{"parties-0-role": "landlord", "parties-0-name_latin": latin},
        **{"numbers-0-value": f"N77{language}"},
        narrative="قصة طويلة " * 40,
    )  # fmt: skip # a form
    browser.get("/cases/new")
    panel = browser.post("/cases/duplicates", **typed)
    assert (panel.status_code, latin in browser.page) == (200, True)
    browser.get("/cases/new")
    assert browser.post("/cases/new", **typed).status_code == 200  # somebody has to look first
    assert latin in browser.text
    assert "Kişi colleague" in browser.text
    made = browser.post("/cases/new", **typed, anyway="1")
    assert made.status_code == 303
    case = str(made.location)
    browser.get(case)
    assert 'href="' + case + '/conflict"' in browser.page
    assert "قصة طويلة" not in browser.page
    browser.get(f"{case}/edit")
    assert "قصة طويلة" in browser.page  # it waits with whoever typed it
    assert browser.post(f"{case}/edit", **typed, version=browser.version).status_code == 422
    assert "قصة طويلة" in browser.page
    browser.get(f"{case}/conflict")
    assert 'name="outcome"' not in browser.page
    coordinator = world.browser("coordinator", language)
    coordinator.get("/desk")
    assert f'href="{case}/conflict"' in coordinator.page
    coordinator.get(f"{case}/conflict")
    assert "m. 38/b" in coordinator.text
    decision = {"version": coordinator.version, "reason": "başka bir iş"}
    assert coordinator.post(f"{case}/conflict/decide", **decision).status_code == 422
    assert "başka bir iş" in coordinator.page
    answer = coordinator.post(f"{case}/conflict/decide", **decision, outcome="accept")
    assert answer.location == case
    assert coordinator.post(f"{case}/conflict/decide", **decision, outcome="refer_out").location == (
        f"{case}/conflict"
    )
    coordinator.get(f"{case}/conflict")
    assert "başka bir iş" in coordinator.text
    browser.get(f"{case}/edit")
    # The decision is a version of its own, so both are shown: what stands there and what was kept.
    assert browser.post(f"{case}/edit", **typed, version=browser.version).status_code == 409
    chosen = dict.fromkeys(re.findall(r'name="(keep-[\w-]+)"', browser.page), "mine")
    sent = browser.post(f"{case}/edit", **typed, version=browser.version, chosen="1", **chosen)
    assert sent.location == case, browser.errors
    browser.get(case)
    assert "قصة طويلة" in browser.page


def test_people_are_named_changed_and_taken_out(world: World) -> None:
    other_side(world, "عبد القادر النحاس")
    browser, path = world.browser("caseworker"), f"/cases/{world.record(record=matter('سلمى الخطيب'))}"
    browser.get(f"{path}/parties")
    assert browser.post(f"{path}/parties/add", version=browser.version, father="صالح").status_code == 422
    assert len(browser.errors) == 2
    asked = {"role": "witness", "name_latin": "ABDÜLKADİR NAHHAS", "phone": "٠٥٣٢ ١١١ ٢٢ ٣٣"}
    added = browser.post(f"{path}/parties/add", version=browser.version, token="1" * 32, **asked)
    assert added.location == f"{path}/parties"
    browser.get(f"{path}/parties")
    again = browser.post(f"{path}/parties/add", version="1", token="1" * 32, **asked)
    assert again.location == f"{path}/parties"
    one = re.findall(rf'href="({path}/parties/[0-9a-f-]+)"', browser.page)
    assert len(set(one)) == 1
    browser.get(one[0])
    assert "0532 111 22 33" in browser.page
    version = browser.version
    assert browser.post(one[0], **{**asked, "role": "opposing"}, version=version).status_code == 303
    browser.get(f"{path}/conflict")
    assert "Opposing party" in browser.text
    browser.get(one[0])
    assert browser.post(f"{one[0]}/remove", version="1").status_code == 409
    browser.get(one[0])
    assert browser.post(f"{one[0]}/remove", version=browser.version).location == f"{path}/parties"
    assert browser.get(one[0]).status_code == 404
    browser.get(path)
    assert "ABDÜLKADİR NAHHAS" in browser.text  # in the timeline
    assert "/conflict" not in "".join(re.findall(r'<section class="message.*?</section>', browser.page))
    assert browser.post(f"{path}/parties/compare").location == f"{path}/conflict"


def test_a_wall_from_the_page(world: World) -> None:
    other_side(world, "مأمون القصاب")
    case_id = world.record(record=matter("سلمى الخطيب", party("employer", "مأمون القصاب")))
    path, browser = f"/cases/{case_id}", world.browser("coordinator")
    colleague, caseworker = (str(world.cast[name].person_id) for name in ("colleague", "caseworker"))
    browser.get(f"{path}/conflict")
    wall = {"version": browser.version, "outcome": "wall", "reason": "ayrı ekip"}
    assert browser.post(f"{path}/conflict/decide", **wall).status_code == 422
    both = {"walled": colleague, "named": colleague}
    assert browser.post(f"{path}/conflict/decide", **wall, **both).status_code == 422
    done = browser.post(f"{path}/conflict/decide", **wall, walled=colleague, named=caseworker)
    assert done.location == path
    browser.get(path)
    assert "Named people only" in browser.text
    assert shut_out(world.browser("colleague"), path)
    assert not shut_out(world.browser("caseworker"), path)


def shut_out(browser: Browser, path: str) -> bool:
    return browser.get(path).status_code == 404


def test_a_lawyer_is_told_that_a_colleague_compares(world: World) -> None:
    case_id = world.record(record=matter("سلمى الخطيب"))
    with world.app.app_context():
        world.cast.assign(case_id)
    browser, path = world.browser("lawyer"), f"/cases/{case_id}"
    browser.get(f"{path}/parties")
    asked = {"role": "opposing", "name_latin": "KERİM ŞAHBENDER", "version": browser.version}
    assert browser.post(f"{path}/parties/add", **asked).status_code == 303
    browser.get(f"{path}/parties")
    assert "a colleague who holds the key" in browser.text
    browser.get(f"{path}/conflict")
    assert "Not compared yet" in browser.text


def test_what_was_said_of_a_phone_stays_when_its_number_is_corrected(world: World) -> None:
    """The danger was said of the person: it stays with another phone too, and where there is none."""
    phone = {"number": "05321112233", "whose": "own", "channels": ["whatsapp"], "hours": "10-12"}
    wife = party("spouse", latin="SAMİRE KATİB")
    wife["phones"] = [{**phone, "safe_call": "no", "others": "kocası", "message_ok": "no", "cover_name": ""}]
    case = f"/cases/{world.record(record=matter('سلمى الخطيب', wife))}"
    page, browser = f"{case}/parties/{wife['id']}", world.browser("caseworker")

    def sent(number: str, **more: str) -> int:
        browser.get(page)
        said = {"role": "spouse", "name_latin": "SAMİRE KATİB", "phone": number, **more}
        return browser.post(page, version=browser.version, **said).status_code

    def shown() -> list[bool]:
        browser.get(page)
        return [words in browser.text for words in ("A call is not safe", "kocası", "10-12")]

    assert sent("0532 111 22 33") == 303  # written otherwise, and no other
    assert sent("05321112234") == 422
    assert any("another phone" in error for error in browser.errors)
    assert "05321112234" in browser.page
    assert sent("05321112234", phone_is="corrected") == 303
    assert shown() == [True, True, True]
    assert sent("05559998877", phone_is="another") == 303
    assert shown() == [True, False, False]
    assert sent("") == 303
    assert shown() == [True, False, False]
    assert sent("05559998866") == 303
    assert shown() == [True, False, False]
    browser.get(case)
    assert "A call is not safe" in browser.text


def test_a_danger_without_a_number_goes_into_a_file_of_their_own(world: World) -> None:
    wife = party("spouse", latin="SAMİRE KATİB") | {"safe_call": "no"}
    page = f"/cases/{world.record(record=matter('سلمى الخطيب', wife))}/parties/{wife['id']}"
    browser = world.browser("caseworker")
    browser.get(page)
    assert "A call is not safe" in browser.text
    [once] = re.findall(r'own-file".*?name="token" value="([^"]+)"', browser.page, re.DOTALL)
    browser.get(browser.post(f"{page}/own-file", token=once).location)
    ticked = re.findall(r'<input[^>]*checked[^>]*name="phones-0-channels"[^>]*value="(\w+)"', browser.page)
    assert ticked == ["none"]
