"""An organisation as a client: recorded, found, compared under its name."""

from __future__ import annotations

import itertools
import re

import pytest

from cases.service import declarations
from core.errors import DomainError
from tests.cases.pages.conftest import long_form
from tests.cases.pages.test_documents import bring, listed
from tests.cases.pages.test_letters import offered
from tests.cases.pages.test_matter import put
from tests.documents.corpus import page_pdf, saved
from tests.documents.wording import template
from tests.intake.papers import upload
from tests.support.world import Browser, World, as_written

_COUNT = itertools.count(1)


def organisation(**changes: object) -> dict[str, object]:
    """The long form for an association."""
    nothing = {"father": "", "mother": "", "birth": ["", "", ""], "sex": "unknown", "code_word": ""}
    number = f"34-{next(_COUNT):03}-771"
    register = {"numbers-0-kind": "association_register", "numbers-0-value": number}
    named = {"name_ar": "جمعية الأمل", "name_latin": "Emel Derneği", "legal_form": "association"}
    phone = {"phones-0-number": f"0532 999 88 {next(_COUNT):02}"}
    return long_form(**{**nothing, **register, **named, **phone, "issue": "R01", **changes})


def record(browser: Browser, **changes: object) -> str:
    """Record it as a caseworker does; gives where it stands."""
    browser.get("/cases/new")
    answer = browser.post("/cases/new", **organisation(**changes))
    assert answer.status_code == 303, browser.errors
    return str(answer.location)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Organisation", "Association", "Number in the register of associations")),
        ("ar", ("المنظمة", "جمعية", "الرقم في سجل الجمعيات")),
        ("tr", ("Kuruluş", "Dernek", "Dernek kütük numarası")),
    ],
)
def test_an_organisation_is_recorded_and_found(world: World, language: str, words: tuple[str, ...]) -> None:
    browser = world.browser("caseworker", language)
    name = {"en": "Zerdali", "ar": "Mimoza", "tr": "Lavanta"}[language]
    browser.get("/cases/new")
    wrong = organisation(name_latin=f"{name} Derneği", father="أحمد")
    assert browser.post("/cases/new", **wrong).status_code == 422
    assert len(browser.errors) == 1
    case = record(browser, name_ar="", name_latin=f"{name} Derneği", **{"numbers-0-value": f"35-{name}-1"})
    browser.get(case)
    for said in (*words, f"{name} Derneği", f"35-{name}-1"):
        assert said in browser.text, said
    for asked in (name.lower(), f"35-{name}-1"):
        browser.get("/cases")
        browser.post("/cases/search", q=asked)
        assert f'href="{case}"' in browser.page, asked


def named_as(browser: Browser, case: str, **party: str) -> None:
    browser.get(f"{case}/parties")
    carried = dict(re.findall(r'name="(version|token)"[^>]*value="([^"]+)"', browser.page))
    assert browser.post(f"{case}/parties/add", **carried, **party).status_code == 303, browser.errors


@pytest.mark.parametrize(
    ("client", "theirs", "meets"),
    [
        ("Kardelen Derneği", {"name_latin": "KARDELEN", "legal_form": "association"}, True),
        ("Papatya Derneği", {"name_latin": "Papatya Dernegi"}, True),  # though nobody said what it is
        (
            "Nergis Suriye Derneği",
            {"name_latin": "Sümbül Suriye Derneği", "legal_form": "association"},
            False,
        ),
        ("Yasemin Suriye Derneği", {"name_latin": "Yasemin Suriye"}, False),  # a person of that name
    ],
)
def test_it_is_compared_under_its_whole_name(
    world: World, client: str, theirs: dict[str, str], *, meets: bool
) -> None:
    """Whoever is against us in a file that the caseworker cannot open is found by tokens alone."""
    colleague, browser = world.browser("colleague"), world.browser("caseworker")
    other = f"/cases/{world.record(by='colleague')}"
    named_as(colleague, other, role="employer", **theirs)
    case = record(browser, name_ar="", name_latin=client)
    browser.get(f"{case}/conflict")
    assert ("No conflict" not in browser.text and "Conflict" in browser.text) is meets, browser.text
    assert other not in browser.page


