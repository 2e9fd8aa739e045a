"""Names stand where readers of each language look for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alphabet import alphabetical

ORDERED = {
    "tr": ["8. Daire", "Aile", "Çalışma", "Göç", "Iğdır", "İçişleri", "Millî", "Sağlık", "Şehir", "وزارة"],
    "ar": ["آل", "البلدية", "أمين المظالم", "إنسان", "رئاسة", "وزارة"],
    "en": ["Émile", "Europe", "İYİ Parti", "Justice"],
}  # fmt: skip # one line a language


@pytest.mark.parametrize("language", sorted(ORDERED))
def test_names_stand_in_the_order_of_the_alphabet(language: str) -> None:
    names = ORDERED[language]
    assert sorted({*names}, key=lambda name: alphabetical(name, language)) == names


@given(st.text(), st.text(), st.sampled_from(["ar", "tr", "en"]))
def test_different_names_have_different_keys(one: str, other: str, language: str) -> None:
    assert (alphabetical(one, language) == alphabetical(other, language)) == (one == other)
