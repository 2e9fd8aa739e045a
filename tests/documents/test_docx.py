"""A document to edit: what a word processor shows, and what stands in the file."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from core.documents.docx import Piece, Writer, code, name
from core.documents.imprint import Imprint
from core.web.documents import as_docx
from tests.documents.schema import SCHEMA
from tests.documents.test_glyphs import SAME, mixed_up
from tests.support.fonts import FONTS, WEIGHTS
from tests.support.printing import LANGUAGES, SAMPLES, imprint, printing_app
from tests.support.rendering import drawn, likeness, pages, text, where, word_processor

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WIDTH, MARGIN = 595.3, 56.7
LINE = "الكُتُبُ النفوس"


def write(writer: Writer, words: dict[str, Any]) -> None:
    """The sample with every part a document is built from."""
    writer.summary(words["summary_title"], words["summary"])
    for section in words["sections"]:
        writer.heading(section["title"])
        writer.paragraph(section["text"])
        writer.typed(section["typed"])
    writer.table(words["table"]["caption"], words["table"]["columns"], words["table"]["rows"], numeric={1, 2})
    writer.heading(words["note"], level=2)
    writer.numbers(words["summary"])
    writer.bullets(words["summary"])
    writer.numbers(words["choices"])
    writer.new_page()
    writer.heading(words["form_title"])
    labels = words["labels"]
    writer.fields([
        (labels[0], name(words["name"])), (labels[1], code("+90 555 123 45 67")), (labels[4], ""),
    ])  # fmt: skip # lines of a form
    writer.paragraph([words["labels"][2], " ", Piece(words["name"], bold=True), " ", code("99123456782")])
    writer.new_page()
    writer.note(words["note"])


def sample(language: str, words: dict[str, Any] | None = None) -> bytes:
    with printing_app().test_request_context():
        return as_docx(imprint(language), lambda writer: write(writer, words or SAMPLES[language]))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {entry: package.read(entry) for entry in package.namelist()}


def tree(content: bytes, part: str = "word/document.xml") -> ET.Element:
    return ET.fromstring(parts(content)[part])  # noqa: S314 - written a moment ago


def letters(element: ET.Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return {language: sample(language) for language in LANGUAGES}


def fontconfig(folder: Path, fonts: Path) -> Path:
    """A machine whose only font is in `fonts`, so that the pages are the same everywhere."""
    (folder / "fonts.conf").write_text(
        f'<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><cachedir>{folder}/cache</cachedir></fontconfig>'
    )
    return folder / "fonts.conf"


@pytest.fixture(scope="module")
def opened(written: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample as LibreOffice prints it."""
    folder = tmp_path_factory.mktemp("opened")
    only_ours = folder / "fonts"
    only_ours.mkdir()
    for weight in WEIGHTS:
        (only_ours / f"print-{weight}.ttf").symlink_to(FONTS / f"print-{weight}.ttf")
    config = fontconfig(folder, only_ours)
    return {language: word_processor(content, folder, config) for language, content in written.items()}


def test_an_arabic_document_opens_from_right_to_left(opened: dict[str, bytes]) -> None:
    heading = where(opened["ar"], "المشكلة")
    assert heading.right == pytest.approx(WIDTH - MARGIN, abs=4)
    assert heading.left > WIDTH / 2
    assert where(opened["ar"], "هاتاي").left > where(opened["ar"], "٢١").right  # first column first
    assert where(opened["ar"], "Nüfus Müdürlüğü").left == pytest.approx(MARGIN, abs=4)


