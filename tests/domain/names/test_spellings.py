"""Hundreds of usual names, each spelled in every tradition by a program that knows nothing of the rules."""

from itertools import combinations
from random import Random

from bench.names_spellings import spellings
from bench.names_vocalised import FAMILY, FEMALE, MALE, NAMES
from tests.domain.names.support import match, verdict


def test_the_spellings_are_those_of_the_traditions() -> None:
    assert spellings("مُحْسِن") == ["محسن", "Muḥsin", "Muhsin", "Mohsen", "Muhsen", "Mouhsine", "MUHSİN"]
    assert {"عبدالرحيم", "ʿabd Ar-Raḥīm", "Abdul Raheem", "Abderrahim", "ABDURRAHİM"} <= set(
        spellings("عَبْدُ الرَّحِيم")
    )


def test_spellings_of_one_name_are_found() -> None:
    pairs = [pair for name in NAMES for pair in combinations(spellings(name), 2)]
    missed = [pair for pair in pairs if verdict(*pair) == "different"]
    assert len(pairs) > 5_000
    assert len(missed) <= 0.02 * len(pairs), missed[:20]


def test_different_names_are_seldom_taken_for_one() -> None:
    random = Random(5)  # noqa: S311  the same names each time
    found = []
    for kind in (MALE, FEMALE, FAMILY):
        for _ in range(1_000):
            one, other = random.sample(kind, 2)
            found.append(verdict(random.choice(spellings(one)), random.choice(spellings(other))))
    assert found.count("same") <= 0.005 * len(found)
    assert len(found) - found.count("different") <= 0.01 * len(found)


def test_the_full_name_of_one_person_is_found_in_another_script() -> None:
    random = Random(6)  # noqa: S311  the same names each time
    missed = []
    for _ in range(300):
        spelled = [spellings(random.choice(kind)) for kind in (MALE + FEMALE, MALE, FAMILY)]
        one, other = (" ".join(map(random.choice, spelled)) for _ in range(2))
        if match(one, other).verdict == "different":
            missed.append((one, other))
    assert len(missed) <= 3, missed
