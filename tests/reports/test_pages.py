"""Statistics as a manager meets them in a browser without JavaScript, and as nobody else does."""

import datetime as dt
import html
import re

import pytest
from flask import Flask

from core.access.guard import FRESH
from core.audit.models import AuditEntry
from core.store.base import db
from reports.models import QuarterSnapshot, Release
from tests.reports.conftest import Office, begun
from tests.reports.test_quarters import MAY, ON_SQLITE, Q2
from tests.support.clock import FrozenClock

pytestmark = ON_SQLITE  # the services below the pages are shown on both databases

TABLE = f"/statistics/province/{Q2}"
PAGES = ["/statistics", TABLE, f"{TABLE}/export", "/statistics/releases"]


def visible(page: str) -> str:
    """The text of a page, tags taken out."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def counted(office: Office) -> Office:
    return begun(office.settings, "a quarter", lambda: recorded(office))


def recorded(office: Office) -> Office:
    for province, size in (("34", 40), ("27", 23), ("31", 3), ("63", 2), ("01", 1)):
        office.case(MAY, count=size, province=province)
    return office


def test_choose_a_table_see_it_export_it_find_it_again(counted: Office, app: Flask) -> None:
    client = counted.visit(app, "manager")
    index = client.get("/statistics").text
    assert f'href="{TABLE}"' in index
    assert "April to June 2026" in index
    assert "October to December 2026 is still open. It can be counted from Monday 4 January 2027." in visible(
        index
    )

    page = client.get(TABLE).text
    text = visible(page)
    assert "Istanbul" in text
    assert "Other, counted together" in text
    assert "counted together as “Other”" in text
    assert re.findall(r'<td class="cell-number"[^>]*><bdi class="number">(\d+)</bdi>', page) == [
        "23",
        "40",
        "6",
    ]

    export = client.get(f"{TABLE}/export")
    assert "Download Excel workbook" in export.text
    answer = client.post(f"{TABLE}/export", data={"format": "csv"})
    assert answer.status_code == 303
    file = client.get(answer.location)
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="province-2026-Q2-')
    assert file.headers["Cache-Control"] == "no-store"
    again = client.post(f"{TABLE}/export", data={"format": "csv"})
    assert client.get(again.location).data == file.data

    ledger = client.get("/statistics/releases").text
    digest = db.session.query(Release).one().sha256.hex()
    assert digest[:16] in ledger
    assert answer.location in ledger
    assert "manager" in visible(ledger)


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_no_small_figure_is_on_any_page(counted: Office, app: Flask, language: str) -> None:
    """31, 63 and 01 have 3, 2 and 1 cases: neither they nor a bar for them are on a page."""
    client = counted.visit(app, "manager", language)
    for address in PAGES:
        page = client.get(address).text
        assert f'<html lang="{language}"' in page
        figures = re.findall(r'<bdi class="number">([^<]+)</bdi>|text-anchor="end">([^<]+)<', page)
        western = {
            int("".join(a or b).translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))) for a, b in figures
        }
        assert western <= {40, 23, 6, 69}
        assert "Hatay" not in page
        assert "هاتاي" not in page
    chart = client.get(TABLE).text
    assert chart.count('class="bar-fill"') == 3


def test_the_chart_is_described_and_free_of_inline_style(counted: Office, app: Flask) -> None:
    page = counted.visit(app, "manager").get(TABLE).text
    chart = page[page.index('<svg width="100%"') :]
    chart = chart[: chart.index("</svg>")]
    assert "<title" in chart
    assert "<desc" in chart
    assert "style=" not in page
    assert re.findall(r'class="bar-fill" x="0%"[^>]*width="([\d.]+)%"', chart) == ["57.5", "100.0", "15.0"]


def test_in_arabic_the_bars_grow_from_the_right(counted: Office, app: Flask) -> None:
    client = counted.visit(app, "manager", "ar")
    page = client.get(TABLE).text
    assert 'class="bar-fill" x="42.5%"' in page
    assert "٤٠" in page


def test_opening_the_first_table_freezes_the_quarter_once(counted: Office, app: Flask) -> None:
    client = counted.visit(app, "manager")
    assert "Not opened yet" in client.get("/statistics").text
    for table in ("province", "sex", "age_band", "issue_group"):
        assert client.get(f"/statistics/{table}/{Q2}").status_code == 200
    assert db.session.query(QuarterSnapshot).count() == 1
    page = client.get("/statistics").text
    assert page.count("Not opened yet") == page.count("<tr role") - 2  # the head and this quarter


def test_a_quarter_with_cases_on_their_way_asks_first(office: Office, app: Flask) -> None:
    other = Office(office.settings, "CC")
    other.open()
    other.case(MAY, count=2)
    other.make_key()
    client = other.visit(app, "manager")
    page = client.get(TABLE).text
    assert "have not reached statistics yet" in page
    assert db.session.query(QuarterSnapshot).count() == 0
    db.session.rollback()
    assert client.post(TABLE).status_code == 303
    assert "Fewer than 5 people came in this quarter" in client.get(TABLE).text


def test_without_a_key_the_page_says_who_makes_it(office: Office, app: Flask) -> None:
    other = Office(office.settings, "CC")
    other.open()
    other.case(MAY, count=2)
    page = other.visit(app, "manager").get("/statistics").text
    assert "There is no statistics key yet. A manager makes it once" in visible(page)
    assert 'href="/keys"' in page or "keys" in page
    assert TABLE not in page


def test_who_does_not_hold_the_key_is_told_so(office: Office, app: Flask) -> None:
    office.case(MAY, count=2)
    office.join("third", next(iter(office.people["manager"].roles)))
    client = office.visit(app, "third")
    assert "You do not hold the statistics key yet" in client.get("/statistics").text
    assert client.get(TABLE).status_code == 423


def test_empty_states(office: Office, app: Flask) -> None:
    client = office.visit(app, "manager")
    assert "No quarter with cases has closed yet" in client.get("/statistics").text
    assert "Nothing has been released yet" in client.get("/statistics/releases").text


def test_nobody_but_managers_finds_the_pages(counted: Office, app: Flask) -> None:
    manager = counted.visit(app, "manager")
    assert manager.get(TABLE).status_code == 200
    release = manager.post(f"{TABLE}/export", data={"format": "csv"}).location
    for who in ("caseworker", "administrator"):
        client = counted.visit(app, who)
        for address in [*PAGES, release]:
            assert client.get(address).status_code == 404, (who, address)
        for address in (TABLE, f"{TABLE}/export"):
            assert client.post(address, data={"format": "csv"}).status_code == 404, (who, address)


def test_a_neighbours_release_is_not_found(counted: Office, neighbour: Office, app: Flask) -> None:
    manager = counted.visit(app, "manager")
    manager.get(TABLE)
    release = manager.post(f"{TABLE}/export", data={"format": "csv"}).location
    assert manager.get(release).status_code == 200
    assert neighbour.visit(app, "manager").get(release).status_code == 404


def test_addresses_that_lead_nowhere(counted: Office, app: Flask) -> None:
    client = counted.visit(app, "manager")
    for address in (
        "/statistics/nationality/2026-Q2",
        "/statistics/province/2026-Q4",
        "/statistics/province/1999-Q1",
        "/statistics/province/..%2f..",
        "/statistics/province/2026-Q2%0d%0aX:1",
        "/statistics/releases/not-an-id",
        "/statistics/releases/00000000-0000-4000-8000-000000000000",
        "/statistics/province/2026-Q3/export",  # nobody has opened this quarter
    ):
        assert client.get(address).status_code == 404, address
    assert client.post("/statistics/nationality/2026-Q2").status_code == 404


def test_an_export_in_no_known_format_is_not_found(counted: Office, app: Flask) -> None:
    client = counted.visit(app, "manager")
    client.get(TABLE)
    for form in ({}, {"format": "pdf"}, {"format": "=1"}, {"format": "x" * 100_000}):
        assert client.post(f"{TABLE}/export", data=form).status_code == 404, form
    assert db.session.query(Release).count() == 0


def test_export_asks_for_the_password_again(counted: Office, app: Flask, clock: FrozenClock) -> None:
    client = counted.visit(app, "manager")
    client.get(TABLE)
    clock.advance(seconds=FRESH.total_seconds() + 1)
    for answer in (client.get(f"{TABLE}/export"), client.post(f"{TABLE}/export", data={"format": "csv"})):
        assert answer.status_code == 303
        assert "confirm" in answer.location
    assert db.session.query(Release).count() == 0


def test_a_refused_visit_is_on_the_record(counted: Office, app: Flask) -> None:
    counted.visit(app, "caseworker").get("/statistics")
    acts = [entry.act for entry in db.session.query(AuditEntry).order_by(AuditEntry.number)]
    assert acts[-1] == "refused"


def test_a_clock_that_went_back_still_shows_what_was_frozen(
    counted: Office, app: Flask, clock: FrozenClock
) -> None:
    client = counted.visit(app, "manager")
    first = client.get(TABLE).status_code
    clock.set(dt.datetime(2026, 5, 10, tzinfo=dt.UTC))
    assert (first, client.get(TABLE).status_code) == (200, 404)  # not on offer, and nothing else happens
    assert db.session.query(QuarterSnapshot).count() == 1
