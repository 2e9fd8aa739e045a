"""The reference data that ships, and what happens to a table that was edited badly."""

import re
from datetime import date
from pathlib import Path

import pycountry
import pytest

from domain import disclosure, identity, lifecycle
from domain.consents import ConsentCatalogue, ConsentWording
from domain.lists import CodeList
from domain.places import Places
from domain.reference import Reference
from domain.tables import UNKNOWN, Label, TableError
from domain.taxonomy import URGENCIES, Taxonomy

CONFIG = Path(__file__).parents[2] / "config"
TODAY = date(2026, 11, 24)
ARABIC = re.compile(r"[\u0600-\u06ff]")


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(CONFIG)


def test_every_label_is_written_in_its_language(reference: Reference) -> None:
    labels = [
        *(group.label for group in reference.taxonomy.groups.values()),
        *(issue.label for issue in reference.taxonomy.leaves.values()),
        *(province.label for province in reference.places.provinces.values()),
        *(region.label for region in reference.places.regions.values()),
        *(item.label for code_list in reference.lists.values() for item in code_list),
        *(urgency.label for urgency in reference.urgencies.values()),
        *(
            text
            for wording in reference.consents.all_current(TODAY)
            for text in (wording.title, wording.text)
        ),
    ]
    for label in labels:
        assert ARABIC.search(label.ar), label
        assert not ARABIC.search(label.en + label.tr), label
        assert not re.search(r"[!\u200e\u200f\u202a-\u202e]", label.en + label.tr + label.ar), label


def test_the_taxonomy_has_19_groups_and_90_issues(reference: Reference) -> None:
    taxonomy = reference.taxonomy
    assert "".join(taxonomy.groups) == "ABCDEFGHIJKLMNOPQRZ"
    assert len(taxonomy.leaves) == 90
    assert taxonomy.label("B", "tr") == "Sınır dışı, idari gözetim, giriş"
    assert taxonomy.label("B01", "ar") == "قرار ترحيل"
    assert taxonomy.default_urgency("B01") == "U0"
    assert [issue.code for issue in taxonomy.leaves_of("Z")] == ["Z01", "Z02"]
    assert taxonomy.group_of("L").code == taxonomy.group_of("L01").code == "L"


def test_restriction_is_offered_for_violence_children_and_family(reference: Reference) -> None:
    taxonomy = reference.taxonomy
    offered = {code for code in taxonomy.leaves if taxonomy.is_restricted_group(code)}
    assert offered == {code for code in taxonomy.leaves if code[0] in "LMH"}
    assert taxonomy.is_restricted_group("M")


def test_unknown_issues_are_not_guessed(reference: Reference) -> None:
    taxonomy = reference.taxonomy
    for ask in (lambda code: taxonomy.label(code, "en"), taxonomy.group_of, taxonomy.leaves_of):
        with pytest.raises(KeyError):
            ask("X9")
    with pytest.raises(KeyError):
        taxonomy.default_urgency("B")


HEADER = "code\tparent\ten\ttr\tar\turgency\n"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("A\t\ta\tb\tc\t\nA\t\ta\tb\tc\t\n", "stands twice"),
        ("A\t\ta\tb\tc\t\nA01\tA\ta\tb\tc\tU1\nA01\tA\ta\tb\tc\tU1\n", "stands twice"),
        ("A01\tA\ta\tb\tc\tU1\n", "not above it"),
        ("A\t\ta\tb\tc\t\nA01\tA\ta\tb\tc\tsoon\n", "no urgency"),
    ],
)
def test_a_spoilt_taxonomy_is_refused(tmp_path: Path, rows: str, why: str) -> None:
    path = tmp_path / "taxonomy.tsv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(TableError, match=why):
        Taxonomy.load(path)


def test_provinces_agree_with_iso_3166(reference: Reference) -> None:
    turkish = pycountry.subdivisions.get(country_code="TR")  # type: ignore[no-untyped-call]  # half typed
    iso = {entry.code: entry.name for entry in turkish}
    assert {place.iso: place.label.tr for place in reference.places.provinces.values()} == iso


