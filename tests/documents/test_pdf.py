"""A document on paper, as its reader sees it: direction, words, head and foot, and the file's own words."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask

from core.documents import pdf
from core.documents.imprint import Imprint
from core.web.documents import as_pdf, download, page
from core.web.filters import isolate
from tests.support.printing import DAY, LANGUAGES, SAMPLES, code_of, imprint
from tests.support.rendering import inside, metadata, pages, text, where

A4_WIDTH, A4_MARGIN = 595.3, 56.7


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    """The sample in each language, printed once."""
    from tests.support.printing import printing_app

    with printing_app().test_request_context():
        return {language: sample(language) for language in LANGUAGES}


def sample(language: str) -> bytes:
    return as_pdf("sample.html", imprint(language), words=SAMPLES[language], day=DAY)


WORDS = {
    "ar": (
        "المشكلة", "نموذج", "قانون رقم", "5490", "٣٧",
        "Nüfus", "evlilik",
    ),
    "tr": (
        "Gaziantep’te Suriyeli çocukların doğum kaydı", "Ayşegül Işıldak Öztürk", "₺150",
        "Şırnak’a, güçlüğü", "37",
    ),
    "en": (
        "Registering Syrian births in Gaziantep", "Monday 2 November 2026", "Şanlıurfa", "+90 555 123 45 67",
    ),
}  # fmt: skip # a table


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_can_be_searched_and_copied(printed: dict[str, bytes], language: str) -> None:
    said = " ".join(" ".join(text(printed[language])).split())
    assert [words for words in WORDS[language] if words not in said] == []


def test_an_arabic_page_begins_at_the_right(printed: dict[str, bytes]) -> None:
    heading = where(printed["ar"], "المشكلة")
    assert heading.right == pytest.approx(A4_WIDTH - A4_MARGIN, abs=3)
    assert heading.left > A4_WIDTH / 2
    assert (
        where(printed["ar"], "الملفات").left > where(printed["ar"], "جل منها").right
    )  # the first column first


@pytest.mark.parametrize(("language", "words"), [("tr", "Sorun"), ("en", "The problem")])
def test_a_latin_page_begins_at_the_left(printed: dict[str, bytes], language: str, words: str) -> None:
    heading = where(printed[language], words)
    assert heading.left == pytest.approx(A4_MARGIN, abs=3)
    assert heading.right < A4_WIDTH / 2


def test_a_quotation_runs_in_its_own_direction(printed: dict[str, bytes]) -> None:
    assert where(printed["ar"], "Nüfus Müdürlüğü").left == pytest.approx(A4_MARGIN, abs=3)
    assert where(printed["tr"], "مرات").left > A4_WIDTH / 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_number_reads_from_left_to_right_everywhere(printed: dict[str, bytes], language: str) -> None:
    places = [where(printed[language], part) for part in ("+", "555", "123", "67")]
    assert [place.left for place in places] == sorted(place.left for place in places)
    assert len({round(place.bottom) for place in places[1:]}) == 1  # one line


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_says_version_verification_and_number(printed: dict[str, bytes], language: str) -> None:
    code = code_of(SAMPLES[language]["title"])
    said = text(printed[language])
    digits = "٠١٢٣٤٥٦٧٨٩" if language == "ar" else "0123456789"
    for number, words in enumerate(said, 1):
        line = " ".join(words.split())
        assert code.split()[0] in line
        assert code.split()[-1] in line
        assert digits[3] in line
        ends = {f"{digits[number]} / {digits[len(said)]}", f"{digits[len(said)]} / {digits[number]}"}
        assert any(end in line for end in ends)
    foot = where(printed[language], code.split()[0])
    assert foot.bottom < A4_MARGIN
    assert foot.left < where(printed[language], code.split()[-1]).left


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_footnote_stands_on_the_page_that_calls_it(printed: dict[str, bytes], language: str) -> None:
    for section in SAMPLES[language]["sections"][:2]:
        called = where(printed[language], section["title"].split()[0])
        note = where(printed[language], section["source"].split()[-1].strip("."))
        assert note.page == called.page


def test_footnotes_stay_with_their_text_however_many_there_are(app: Flask) -> None:
    words = [f"<p>text{n:02} <span class=footnote>note{n:02}</span></p>" for n in range(40)]
    html = f"<!DOCTYPE html><html lang=en dir=ltr><title>.</title>{''.join(words)}"
    made = pdf.render(html, language="en", title=".")
    pairs = [(where(made, f"text{n:02}").page, where(made, f"note{n:02}").page) for n in range(40)]
    assert [pair for pair in pairs if pair[1] - pair[0] > 1] == []
    assert sum(one == other for one, other in pairs) >= 38  # where a page ends, a note may move on alone


def test_pages_are_counted_as_a_reader_counts_them(app: Flask, printed: dict[str, bytes]) -> None:
    for made in printed.values():
        assert pdf.page_count(made) == len(pages(made, scale=0.1)) > 1
    html = "<!DOCTYPE html><title>.</title><style>p { break-after: page }</style>" + "<p>/Type /Page" * 6
    assert pdf.page_count(pdf.render(html, language="en", title=r"/Type /Page )( \) /Type /Page")) == 6


def test_a_leaflet_is_half_the_size(app: Flask) -> None:
    made = as_pdf("sample.html", imprint("ar", "a5"), words=SAMPLES["ar"], day=DAY)
    assert {page.size for page in pages(made, scale=1)} == {(420, 596)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_tells_its_title_day_and_language_and_nothing_else(
    printed: dict[str, bytes], language: str
) -> None:
    made = printed[language]
    assert metadata(made) == {"Title": SAMPLES[language]["title"], "CreationDate": "D:20261102"}
    held = inside(made)
    assert f"/Lang ({language})".encode() in held
    for word in (
        b"WeasyPrint",
        b"Producer",
        b"Author",
        b"/Creator ",
        b"ModDate",
        b"/home",
        bytes(Path.cwd()),
    ):
        assert word not in held, word


def test_a_document_without_a_day_names_none() -> None:
    made = pdf.render("<!DOCTYPE html><title>.</title><p>x", language="en", title="A title")
    assert metadata(made) == {"Title": "A title"}


def test_screen_readers_find_structure(printed: dict[str, bytes]) -> None:
    import pypdfium2

    for made in printed.values():
        assert pypdfium2.PdfDocument(made).is_tagged()
        held = inside(made)
        assert b'pdfuaid:part="1"' in held
        for role in (b"/H1", b"/H2", b"/P", b"/Table", b"/TH", b"/L", b"/Figure"):
            assert b"/S " + role in held, role


def test_the_same_document_gives_the_same_bytes(app: Flask, printed: dict[str, bytes]) -> None:
    assert sample("ar") == printed["ar"]


def test_a_language_of_the_desk_does_not_reach_the_document() -> None:
    from tests.support.printing import printing_app

    with printing_app().test_request_context(headers={"Accept-Language": "tr"}):
        html = page("sample.html", imprint("ar"), words=SAMPLES["ar"], day=DAY)
    assert '<html lang="ar" dir="rtl">' in html
    assert "رمز التحقق" in html
    assert "Doğrulama" not in html


def test_what_somebody_typed_cannot_turn_or_mark_up_the_page(app: Flask) -> None:
    hostile = {
        **SAMPLES["en"],
        "name": "\u202egnp.exe <b>bold</b> \u2067",
        "note": "ahead \u202emiddle\u202c behind",
    }
    made = as_pdf("sample.html", imprint("en"), words=hostile, day=DAY)
    said = " ".join(text(made))
    assert "gnp.exe <b>bold</b>" in said
    assert "ahead middle behind" in said
    assert where(made, "ahead").right < where(made, "middle").left < where(made, "behind").left
    assert not any(chr(sign) in said for sign in (0x202E, 0x202C, 0x2067))


def test_a_name_fenced_off_in_a_sentence_reads_in_its_own_direction(app: Flask) -> None:
    """Without the fence the bracket at the end of the name would stand at the other end of it."""
    html = (
        f'<!DOCTYPE html><html lang="ar" dir="rtl"><title>.</title><p>راجعه {isolate("Ahmet (avukat)")}، أمس'
    )
    made = pdf.render(html, language="ar", title=".")
    assert where(made, "Ahmet").right < where(made, "avukat").left < where(made, ")").left


def test_a_name_that_is_no_code_is_not_put_into_a_header() -> None:
    with pytest.raises(ValueError, match="codes"):
        download(b"", 'x"\r\nSet-Cookie: a.pdf')


def test_a_download_is_saved_not_shown(app: Flask) -> None:
    answer = download(b"%PDF", "paper-3.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="paper-3.pdf"'
    assert answer.content_type == "application/pdf"


def test_a_verification_code_follows_the_content() -> None:
    assert code_of("test") == "9f86 d081 884c 7d65 9a2f eaa0 c55a d015"
    assert code_of("test ") != code_of("test")


def test_a_bare_imprint_prints_no_empty_labels(app: Flask) -> None:
    html = page("documents/base.html", Imprint("tr", "Başlık", day=dt.date(2026, 1, 2)))
    assert "Sürüm" not in html
    assert "Doğrulama" not in html
    assert "2 Ocak 2026 Cuma" in html
