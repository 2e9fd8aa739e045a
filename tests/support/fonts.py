"""Makes the two fonts that documents are printed with: `python -m tests.support.fonts`.

Browsers take three files per weight and choose by unicode-range. Pango does not: several files under one
family name print wrong glyphs without any error. So the same files become one font per weight, under a name
of its own, so that nobody takes it for the original. The licence (SIL OFL 1.1) lies beside the fonts.
"""

from __future__ import annotations

import io
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "static" / "fonts"
FAMILY = "Himaya Print"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
# Later ones give way to earlier ones where both know a letter, as the stylesheet's ranges do.
PARTS = ("latin", "latin-ext", "arabic")
VERSION = "Version 1.000"
# A fixed moment (2026-01-01, in seconds since 1904) instead of now: the same parts give the same bytes.
MADE = 3_850_070_400


def part(name: str, weight: int, taken: set[int]) -> io.BytesIO:
    """One of the committed files as TrueType, without the letters in `taken` and without screen hints."""
    font = TTFont(FONTS / f"plex-{name}-{weight}.woff2")
    options = Options(hinting=False, layout_features=["*"], glyph_names=False, notdef_outline=True)
    subsetter = Subsetter(options)
    mine = set(font.getBestCmap()) - taken
    subsetter.populate(unicodes=mine)
    subsetter.subset(font)
    taken |= mine
    font.flavor = None
    for table in ("STAT", "gasp"):
        if table in font:
            del font[table]
    content = io.BytesIO()
    font.save(content)
    content.seek(0)
    return content


def merged(weight: int) -> bytes:
    """The font of one weight: Latin, Turkish and Arabic letters, both kinds of digits."""
    taken: set[int] = set()
    font = Merger().merge([part(name, weight, taken) for name in PARTS])
    arabic = TTFont(FONTS / f"plex-arabic-{weight}.woff2")
    for field in ("ascent", "descent", "lineGap"):  # Arabic reaches higher and lower than Latin
        setattr(font["hhea"], field, getattr(arabic["hhea"], field))
    for field in ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent"):
        setattr(font["OS/2"], field, getattr(arabic["OS/2"], field))
    font["OS/2"].usWeightClass = weight
    font["head"].created = font["head"].modified = MADE
    font.recalcTimestamp = False
    _name(font, WEIGHTS[weight])
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()


def _name(font: TTFont, style: str) -> None:
    """Names by which fontconfig finds the font; copyright and licence stay as they were."""
    regular = style == "Regular"
    names = {
        1: FAMILY if regular else f"{FAMILY} {style}",
        2: "Regular",
        3: f"{FAMILY} {style} {VERSION}",
        4: FAMILY if regular else f"{FAMILY} {style}",
        5: VERSION,
        6: f"{FAMILY.replace(' ', '')}-{style}",
        16: FAMILY,
        17: style,
    }
    table = font["name"]
    kept = {key: table.getDebugName(key) for key in (0, 13, 14)}
    table.names = []
    for key, text in sorted({**kept, **names}.items()):
        if text:
            table.setName(text, key, 3, 1, 0x409)


def main() -> None:
    """Write both fonts beside their parts."""
    for weight in WEIGHTS:
        (FONTS / f"print-{weight}.ttf").write_bytes(merged(weight))


if __name__ == "__main__":
    main()