def test_a_letter_of_an_organisation_names_who_speaks_for_it_and_the_other_people(world: World) -> None:
    codes = ("client.legal_form", "client.representative", "mandate.kind", "mandate.paper", "spouse.name",
             "children.names", "opponent.name", "decision.date", "decision.number")  # fmt: skip # one list
    path = offered(world, template(*(f"{{{{{code}}}}}" for code in codes)), language="tr", issue_1="R01")
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Mektup Derneği")
    page = spoken_for(browser, case)
    for role, name in (
        ("spouse", "REEM S"),
        ("child", "ALI S"),
        ("child", "NUR S"),
        ("opposing", "ACAR A.Ş."),
    ):
        named_as(browser, case, role=role, name_latin=name)
    browser.get(f"{case}/conflict")
    seen = str(world.cast["caseworker"].person_id)
    browser.get(page)
    party = re.findall(r'<option[^>]*value="([0-9a-f-]{36})"[^>]*>NADIM SABBAGH', browser.page)[0]
    put(browser, page, party=party, power="chair", since=["1", "2", "2026"], paper="minutes", seen_by=seen,
        seen_on=["2", "11", "2026"])  # fmt: skip # one form
    bring(browser, case, upload(saved(page_pdf()), "Karar.pdf"))
    [paper] = listed(browser, case)
    browser.get(f"{paper}/edit")
    said = {"title": "Karar", "kind": "decision", "on": ["3", "11", "2026"], "version": browser.version}
    assert browser.post(f"{paper}/edit", **said).status_code == 303, browser.errors
    browser.get(f"{case}/letters/{path.rpartition('/')[2]}")
    for words in ("Dernek", "NADIM SABBAGH", "Yönetim kurulu başkanı", "Genel kurul tutanağı", "REEM S",
                  "ALI S, NUR S", "ACAR A.Ş.", "3 Kasım 2026"):  # fmt: skip # one list
        assert f'value="{words}"' in browser.page, words
    assert browser.text.count("The file does not say it.") == 1  # the number, which is written by hand


def spoken_for(browser: Browser, case: str) -> str:
    """Name a representative; gives the address of the form for the mandate."""
    named_as(browser, case, role="representative", name_latin="NADIM SABBAGH")
    return f"{case}/matter/mandate/new"


@pytest.mark.parametrize("language", ["ar", "tr", "en"])
def test_a_mandate_rests_on_a_paper_that_somebody_saw(world: World, language: str) -> None:
    browser = world.browser("caseworker", language)
    case = record(browser, name_ar="", name_latin=f"Mandate {language} Derneği")
    me = str(world.cast["caseworker"].person_id)
    browser.get(f"{case}/matter/mandate/new")
    assert f'href="{case}/parties"' in browser.page  # nobody speaks for it yet
    page = spoken_for(browser, case)
    browser.get(page)
    [party] = re.findall(r'<option[^>]*value="([0-9a-f-]{36})"[^>]*>NADIM SABBAGH', browser.page)
    said = {"party": party, "power": "chair", "since": ["1", "5", "2025"], "until": ["1", "5", "2028"]}
    browser.get(page)
    answer = browser.post(page, **hidden(browser), **said, paper="minutes")
    assert answer.status_code == 422
    assert len(browser.errors) == 2  # who saw it, and when
    seen = {"paper": "minutes", "seen_by": me, "seen_on": ["3", "11", "2026"]}
    unseen = {"ar": "لم نطّلع على أي ورقة", "tr": "Belge görülmedi", "en": "No paper was seen"}[language]
    warned = {"ar": "لا تفويض قائم اليوم", "tr": "geçerli olup belgesi", "en": "No mandate stands"}[language]
    put(browser, page, **said, paper="none")
    assert unseen in browser.text
    assert warned in browser.text
    put(browser, page, **said, **seen)
    assert warned not in browser.text
    minutes = {"ar": "محضر اجتماع الهيئة", "tr": "Genel kurul tutanağı", "en": "Minutes of the general"}[
        language
    ]
    assert minutes in browser.text
    assert "NADIM SABBAGH" in browser.text
    [*_, last] = re.findall(rf'href="({case}/matter/[0-9a-f-]{{36}})"', browser.page)
    browser.get(f"{case}/parties/{party}")
    assert browser.post(f"{case}/parties/{party}/remove", version=browser.version).status_code == 303
    put(browser, last, **said, **seen, ended_on=["20", "11", "2026"])  # though nobody of that name is left
    person = f"/cases/{world.record()}"
    assert browser.get(f"{person}/matter/mandate/new").status_code == 404
    assert "mandate" not in (browser.get(person), browser.page)[1]


def hidden(browser: Browser) -> dict[str, str]:
    return dict(re.findall(r'name="(version|token)"[^>]*value="([^"]+)"', browser.page))


def declared(browser: Browser, case: str) -> list[str]:
    browser.get(case)
    return list(dict.fromkeys(re.findall(rf'href="({case}/declarations/[0-9a-f-]{{36}})"', browser.page)))


