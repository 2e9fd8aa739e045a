"""Search by name, number or reference in any script, over the cards of the newest cases one may open.

What is looked through stands ready in **blocks**: the searched words of a thousand cards together, sealed
under the reader's own ring, so that a search opens twenty rows instead of twenty thousand. A card that
changed since is opened anew, and its block with it, in steps, so that nobody waits long to write. A block
decides nothing: which cases the reader reaches is asked of the database each time, and what is shown comes
from the cards themselves.
"""

from __future__ import annotations

import gc
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import delete, select

import vault
from accounts.models import Person
from cases.models import Case, SearchBlock
from cases.service import keys, listing, match_tokens, records
from cases.service.listing import PAGE
from cases.service.views import SearchResult
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.policy import reachable
from core.audit import service as audit
from core.store.base import db, put, send
from domain import codes
from domain.names.search import card, search
from vault import Context, Key, Unreadable

SEARCHED: Final = 20_000  # newest cases a search looks through
_BLOCK: Final = 1_000  # case numbers in a block
_CHUNK: Final = 500  # cards opened at a time
STEP: Final = 2_000  # cards opened in one transaction, a third of a second
_UNREAD: Final = -1
_SHAPE: Final = 7  # of an entry; a block of another one does not open and is made anew
_WHOLE: Final = 7  # digits; fewer are part of a number
_BLOCKS: Final = Case.metadata.tables[SearchBlock.__tablename__]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the garbage collector: it would walk twenty thousand entries many times until they are let go."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Entry(NamedTuple):
    """What is looked through of one case, as its card said it in one version."""

    number: int
    version: int
    names: str
    digits: str
    shared: str  # the beginnings of the numbers of its household and event
    issue: str
    province: str


def search_cases(actor: Actor, text: str, limit: int = PAGE) -> SearchResult:
    """Cases whose card holds every word and all digits of `text`, those that fit best first.

    A whole reference, number or phone is looked up by itself, among all cases. Of the rest at most `STEP`
    that are new to the actor's blocks are read now; `catch_up` reads more. The act is audited, not the words.
    """
    audit.record(actor, "case.search")
    if exact := _exactly(actor, text.strip().upper()):
        return SearchResult(listing.open_cards(actor, exact), None)
    hits, searched, waiting = _looked_through(actor, text, limit)
    return SearchResult(listing.open_cards(actor, _numbered(actor, hits)), searched, waiting)


@_uncollected()
def _looked_through(actor: Actor, text: str, limit: int) -> tuple[list[int], int, int]:
    """The numbers of the cases that fit best, of how many, and how many still wait."""
    entries, waiting = _caught_up(actor, STEP)
    return [entries[hit.place].number for hit in search(text, entries)[:limit]], len(entries), waiting


@_uncollected()
def catch_up(actor: Actor) -> int:
    """Read `STEP` cases that are new to the actor's blocks, newest first; how many still wait."""
    return _caught_up(actor, STEP)[1]


def sharing(actor: Actor, numbers: Iterable[str], most: int = SEARCHED) -> list[Case]:
    """Cases of which a shared number begins like one of `numbers`, newest first.

    None waits, unless at most `most` are to be read. After `catch_up` there is little left to read. Writes
    nothing: two cases that are joined leave no trace beside that of an edit.
    """
    wanted = {number[: records.SHORT] for number in numbers}
    return _numbered(actor, _holding(actor, wanted, most))


@_uncollected()
def _holding(actor: Actor, wanted: set[str], most: int) -> list[int]:
    """The numbers of the cases that hold one of these shared numbers, newest first."""
    entries, _none = _caught_up(actor, most, keep=False)
    return [entry.number for entry in entries if not wanted.isdisjoint(entry.shared.split())]


@_uncollected()
def coded(actor: Actor, issues: Container[str], province: str) -> tuple[list[int], int, int]:
    """The numbers of cases about one of `issues` in a province, newest first; among how many; how many wait.

    Like a search it reads at most `STEP` cases that are new to the actor's blocks. province: "" for each.
    """
    entries, waiting = _caught_up(actor, STEP)
    found = [
        entry.number
        for entry in entries
        if entry.issue in issues and (not province or entry.province == province)
    ]
    return found, len(entries), waiting


def _numbered(actor: Actor, numbers: list[int]) -> list[Case]:
    """Cases that the actor reaches by their numbers, in that order."""
    cases = {case.number: case for case in db.session.scalars(listing.newest(actor, numbers=numbers))}
    return [cases[number] for number in numbers if number in cases]


