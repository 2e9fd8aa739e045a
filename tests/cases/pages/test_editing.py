"""Two people at the same record, and the long form with a stored one."""

import html
import re
from html.parser import HTMLParser
from uuid import UUID

from tests.cases.pages.conftest import long_form
from tests.support.world import Browser, World


def edit_form(browser: Browser, **changes: object) -> dict[str, object]:
    form = long_form(version=browser.version, **changes)
    return {name: value for name, value in form.items() if name not in {"token", "restricted"}}


def test_the_form_shows_the_record_and_saves_changes(world: World) -> None:
    browser, path = world.browser("caseworker"), f"/cases/{world.record()}"
    browser.get(f"{path}/edit")
    assert "محمد الأحمد" in browser.page
    answer = browser.post(f"{path}/edit", **edit_form(browser, father="يوسف"))
    assert answer.status_code == 303, browser.errors
    browser.get(path)
    assert "يوسف" in browser.page
    assert "Record changed" in browser.page


def test_a_record_that_is_opened_and_saved_stays_the_same(world: World) -> None:
    browser = world.browser("caseworker")
    browser.get("/cases/new")
    path = browser.post("/cases/new", **long_form()).location
    browser.get(path)
    before = re.findall(r"<dl.*?</dl>", browser.page, re.DOTALL)
    browser.get(f"{path}/edit")
    assert browser.post(f"{path}/edit", **shown_in(browser)).status_code == 303, browser.errors
    browser.get(path)
    assert re.findall(r"<dl.*?</dl>", browser.page, re.DOTALL) == before


def test_a_doubtful_number_is_asked_about_once(world: World) -> None:
    browser = world.browser("caseworker")
    doubtful = {"numbers-0-kind": "foreigner_number", "numbers-0-value": "99123", "birth": ["1", "1", "1990"]}
    browser.get("/cases/new")
    path = browser.post("/cases/new", **long_form(**doubtful)).location
    browser.get(f"{path}/edit")
    assert browser.post(f"{path}/edit", **shown_in(browser)).status_code == 303
    browser.get(f"{path}/edit")
    changed = {**shown_in(browser), "numbers-0-value": "99124"}
    assert browser.post(f"{path}/edit", **changed).status_code == 200
    assert "This number does not have 11 digits" in browser.page


def hidden_in(browser: Browser) -> dict[str, list[str]]:
    """The fields that the page of both versions carries along."""
    [form] = re.findall(r'<form class="form".*?</form>', browser.page, re.DOTALL)
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    fields.pop("csrf_token")
    return fields


class _Fields(HTMLParser):
    """The fields of the page's long form with what a browser would send for them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.inside = False
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "data-draft-url" in given
        elif not self.inside:
            return
        elif tag == "input" and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.fields.setdefault(self.select, []).append(given["value"])
        elif tag == "textarea":
            self.area = given["name"]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.fields.setdefault(self.area, []).append(data.removeprefix("\r\n"))
            self.area = ""


def shown_in(browser: Browser) -> dict[str, list[str]]:
    """What a browser would send without anything changed."""
    parser = _Fields()
    parser.feed(browser.page)
    parser.fields.pop("csrf_token")
    return parser.fields


def both_editing(world: World, case: UUID) -> tuple[Browser, Browser, str]:
    """A caseworker saved while a coordinator was writing, who now sees both versions."""
    first, second, path = world.browser("caseworker"), world.browser("coordinator"), f"/cases/{case}/edit"
    first.get(path)
    second.get(path)
    assert first.post(path, **edit_form(first, father="يوسف", next_step="call on Monday")).status_code == 303
    answer = second.post(path, **edit_form(second, father="إبراهيم", next_step="write a petition"))
    assert answer.status_code == 409
    return first, second, path


def test_both_versions_are_shown_and_nothing_is_overwritten(world: World) -> None:
    case = world.record()
    first, second, _path = both_editing(world, case)
    for shown in ("يوسف", "إبراهيم", "call on Monday", "write a petition"):
        assert shown in second.page
    first.get(f"/cases/{case}")
    assert "يوسف" in first.page
    assert "إبراهيم" not in first.page


def test_the_choice_is_made_field_by_field(world: World) -> None:
    case = world.record()
    _first, second, path = both_editing(world, case)
    hidden = hidden_in(second)
    assert second.post(path, **hidden, **{"keep-father": "theirs"}).status_code == 409
    assert re.search(r'value="theirs"[^>]*checked', second.page)
    answer = second.post(path, **hidden, **{"keep-father": "theirs", "keep-next_step": "mine"})
    assert answer.status_code == 303, second.page
    second.get(f"/cases/{case}")
    assert "يوسف" in second.page
    assert "write a petition" in second.page
    assert "call on Monday" not in second.page


def test_a_third_save_meanwhile_is_asked_about_again(world: World) -> None:
    case = world.record()
    first, second, path = both_editing(world, case)
    hidden = hidden_in(second)
    first.get(path)
    assert first.post(path, **edit_form(first, father="سامر")).status_code == 303
    chosen = {"keep-father": "mine", "keep-next_step": "mine"}
    assert second.post(path, **hidden, **chosen).status_code == 409
    assert "سامر" in second.page


def test_a_draft_of_changes_comes_back_on_its_own_case_only(world: World) -> None:
    browser, one, other = world.browser("caseworker"), world.record(), world.record()
    browser.get(f"/cases/{one}/edit")
    form = edit_form(browser, father="يوسف")
    assert browser.post(f"/cases/{one}/draft", **form).status_code == 204
    browser.get(f"/cases/{other}/edit")
    assert "يوسف" not in browser.page
    browser.get(f"/cases/{one}/edit")
    assert "يوسف" in browser.page
    assert browser.post("/desk/drafts/discard", form="cases.edit", about=str(one)).status_code == 303
    browser.get(f"/cases/{one}/edit")
    assert "يوسف" not in browser.page


def test_a_draft_for_a_case_of_others_is_not_there(world: World) -> None:
    browser, case = world.browser("colleague"), world.record()
    browser.get("/desk")
    assert browser.post(f"/cases/{case}/draft", father="x").status_code == 404
    assert browser.get(f"/cases/{case}/edit").status_code == 404