@pytest.mark.parametrize(
    ("language", "day"), [("ar", "٣٠ نيسان ٢٠٢٧"), ("tr", "30 Nisan 2027"), ("en", "30 April 2027")]
)
def test_the_annual_declaration_is_a_deadline_and_the_next_one_is_proposed(
    world: World, language: str, day: str
) -> None:
    browser = world.browser("caseworker", language)
    case = record(browser, name_ar="", name_latin=f"Beyan {language} Derneği")
    page = as_written(world, f"{case}/declarations/new/annual")
    browser.get(page)
    assert day in browser.text  # of the year that ends on 31 December 2026
    assert "Dernekler Yönetmeliği" in browser.text
    second = str(world.cast["coordinator"].person_id)
    me = str(world.cast["caseworker"].person_id)
    said = {"authority": "associations", "period": "2026", "responsible": me, "second": second}
    carried = {**hidden(browser), "counted": "2026-12-31"}
    other = {**said, "begun": ["31", "12", "2025"]}
    assert browser.post(page, **carried, **other).status_code == 200  # the other day is shown first
    assert declared(browser, case) == []
    for _click in range(2):
        answer = browser.post(page, **carried, **said, begun=["31", "12", "2026"])
        assert answer.location == case, browser.errors
    [one] = declared(browser, case)
    [card] = re.findall(rf'href="({case}/deadlines/[0-9a-f-]{{36}})"', (browser.get(one), browser.page)[1])
    assert day in browser.text
    assert f'action="{one}' not in browser.page  # what is said of it is said of the deadline
    assert browser.post(one, **hidden(browser), on=["3", "11", "2026"], proof="DERBİS 77").status_code == 200
    assert card.rpartition("/")[2] in (browser.get("/desk"), browser.page)[1] or day in browser.text
    browser.get(f"{card}/meet")
    met = browser.post(f"{card}/meet", version="1", on=["3", "11", "2026"], proof="DERBİS 77")
    assert met.status_code == 303, browser.errors
    browser.get(case)
    [following] = set(re.findall(rf'href="({page}\?after=[0-9a-f-]{{36}})"', browser.page))
    browser.get(following)
    assert 'value="2027"' in browser.page
    carried = {**hidden(browser), "counted": "2027-12-31"}
    assert browser.post(following, **carried, **said, begun=["31", "12", "2027"]).location == case
    browser.get(case)
    assert "?after=" not in browser.page
    assert len(declared(browser, case)) == 2


def test_where_the_law_of_the_house_gives_no_date_nothing_is_proposed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Tarihsiz Derneği")

    def no_date(*_said: object) -> None:
        raise DomainError("The law gives no date")

    monkeypatch.setattr(declarations, "count", no_date)
    assert browser.get(f"{case}/declarations/new/annual").status_code == 200
    assert 'name="begun"' in browser.page  # the day is asked for


def test_what_no_rule_counts_stands_on_a_desk_until_it_is_given(world: World) -> None:
    browser = world.browser("caseworker")
    case = record(browser, name_ar="", name_latin="Vergi Vakfı", legal_form="foundation")
    me = str(world.cast["caseworker"].person_id)
    browser.get(f"{case}/declarations/new/annual")
    assert "No rule of ours counts it" in browser.text
    page = as_written(world, f"{case}/declarations/new/tax")
    browser.get(page)
    said = {"authority": "tax_office", "period": "Mart", "every": "month", "owner": me}
    assert browser.post(page, **hidden(browser), **said).status_code == 422
    assert len(browser.errors) == 1
    put(browser, page, **said, day=["30", "11", "2026"])
    [one] = declared(browser, case)
    desk = (browser.get("/todo"), browser.page)[1]
    assert one in desk
    assert "Tax return" in browser.text
    browser.get(f"{case}/close")
    assert "Declaration that is owed" in browser.text
    put(browser, f"{one}/change", **{**said, "period": "Mart 2027"}, day=["1", "12", "2026"])
    browser.get("/todo")
    assert "Mart 2027" in browser.text
    browser.get(one)
    given = {**hidden(browser), "on": ["20", "11", "2026"], "proof": "Tahakkuk 5521"}
    first, second = (browser.post(one, **given) for _click in range(2))
    assert first.location.startswith(f"{page}?after="), browser.errors
    assert second.location == first.location
    browser.get(first.location)
    assert "Here is the next one" in browser.text
    assert re.findall(r'name="day"[^>]*value="(\d+)"', browser.page) == ["1", "1", "2027"]
    assert one not in (browser.get("/todo"), browser.page)[1]
    browser.get(one)
    assert "Tahakkuk 5521" in browser.text
    turn = re.findall(
        rf'action="({one}/up)".*?name="version" value="(\d+)".*?name="token" value="([^"]+)"',
        browser.page,
        re.DOTALL,
    )
    [(up, version, token)] = turn
    assert browser.post(up, version=version, token=token).status_code == 303
    assert one in (browser.get("/todo"), browser.page)[1]


def test_a_person_declares_nothing(world: World) -> None:
    browser, case = world.browser("caseworker"), f"/cases/{world.record()}"
    assert browser.get(f"{case}/declarations/new/annual").location == case
    browser.get(case)
    assert "Only an organisation has declarations" in browser.text
    assert "/declarations/" not in browser.page
