"""Deadlines that come together, and a change of law, on the pages."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from cases.service import files, law, members, progress
from core.store.transaction import transaction
from tests.cases.pages.test_deadlines import served, shown
from tests.cases.service.test_law import longer, proposed
from tests.support.world import Browser, World


def addresses(browser: Browser, case: str) -> list[str]:
    browser.get(case)
    return list(dict.fromkeys(re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', browser.page)))


def added(browser: Browser, case: str, **changes: object) -> str:
    browser.get(f"{case}/deadlines/new")
    form = served(browser, **changes)
    browser.post(f"{case}/deadlines/new", **form)
    assert browser.post(f"{case}/deadlines/new", **form, counted=shown(browser)).location == case
    return addresses(browser, case)[0]


@pytest.mark.parametrize(
    ("language", "court"),
    [("ar", "المحكمة الإدارية"), ("tr", "İdare mahkemesi"), ("en", "Administrative court")],
)
def test_what_the_same_event_starts_is_offered_and_added(world: World, language: str, court: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    browser.get(f"{case}/deadlines/new")
    form = served(browser, rule="IP_COMM")
    assert 'name="also"' not in browser.page
    browser.post(f"{case}/deadlines/new", **form)
    assert boxes(browser) == {"IP_COURT30": True}
    assert court in browser.text
    counted = shown(browser)
    bad = {**form, "also": ["IP_COURT30", "NOTHING"], "counted": counted}
    assert browser.post(f"{case}/deadlines/new", **bad).status_code == 422
    good = {**form, "also": ["IP_COURT30"], "counted": counted}
    for _ in range(2):
        assert browser.post(f"{case}/deadlines/new", **good).location == case
    assert len(addresses(browser, case)) == 2


@pytest.mark.parametrize("between", ["the second person left", "the case was closed", "the law was changed"])
def test_a_second_click_is_answered_as_the_first_whatever_happened_in_between(
    world: World, between: str
) -> None:
    cast = world.cast
    with world.app.app_context():
        case_id: UUID = cast.record()
        with transaction():
            members.add(cast["caseworker"], case_id, cast["colleague"].person_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker")
    path, second = f"{case}/deadlines/new", str(cast["colleague"].person_id)
    browser.get(path)
    form = {
        **served(browser, rule="IP_COMM"),
        "responsible": str(cast["caseworker"].person_id),
        "second": second,
    }
    browser.post(path, **form)
    sent = {**form, "also": ["IP_COURT30"], "counted": shown(browser)}
    assert browser.post(path, **sent).location == case
    with world.app.app_context(), transaction():
        if between == "the second person left":
            members.remove(cast["coordinator"], case_id, cast["colleague"].person_id)
        elif between == "the case was closed":
            version = files.open_case(cast["coordinator"], case_id).version
            closing = {"level": "S1", "code": "A", "outcome": "achieved", "despite": "Kişi vazgeçti"}
            progress.move(
                cast["coordinator"], case_id, version, "closed", why="lost_contact", closing=closing
            )
    if between == "the law was changed":
        sent["counted"] = "2026-11-30 0123456789abcdef"
    assert browser.post(path, **sent).location == case
    assert len(addresses(browser, case)) == 2


def test_what_was_not_chosen_is_not_added(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    added(browser, case, rule="IP_COMM")  # the box was cleared
    assert len(addresses(browser, case)) == 1


def boxes(browser: Browser) -> dict[str, bool]:
    """What the page offers with it, and whether it is chosen."""
    found = re.findall(r'<input[^>]*name="also"[^>]*>', browser.page)
    return {re.findall(r'value="(\w+)"', box)[0]: "checked" in box for box in found}


def hidden(browser: Browser, name: str) -> str:
    return str(re.findall(rf'name="{name}"[^>]*value="([^"]*)"', browser.page)[0])


def test_an_error_or_another_answer_loses_no_choice(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    path = f"{case}/deadlines/new"
    browser.get(path)
    form = served(browser, rule="DEP_SUIT")
    browser.post(path, **form)
    assert boxes(browser) == {"DET_OBJ": False, "DET_MAX1": False}
    assert "(Criminal judgeship of peace): our own target" in browser.text  # which the law does not limit
    chosen = {"also": ["DET_OBJ"], "offered": hidden(browser, "offered"), "counted": shown(browser)}
    assert browser.post(path, **{**form, "second": ""}, **chosen).status_code == 422
    assert boxes(browser) == {"DET_OBJ": True, "DET_MAX1": False}
    assert shown(browser) == ""  # nothing is added before it was shown again
    again = {**chosen, "offered": hidden(browser, "offered"), "counted": shown(browser)}
    browser.post(path, **{**form, "served_on": ["3", "11", "2026"]}, **again)
    assert boxes(browser) == {"DET_OBJ": True, "DET_MAX1": False}
    assert browser.text.count("How it was counted") == 3  # each with its account
    last = {"offered": hidden(browser, "offered"), "counted": shown(browser)}
    sent = {**form, "served_on": ["3", "11", "2026"], "also": ["DET_OBJ"], **last}
    assert browser.post(path, **sent).location == case
    assert len(addresses(browser, case)) == 2


def test_a_target_of_ours_that_is_over_is_no_lost_time_limit(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    card = added(browser, case, rule="DET_OBJ", served_on=["2", "10", "2026"])
    browser.get(card)
    assert "There is no time limit: do it today" in browser.text
    assert "Tell a lawyer today" not in browser.text
    assert "Safe until" not in browser.text


@pytest.mark.parametrize(
    ("language", "own", "again"),
    [
        ("ar", "هدف وضعناه لأنفسنا", "متابعة المرة القادمة أيضًا"),
        ("tr", "kendi hedefimizdir", "Bir sonraki sefer de takip edilsin"),
        ("en", "our own target", "Watch for the next time as well"),
    ],
)
def test_an_objection_to_detention_comes_back(world: World, language: str, own: str, again: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    card = added(browser, case, rule="DET_OBJ")
    assert own in (browser.get(card), browser.text)[1]
    assert again in (browser.get(f"{card}/meet"), browser.text)[1]
    form = {"version": "1", "on": ["3", "11", "2026"], "proof": "2026/77 D. İş", "again": "y"}
    for _ in range(2):  # a double click
        assert browser.post(f"{card}/meet", **form).location == case
    first, second = addresses(browser, case)
    assert second == card
    assert own in (browser.get(first), browser.text)[1]


def test_what_is_done_once_does_not_ask_for_the_next_time(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    card = added(browser, case)
    assert "the next time" not in (browser.get(f"{card}/meet"), browser.text)[1]


@pytest.mark.parametrize(
    ("language", "name"), [("ar", "هالة درويش"), ("tr", "غسان قباني"), ("en", "ريم الأتاسي")]
)
def test_a_call_is_recorded_in_few_questions(world: World, language: str, name: str) -> None:
    browser = world.browser("caseworker", language)
    assert "/cases/new?call=1" in (browser.get("/cases/new"), browser.page)[1]
    browser.get("/cases/new?call=1")
    asked = set(re.findall(r'<(?:input|select|textarea)(?![^>]*"hidden")[^>]*name="([^"]+)"', browser.page))
    assert asked - {"q", "language"} == {
        "name_ar", "name_latin", "phones-0-number", "phones-0-whose", "phones-0-message_ok", "phones-0-hours",
        "phones-0-channels",
        "parties-0-role", "parties-0-name_ar", "parties-0-name_latin",
        "issue", "province", "narrative", "detained", "removal", "deadline", "danger", "urgency",
    }  # fmt: skip # the questions
    carried = r'<input[^>]*name="(consents-\d+-\w+|token|nationality)"[^>]*value="([^"]*)"'
    phone = f"0532 765 43 {len(language) + ord(language[0]) % 80}"
    typed = {**dict(re.findall(carried, browser.page)), "language": "unknown", "name_ar": name}
    typed["phones-0-number"] = phone
    assert browser.post("/cases/new?call=1", **typed).status_code == 422  # what is it about?
    assert name in browser.page
    browser.post("/cases/new", **typed, look="1")
    assert browser.page.count('name="consents-') > 10  # everything is asked, and what was typed stays
    assert phone in browser.page
    answer = browser.post("/cases/new?call=1", **typed, issue="D01", urgency="U1", narrative="İki gün önce.")
    assert answer.status_code == 303, browser.errors
    browser.get(answer.location)
    assert name in browser.page
    assert phone in browser.page


TONIGHT = {"ar": "في خطر هذه الليلة", "tr": "Bu gece tehlikede", "en": "In danger tonight"}
REMOVED = {"ar": "معرّض لترحيل قريب", "tr": "Ülke dışına gönderilmek", "en": "About to be sent out of the"}
LATER = {"ar": "لاحقًا في الملف", "tr": "daha sonra dosyada", "en": "later in the file"}


@pytest.mark.parametrize(("language", "name"), [("ar", "جود سمّان"), ("tr", "HALE SEMMAN"), ("en", "Jud S")])
def test_what_cannot_wait_makes_it_urgent_and_leads_to_the_deadline(
    world: World, language: str, name: str
) -> None:
    browser = world.browser("caseworker", language)

    def recorded(**more: object) -> str:
        browser.get("/cases/new?call=1")
        token = re.findall(r'name="token"[^>]*value="([^"]+)"', browser.page)[0]
        said = {"token": token, "name_latin": name, "issue": "D01", "anyway": "1", **more}
        answer = browser.post("/cases/new?call=1", **said)
        if answer.status_code == 200:  # asked once more
            [chosen] = [
                one
                for one in re.findall(r'<input[^>]*name="urgency"[^>]*>', browser.page)
                if "checked" in one
            ]
            assert 'value="U0"' in chosen
            said |= {"weighed": "U0", "urgency": more["urgency"]}
            answer = browser.post("/cases/new?call=1", **said)
        assert answer.status_code == 303, browser.errors
        browser.get(answer.location)
        return str(answer.location)

    held = recorded(detained="yes", deadline="unsure")
    assert held.endswith("/deadlines/new")
    assert LATER[language] in browser.text
    assert "U0" in (browser.get(held.removesuffix("/deadlines/new")), browser.text)[1]
    on_paper = recorded(deadline="yes", urgency="")
    assert on_paper.endswith("/deadlines/new")
    assert "U1" in (browser.get(on_paper.removesuffix("/deadlines/new")), browser.text)[1]
    nothing = recorded(detained="no", deadline="no")
    assert not nothing.endswith("/deadlines/new")
    assert "U2" in browser.text  # as the issue says
    tonight = recorded(danger="yes", removal="no")
    assert not tonight.endswith("/deadlines/new")
    line = browser.page[browser.page.index('id="timeline"') :]
    assert ("U0" in browser.text, TONIGHT[language] in line, REMOVED[language] in line) == (True, True, True)
    assert recorded(removal="yes").endswith("/deadlines/new")
    against = recorded(detained="yes", urgency="U1").removesuffix("/deadlines/new")
    assert "U1" in (browser.get(against), browser.text)[1]  # whoever was asked and stays has decided


def test_a_call_about_something_delicate_asks_who_may_open_it(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new?call=1")
    assert 'name="restricted"' not in browser.page
    browser.post("/cases/new?call=1", name_latin="HALA", issue="H01", urgency="U1")
    assert 'name="restricted"' in browser.page


CHANGED = {
    "ar": "تغيّر القانون أو التقويم",
    "tr": "Mevzuat veya takvim değişti",
    "en": "The law or calendar has changed",
}
BY_ITSELF = {"ar": "من تلقاء نفسه", "tr": "kendiliğinden", "en": "by itself"}
STAYS = {"ar": "يبقى التاريخ كما هو", "tr": "tarih kalsın", "en": "The date stays"}


def test_a_change_of_law_is_seen_and_decided(world: World) -> None:
    """The last one here: it changes the law for all of them."""
    with world.app.app_context():
        case_id: UUID = world.cast.record()
        world.cast.assign(case_id)
    case = f"/cases/{case_id}"
    card = added(world.browser("caseworker"), case)
    for language, said in CHANGED.items():
        lawyer = world.browser("lawyer", language)
        assert said not in (lawyer.get("/desk"), lawyer.text)[1]
        assert STAYS[language] not in (lawyer.get(f"{card}/move"), lawyer.text)[1]
    signed(world, longer())
    for language, said in CHANGED.items():
        lawyer = world.browser("lawyer", language)
        assert said in (lawyer.get("/desk"), lawyer.text)[1]
        assert card in (lawyer.get("/deadlines?whose=touched"), lawyer.page)[1]
        assert lawyer.get(card).status_code == 200
        assert STAYS[language] in (lawyer.get(f"{card}/move"), lawyer.text)[1]
    form = {"version": "1", "what": "stay", "to": ["", "", ""], "reason": "Eski kural geçerli"}
    lawyer = world.browser("lawyer", "en")
    lawyer.get(f"{card}/move")
    form["law"] = hidden(lawyer, "law")
    for _ in range(2):  # a double click
        assert lawyer.post(f"{card}/move", **form).location == case
    assert CHANGED["en"] not in (lawyer.get("/desk"), lawyer.text)[1]
    assert card not in (lawyer.get("/deadlines?whose=touched"), lawyer.page)[1]
    assert "Eski kural geçerli" in (lawyer.get(card), lawyer.text)[1]
    signed(world, longer(3, "2026-11-02"))
    for language, said in BY_ITSELF.items():
        lawyer = world.browser("lawyer", language)
        lawyer.get("/desk")  # whose session counts, and decides nothing
        assert lawyer.get(card).status_code == 200
        assert lawyer.text.count(said) == 2  # why it stands, and among its moves
        assert lawyer.get(case).status_code == 200
        assert lawyer.text.count(said) == 2  # beside the date, and in the timeline


def signed(world: World, row: dict[str, str]) -> None:
    with world.app.app_context():
        change = proposed(world.cast, "rules", row)
        with transaction():
            law.sign(world.cast["lawyer"], change, 1)
