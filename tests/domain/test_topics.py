"""The marks of a public text and the texts that come with the product."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference import reference
from domain.markup import Block, Span, parse, plain, refused_links
from domain.tables import LANGUAGES, TableError
from domain.topics import PARTS, load_topics, missing

FOLDER = Path(__file__).parents[2] / "config" / "topics"


def line(text: str) -> tuple[Span, ...]:
    [block] = parse(text)
    [only] = block.lines
    return only


def test_blocks() -> None:
    text = "## A\n- one\n- two\n\nfirst\nsecond\n1. x\n2. y\nend"
    assert [(block.kind, [line[0].text for line in block.lines]) for block in parse(text)] == [
        ("heading", ["A"]),
        ("list", ["one", "two"]),
        ("paragraph", ["first second"]),
        ("numbers", ["x", "y"]),
        ("paragraph", ["end"]),
    ]
    assert parse("## A\n## B") == (
        Block("heading", ((Span("text", "A"),),)),
        Block("heading", ((Span("text", "B"),),)),
    )
    assert parse("") == parse("\n \n") == ()


def test_inside_a_line() -> None:
    assert line("call **now** [112](tel:112), [law](https://www.mevzuat.gov.tr/a?b=1)") == (
        Span("text", "call "),
        Span("strong", "now"),
        Span("text", " "),
        Span("tel", "112", "tel:112"),
        Span("text", ", "),
        Span("https", "law", "https://www.mevzuat.gov.tr/a?b=1"),
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert", "http://example.org", "https://user@example.org",
        "https://example.org:8080",
        "data:x", "//example.org", "https://localhost", "tel:", "tel:11x", "https://[::1",
        "HTTPS:example.org", "https://a_b.org",
    ],
)  # fmt: skip # one list
def test_links_that_lead_nowhere_are_text(target: str) -> None:
    text = f"see [here]({target})"
    assert refused_links(text) == (target,)
    assert line(text) == (Span("text", text),)


@given(st.text(alphabet="ab*[]()#-1. \n\u202e<>&\"'أ:/", max_size=200))
def test_nothing_typed_is_lost_and_nothing_unsafe_is_linked(text: str) -> None:
    for block in parse(text):
        for spans in block.lines:
            assert spans
            for span in spans:
                assert span.kind in {"text", "strong", "tel", "https"}
                assert span.target == "" or span.target.startswith(("tel:", "https://"))
    if "(" not in text:  # without a link every letter stands in what is read
        assert {letter for letter in text if letter in "abأ<>&"} <= set(plain(text))


def test_the_first_texts_are_whole_in_three_languages() -> None:
    topics = load_topics(FOLDER, reference().taxonomy.leaves)
    assert {topic.issue for topic in topics} == {"B01", "B03", "A02", "F02", "I01", "L01"}
    for topic in topics:
        assert missing(topic.texts) == ()
        for language in LANGUAGES:
            shown = parse(topic.texts[language]["helps"])
            assert any(span.kind == "tel" for block in shown for one in block.lines for span in one)
            kinds = [[block.kind for block in parse(topic.texts[language][part])] for part in PARTS]
            assert kinds == [[block.kind for block in parse(topic.texts["en"][part])] for part in PARTS]
    assert missing({"en": {"title": "x"}})[0] == ("en", "what")


@pytest.mark.parametrize(
    ("issue", "text", "why"),
    [
        ("B99", "", "unknown issue"),
        ("B01", "@title\nx\n@title\ny", "unexpected part title"),
        ("B01", "@other\nx", "unexpected part other"),
        ("B01", "remark\n@title\nx", "part what is missing"),
        ("B01", "@title\n[x](http://x.org)", "lead nowhere"),
    ],
)
def test_spoilt_texts_are_refused(tmp_path: Path, issue: str, text: str, why: str) -> None:
    (tmp_path / "topics.tsv").write_text(f"code\tissue\nx\t{issue}\n", "utf-8")
    for language in LANGUAGES:
        (tmp_path / f"x.{language}.txt").write_text(text, "utf-8")
    with pytest.raises(TableError, match=why):
        load_topics(tmp_path, {"B01"})
