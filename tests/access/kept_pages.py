"""Some of the forms that come back when sent too late: documents, what is to do, what lawyers write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

from cases.service import assignment, draft_reviews
from cases.service.drafting import Filing
from core import clock
from core.store.base import db
from core.store.transaction import transaction
from tests.cases import held
from tests.cases.lettering import template_of
from tests.cases.pages.test_supervision_notes import asked_in
from tests.cases.papers import paper_in
from tests.documents.corpus import page_pdf, saved
from tests.support.world import World

SAVED_BY_ITSELF = {  # while somebody writes
    f"cases.{name}"
    for name in ("draft", "draft_edit", "draft_note", "keep_legal_draft", "keep_legal_draft_version")
}


def of_drafts(world: World, case: str, typed: str, comes_back: Callable[..., str]) -> Iterator[str]:
    """Each of them, in a case on which a lawyer works; `comes_back` tries one."""
    yield comes_back(world, "lawyer", f"{case}/lawyer-notes", text=typed)
    with world.app.app_context():
        note = held.note(world.cast["lawyer"], UUID(case.rpartition("/")[2]))
        db.session.rollback()
    yield comes_back(world, "lawyer", f"{case}/lawyer-notes/{note}/out", reason=typed)
    begin = f"{case}/legal-drafts/new"
    yield comes_back(world, "lawyer", begin, text=typed)
    draft = str(world.browser("lawyer").fill(begin, title="x", text="y", token=str(UUID(int=12))).location)
    yield comes_back(world, "lawyer", draft, f"{draft}/say", remark=typed)
    yield comes_back(world, "lawyer", f"{draft}/write", text=typed)
    yield comes_back(world, "lawyer", f"{draft}/ask", text=typed)
    yield comes_back(world, "lawyer", f"{draft}/file", where=typed)
    case_id, draft_id = (UUID(one) for one in re.findall(r"[0-9a-f-]{36}", draft))
    lawyer, other = world.cast["lawyer"], world.cast["other_lawyer"]
    with world.app.app_context():
        with transaction():
            draft_reviews.ask(lawyer, case_id, draft_id, 1, other.person_id, UUID(int=13))
        with transaction():
            [offer] = [one for one in assignment.offers(other) if one.case_id == case_id]
            assignment.accept(other, offer.assignment_id)
        db.session.rollback()
    yield comes_back(world, "other_lawyer", draft, f"{draft}/judge", comments=typed)
    with world.app.app_context():
        with transaction():
            filed = Filing(clock.today(), "x", reason="y")
            draft_reviews.file(lawyer, case_id, draft_id, 2, filed, UUID(int=14))
        db.session.rollback()
    yield comes_back(world, "lawyer", f"{draft}/correct", reason=typed)


def of_lines(world: World, case: str, typed: str, comes_back: Callable[..., str]) -> Iterator[str]:
    """Those of what was filed, and what came of something."""
    for kind, name in (("filing", "what"), ("outcome", "text")):
        yield comes_back(world, "caseworker", f"{case}/timeline/new/{kind}", **{name: typed})
    with world.app.app_context():
        line = held.filing(world.cast["caseworker"], UUID(case.rpartition("/")[2]))
        db.session.rollback()
    for way in "12":
        yield comes_back(world, "caseworker", f"{case}/timeline/{line}/correct/{way}", wrong=typed)
    yield comes_back(world, "caseworker", f"{case}/timeline/{line}/out", reason=typed)


def of_papers(world: World, typed: str, comes_back: Callable[..., str]) -> Iterator[str]:
    """Those of documents, of letters, and of a file that is given out."""
    case_id = world.record()
    with world.app.app_context():
        paper = paper_in(world.cast["caseworker"], case_id, saved(page_pdf()))
        db.session.rollback()
    yield comes_back(world, "caseworker", f"/cases/{case_id}/documents/add", title=typed)
    with world.app.app_context():
        world.cast.assign(case_id)
        db.session.rollback()
    yield comes_back(world, "lawyer", f"/cases/{case_id}/export/2", to=typed)
    with world.app.app_context():
        template = template_of(world.cast["lawyer"])
        db.session.rollback()
    yield comes_back(world, "lawyer", "/templates/new", subject=typed)
    yield comes_back(world, "lawyer", f"/templates/{template}/newer", subject=typed)
    yield comes_back(world, "caseworker", f"/cases/{case_id}/letters/{template}", title=typed)
    for step, field in (("newer", "who"), ("edit", "title"), ("redact", "words"), ("remove", "reason")):
        yield comes_back(world, "caseworker", f"/cases/{case_id}/documents/{paper}/{step}", **{field: typed})


def of_supervision(world: World, closing: str, typed: str, comes_back: Callable[..., str]) -> Iterator[str]:
    """What whoever supervises writes; `closing` is a case in review."""
    case = f"/cases/{world.record()}"
    yield comes_back(world, "coordinator", f"{closing}/review", words_identity=typed)
    yield comes_back(world, "coordinator", f"{case}/ask", text=typed)
    yield comes_back(world, "caseworker", asked_in(world, case), text=typed)
    yield comes_back(world, "coordinator", "/talks/new", text=typed)
    with world.app.app_context():
        talk = held.talk(world.cast["coordinator"], world.cast["caseworker"].person_id)
        db.session.rollback()
    yield comes_back(world, "coordinator", f"/talks/{talk}/change", text=typed)


def of_todo(world: World, typed: str, comes_back: Callable[..., str]) -> Iterator[str]:
    """Those of what is to do in a case, and of originals."""
    case = f"/cases/{world.record()}"
    todo = f"{case}/todo/new"
    for kind in ("task", "hearing", "signature", "original"):
        yield comes_back(world, "caseworker", f"{todo}/{kind}", more=typed)
    caseworker = world.browser("caseworker")
    caseworker.fill(f"{todo}/task", title="Call", token=str(UUID(int=11)))
    task = re.findall(rf'href="({case}/todo/[0-9a-f-]{{36}})"', (caseworker.get(case), caseworker.page)[1])[0]
    yield comes_back(world, "caseworker", f"{task}/change", more=typed)
    yield comes_back(world, "caseworker", f"{task}/end", word=typed)
    with world.app.app_context():
        paper = held.original(world.cast["caseworker"], UUID(case.rpartition("/")[2]))
        db.session.rollback()
    yield comes_back(world, "caseworker", f"{case}/todo/{paper}/mistaken", reason=typed)
    yield comes_back(world, "caseworker", f"{case}/checklist/all.papers", word=typed)
