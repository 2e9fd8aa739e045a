"""What a case holds with a state of its own: written once, changed by versions, sealed with what is clear."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from accounts.service import people
from cases.models import Case, CaseFile, CaseItem
from cases.service import documents, files, items, keys, members, orders, originals, rows, todo
from cases.service.items import Said
from cases.service.reach import find
from cases.service.rows import Tampered
from cases.service.views import DONE, OpenItem
from core.access.permissions import Permission
from core.errors import Conflict, DomainError, NotFound
from core.store import sealed_files
from core.store.base import db
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from tests.support.cast import COORDINATOR, Cast, on_stage
from vault import VaultError

DAY = dt.date(2026, 12, 1)
PDF = b"%PDF-1.7\n" + b"x" * 200


@pytest.fixture
def cast(app: Flask) -> Iterator[Cast]:
    """An organisation, on both databases."""
    with on_stage(app) as found:
        yield found


def held(cast: Cast, case_id: UUID) -> list[OpenItem]:
    with transaction():
        return files.open_case(cast["caseworker"], case_id).items


def add(cast: Cast, case_id: UUID, said: Said, token: UUID | None = None) -> UUID:
    with transaction():
        return items.add(cast["caseworker"], case_id, "task", said, token or uuid4())


def test_an_item_is_added_once_and_changed_by_whoever_saw_it_last(cast: Cast) -> None:
    case_id, token = cast.record(), uuid4()
    said = Said({"title": "اتصال بالمحكمة"}, DAY, cast["caseworker"].person_id)
    item_id = add(cast, case_id, said, token)
    assert add(cast, case_id, said, token) == item_id
    [one] = held(cast, case_id)
    assert (one.kind, one.due_on, one.owner, one.is_open) == ("task", DAY, "Kişi caseworker", True)
    done, again = Said(said.data, DAY, None, DONE), uuid4()
    for _click in range(2):
        with transaction():
            items.change(cast["caseworker"], case_id, item_id, one.version, done, again)
    with pytest.raises(Conflict), transaction():
        items.change(cast["caseworker"], case_id, item_id, one.version, said, uuid4())
    [one] = held(cast, case_id)
    assert (one.state, one.owner, one.version) == ("done", "", 2)


def test_nobody_outside_the_case_owns_or_changes_an_item(cast: Cast) -> None:
    case_id, other = cast.record(), cast.record()
    with pytest.raises(DomainError):
        add(cast, case_id, Said({}, DAY, cast["lawyer"].person_id))
    item_id = add(cast, case_id, Said({}))
    for actor in ("lawyer", "manager"):
        with pytest.raises(NotFound), transaction():
            items.change(cast[actor], case_id, item_id, 1, Said({}), uuid4())
    with pytest.raises(NotFound), transaction():
        items.change(cast["caseworker"], other, item_id, 1, Said({}), uuid4())


def brought(cast: Cast, case_id: UUID) -> tuple[SealedFile, dict[str, UUID]]:
    incoming = sealed_files.Incoming(sealed_files.store())
    incoming.write(PDF)
    file = incoming.finish()
    with transaction():
        case = find(cast["caseworker"], Permission.CASE_NOTE, case_id)
        key = keys.case_key(cast["caseworker"], case)
        kept = documents.add(cast["caseworker"], case, key, [(file, {"title": "قرار"})])
        rows.written(cast["caseworker"], "case.files", key, case)
    return file, kept


@pytest.mark.parametrize("clear", [{"due_on": DAY}, {"state": "done"}, {"version": 2}, {"owner_id": None}])
def test_an_item_changed_in_clear_does_not_open(cast: Cast, clear: dict[str, object]) -> None:
    case_id = cast.record()
    add(cast, case_id, Said({"title": "مهمة"}, None, cast["caseworker"].person_id))
    assert held(cast, case_id)
    db.session.execute(update(CaseItem).where(CaseItem.case_id == case_id).values(**clear))
    db.session.commit()
    with pytest.raises((Tampered, VaultError)):
        held(cast, case_id)


def test_documents_are_kept_once_and_go_with_their_bytes(cast: Cast) -> None:
    case_id = cast.record()
    file, kept = brought(cast, case_id)
    assert brought(cast, case_id)[1] == kept
    with transaction():
        [one] = files.open_case(cast["caseworker"], case_id).documents
    assert (one.about, one.size, one.digest) == ({"title": "قرار"}, len(PDF), file.digest)
    assert kept == {file.digest: one.id}
    with transaction():
        opened = documents.open_file(cast["caseworker"], case_id, one.id)
    assert b"".join(sealed_files.read(sealed_files.store(), opened.file)) == PDF
    with pytest.raises(NotFound), transaction():
        documents.open_file(cast["lawyer"], case_id, one.id)
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["caseworker"].person_id)
        assert db.session.get_one(CaseFile, one.id).epoch == 2
    with transaction():
        opened = documents.open_file(cast["coordinator"], case_id, one.id)
    assert b"".join(sealed_files.read(sealed_files.store(), opened.file)) == PDF
    with transaction():
        case = find(cast["coordinator"], Permission.CASE_NOTE, case_id)
        documents.remove(case, one.id, one.version)
        rows.seal_head(keys.case_key(cast["coordinator"], case), case)
    with pytest.raises(NotFound):
        b"".join(sealed_files.read(sealed_files.store(), opened.file))


def test_what_is_to_do_stays_on_the_desk_of_somebody_who_can_open_the_case(cast: Cast) -> None:
    case_id = cast.record()
    mine = add(cast, case_id, Said({"title": "x"}, DAY, cast["caseworker"].person_id))
    with transaction():
        members.add(cast["coordinator"], case_id, cast["colleague"].person_id)
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["caseworker"].person_id)
    with transaction():
        [one] = files.open_case(cast["colleague"], case_id).items
        [line] = todo.on_desk(cast["colleague"], 5)
        assert todo.on_desk(cast["caseworker"], 5) == []
    assert (one.id, one.owner, one.data["had"]) == (mine, "Kişi colleague", "Kişi caseworker")
    assert line.data["title"] == "x"
    with transaction():
        members.remove(cast["coordinator"], case_id, cast["colleague"].person_id)
    with transaction():
        [line] = todo.on_desk(cast["coordinator"], 5)
    assert line.id == mine
    with transaction():
        assert todo.on_desk(cast["coordinator"], 5, after=line.place) == []


def test_what_somebody_left_stands_on_other_desks_until_a_new_key_gives_it_to_one(cast: Cast) -> None:
    cast.join("second_lead", COORDINATOR)
    cast.hand_over()
    case_id, other = (
        cast.record(),
        cast.record("colleague", restricted=True, named=[cast["caseworker"].person_id]),
    )
    cast.assign(case_id)
    lawyer = cast["lawyer"]
    with transaction():
        said = Said({"title": "Duruşma"}, DAY, lawyer.person_id)
        mine = items.add(lawyer, case_id, "hearing", said, uuid4())
        items.add(cast["colleague"], other, "task", Said({}, DAY, cast["colleague"].person_id), uuid4())

    def desks() -> dict[str, list[tuple[UUID, bool]]]:
        names = ("caseworker", "coordinator", "colleague", "other_lawyer")
        with transaction():
            found = {name: todo.on_desk(cast[name], 5) for name in names}
        return {name: [(line.id, line.left) for line in lines] for name, lines in found.items()}

    before = desks()
    assert before["caseworker"] == before["coordinator"] == []
    with transaction():  # until supervision is renewed, nobody gives the case a new key
        people.depart(cast["admin"], cast["second_lead"].person_id, forced=True)
    with transaction():
        members.step_off(lawyer, case_id, "Sağlık")
    assert orders_of(cast, "caseworker") == []
    assert desks() == before | {"caseworker": [(mine, True)], "coordinator": [(mine, True)]}
    with transaction():
        orders.carry_out(cast["coordinator"], 30)
    assert desks() == before | {"caseworker": [(mine, False)]}


def orders_of(cast: Cast, name: str) -> list[str]:
    with transaction():
        return orders.due_kinds(cast[name])


def test_originals_are_found_in_all_cases_and_go_back_from_a_closed_one(cast: Cast) -> None:
    case_id, restricted = cast.record(), cast.record(restricted=True, named=[cast["colleague"].person_id])
    paper = {"title": "جواز", "giver": "Selma", "place": "3", "more": "", "received_on": "2026-11-02"}
    with transaction():
        one = originals.receive(cast["caseworker"], case_id, paper, uuid4())
    with transaction():
        originals.receive(cast["caseworker"], restricted, paper, uuid4())
    add(cast, case_id, Said({"title": "x"}))
    db.session.execute(update(Case).where(Case.id == case_id).values(state="closed"))
    db.session.commit()
    with transaction():
        found = originals.register(cast["coordinator"])
    assert [(line.id, line.case.state) for line in found.lines] == [(one, "closed")]
    with transaction():
        assert originals.register(cast["coordinator"], after=(10**6, uuid4())).lines == []
    returned = {"on": "2026-11-03", "to": "Selma", "how": "signed", "text": ""}
    with transaction():
        originals.give_back(cast["caseworker"], case_id, one, 1, uuid4(), returned)
    with pytest.raises(DomainError):
        add(cast, case_id, Said({"title": "y"}))
    with transaction():
        assert originals.register(cast["coordinator"]).lines == []
