"""An organisation's own text of a letter: kept once, by version, for itself alone; the standard restored."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask

from advocacy.service import letter_texts
from core.errors import Conflict, NotFound, Refused
from core.store.transaction import transaction
from tests.advocacy.test_contacts import listed, printed
from tests.support.cast import Cast
from tests.support.world import World

OWN = "Sayın kurum, dosyamız [başlık] ektedir."


def keep(cast: Cast, text: str, version: int = 0, by: str = "manager", kind: str = "cover") -> None:
    with transaction():
        letter_texts.keep(cast[by], kind, "tr", version, text)


def test_a_text_is_kept_by_version_and_stays_with_its_organisation(ours: Cast, theirs: Cast) -> None:
    keep(ours, OWN)
    keep(ours, OWN)  # a double click
    assert letter_texts.one(ours["admin"], "cover", "tr") == (OWN, 1)
    assert letter_texts.one(ours["admin"], "cover", "ar") == ("", 0)
    assert letter_texts.one(theirs["manager"], "cover", "tr") == ("", 0)
    assert letter_texts.own(theirs["manager"]) == {}
    with pytest.raises(Conflict):
        keep(ours, "Başka", by="admin")
    keep(theirs, "Onların")
    assert letter_texts.one(ours["manager"], "cover", "tr") == (OWN, 1)
    keep(ours, "", version=1)
    assert letter_texts.one(ours["manager"], "cover", "tr") == ("", 2)
    with pytest.raises(Conflict):  # written on a page from before it was restored
        keep(ours, "Geç kalan", version=1)
    for name in ("coordinator", "lawyer", "caseworker"):
        with pytest.raises(Refused):
            keep(ours, OWN, version=2, by=name)
    with pytest.raises(NotFound):
        keep(ours, OWN, kind="nothing")


@pytest.mark.parametrize("language", ["en", "ar", "tr"])
def test_a_letter_begins_with_the_own_text(world: World, language: str) -> None:
    manager, dossier_id, place = world.browser("manager", language), *ready(world.app, world.cast)
    manager.get("/letters")
    assert manager.page.count("row-link") == 9
    path = "/letters/cover/tr"
    manager.get(path)
    assert "savunuculuk dosyamızı" in manager.text
    assert "[başlık]" in manager.text
    before = manager.version
    assert manager.post(path, version=before, text="").status_code == 422
    assert manager.post(path, version=before, text=OWN).location == "/letters"
    stale = manager.post(path, version=before, text="Geç kalan")
    assert stale.status_code == 409
    assert OWN in manager.text
    assert "Geç kalan" in manager.page
    letter = f"/dossiers/{dossier_id}/letter/{place}/cover/tr"
    manager.get(letter)
    assert "Sayın kurum, dosyamız Kaydı pasife alınan kimlikler ektedir." in manager.text
    manager.get(path)
    restore = re.findall(r'action="(/letters/[^"]+/restore)"', manager.page)[0]
    assert manager.post(restore, version=manager.version).location == path
    manager.get(letter)
    assert "Sayın kurum" not in manager.text
    for unknown in ("/letters/nothing/tr", "/letters/cover/de"):
        assert manager.get(unknown).status_code == 404


def ready(app: Flask, cast: Cast) -> tuple[UUID, UUID]:
    """A dossier that may leave, and an addressee."""
    with app.app_context():
        return printed(cast), listed(cast)["pmm"]