def _exactly(actor: Actor, text: str) -> list[Case]:
    """The cases of a whole reference, number or phone; empty for anything else."""
    reached = reachable(actor, Permission.CASE_LIST, Case)
    if codes.is_reference(text):
        return list(db.session.scalars(reached.where(Case.reference == text)))
    digits = sum(letter.isdigit() for letter in text)
    if digits < _WHOLE or digits < sum(letter.isalpha() for letter in text):
        return []
    ids = match_tokens.with_number(actor, text)
    return list(db.session.scalars(reached.where(Case.id.in_(ids)).order_by(Case.number.desc()).limit(PAGE)))


def forget(case: Case) -> None:
    """Delete every block that may hold a case, because somebody is to read it no more."""
    home = select(Person.id).where(Person.organisation_id == case.organisation_id)
    block = case.number // _BLOCK
    db.session.execute(delete(SearchBlock).where(SearchBlock.block == block, SearchBlock.person_id.in_(home)))


def _caught_up(actor: Actor, most: int, *, keep: bool = True) -> tuple[list[_Entry], int]:
    """What can be looked through, newest first, once at most `most` cases were read; how many still wait."""
    newest = listing.newest(actor).with_only_columns(Case.number, Case.version).limit(SEARCHED)
    reached = {number: version for number, version in send(newest)}  # noqa: C416 - rows are no pairs to mypy
    known = _kept(actor, {number // _BLOCK for number in reached})
    stale = [
        number
        for number, version in reached.items()
        if number not in known or known[number].version != version
    ]
    # Those that could not be opened before come last, and wait only once one of them can.
    shut = [number for number in stale if number in known and known[number].version == _UNREAD]
    new = [number for number in stale if number not in known or known[number].version != _UNREAD]
    read = {entry.number: entry for entry in _read(actor, [*new, *shut][:most])}
    touched = {number // _BLOCK for number, entry in read.items() if known.get(number) != entry}
    known.update(read)
    if keep:
        _keep(actor, reached, known, touched)
    opened = any(read[number].version != _UNREAD for number in shut if number in read)
    waiting = len(stale if opened else new) - most
    return [known[number] for number in reached if number in known], max(0, waiting)


def _read(actor: Actor, numbers: list[int]) -> Iterable[_Entry]:
    """Open the cards of these cases; what the session held before, it holds on."""
    held = set(db.session)
    for start in range(0, len(numbers), _CHUNK):
        cases = list(db.session.scalars(listing.newest(actor, numbers=numbers[start : start + _CHUNK])))
        opened = keys.case_keys(actor, cases)
        for case in cases:
            yield _entry(case, opened.get(case.id))
        db.session.flush()  # the rings, before the rows are let go
        for case in cases:
            if case not in held:
                db.session.expunge(case)


def _entry(case: Case, key: Key | None) -> _Entry:
    """A case whose card cannot be opened yet is found by its reference, and read again next time."""
    opened: dict[str, Any] | None = None
    if key is not None:
        with suppress(Unreadable):
            opened = records.searched(key, case)
    if opened is None:
        return _Entry(case.number, _UNREAD, *card((), [case.reference]), "", "", "")
    searched = card(opened["names"], [case.reference, *opened["digits"]])
    shared, coded = "\n".join(opened["shared"]), (opened["issue"], opened["province"])
    return _Entry(case.number, case.version, *searched, shared, *coded)


def _kept(actor: Actor, blocks: Iterable[int]) -> dict[int, _Entry]:
    """The entries of these blocks by case number; a block that does not open is made anew."""
    found: dict[int, _Entry] = {}
    rows = select(_BLOCKS.c.block, _BLOCKS.c.sealed).where(
        _BLOCKS.c.person_id == actor.person_id, _BLOCKS.c.block.in_(blocks)
    )
    for block, sealed in send(rows):
        try:
            content = vault.unseal(actor.secret.ring, sealed, _context(actor, block))
        except Unreadable:
            continue
        found.update((entry[0], _Entry._make(entry)) for entry in orjson.loads(content))
    return found


def _keep(actor: Actor, reached: dict[int, int], known: dict[int, _Entry], blocks: set[int]) -> None:
    """Seal these blocks anew, with what is reached and was read."""
    wanted = [number for number in sorted(reached) if number // _BLOCK in blocks]
    rows = []
    for block, numbers in groupby(wanted, key=lambda number: number // _BLOCK):
        entries = [known[number] for number in numbers if number in known]
        sealed = vault.seal(actor.secret.ring, orjson.dumps([*map(tuple, entries)]), _context(actor, block))
        rows.append({"person_id": actor.person_id, "block": block, "sealed": sealed})
    put(_BLOCKS, rows, key=("person_id", "block"), new=("sealed",))


def _context(actor: Actor, block: int) -> Context:
    return Context("search block", actor.organisation_id, actor.person_id, block, _SHAPE)
