"""What was entered into the register of originals by mistake, or would be entered twice."""

from __future__ import annotations

from tests.cases.pages.test_documents import bring, delete
from tests.cases.pages.test_todo import boxes, items_of, send, today, token
from tests.documents.corpus import page_pdf, saved
from tests.intake.papers import upload
from tests.support.world import Browser, World, as_written

GIVER, PLACE = "Fatma Başkası", "Çekmece 9"


def taken_in(browser: Browser, case: str, paper: str) -> str:
    """Take the original of a document in; gives the page of its entry."""
    new, document = f"{case}/todo/new/original", paper.rpartition("/")[2]
    known = {"title": "Pasaport", "giver": GIVER, "place": PLACE, "document": document}
    return send(browser, f"{new}?document={document}", **known, received_on=boxes(today()))


def test_an_original_entered_by_mistake_frees_the_paper_and_was_never_given_back(world: World) -> None:
    case_id = world.record()
    with world.app.app_context():
        world.cast.assign(case_id)
    case, browser = f"/cases/{case_id}", world.browser("caseworker")
    [paper] = bring(browser, case, upload(saved(page_pdf("pasaport")), "Baskasinin.pdf"))
    one = taken_in(browser, case, paper)
    send(browser, f"{one}/end", to=GIVER, how="signed", text="", returned_on=boxes(today()))
    out = f"{one}/mistaken"
    browser.get(one)
    assert f'href="{out}"' in browser.page
    browser.get(out)
    said = {"version": browser.version, "token": token(browser)}
    assert browser.post(out, **said, reason="").status_code == 422
    assert send(browser, out, reason="Başka dosyanın pasaportu") == one
    browser.get(one)
    for words in ("Entered by mistake", "Başka dosyanın pasaportu", "Kişi caseworker"):
        assert words in browser.text, words
    for gone in (GIVER, PLACE, "/again", "/end", "/receipt/", paper):
        assert gone not in browser.page, gone
    assert browser.post(f"{one}/again", version=3, token=said["token"]).status_code == 409
    assert browser.get(f"{one}/receipt/en.pdf").status_code == 404
    browser.get(case)
    assert GIVER not in browser.text
    assert "Given to" not in browser.text
    lawyer = world.browser("lawyer")
    lawyer.get(f"{case}/export/2")
    assert "Pasaport" not in lawyer.text
    assert "Given back" not in lawyer.text
    assert delete(browser, paper, "Başka kişinin") == 303


def test_an_original_is_in_the_register_once(world: World) -> None:
    case, browser, other = (
        f"/cases/{world.record()}",
        world.browser("caseworker"),
        world.browser("coordinator"),
    )
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Karar 12.pdf"))
    document = paper.rpartition("/")[2]
    late = as_written(world, f"{case}/todo/new/original") + f"?document={document}"
    other.get(late)
    stale: dict[str, object] = {"title": "Karar 12", "giver": GIVER, "place": "Dolap 3", "document": document}
    stale |= {"received_on": boxes(today()), "token": token(other)}
    one = taken_in(browser, case, paper)
    assert other.post(late, **stale).status_code == 422
    assert "lies with us already" in other.text
    assert [page for page in items_of(browser, case) if page == one] == [one]
    assert len(items_of(browser, case)) == 1


def test_who_got_another_paper_of_the_same_name_stays_in_the_timeline(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    new = as_written(world, f"{case}/todo/new/original")
    pages = {}
    for to in ("Leyla Birinci", "Meryem İkinci"):
        known = {"title": "Pasaport", "giver": to, "place": PLACE, "received_on": boxes(today())}
        pages[to] = send(browser, new, **known)
        gave = {"to": to, "how": "none", "text": f"{to} imzalamadı"}
        send(browser, f"{pages[to]}/end", **gave, returned_on=boxes(today()))
    send(browser, f"{pages['Leyla Birinci']}/mistaken", reason="Yanlış dosya")
    browser.get(case)
    assert "Leyla Birinci" not in browser.text  # nor in what was written about it
    assert "Meryem İkinci imzalamadı" in browser.text
    assert browser.text.count("Given to") == 1


def test_what_a_colleague_typed_about_an_original_just_taken_out_is_shown(world: World) -> None:
    case, browser, other = (
        f"/cases/{world.record()}",
        world.browser("caseworker"),
        world.browser("coordinator"),
    )
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Karar 12.pdf"))
    one = taken_in(browser, case, paper)
    typed: dict[str, dict[str, object]] = {
        "change": {"title": "Karar 12", "giver": GIVER, "place": "Dolap 777", "received_on": boxes(today())},
        "end": {"to": "Ahmet Yazıldı", "how": "signed", "text": "", "returned_on": boxes(today())},
        "mistaken": {"reason": "İkinci sebep"},
    }
    for name, said in typed.items():
        other.get(f"{one}/{name}")
        said |= {"token": token(other), "version": other.version}
    send(browser, f"{one}/mistaken", reason="Başka dosyanın")
    for name, words in {"change": "Dolap 777", "end": "Ahmet Yazıldı", "mistaken": "İkinci sebep"}.items():
        answer = other.post(f"{one}/{name}", **typed[name])
        assert answer.status_code == 303, name
        other.get(answer.location)
        assert words in other.text, name
        assert "It can be sent here no more" in other.text, name


def test_an_original_that_was_taken_in_again_does_not_come_back_beside_itself(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    [paper] = bring(browser, case, upload(saved(page_pdf("karar")), "Karar 12.pdf"))
    first = taken_in(browser, case, paper)
    send(browser, f"{first}/end", to=GIVER, how="signed", text="", returned_on=boxes(today()))
    second = taken_in(browser, case, paper)
    browser.get(first)
    again = {"version": browser.version, "token": token(browser)}
    assert browser.post(f"{first}/again", **again).status_code == 422
    assert "lies with us already" in browser.text
    send(browser, f"{second}/end", to=GIVER, how="signed", text="", returned_on=boxes(today()))
    assert browser.post(f"{first}/again", **again).status_code == 303
