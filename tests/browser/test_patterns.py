"""Two organisations compare, tell each other counts, and see together what each alone does not."""

from __future__ import annotations

import pytest

from tests.advocacy.conftest import recur
from tests.browser.conftest import Stage
from tests.browser.player import Player
from tests.browser.test_statistics import western

WATCH = "üç hafta daha bakalım"
REJECT = "aynı ailenin iki dosyası sandık"
ACCEPT = "iki il müdürlüğünde aynı uygulama"
CIRCULAR = "yeni bir genelge kayıtları durduruyor"
THANKS = "üzerinde çalışacağız"


@pytest.mark.parametrize(
    ("language", "width", "other", "issue"), [("ar", 360, "YAD", "B05"), ("tr", 1280, "ZED", "K01")]
)
def test_what_two_see_together(stage: Stage, language: str, width: int, other: str, issue: str) -> None:
    there = stage.beside(other)
    for here, partner in ((stage, there), (there, stage)):
        compare(here.enter("admin", language, width), str(partner.world.cast.organisation_id))
    manager, their_manager = (one.enter("manager", language, width) for one in (stage, there))
    their_manager.go("/patterns/partners")
    their_manager.act(f"/{stage.world.cast.organisation_id}/tell")
    assert their_manager.page.locator("main form[action$='/stop']").count() == 1

    with stage.world.app.app_context():
        recur(there.world.cast, 2, issue=issue)
        recur(stage.world.cast, 3, issue=issue)
    look_through(their_manager)
    assert their_manager.page.locator("main .row-link").count() == 0
    look_through(manager)
    decide(manager)
    propose(stage.enter("lawyer", language, width), manager)

    their_manager.go("/patterns/partners")
    their_manager.act("/stop")
    assert their_manager.page.locator("main form[action$='/tell']").count() == 1
    again = stage.enter("manager", language, 360 if width == 1280 else 1280)
    for path in ("/patterns", "/patterns/partners", "/patterns/proposals", manager.page.url):
        again.go(path)


def compare(admin: Player, partner: str) -> None:
    """Read the fingerprint by voice and sign."""
    admin.go("/partners")
    admin.press(f"/partners/{partner}/confirm")
    assert admin.page.locator("main .code-block code, main code").count() >= 1
    admin.page.locator("[name=compared]").check()
    admin.send("compared")
    assert admin.page.locator(f"main a[href*='{partner}']").count() == 0


def look_through(manager: Player) -> None:
    """The page looks through the facts by itself."""
    manager.page.goto(f"{manager.url}/patterns/scan")
    manager.page.wait_for_url("**/patterns")
    manager.look()


def decide(manager: Player) -> None:
    """The sentence, the chart and its table say the same; watched, rejected, at last accepted."""
    manager.page.locator("main a.row-link").first.click()
    manager.page.wait_for_load_state()
    manager.look()
    assert "5" in western(manager.page.locator("main .page-title").inner_text())
    manager.page.locator("#weeks summary").click()
    cells = [
        int(western(text)) for text in manager.page.locator("#weeks td.cell-number bdi").all_inner_texts()
    ]
    assert sum(cells[::2]) == 3
    assert sum(cells[1::2]) == 2
    assert manager.page.locator("#weeks svg svg rect").count() > 1
    manager.send_wrongly("verdict")
    assert manager.page.locator(".page-actions a[href*='/dossiers/new']").count() == 0
    for verdict, reason in (("watched", WATCH), ("rejected", REJECT), ("accepted", ACCEPT)):
        manager.fill(verdict=verdict, reason=reason)
        manager.send("verdict")
        assert reason in manager.page.locator("#history .pairs").first.inner_text()
    assert manager.page.locator("#history .pairs").count() == 3
    assert manager.page.locator(".page-actions a[href*='/dossiers/new']").count() == 1


def propose(lawyer: Player, manager: Player) -> None:
    """Somebody noticed a circular; the answer comes back."""
    lawyer.go("/desk")
    lawyer.press("/patterns/propose")
    lawyer.send_wrongly("text")
    lawyer.fill(issue="A02", province="27", text=CIRCULAR)
    lawyer.send("text")
    pattern = manager.page.url
    manager.go("/desk")
    manager.press("/patterns/proposals")
    manager.press("/patterns/proposals/")
    assert CIRCULAR in manager.text
    manager.send_wrongly("verdict")
    manager.fill(verdict="accepted", reason=THANKS)
    manager.send("verdict")
    lawyer.go("/patterns/propose")
    assert THANKS in lawyer.text
    manager.go(pattern)