def test_a_province_has_its_codes_and_its_region(reference: Reference) -> None:
    places = reference.places
    istanbul = places.provinces["34"]
    assert (istanbul.pcode, istanbul.iso) == ("TUR034", "TR-34")
    assert places.provinces["01"].pcode == "TUR001"
    assert places.label("27", "ar") == "غازي عنتاب"
    assert places.region_of("79").label.tr == "Güneydoğu Anadolu"
    sizes = [sum(place.region == code for place in places.provinces.values()) for code in places.regions]
    assert sizes == [1, 5, 8, 8, 3, 8, 8, 10, 6, 7, 8, 9]  # İBBS-1 as the statistics office publishes it


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("02\tA\tA\tأ\tTR1\n", "plate 01 is expected"),
        ("01\tA\tA\tأ\tTRX\n", "region TRX is unknown"),
        ("01\tA\tA\tأ\tTR1\n", "81 provinces are expected"),
    ],
)
def test_spoilt_places_are_refused(tmp_path: Path, rows: str, why: str) -> None:
    (tmp_path / "regions.tsv").write_text("code\ten\ttr\tar\nTR1\tA\tA\tأ\n", encoding="utf-8")
    (tmp_path / "provinces.tsv").write_text("plate\ten\ttr\tar\tregion\n" + rows, encoding="utf-8")
    with pytest.raises(TableError, match=why):
        Places.load(tmp_path)


def test_lists_hold_what_the_rules_speak_of(reference: Reference) -> None:
    lists = reference.lists
    assert lists["case_state"].codes == tuple(lifecycle.State)
    assert lists["identity_warning"].codes == tuple(identity.Warn)
    assert lists["date_precision"].codes == tuple(identity.Precision)
    assert lists["sex"].codes == disclosure.SEX_CODES
    assert lists["age_band"].codes == disclosure.AGE_BAND_CODES
    assert {"SYR", "TUR", "XXX", "XXA"} <= set(lists["nationality"].codes)
    assert lists["service_level"].codes == ("S0", "S1", "S2", "S3", "S4", "S5")


def test_nationalities_are_iso_countries(reference: Reference) -> None:
    own = {"XXA", "XXX"}
    for code in set(reference.lists["nationality"].codes) - own:
        assert pycountry.countries.get(alpha_3=code) is not None, code


def test_nothing_asks_what_is_never_collected(reference: Reference) -> None:
    words = " ".join(item.label.en.lower() for code_list in reference.lists.values() for item in code_list)
    for word in ("sect", "tribe", "political", "religion", "ethnic", "opinion(?! leader)"):
        assert not re.search(rf"\b{word}", words)


def test_a_list_answers_by_code_and_keeps_its_order(reference: Reference) -> None:
    sex = reference.lists["sex"]
    assert sex.name == "sex"
    assert "f" in sex
    assert "q" not in sex
    assert len(sex) == 4
    assert [item.code for item in sex] == ["f", "m", "x", UNKNOWN]
    assert sex["f"].label.tr == "Kadın"
    assert sex.label("m", "ar") == "ذكر"
    assert sex.choices("en")[0] == ("f", "Female")
    with pytest.raises(KeyError):
        sex["q"]


def test_a_status_that_ended_is_not_offered_but_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "status.tsv"
    path.write_text(
        "code\ten\ttr\tar\tvalid_from\tvalid_to\tsource\n"
        "old\tOld\tEski\tقديم\t2014-10-22\t2027-06-30\tlaw\n"
        "new\tNew\tYeni\tجديد\t2027-07-01\t\tlaw\n"
        "any\tAny\tHer\tأي\t\t\t\n",
        encoding="utf-8",
    )
    statuses = CodeList.load(path)
    assert [code for code, _ in statuses.choices("en", date(2027, 6, 30))] == ["old", "any"]
    assert [code for code, _ in statuses.choices("en", date(2027, 7, 1))] == ["new", "any"]
    assert [code for code, _ in statuses.choices("en", date(2014, 10, 21))] == ["any"]
    assert statuses.label("old", "tr") == "Eski"
    assert statuses["old"].notes["source"] == "law"


