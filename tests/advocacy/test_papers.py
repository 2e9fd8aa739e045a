"""Policy paper and dossier on paper and to edit, as whoever is handed them sees them."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask

from advocacy import dossier_words, papers
from advocacy.service.outputs import Order, fits
from core.documents.imprint import verification_code
from core.errors import DomainError
from domain.dossiers import PARTS, Paper, Section
from tests.support.printing import printing_app
from tests.support.rendering import metadata, pages, text, where

LANGUAGES = ("ar", "tr", "en")
WIDTH, MARGIN = 595.3, 56.7
CODE = verification_code(bytes(range(32)))
DAY = dt.date(2026, 11, 2)
TITLES = {
    "ar": "قيود الحماية المؤقتة التي أُوقفت",
    "tr": "Pasife alınan geçici koruma kayıtları",
    "en": "Deactivated temporary protection records",
}
ISSUERS = {
    "ar": "جمعية النرجس للعون القانوني",
    "tr": "Nergis Hukuki Yardım Derneği",
    "en": "Narcissus Legal Aid",
}
TEXTS = {
    "ar": "تُوقف قيود الأسر التي لم تستطع تحديث عنوانها من غير إشعار مكتوب.",
    "tr": "Adresini güncelleyemeyen ailelerin kaydı yazılı bildirim olmadan pasife alınıyor.",
    "en": "Families who cannot update their address lose their record without a written notice.",
}
STORIES = {
    "ar": "لم تعرف والدة سبب إيقاف قيد طفلها.",
    "tr": "Bir anne, çocuğunun kaydının neden pasife alındığını öğrenemedi.",
    "en": "A mother could not learn why the record of her child was deactivated.",
}
SAID = {
    "ar": ("لم تستطع تحديث عنوانها", "إشعار مكتوب", "٢٣"),
    "tr": ("yazılı bildirim olmadan pasife", "Pasife alınan geçici koruma kayıtları", "23"),
    "en": ("without a written notice", "What we ask for", "23"),
}
TOLD = {"ar": "والدة سبب", "tr": "çocuğunun kaydının neden pasife", "en": "the record of her child"}


def order(paper: Paper, language: str, kind: str, times: int = 1) -> Order:
    full = paper is Paper.FULL
    return Order(
        uuid4(),
        uuid4(),
        3,
        paper,
        language,
        kind,
        TITLES[language],
        ISSUERS[language],
        DAY,
        CODE,
        [(section, "\n".join([TEXTS[language]] * times)) for section in PARTS[paper]],
        [{"table": "sex", "quarter": "2026-Q2", "row": "_T", "value": 23}],
        [STORIES[language]] if full else [],
    )


@pytest.fixture(scope="module")
def press() -> Flask:
    return printing_app()


@pytest.fixture(scope="module")
def printed(press: Flask) -> dict[tuple[Paper, str], bytes]:
    """Each paper in each language, printed once."""
    with press.test_request_context():
        return {
            (paper, language): papers.render(order(paper, language, "pdf"))
            for paper in Paper
            for language in LANGUAGES
        }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
def test_it_says_what_was_approved(
    printed: dict[tuple[Paper, str], bytes], paper: Paper, language: str
) -> None:
    said = " ".join(" ".join(text(printed[paper, language])).split())
    assert [words for words in SAID[language] if words not in said] == []
    assert (TOLD[language] in said) is (paper is Paper.FULL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
def test_each_page_names_version_and_verification(
    printed: dict[tuple[Paper, str], bytes], paper: Paper, language: str
) -> None:
    for words in text(printed[paper, language]):
        assert CODE.split()[0] in words
        assert CODE.split()[-1] in words
        assert ("٣" if language == "ar" else "3") in words


@pytest.mark.parametrize("paper", Paper)
def test_each_language_begins_on_its_own_side(printed: dict[tuple[Paper, str], bytes], paper: Paper) -> None:
    heading = where(printed[paper, "ar"], "الخيارات")
    assert heading.right == pytest.approx(WIDTH - MARGIN, abs=3)
    assert heading.left > WIDTH / 2
    for language, words in (("tr", "Hukuki dayanak"), ("en", "Legal standard")):
        heading = where(printed[paper, language], words)
        assert heading.left == pytest.approx(MARGIN, abs=3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
def test_the_file_tells_its_title_and_day_and_nothing_else(
    printed: dict[tuple[Paper, str], bytes], paper: Paper, language: str
) -> None:
    assert metadata(printed[paper, language]) == {"Title": TITLES[language], "CreationDate": "D:20261102"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_of_more_than_four_pages_is_refused_with_its_number(press: Flask, language: str) -> None:
    long = order(Paper.POLICY, language, "pdf", times=30)
    with press.test_request_context():
        content = papers.render(long)
        count = len(pages(content, scale=0.1))
        assert count > 4
        with pytest.raises(DomainError) as refused:
            fits(long, content)
        assert str(count) in str(refused.value.args[0])
        with pytest.raises(DomainError):
            fits(replace(long, format="docx"), content)
        fits(replace(long, paper=Paper.FULL), content)


def test_four_pages_fit(printed: dict[tuple[Paper, str], bytes]) -> None:
    for language in LANGUAGES:
        fits(order(Paper.POLICY, language, "pdf"), printed[Paper.POLICY, language])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", Paper)
def test_the_same_to_edit(press: Flask, paper: Paper, language: str) -> None:
    with press.test_request_context():
        content = papers.render(order(paper, language, "docx"))
        heading = dossier_words.in_language(dossier_words.SECTIONS[Section.REQUEST], language)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        body = package.read("word/document.xml").decode()
        everything = " ".join(package.read(name).decode() for name in package.namelist() if ".xml" in name)
    assert TEXTS[language] in body
    assert heading in body
    assert (STORIES[language] in body) is (paper is Paper.FULL)
    assert CODE in everything or CODE.split()[0] in everything
    assert "python-docx" not in everything
