"""Papers of a case on both databases: one line for one form, a new key for all of it, damage is seen."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from cases.models import CaseFile
from cases.service import files, filing, members, removing
from cases.service.filing import Filed, Paper
from cases.service.rows import Tampered
from cases.service.views import OpenCase
from core.errors import NotFound
from core.store.base import db
from core.store.transaction import transaction
from tests.cases.papers import paper_in
from tests.intake.papers import PDF
from tests.intake.stage import stored
from tests.support.cast import Cast, on_stage
from vault import VaultError


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def seen(cast: Cast, case_id: UUID, by: str = "caseworker") -> OpenCase:
    with transaction():
        return files.open_case(cast[by], case_id)


def bring(cast: Cast, case_id: UUID, content: bytes, token: UUID, replaces: UUID | None = None) -> Filed:
    paper = Paper(stored(content), "قرار.pdf", {"title": "", "kind": "decision", "tags": ["ترحيل"]})
    with transaction():
        return filing.file_papers(cast["caseworker"], case_id, [paper], token, replaces=replaces)


def test_files_of_one_form_are_one_line_and_go_with_a_new_key(cast: Cast) -> None:
    case_id, token = cast.record(), uuid4()
    (first,) = bring(cast, case_id, PDF + b"1", token).kept
    assert bring(cast, case_id, PDF + b"1", token).known == {first}
    (second,) = bring(cast, case_id, PDF + b"2", token).kept
    (newer,) = bring(cast, case_id, PDF + b"3", uuid4(), replaces=first).kept
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["caseworker"].person_id)
    case = seen(cast, case_id, "coordinator")
    lines = [one.data["documents"] for one in case.entries if one.kind == "document"]
    assert lines == [[[str(newer), "قرار"]], [[str(first), "قرار"], [str(second), "قرار"]]]
    stands = {shelf.document.id: [one.id for one in shelf.older] for shelf in case.shelves}
    assert stands == {second: [], newer: [first]}
    with transaction():
        opened = filing.open_paper(cast["coordinator"], case_id, first, "case.original")
    assert opened.file.size == len(PDF) + 1


def test_a_paper_of_another_case_is_not_there_and_damage_is_seen(cast: Cast) -> None:
    case_id, other = cast.record(), cast.record()
    paper = paper_in(cast["caseworker"], case_id)
    for act in (
        lambda: filing.open_paper(cast["caseworker"], other, paper, "case.file"),
        lambda: filing.say(cast["caseworker"], other, paper, 1, {"title": "x"}),
        lambda: removing.remove(cast["caseworker"], other, paper, 1, "x"),
        lambda: removing.keep(cast["caseworker"], case_id, paper, 1, "x"),  # nobody asked
        lambda: filing.open_paper(cast["lawyer"], case_id, paper, "case.file"),
    ):
        with pytest.raises(NotFound), transaction():
            act()
    assert len(seen(cast, case_id).documents) == 1
    db.session.execute(update(CaseFile).where(CaseFile.id == paper).values(version=2))
    db.session.commit()
    with pytest.raises((Tampered, VaultError)):
        seen(cast, case_id)