def test_a_repeated_code_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sex.tsv"
    path.write_text("code\ten\ttr\tar\nf\ta\tb\tت\nf\ta\tb\tت\n", encoding="utf-8")
    with pytest.raises(TableError, match="line 3: code f stands twice"):
        CodeList.load(path)


def test_each_consent_is_asked_apart_and_can_be_refused(reference: Reference) -> None:
    wordings = reference.consents.all_current(TODAY)
    assert [wording.code for wording in wordings if not wording.is_notice] == [
        "partner_sharing",
        "messenger_contact",
        "statistics",
        "advocacy",
        "story",
        "storage_abroad",
        "follow_up",
    ]
    assert wordings[0].is_notice
    for wording in wordings[1:]:
        assert re.search(r"say no|changes nothing", wording.text.en), wording.code
        assert re.search(r"[Hh]ayır|değiştirmez", wording.text.tr), wording.code
        assert re.search(r"رفض|الرفض|لا يغيّر", wording.text.ar), wording.code


CONSENT_HEADER = "code\tversion\tvalid_from\tmonths\ten\ttr\tar\ttext_en\ttext_tr\ttext_ar\n"


def consent(code: str, version: int, day: str) -> str:
    return f"{code}\t{version}\t{day}\t12\tT\tT\tع\tv{version}\tv\tن\n"


def test_an_old_wording_stays_readable_when_a_new_one_comes(tmp_path: Path) -> None:
    path = tmp_path / "consents.tsv"
    path.write_text(
        CONSENT_HEADER
        + consent("story", 1, "2026-01-01")
        + consent("statistics", 1, "2026-06-01")
        + consent("story", 2, "2026-03-01"),
        encoding="utf-8",
    )
    catalogue = ConsentCatalogue.load(path)
    assert catalogue.current("story", date(2026, 2, 28)).version == 1
    assert catalogue.current("story", date(2026, 3, 1)).version == 2
    assert catalogue.wording("story", 1).text == Label("v1", "v", "ن")
    assert [wording.code for wording in catalogue.all_current(date(2026, 5, 31))] == ["story"]
    assert [wording.code for wording in catalogue.all_current(date(2026, 6, 1))] == ["story", "statistics"]
    with pytest.raises(KeyError):
        catalogue.wording("story", 3)
    with pytest.raises(KeyError):
        catalogue.current("story", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("given", "months", "until"),
    [
        ("2026-11-02", 6, "2027-05-01"),
        ("2026-08-31", 6, "2027-02-27"),
        ("2026-12-31", 12, "2027-12-30"),
        ("2026-07-15", 5, "2026-12-14"),
        ("2026-01-01", 24, "2027-12-31"),
    ],
)
def test_an_answer_lasts_the_months_of_its_wording(given: str, months: int, until: str) -> None:
    wording = ConsentWording("x", 1, date(2020, 1, 1), months, Label("a", "b", "c"), Label("a", "b", "c"))
    assert wording.until(date.fromisoformat(given)) == date.fromisoformat(until)


@pytest.mark.parametrize("second", [(3, "2026-03-01"), (2, "2026-01-01"), (1, "2026-03-01")])
def test_wordings_out_of_order_are_refused(tmp_path: Path, second: tuple[int, str]) -> None:
    path = tmp_path / "consents.tsv"
    path.write_text(
        CONSENT_HEADER + consent("story", 1, "2026-01-01") + consent("story", *second), encoding="utf-8"
    )
    with pytest.raises(TableError, match="out of order"):
        ConsentCatalogue.load(path)


def test_the_more_urgent_the_shorter_every_clock(reference: Reference) -> None:
    levels = list(reference.urgencies.values())
    assert tuple(reference.urgencies) == URGENCIES
    for clock in ("first_step", "answer", "acceptance"):
        times = [getattr(level, clock) for level in levels]
        assert times == sorted(times)
        assert len(set(times)) == len(times)
    assert [level.first_step.total_seconds() / 3600 for level in levels] == [24, 72, 168, 336]