@pytest.mark.parametrize(("language", "words"), [("tr", "Sorun"), ("en", "The problem")])
def test_a_latin_document_opens_from_left_to_right(
    opened: dict[str, bytes], language: str, words: str
) -> None:
    heading = where(opened[language], words)
    assert heading.left == pytest.approx(MARGIN, abs=4)
    assert where(opened[language], "Hatay").right < where(opened[language], "21").left
    assert where(opened[language], "مرات").right > WIDTH / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_number_reads_from_left_to_right_everywhere(opened: dict[str, bytes], language: str) -> None:
    places = [where(opened[language], part) for part in ("+", "555", "123", "67")]
    assert [place.left for place in places] == sorted(place.left for place in places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_carry_head_and_foot_and_begin_where_they_should(
    opened: dict[str, bytes], language: str
) -> None:
    said = [" ".join(page.split()) for page in text(opened[language])]
    assert len(said) >= 3
    code_words = imprint(language).code.split()
    for page in said:
        assert code_words[0] in page
        assert code_words[-1] in page
    assert SAMPLES[language]["form_title"].split()[0] in said[-2]
    assert {"ar": "٣", "tr": "Sürüm 3", "en": "Version 3"}[language] in said[0]


@pytest.mark.parametrize("broken", [False, True])
def test_letters_join_and_are_the_right_ones(broken: bool, tmp_path: Path) -> None:
    """A title in Arabic beside the same words drawn by another program; a font that is mixed up is seen."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for weight in WEIGHTS:
        content = mixed_up(weight) if broken else (FONTS / f"print-{weight}.ttf").read_bytes()
        (fonts / f"print-{weight}.ttf").write_bytes(content)
    made = as_docx_alone(LINE)
    page = pages(word_processor(made, tmp_path, fontconfig(tmp_path, fonts)), scale=4)[0]
    found = likeness(title_of(page), drawn(LINE, "arabic", 600, "rtl"))
    assert (found < SAME) is broken


def as_docx_alone(title: str) -> bytes:
    with printing_app().test_request_context():
        return as_docx(Imprint("ar", title), lambda _writer: None)


def title_of(page: Image.Image) -> Image.Image:
    """The part of the page that holds nothing but the title: below the margin, above the line under it."""
    points = 4
    return page.crop((0, 60 * points, page.width, 112 * points))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_property_stands_where_the_schema_wants_it(written: dict[str, bytes], language: str) -> None:
    seen = set()
    for part in parts(written[language]):
        if part.startswith("word/") and part.endswith(".xml"):
            for element in tree(written[language], part).iter():
                kind = element.tag.removeprefix(W)
                if kind in SCHEMA:
                    order = SCHEMA[kind]
                    places = [order.index(child.tag.removeprefix(W)) for child in element]
                    assert places == sorted(places), (part, kind, [child.tag for child in element])
                    assert kind == "sectPr" or len(places) == len(set(places))
                    seen.add(kind)
    assert seen == set(SCHEMA)


def test_each_arabic_run_and_paragraph_says_so(written: dict[str, bytes]) -> None:
    root = tree(written["ar"])
    quoted = [paragraph for paragraph in root.iter(f"{W}p") if paragraph.find(f"{W}pPr/{W}bidi") is None]
    assert [letters(paragraph)[:5] for paragraph in quoted] == ["Nüfus"]
    assert all(table.find(f"{W}tblPr/{W}bidiVisual") is not None for table in root.iter(f"{W}tbl"))
    assert root.find(f".//{W}sectPr/{W}bidi") is not None
    for language in LANGUAGES:
        for run in tree(written[language]).iter(f"{W}r"):
            marked = run.find(f"{W}rPr/{W}rtl") is not None
            assert marked or not re.search("[\u0620-\u06ff]", letters(run))
            assert not marked or not re.search("[a-zğış0-9]", letters(run))
            bold = [run.find(f"{W}rPr/{W}{half}") is not None for half in ("b", "bCs")]
            assert bold[0] == bold[1]


@pytest.mark.parametrize(("language", "latin"), [("ar", "tr-TR"), ("tr", "tr-TR"), ("en", "en-GB")])
def test_the_spelling_checker_knows_both_languages(
    written: dict[str, bytes], language: str, latin: str
) -> None:
    [lang] = tree(written[language], "word/styles.xml").iter(f"{W}lang")
    assert lang.attrib == {f"{W}val": latin, f"{W}eastAsia": latin, f"{W}bidi": "ar-SY"}


def test_numbered_lists_begin_anew(written: dict[str, bytes]) -> None:
    used = {element.attrib[f"{W}val"] for element in tree(written["en"]).iter(f"{W}numId")}
    assert used == {"1", "2", "3"}  # bullets, and two lists of numbers
    overrides = tree(written["en"], "word/numbering.xml").findall(f".//{W}startOverride")
    assert [element.attrib[f"{W}val"] for element in overrides] == ["1", "1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_names_no_author_program_or_machine(written: dict[str, bytes], language: str) -> None:
    held = parts(written[language])
    assert sorted(held) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        *(
            f"word/{part}.xml"
            for part in ("document", "footer1", "header1", "numbering", "settings", "styles")
        ),
    ]
    core = held["docProps/core.xml"].decode()
    assert SAMPLES[language]["title"] in core
    assert set(re.findall(r">(\d{4}-[^<]+)<", core)) == {"2026-11-02T00:00:00Z"}
    everything = b"".join(held.values())
    for word in (b"python-docx", b"Macintosh", b"rsid", b"/home", bytes(Path.cwd()), b"External"):
        assert word not in everything, word
    for tag in ("creator", "lastModifiedBy", "description", "keywords"):
        assert re.findall(rf"<\w+:{tag}>[^<]", core) == []


def test_the_same_document_gives_the_same_bytes(written: dict[str, bytes]) -> None:
    assert sample("ar") == written["ar"]
    with zipfile.ZipFile(io.BytesIO(written["ar"])) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_somebody_typed_stays_text() -> None:
    hostile = '\u202e<w:br/>&amp; "x"\x00\x0b\ud800\u2067 =HYPERLINK("http://x")'
    words = {**SAMPLES["en"], "name": hostile, "note": hostile}
    made = sample("en", words)
    said = letters(tree(made))
    assert said.count('<w:br/>&amp; "x"  =HYPERLINK("http://x")') == 4
    assert not any(chr(sign) in said for sign in (0x202E, 0x2067))
    assert b"External" not in b"".join(parts(made).values())


def test_a_document_without_a_day_a_version_or_a_kind_shows_none_of_them() -> None:
    with printing_app().test_request_context():
        made = as_docx(Imprint("tr", "Başlık"), lambda writer: writer.paragraph("Metin"))
    assert "Doğrulama" not in parts(made)["word/footer1.xml"].decode()
    assert letters(tree(made)) == "BaşlıkMetin"
    assert "2000-01-01T00:00:00Z" in parts(made)["docProps/core.xml"].decode()
