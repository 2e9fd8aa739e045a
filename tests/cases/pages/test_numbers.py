"""The search finds a case by the number of its hearing, its filing, or what came of them."""

from __future__ import annotations

import re

import pytest

from tests.cases.pages.test_lines import PETITION
from tests.cases.pages.test_matter import put
from tests.cases.pages.test_todo import boxes, items_of, send, today
from tests.support.world import Browser, World, as_written


def finds(browser: Browser, case: str, *numbers: str) -> list[bool]:
    """Whether a search for each of these leads to the case."""
    found = []
    for number in numbers:
        browser.get("/cases")
        browser.post("/cases/search", q=number)
        found.append(f'href="{case}"' in browser.page)
    return found


@pytest.mark.parametrize("language", ["ar", "tr"])
def test_a_case_is_found_by_the_number_of_its_hearing(world: World, language: str) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker", language)
    hearing = {"title": "Duruşma", "where": "Ankara", "owner": "", "day": boxes(today(9))}
    send(browser, f"{case}/todo/new/hearing", **hearing, file_number="٢٠٢٦/٧٧٨٨٩٩١")
    [one] = items_of(browser, case)
    assert finds(browser, case, "2026/7788991") == [True]
    send(browser, f"{one}/change", **hearing, file_number="2026/7788992")
    assert finds(browser, case, "2026/7788991", "2026/7788992") == [False, True]
    send(browser, f"{one}/end", came="mistake")
    assert finds(browser, case, "2026/7788992") == [False]


def test_a_case_is_found_by_the_number_of_a_filing_and_of_its_outcome(world: World) -> None:
    case, browser = f"/cases/{world.record()}", world.browser("caseworker")
    put(browser, f"{case}/timeline/new/filing", **{**PETITION, "number": "2026/6655441"})
    asked = as_written(world, f"{case}/timeline/new/outcome")
    [result] = set(re.findall(rf'href="({asked}\?of=[0-9a-f-]{{36}})"', browser.page))
    of = result.rpartition("=")[2]
    put(browser, asked, of=of, result="partly", on=["9", "11", "2026"], number="2026/6655442")
    assert finds(browser, case, "2026/6655441", "2026/6655442") == [True, True]
    put(
        browser,
        f"{case}/timeline/{of}/correct/1",
        **{**PETITION, "number": "2026/6655443"},
        wrong="Yanlış no",
    )
    assert finds(browser, case, "2026/6655441", "2026/6655442", "2026/6655443") == [False, True, True]
