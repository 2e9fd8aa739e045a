"""Every letter on paper is the right one: lines are compared with what the original fonts draw elsewhere."""

import io
from itertools import pairwise

from fontTools.ttLib import TTFont

from core.documents import pdf
from tests.documents.conftest import Press
from tests.support.fonts import FONTS, PARTS, WEIGHTS, merged
from tests.support.rendering import drawn, likeness, pages

# Right letters share 0.83 of their ink or more, another font's 0.6 or less.
SAME = 0.75

# Words, the original font they are in, weight, direction.
LINES = {
    "joined letters and vowel marks": ("الكُتُبُ لِلّٰهِ الأُمّ", "arabic", 400, "rtl"),
    "semi-bold": ("مديرية النفوس", "arabic", 600, "rtl"),
    "Arabic-Indic digits": ("٠١٢٣٤٥٦٧٨٩", "arabic", 400, "rtl"),
    "Turkish letters": ("ĞğŞşİ", "latin-ext", 400, "ltr"),
    "Turkish letters that Latin-1 has": ("Ççöüı", "latin", 400, "ltr"),
    "Latin digits": ("0123456789", "latin", 400, "ltr"),
    "semi-bold Latin": ("Registering", "latin", 600, "ltr"),
}  # fmt: skip # a table
JOINED = ("joined letters and vowel marks", "semi-bold")


def resemblances() -> dict[str, float]:
    """How much each line, printed on a page of its own, is like the original's drawing of it."""
    html = ['<!DOCTYPE html><html lang="ar"><title>.</title><style>']
    html.append("p { break-after: page; font-size: 60pt; white-space: nowrap }</style>")
    html += [
        f'<p dir="{direction}">' + (f"<b>{words}</b>" if weight == 600 else words)
        for words, _part, weight, direction in LINES.values()
    ]
    printed = pages(pdf.render("".join(html), language="ar", title="."))
    return {
        name: likeness(page, drawn(*line)) for (name, line), page in zip(LINES.items(), printed, strict=True)
    }


def test_each_line_looks_as_its_original_font_draws_it() -> None:
    assert {name: share for name, share in resemblances().items() if share < SAME} == {}


def test_a_missing_font_is_seen_in_each_line(other_press: Press) -> None:
    other_press(fonts={})
    assert {name: share for name, share in resemblances().items() if share >= SAME} == {}


def test_letters_drawn_as_their_neighbours_are_seen_in_each_line(other_press: Press) -> None:
    other_press(fonts={f"print-{weight}.ttf": mixed_up(weight) for weight in WEIGHTS})
    assert {name: share for name, share in resemblances().items() if share >= SAME} == {}


def test_letters_that_do_not_join_are_seen(other_press: Press) -> None:
    other_press(fonts={f"print-{weight}.ttf": without(weight, "GSUB", "GPOS") for weight in WEIGHTS})
    assert [name for name, share in resemblances().items() if name in JOINED and share >= SAME] == []


def test_the_committed_fonts_are_made_from_the_committed_parts() -> None:
    """Letter by letter, so that another version of the tool that merges them is no failure."""
    for weight in list(WEIGHTS)[1:]:  # the same function makes the other
        committed, made = TTFont(FONTS / f"print-{weight}.ttf"), TTFont(io.BytesIO(merged(weight)))
        assert outlines(committed) == outlines(made)


def test_one_font_has_every_letter_of_its_parts_once() -> None:
    for weight in WEIGHTS:
        parts = [set(TTFont(FONTS / f"plex-{part}-{weight}.woff2").getBestCmap()) for part in PARTS]
        assert set(TTFont(FONTS / f"print-{weight}.ttf").getBestCmap()) == set().union(*parts)


def outlines(font: TTFont) -> dict[int, object]:
    """Width and outline of each letter."""
    glyphs, widths = font["glyf"], font["hmtx"]
    return {
        letter: (widths[name], glyphs[name].getCoordinates(glyphs))
        for letter, name in font.getBestCmap().items()
    }


def mixed_up(weight: int) -> bytes:
    """The font with each letter drawn as its neighbour, as happens when subsets share a family."""
    font = TTFont(FONTS / f"print-{weight}.ttf")
    for table in font["cmap"].tables:
        letters = sorted(table.cmap)
        table.cmap = {here: table.cmap[there] for here, there in pairwise([*letters, letters[0]])}
    return saved(font)


def without(weight: int, *tables: str) -> bytes:
    font = TTFont(FONTS / f"print-{weight}.ttf")
    for table in tables:
        del font[table]
    return saved(font)


def saved(font: TTFont) -> bytes:
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()
