"""The invented names and texts of the demonstration: complete, readable, and marked as invented."""

import re
from pathlib import Path

import pytest

from domain.tables import read_rows
from domain.taxonomy import Taxonomy
from domain.text import clean_text

CONFIG = Path(__file__).parents[2] / "config"
NAMES, TEXTS = CONFIG / "demo" / "names.tsv", CONFIG / "demo" / "narratives.tsv"


@pytest.mark.parametrize("path", [NAMES, TEXTS], ids=lambda path: path.stem)
def test_the_file_says_that_it_is_invented(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# Invented")


def test_names_stand_in_arabic_and_as_the_register_writes_them() -> None:
    rows = read_rows(NAMES, ("kind", "ar", "tr"))
    for kind in ("male", "female", "family"):
        of_kind = [row for row in rows if row["kind"] == kind]
        assert len(of_kind) >= 20
        assert len({row["ar"] for row in of_kind}) == len(of_kind)
    for row in rows:
        assert re.fullmatch(r"[ء-ي ]+", row["ar"]), row
        assert re.fullmatch(r"[A-ZÇĞİÖŞÜ][A-Za-zÇĞİÖŞÜçğıöşü ]+", row["tr"]), row


def test_every_group_of_issues_has_a_story_and_a_note() -> None:
    taxonomy = Taxonomy.load(CONFIG / "law" / "taxonomy.tsv")
    rows = read_rows(TEXTS, ("issue", "kind", "language", "text"))
    for kind in ("narrative", "note"):
        told = {taxonomy.group_of(row["issue"]).code for row in rows if row["kind"] == kind}
        assert told == set(taxonomy.groups), kind
    assert {row["language"] for row in rows} == {"ar", "tr"}
    for row in rows:
        assert (row["kind"] == "narrative") == (row["issue"] in taxonomy.leaves)
        assert bool(re.search(r"[ء-ي]", row["text"])) == (row["language"] == "ar")
        assert clean_text(row["text"], 600) == row["text"]


def test_no_text_carries_a_number_that_could_be_somebodys() -> None:
    content = TEXTS.read_text(encoding="utf-8") + NAMES.read_text(encoding="utf-8")
    assert not re.findall(r"\d{4,}", content)
