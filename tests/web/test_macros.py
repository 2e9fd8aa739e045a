"""The look as a person meets it: readable, reachable, nothing inline, nothing wider than the screen."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.serving import make_server

from tests.web.gallery import ROOT, gallery_app

LAYOUTS = ("desk", "plain", "public")
TEXT_ON = {
    "ink": ("paper", "raised", "wash", "accent-wash", "warning-wash", "danger-wash"),
    "quiet": ("paper", "raised", "wash"),
    "accent": ("paper", "raised", "accent-wash"),
    "accent-strong": ("paper",),
    "on-accent": ("accent", "accent-strong"),
    "warning": ("paper", "warning-wash"),
    "danger": ("paper", "danger-wash"),
    "on-danger": ("danger",),
}


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The gallery's address."""
    server = make_server("127.0.0.1", 0, gallery_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def html(layout: str, language: str = "ar", *, post: bool = False) -> str:
    """A gallery page as the server sends it."""
    client = gallery_app().test_client()
    open_page = client.post if post else client.get
    return open_page(f"/{layout}", headers={"Accept-Language": language}).get_data(as_text=True)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_all_text_has_a_contrast_of_seven_and_edges_of_three(scheme: int) -> None:
    halves = (ROOT / "static/css/tokens.css").read_text().split("prefers-color-scheme: dark")
    tokens = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", halves[scheme]))
    for text, grounds in TEXT_ON.items():
        for ground in grounds:
            assert contrast(tokens[text], tokens[ground]) >= 7, (text, ground)
    assert contrast(tokens["edge"], tokens["raised"]) >= 3
    assert contrast(tokens["mark"], tokens["paper"]) >= 3


def test_contrast_is_measured_as_in_the_standard() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(("layout", "post"), list(product(LAYOUTS, (False, True))))
def test_pages_hold_no_inline_style_or_script_and_nothing_from_elsewhere(layout: str, post: bool) -> None:
    page = html(layout, post=post)
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", page)
    assert not re.findall(r"<script(?![^>]*\ssrc=)", page)
    outside = re.findall(r'(?:src|href)="(https?:[^"]+)"', page)
    assert outside == (["https://www.google.com/"] if layout == "public" else [])


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("tr", "ltr"), ("en", "ltr")])
def test_language_and_direction_are_named(language: str, direction: str) -> None:
    assert f'<html lang="{language}" dir="{direction}"' in html("desk", language)


def test_the_public_title_and_icon_do_not_say_what_this_is() -> None:
    page = html("public", "en")
    assert "<title>Page</title>" in page
    assert "himaya" not in page.lower().replace("himaya-", "")
    assert "mark.svg" not in page


def test_an_error_is_named_in_the_summary_and_tied_to_its_control() -> None:
    page = html("desk", "en", post=True)
    assert '<a href="#given">' in page
    control = re.search(r'<input[^>]*id="given"[^>]*>', page)
    assert control is not None
    assert 'aria-describedby="given-error"' in control[0]
    assert 'aria-invalid="true"' in control[0]
    assert 'id="given-error"' in page
    assert '<a href="#sex-0">' in page, "a group of answers is reached at its first one"


def test_text_is_never_cut_or_kept_or_checked_by_the_browser() -> None:
    page = html("desk")
    assert "maxlength" not in page
    for control in re.findall(r'<input[^>]*type="(?:text|tel|password|search)"[^>]*>', page):
        assert 'autocomplete="off"' in control, control
    assert '<body class="desk" spellcheck="false">' in page


def test_the_three_boxes_of_a_date_keep_what_was_typed() -> None:
    client = gallery_app().test_client()
    page = client.post("/desk", data={"served": ["٣١", "٢", "٢٠٢٦"]}).get_data(as_text=True)
    boxes = re.findall(r'name="served" value="([^"]*)"', page)
    assert boxes == ["٣١", "٢", "٢٠٢٦"]
    assert '<a href="#served">' in page


def test_the_first_public_page_weighs_less_than_100_kilobytes(browser: Browser, gallery: str) -> None:
    context = browser.new_context(locale="ar", viewport={"width": 360, "height": 640})
    page = context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}))
    page.goto(f"{gallery}/public", wait_until="networkidle")
    context.close()
    assert any("plex-arabic-400" in url for url in sizes), "the page is set in its own typeface"
    assert sum(sizes.values()) < 100_000, sizes


CASES = list(product(LAYOUTS, ("ar", "tr"), ("light", "dark")))


