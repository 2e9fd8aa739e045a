"""Journeys 3 and 4 with nothing but keys: a request is decided, a lawyer is asked and accepts, and works."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.intake.stage import open_door
from tests.intake.urgent import ask
from tests.support.world import World

TOLD = "أخي محتجز منذ أمس"
MOST = 250  # presses of Tab on one page
# Whether somebody who looks at the screen sees where they are: an outline, or another look of the box.
SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const drawn = (e, part) => {
    const style = getComputedStyle(e, part);
    const line = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    return line || style.boxShadow !== 'none';
  };
  return box.width > 0 && [one, ...(one.labels || [])].some((e) => drawn(e) || drawn(e, '::after'));
}"""


@dataclass
class Hands:
    """Somebody who has no mouse."""

    player: Player

    @property
    def page(self) -> Page:
        return self.player.page

    def reach(self, selector: str) -> None:
        """Walk on with Tab until this has the focus, which is to be seen."""
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                assert self.page.evaluate(SEEN), f"nobody sees that {selector} has the focus"
                return
        raise AssertionError(f"{selector} is not reached on {self.page.url}")

    def press(self, selector: str, key: str = "Enter") -> None:
        """Walk to a link or button and press it; another page comes."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.player.look()

    def walk_to(self, href: str) -> None:
        """Walk through the lists of the page with J, and open what holds this address."""
        for _ in range(MOST):
            self.page.keyboard.press("j")
            if self.page.evaluate("s => document.activeElement.matches(s)", f"a[href*='{href}']"):
                break
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.player.look()

    def write(self, selector: str, text: str) -> None:
        """Walk to a field and type."""
        self.reach(selector)
        self.page.keyboard.insert_text(text)


@pytest.mark.parametrize(("language", "name"), [("ar", "سلمى الحسن"), ("tr", "هند العلي")])
def test_from_a_request_to_a_file_that_is_worked_on(stage: Stage, language: str, name: str) -> None:
    request_id = wanted(stage.world, name)
    coordinator = Hands(stage.enter("coordinator", language))
    coordinator.player.go("/desk")
    coordinator.press(".bar-nav a[href='/requests']")
    coordinator.walk_to(request_id)
    assert TOLD in coordinator.player.text
    coordinator.press("form[action$='/claim'] button")
    case = accepts(coordinator)
    asks_a_lawyer(coordinator)
    lawyer = Hands(stage.enter(chosen(coordinator, stage.world), language))
    lawyer.player.go("/desk")
    lawyer.walk_to("/assignments/")
    lawyer.press("form[action$='/accept'] button")
    assert TOLD in lawyer.player.text
    assert lawyer.page.url.endswith(case)
    works(lawyer)


def wanted(world: World, name: str) -> str:
    """A request of somebody who waits."""
    open_door(world)
    with world.app.app_context():
        return str(ask(world.cast, "U1", text=TOLD, whom="me", name=name, province="27"))


def accepts(hands: Hands) -> str:
    """Open a case from it; what the person wrote stands in the form."""
    hands.press("a[href$='/accept']")
    hands.reach("[name=issue]")
    hands.page.keyboard.press("End")
    hands.press("button[name=save]")
    found = hands.page.url.partition("/cases/")[2]
    assert TOLD in hands.player.text
    return f"/cases/{found}"


def asks_a_lawyer(hands: Hands) -> None:
    """Reasons stand beside each; the first is the best fit."""
    hands.press("a[href$='/assign']")
    hands.reach("[name=lawyer]")
    hands.page.keyboard.press("Space")
    hands.press("main form[action$='/assign'] button")


def chosen(hands: Hands, world: World) -> str:
    """Who was asked, as the page of the case tells."""
    names = {name: player for name, player in world.cast.players.items() if "lawyer" in name}
    return next(name for name in names if f"Kişi {name}" in hands.page.content())


def works(hands: Hands) -> None:
    """A note by its single key; a task is added in place, and done."""
    page = hands.page
    page.keyboard.press("n")
    page.keyboard.insert_text("dosya incelendi")
    hands.reach("#timeline form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .entry .typed").first).to_have_text("dosya incelendi")
    hands.reach("#tasks summary")
    page.keyboard.press("Enter")
    hands.write("#tasks [name=title]", "mahkemeyi ara")
    hands.reach("#tasks form button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator("#tasks .row-link")).to_have_text("mahkemeyi ara")
    hands.press("#tasks .row-link")
    hands.press("main a[href$='/end']")
    hands.reach("main [name=how]")
    page.keyboard.press("Space")
    hands.press("main form button[type=submit]")
    assert page.locator("#tasks .row-link").count() == 0
