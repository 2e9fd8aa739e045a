"""Which Arabic sounds a spelling may stand for, and what it costs to say that two spellings mean one sound.

A **sound** is one character: a consonant of Arabic by its letter in DIN 31635 (with ʿ for ع, ʾ for hamza, θ
ث, ħ ح, x خ, ð ذ, š ش, ġ غ, j ج), a short vowel a i u, a long one A I U, Y for the y of a diphthong, á for ى,
or E for the feminine ending ة. A few **signs** stand for whole parts: @ Abd, # Abu, % Umm, & al-Din, $ Allah,
! Haj; ~ a name of its own that came from another (Mehmet).

A **unit** is what is written: a letter, two letters, or a vowel whose place in the word says something. Its
row says which sounds it may stand for. No number: the usual value in one of the traditions; a number:
hundredths of a difference, the rarer the more. Two units agree at the least sum over a sound they share. So
kh (ALA-LC, BGN/PCGN) and h (Turkish) agree as خ, s and th as ث, and g and k only as a ق.

Traditions: ALA-LC and BGN/PCGN (th kh dh sh gh), DIN 31635 (ṯ ḫ ḏ š ġ), French practice (ch dj ou, silent e),
Turkish register practice (ş c h v ö ü ı, final t p ç for d b c: 1928 alphabet and devoicing), machine
readable zones (ICAO Doc 9303-3: ş as S, ç as C, ğ as G), Levantine speech
after Cowell, A Reference Grammar of Syrian Arabic (short i and u fall together, ث and ذ as t s and d z).
"""

from __future__ import annotations

from functools import cache
from typing import Final

_ROWS: Final = """
b     b
p     b p
t     t ṭ θ:80 d:60
-t    t ṭ d ḍ θ:80
th    θ ð:25 ẓ:30 t:40 ṭ:40
d     d ḍ ð:50 ẓ:60
dh    ð ḍ:10 ẓ:10 d:20
z     z ð ẓ ḍ:40 ž:60
s     s ṣ θ š:50
sh    š
ch    š č x:60 k:40
ç     j č š:60
c     j k:50 s:50
-c    j k q
j     j ž y:80
dj    j
g     ġ g j:10 q:30 k:50
gh    ġ q:30
ğ     ġ
k     k q x:30 g:30
q     q k:20 ġ:40
kh    x
x     x
h     h ħ x
f     f
v     w v f:60
w     w v:20
l     l
m     m
n     n
r     r
ṯ     θ
ḏ     ð
ḥ     ħ
ḫ     x
ṣ     ṣ
ḍ     ḍ
ṭ     ṭ
ẓ     ẓ
'     ʿ ʾ
y     y I:60 i:70
ey    Y y I i:70
Y     y I i:10
i/    i I y
G     ʾ ʿ

a     a A i:60
aa    A a:20 E:30
A=    A a:50
A?    A a:30
A!    A:15 a:60
A~    A a:20
a~    a A:20
a=    a A:60 i:60
a?    a:20 A:20
e     a i u:20 Y:20 I:30 A:60
e=a   a i:40 A:60
e=i   i u:20 I:50 a:70
e~i   i u:20 a:30 I:50
i     I i Y:10 u:40 a:60
ı     i I:20 u:40 a:60
i?    i:20 I:20 a:80 u:60
i?a   i:20 I:20 a:80 u:60
e=ia  i u:20 I:50 a:70
i=    i u:40 I:50 a:70
I=    I i:40
ai    Y y:30 I i:80
ee    I i:20 Y:30
I     I i:60 Y:30
u     u U w:10
o     u U w:20
ou    U u:10 w:10
U     U w:10
ü     u U w:10 I:60
-a    A E á
-e    E A:20 I:40
-ne   E A:20 I:40
-i    I i:20 y Y
-u    U u w
-ü    U u w I:20

ا     A
و     w U
ي     y Y I
ي=    I Y y:50
ى     A á I:30 E:40
-ي    I y Y á:50
-ا    A E:30
-ه    E h t:20
ا-    ʾ
ع-    ʿ
ِ     i a:50 u:20
ـ     a i u:35
ب     b
پ     p b
ت     t
ث     θ s:50 t:50
ج     j
چ     č j:60
ح     ħ
خ     x
د     d
ذ     ð z:40 d:40
ر     r
ز     z
ژ     ž z:60
س     s
ش     š
ص     ṣ
ض     ḍ ẓ:30
ط     ṭ
ظ     ẓ ḍ:30
ع     ʿ
غ     ġ
ف     f
ق     q
ك     k
گ     g k:40
ڤ     v f:40
ل     l
م     m
ن     n
ه     h
ئ     ʾ y:20 Y:20
ؤ     ʾ w:20

@     @
#     #
%     %
&     &
$     $
!     !
~     ~
?     ?
"""

VOWELS: Final = frozenset("aiuAIUEá")

