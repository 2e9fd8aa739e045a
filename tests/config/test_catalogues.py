"""The check of the translations finds what it is for."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.support import catalogues

HEADER = (
    'msgid ""\nmsgstr ""\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
PLURAL = 'msgid "%(num)d case"\nmsgid_plural "%(num)d cases"\n'


@pytest.fixture
def wanted() -> Catalog:
    catalog = Catalog()
    catalog.add("Save", locations=[("a.html", 1)])
    catalog.add("%(count)s cases", locations=[("a.html", 2)])
    catalog.add(("%(num)d case", "%(num)d cases"), locations=[("a.html", 3)])
    return catalog


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("", "missing: 'Save'"),
        ('msgid "Save"\nmsgstr ""\n', "not translated: 'Save'"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "Kaydet"\n', "fuzzy: 'Save'"),
        ('msgid "%(count)s cases"\nmsgstr "dosyalar"\n', "placeholders differ: '%(count)s cases'"),
        ('msgid "Gone"\nmsgstr "Gitti"\n', "no longer in the code: 'Gone'"),
        (
            PLURAL + 'msgstr[0] "%(n)d dosya"\nmsgstr[1] "%(num)d"\n',
            "placeholders differ: '%(num)d case'",
        ),
    ],
)
def test_faults_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Catalog, body: str, fault: str
) -> None:
    folder = tmp_path / "translations" / "tr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(HEADER + body, encoding="utf-8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    assert any(fault in line for line in catalogues.problems("tr", wanted))


def test_a_complete_catalogue_has_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: Catalog
) -> None:
    folder = tmp_path / "translations" / "tr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        HEADER
        + 'msgid "Save"\nmsgstr "Kaydet"\n\n'
        + 'msgid "%(count)s cases"\nmsgstr "%(count)s dosya"\n\n'
        + PLURAL
        + 'msgstr[0] "bir dosya"\nmsgstr[1] "%(num)d dosya"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    assert catalogues.problems("tr", wanted) == []
    assert catalogues.problems("ar", wanted) == ["ar: there is no catalogue"]


def test_messages_of_code_and_templates_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pyproject.toml says where to look; `make check` looks through the house itself."""
    shutil.copy(catalogues.ROOT / "pyproject.toml", tmp_path)
    for name, content in {
        "cases/words.py": 'OPEN = _l("Open")\nSAID = ngettext("one case", "%(num)d cases", 2)\n',
        "templates/cases/show.html": "<p>{{ _('Closed') }}</p>",
        "tests/words.py": '_("Not said to anybody")',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    said = {message.id for message in catalogues.extracted() if message.id}
    assert said == {"Open", ("one case", "%(num)d cases"), "Closed"}


@pytest.mark.parametrize(("language", "name"), [("ar", "مسؤول"), ("tr", "sistem yönetici")])
def test_an_administrator_is_called_by_the_name_of_the_role(language: str, name: str) -> None:
    """And not by that of managers, who invite nobody."""
    with (catalogues.ROOT / "translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    about = [one for one in catalogue if re.search(r"\badministrators?\b", str(one.id), re.IGNORECASE)]
    assert len(about) > 20
    assert [one.id for one in about if name not in str(one.string).replace("S", "s")] == []