@pytest.mark.parametrize(("layout", "language", "scheme"), CASES)
def test_axe_finds_nothing(browser: Browser, gallery: str, layout: str, language: str, scheme: str) -> None:
    context = browser.new_context(locale=language, color_scheme=scheme)  # type: ignore[arg-type] # a literal of two words
    page = context.new_page()
    page.goto(f"{gallery}/{layout}")
    found = Axe().run(page)["violations"]
    context.close()
    assert not found, [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize(("layout", "language"), list(product(LAYOUTS, ("ar", "tr"))))
def test_nothing_is_wider_than_a_screen_of_320_pixels(
    browser: Browser, gallery: str, layout: str, language: str
) -> None:
    context = browser.new_context(locale=language, viewport={"width": 320, "height": 640}, is_mobile=True)
    page = context.new_page()
    page.goto(f"{gallery}/{layout}")
    widest = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert widest <= 320


@pytest.mark.parametrize(
    ("layout", "width", "least"), [("desk", 360, 44), ("desk", 1280, 36), ("public", 360, 44)]
)
def test_targets_are_large_enough(
    browser: Browser, gallery: str, layout: str, width: int, least: int
) -> None:
    context = browser.new_context(
        locale="ar", viewport={"width": width, "height": 800}, has_touch=width < 1024
    )
    page = context.new_page()
    page.goto(f"{gallery}/{layout}")
    controls = page.locator(".button, input[type=text], select, textarea, .languages a, nav a")
    boxes = [control.bounding_box() for control in controls.all() if control.is_visible()]
    small = [box for box in boxes if box is not None and box["height"] < least - 0.5]
    context.close()
    assert small == []


def test_a_list_is_walked_by_keys(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/desk")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement === document.body"), "the arrows scroll where nobody walks"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.type("jk/")
    page.keyboard.type("?")
    assert page.evaluate("document.activeElement.value") == "jk/?", "no shortcut while somebody types"
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ت', code: 'KeyJ', bubbles: true}))"
    )
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1, "by place in Arabic"
    page.keyboard.press("?")
    assert page.url.endswith("#keys")


def test_the_counter_counts_code_points_and_never_cuts(browser: Browser, gallery: str) -> None:
    page = browser.new_context(locale="ar").new_page()
    page.goto(f"{gallery}/desk")
    page.fill("#note", "😀" * 4001)
    assert "١" in page.locator("#note-limit").first.inner_text()
    assert page.evaluate("[...document.querySelector('#note').value].length") == 4001


def test_a_form_is_sent_once(page: Page, gallery: str) -> None:
    posts: list[str] = []

    def answer(route: Route) -> None:
        posts.append(route.request.method)
        route.fulfill(status=204)  # the browser stays on the page, as while it waits

    page.goto(f"{gallery}/desk")
    page.route("**/desk", answer)
    button = page.locator("form[enctype] .button-primary")
    for _ in range(2):
        button.dispatch_event("click")
    page.wait_for_timeout(300)
    assert posts == ["POST"]
    assert button.get_attribute("aria-disabled") == "true"
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    button.dispatch_event("click")
    page.wait_for_timeout(300)
    assert posts == ["POST", "POST"], "coming back to the page opens the form again"


def test_a_draft_is_saved_when_the_page_is_left(page: Page, gallery: str) -> None:
    saved: list[str] = []

    def save(route: Route) -> None:
        saved.append(route.request.post_data or "")
        route.fulfill(status=204)

    page.goto(f"{gallery}/desk")
    page.route("**/draft", save)
    page.fill("#narrative", "typed before leaving")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.wait_for_timeout(300)
    assert len(saved) == 1
    assert "typed+before+leaving" in saved[0]
    assert "csrf_token=" in saved[0]
    assert page.locator("[data-draft-status]").inner_text().startswith("Draft saved")


def test_the_password_meter_agrees_with_the_server(page: Page, gallery: str) -> None:
    page.goto(f"{gallery}/desk")
    page.locator("#password").press_sequentially("password1")
    expect(page.locator(".meter")).to_have_text("Very easy to guess")
    page.fill("#password", "copper lantern drifts over quiet harbours")
    expect(page.locator(".meter")).to_have_text("Very strong")


def test_leaving_quickly_takes_the_page_out_of_the_history(page: Page, gallery: str) -> None:
    page.route("https://www.google.com/", lambda route: route.fulfill(body="elsewhere"))
    page.goto(f"{gallery}/plain")
    page.goto(f"{gallery}/public")
    page.locator("[data-exit]").click()
    page.wait_for_url("https://www.google.com/")
    page.go_back()
    assert page.url.endswith("/plain")


def test_a_page_works_without_scripts(browser: Browser, gallery: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ar")
    page = context.new_page()
    page.goto(f"{gallery}/desk", wait_until="networkidle")  # a file cut off halfway stays open in this server
    page.locator(".menu summary").click()
    assert page.locator(".menu-sheet").is_visible()
    page.locator("form[enctype] .button-primary").click()
    assert page.locator(".error-summary").first.is_visible()
    page.wait_for_load_state("networkidle")
    context.close()


def test_the_browser_reports_no_breach_of_the_policy(page: Page, gallery: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for layout in LAYOUTS:
        page.goto(f"{gallery}/{layout}", wait_until="networkidle")
    assert said == []


def test_every_macro_of_the_catalogue_is_in_the_gallery() -> None:
    named = set(re.findall(r"{% set (\w+) = ", Path(ROOT / "templates/_macros/ui.html").read_text()))
    shown = "".join((ROOT / f"templates/gallery/{name}.html").read_text() for name in ("all", "public"))
    layouts = {"csrf", "error_summary", "flashes", "language_links", "brand", "button", "moment", "icon"}
    assert {name for name in named if f"ui.{name}(" not in shown} <= layouts
    documented = (ROOT / "docs/interface.md").read_text()
    assert {name for name in named if f"`{name}(" not in documented and f"{name}(" not in documented} == set()