_UNWRITTEN_LATIN: Final = {
    **dict.fromkeys("aiu", 45),  # Fatma for Fatima, Mohamd: a short vowel that is not heard
    "A": 100,
    "I": 100,
    "U": 100,
    "á": 100,
    "E": 130,  # the feminine ending tells a woman's name from a man's
    **dict.fromkeys("ʿʾ", 0),  # no tradition but the scholarly ones writes them
    **dict.fromkeys("hħ", 60),
    **dict.fromkeys("yY", 90),
    **dict.fromkeys("@#%&$", 70),
    "!": 40,
    "~": 55,
}
_UNWRITTEN_ARABIC: Final = {
    **dict.fromkeys("aiu", 0),  # the script leaves short vowels out
    **dict.fromkeys("AIUYá", 90),
    "E": 130,
    "ʾ": 20,
    **dict.fromkeys("@#%&$", 70),
    "!": 40,
    "~": 55,
}
_FIXED_GAPS: Final = {
    # A first vowel is written in both scripts; Brahim for Ibrahim is rare.
    "G": (80, 100),
    "ا-": (80, 100),
    "ع-": (80, 100),
    "-ne": (20, 20),  # Nadine and Nadin: French writes an e so that the n is heard
    "Y": (80, 90),
    "'": (0, 40),  # between two vowels there was a consonant: Suad
    "i?a": (30, 20),
    "e=ia": (20, 0),
    "i/": (10, 0),  # Mariam and Maryam
    # What a measure shows to be long is not left out.
    "A=": (85, 80),
    "I=": (85, 70),
    "I": (85, 70),
    "-ه": (110, 110),
}
UNRELATED: Final = 100
_NEVER: Final = 250
"""More than leaving both units out."""


def _row(text: str) -> tuple[str, dict[str, int]]:
    unit, *sounds = text.split()
    pairs = (sound.partition(":") for sound in sounds)
    return unit, {sound: int(cost or 0) for sound, _, cost in pairs}


_SPELLED: Final = dict(_row(line) for line in _ROWS.strip().splitlines() if line)
_NAMES: Final = tuple(_SPELLED)
UNIT: Final = {name: number for number, name in enumerate(_NAMES)}
"""Number of each unit."""

LATIN: Final = 0
ARABIC: Final = 1

_HALF: Final = frozenset({"y", "ey", "Y", "و", "ي", "ي=", "-ي"})
_WEIGHTLESS: Final = frozenset({"ـ", "'", "?"}) | frozenset("@#%&$!~")


def _weight(name: str, row: dict[str, int]) -> int:
    if name in _WEIGHTLESS:
        return 0
    if name in _HALF:
        return 1
    return 0 if VOWELS & row.keys() else 2


WEIGHTS: Final = tuple(_weight(name, row) for name, row in _SPELLED.items())
"""What each unit adds to a word's length: a consonant 2, what may be consonant or vowel 1, others 0."""


@cache
def costs(unit: int) -> tuple[int, ...]:
    """Hundredths of a difference between the unit and each unit that may stand in its place."""
    row = _SPELLED[_NAMES[unit]]
    return tuple(0 if row is other else _between(row, other) for other in _SPELLED.values())


def _between(one: dict[str, int], other: dict[str, int]) -> int:
    shared = [cost + other[sound] for sound, cost in one.items() if sound in other]
    if shared:
        return min(*shared, UNRELATED)
    same_kind = bool(VOWELS & one.keys()) is bool(VOWELS & other.keys())
    return UNRELATED if same_kind else _NEVER


def _gap(name: str, row: dict[str, int], script: int) -> int:
    if name in _FIXED_GAPS:
        return _FIXED_GAPS[name][script]
    unwritten = (_UNWRITTEN_LATIN, _UNWRITTEN_ARABIC)[script]
    return min(cost + unwritten.get(sound, UNRELATED) for sound, cost in row.items())


GAPS: Final = tuple(
    tuple(_gap(name, row, script) for name, row in _SPELLED.items()) for script in (LATIN, ARABIC)
)
"""GAPS[script][unit]: what it costs that a word in `script` has nothing where the other has the unit."""


_BITS: Final = {
    sound: 1 << place for place, sound in enumerate(sorted(set().union(*_SPELLED.values()) - VOWELS))
}
MASKS: Final = tuple(sum(_BITS.get(sound, 0) for sound in row) for row in _SPELLED.values())
"""The consonants each unit may stand for, as bits: two units without a common bit agree in none."""

MAY_BE_MISSING: Final = tuple(
    bool(VOWELS & row.keys()) or min(GAPS[LATIN][unit], GAPS[ARABIC][unit]) < UNRELATED
    for unit, row in enumerate(_SPELLED.values())
)
"""Whether a spelling may be without the unit and still be of the same name."""


@cache
def first_sounds(letter: str) -> int:
    """The consonants, as bits, of all that this letter begins; all bits where it may be missing."""
    mask = 0
    for unit, name in enumerate(_NAMES):
        if name[0] == letter:
            mask |= -1 if MAY_BE_MISSING[unit] else MASKS[unit]
    return mask or -1


def sounds_of(unit: int) -> dict[str, int]:
    """The row of a unit: sounds it may stand for, and what each costs."""
    return _SPELLED[_NAMES[unit]]


def name_of(unit: int) -> str:
    """How the unit is called in the table."""
    return _NAMES[unit]
