"""Spellings that no rule of letters gives. Each table is small and says where it is from.

Where a rule gives the pair (Ayşe and عائشة, Fatma and فاطمة, Ömer and عمر) it does not stand here.
"""

from __future__ import annotations

from typing import Final

ARABIC: Final = {
    # The w of Amr only tells it from Umar (Wright I, 12 rem.); so the bare word is Umar.
    "عمرو": "amr",
    "عمر": "umăr",
    # A name older than the measures (Aramaic): not faʿīl.
    "مريم": "maryam",
    # Of the measure fayʿil (Wright I, 240 rem.): an i follows the y, unlike in زيد.
    "سيد": "sayyid",
    "طيب": "tayyib",
    # Long a that older spelling leaves out (Wright I, 7 rem. a), and one w for two (18 rem.).
    "رحمن": "رحمان",
    "اسحق": "اسحاق",
    "اسمعيل": "اسماعيل",
    "ابرهيم": "ابراهيم",
    "سليمن": "سليمان",
    "معويه": "معاويه",
    "هرون": "هارون",
    "عثمن": "عثمان",
    "طه": "طاها",
    "يس": "ياسين",
    "داود": "داوود",
    "طاوس": "طاووس",
}
"""What an Arabic word is read as, in either script; ă is a short a."""

TAKEN_FOR: Final = {"امنه": ("امينه", 40)}
"""A name that registers also write as another, and the cost: Emine stands for both (domain.md 6.1)."""

ABBREVIATED: Final = dict.fromkeys(("mhd", "mohd", "muhd", "md", "mhmd", "mouh", "muh"), "muhammad")
"""Abbreviations on passports and lists (ICAO Doc 9303-3 cuts names; Mhd. and Mohd. are the usual cuts)."""

COGNATES: Final = {
    # A name of its own (~), so never the same: registers seldom turn Muhammed into Mehmet (domain.md 6.1).
    **dict.fromkeys(("mehmet", "mehmed", "memet", "memed"), ("~muhammad", 0)),
    # The usual register forms, with sounds that no rule of letters gives.
    "hatice": ("hadice", 10),
    "fadime": ("fatime", 10),
    "bekir": ("bakr", 10),
}
"""Turkish given names that came from an Arabic one, and the cost: TDK, Kişi Adları Sözlüğü."""

ABBREVIATION_COST: Final = 20
