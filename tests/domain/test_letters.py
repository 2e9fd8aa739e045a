"""Names of fields in templates of letters, however they are written."""

import pytest

from domain.letters import LONGEST, Meant, Names

NAMES = Names(
    [("client.name", ("client.name", "müvekkil.ad", "الموكل.الاسم")), ("today", ("today", "bugün"))]
)


@pytest.mark.parametrize(
    "written", ["müvekkil.ad", " MÜVEKKİL . AD", "muvekkil.ad", "Client.Name", "الموكّل.الإسم", "client_name"]
)
def test_a_field_is_known_however_it_is_written(written: str) -> None:
    assert NAMES.meant(written) == Meant("client.name")
    assert Meant("client.name").key == "client.name"


@pytest.mark.parametrize(
    "written", ["sor: Mahkemenin adı", "Ask :Mahkemenin adı", "اسأل: Mahkemenin\u202e adı"]
)
def test_a_question_is_asked_in_its_own_words(written: str) -> None:
    assert NAMES.meant(written) == Meant(question="Mahkemenin adı")
    assert Meant(question="x").key != Meant("x").key


@pytest.mark.parametrize(
    "written", ["ask:", f"ask: {'x' * (LONGEST + 1)}", "müvekkil.adı", "tell: x", "", "{% x %}"]
)
def test_anything_else_is_none(written: str) -> None:
    assert NAMES.meant(written) is None


def test_the_nearest_known_name_is_offered_as_it_is_written() -> None:
    assert NAMES.nearest("muvekil.adi") == "müvekkil.ad"
    assert NAMES.nearest("الموكل.اسم") == "الموكل.الاسم"
    assert NAMES.nearest("xyz") == ""
