"""A person who chose so is told that an answer is there: what they chose, what waits, what left.

The choice is sealed under a key of the server alone, for nobody who holds another key is there when a notice
leaves. One row says all: somebody answers and it waits; it leaves in a safe hour; until the person has read,
nothing more leaves. What may leave is decided by `domain.intake.telling`, anew each time it is about to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
from sqlalchemy import and_, delete, exists, or_, select, update

import vault
from cases.models import Case
from cases.service import parties
from config.settings import Settings
from core import clock
from core.store.base import db
from domain.identity import comparable_phone
from domain.intake.telling import At, Days, Never, Now, Part, Rules, Way, may, windows
from intake.models import Request, RequestNotice
from vault import Key, Unreadable

LEASE: Final = dt.timedelta(minutes=10)  # longer than any server is waited for
FIRST_PAUSE: Final = dt.timedelta(minutes=1)
LONGEST_PAUSE: Final = dt.timedelta(hours=1)
# A safe hour further away is looked for again: the column in clear tells less, and a clock may be set back.
LOOK_AGAIN: Final = dt.timedelta(minutes=10)
KEPT: Final = dt.timedelta(days=30)  # after a request was answered without a case, or its case was closed
BATCH: Final = 50
ENDED: Final = ("declined", "referred", "withdrawn")
# What the page asks of it, by the names of its fields; nothing of it stands in the answers of a request.
FIELDS: Final = ("notice", "notice_mail", "notice_phone", "notice_parts", "notice_days")


class _Server:
    key: Key | None = None


_server: Final = _Server()


@dataclass(frozen=True)
class Notice:
    """A notice that this worker alone sends now."""

    id: UUID
    way: Way
    to: str = field(repr=False)
    language: str


@dataclass(frozen=True)
class Told:
    """What colleagues see of it: the way, and how far the last one is. Never the address.

    failed: one could not be delivered, and none was since; the person reads so on their own page.
    """

    way: str
    state: str
    since: dt.datetime
    failed: bool


def install(settings: Settings) -> None:
    """Take the server's key from the settings; the application does so once."""
    _server.key = vault.key_from_secret(settings.notice_key, "notices to people who asked for help")


def choose(request: Request, answers: dict[str, Any], language: str, *, own: bool) -> None:
    """Keep what the person chose, in place of what they chose before; nothing chosen leaves nothing behind.

    answers: the fields of the page. own: whether who asks is whom the request is about, so that what the
    file says of the client holds for them. The caller holds the lock of the request.

    What the file of a case was known to refuse holds on: whoever gives the code opens no file.
    """
    before = _of(request.id) if request.case_id else None
    known = (_opened(before) if before else None) or {}
    forget(request)
    if not answers.get("notice"):
        return
    way = Way(answers["notice"])
    to = answers.get("notice_mail") if way is Way.MAIL else comparable_phone(answers.get("notice_phone", ""))
    content = {
        "way": way,
        "to": to,
        "parts": list(answers.get("notice_parts") or ()),
        "days": answers.get("notice_days") or Days.ALL,
        "language": language,
        "own": own,
        "refused": known.get("refused", []),
        # An e-mail is refused or not whatever its address is; an SMS by the rules of its number.
        "heeded": bool(known.get("heeded")) and (way is Way.MAIL or to == known["to"]),
    }
    row = RequestNotice(
        id=uuid4(),
        request_id=request.id,
        sealed=b"",
        written=0,
        state="idle",
        moved_at=clock.now(),
        attempts=0,
    )
    _seal(row, content)
    db.session.add(row)
    db.session.flush()


def chosen(request: Request) -> dict[str, Any]:
    """What the person chose, by the names of the page's fields; empty for whoever looks by themselves."""
    row = _of(request.id)
    content = _opened(row) if row else None
    if content is None:
        return {}
    to = "notice_mail" if content["way"] == Way.MAIL else "notice_phone"
    kept = {"notice": content["way"], "notice_parts": content["parts"], "notice_days": content["days"]}
    return kept | {to: content["to"]}


def forget(request: Request) -> None:
    """The choice is gone, and with it whatever waits."""
    db.session.execute(delete(RequestNotice).where(RequestNotice.request_id == request.id))


def answered(request: Request) -> None:
    """Somebody answered: the person is told once, until they have read. The caller holds the request."""
    waits = {"state": "waiting", "moved_at": clock.now(), "letter_id": uuid4(), "try_at": None, "attempts": 0}
    _move(RequestNotice.request_id == request.id, RequestNotice.state == "idle", **waits)


def answered_outside(request: Request) -> None:
    """Somebody answered who does not open the file of its case: told only where its rules are known."""
    row = _of(request.id) if request.case_id else None
    content = _opened(row) if row else None
    if content is None or content.get("heeded"):
        answered(request)


def has_read(request: Request) -> None:
    """The person has read: what waits is let go, and the next answer is told again."""
    idle = {"state": "idle", "moved_at": clock.now(), "letter_id": None, "try_at": None}
    _move(RequestNotice.request_id == request.id, RequestNotice.state != "idle", **idle)


def heed(case: Case, record: dict[str, Any]) -> None:
    """What the file says of how its client may be reached holds for notices too, from now on."""
    found = select(RequestNotice).join(Request, Request.id == RequestNotice.request_id)
    locked = found.where(Request.case_id == case.id).with_for_update(of=RequestNotice)
    for row in db.session.scalars(locked.execution_options(populate_existing=True)):
        content = _opened(row)
        if content is None:
            continue
        refused = sorted(_refused(record, content["to"], own=content["own"]))
        if refused != content["refused"] or not content.get("heeded"):
            _seal(row, content | {"refused": refused, "heeded": True})
    db.session.flush()


def belongs(request: Request, *, own: bool) -> None:
    """The request belongs to a case: own says whether whoever is told is its client (`choose`)."""
    row = _of(request.id)
    content = _opened(row) if row else None
    if row and content:
        _seal(row, content | {"own": own})


def told(request: Request) -> Told | None:
    """How the person is told; None for whoever looks by themselves."""
    row = _of(request.id)
    content = _opened(row) if row else None
    if row is None or content is None:
        return None
    never = isinstance(may(Way(content["way"]), _rules(content), clock.now()), Never)
    return Told(content["way"], "never" if never else row.state, row.moved_at, bool(content.get("failed")))


def claim() -> Notice | None:
    """Take a notice that may leave now; None when there is none. Two workers take different ones.

    What may leave only later is looked at again then; what never may is let go.
    """
    now = clock.now()
    due = db.session.scalars(
        select(RequestNotice)
        .where(_due(now))
        .order_by(RequestNotice.moved_at, RequestNotice.id)
        .limit(BATCH)
        .with_for_update(of=RequestNotice, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for row in due:
        content = _opened(row)
        if content is None:  # changed in the database, or under another key
            _to(row, "refused")
            continue
        match may(Way(content["way"]), _rules(content), now):
            case Never():
                _to(row, "idle")
            case At(moment):
                row.state, row.try_at = "waiting", min(moment, now + LOOK_AGAIN)
            case Now():
                row.letter_id = row.letter_id or uuid4()
                row.state, row.try_at = "sending", now + LEASE
                db.session.flush()
                return Notice(row.letter_id, Way(content["way"]), content["to"], content["language"])
    db.session.flush()
    return None


def sent(notice: Notice) -> None:
    """It was taken; nothing more leaves until the person has read."""
    _mark(notice, state="sent", moved_at=clock.now(), try_at=None)
    _note_failed(notice, failed=False)


def refused(notice: Notice) -> None:
    """The other side will never take it; colleagues see so, and the person once they come by themselves.

    Their next answer is tried all the same: perhaps it was our own gateway.
    """
    _mark(notice, state="refused", moved_at=clock.now(), try_at=None)
    _note_failed(notice, failed=True)


def _note_failed(notice: Notice, *, failed: bool) -> None:
    """Beside the choice, sealed with it: it outlasts that the person reads."""
    found = select(RequestNotice).where(RequestNotice.letter_id == notice.id).with_for_update()
    row = db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    content = _opened(row) if row else None
    if row is not None and content is not None and bool(content.get("failed")) != failed:
        _seal(row, content | {"failed": failed})
        db.session.flush()


def put_off(notice: Notice) -> None:
    """Try again later: after a minute, then twice as long each time, up to an hour."""
    attempts = select(RequestNotice.attempts).where(RequestNotice.letter_id == notice.id)
    tried = db.session.scalar(attempts) or 0
    pause = min(FIRST_PAUSE * 2 ** min(tried, 10), LONGEST_PAUSE)
    _mark(notice, state="waiting", try_at=clock.now() + pause, attempts=tried + 1)


def purge() -> None:
    """Delete the choices that are over: thirty days after an answer without a case, or after a case closed.

    Running twice finds nothing.
    """
    now = clock.now()
    ended = and_(Request.state.in_(ENDED), Request.changed_at < now - KEPT)
    long_closed = Case.closed_on < (now - KEPT).astimezone(clock.ISTANBUL).date()
    closed = exists().where(Case.id == Request.case_id, long_closed)
    over = exists().where(Request.id == RequestNotice.request_id, or_(ended, closed))
    db.session.execute(delete(RequestNotice).where(over).execution_options(synchronize_session=False))


def _rules(content: dict[str, Any]) -> Rules:
    hours = windows([Part(part) for part in content["parts"]], Days(content["days"]))
    refused = frozenset(Way(way) for way in content["refused"])
    return Rules(Way(content["way"]), content["to"], hours, refused)


def _refused(record: dict[str, Any], to: str, *, own: bool) -> set[Way]:
    """The ways that the record of a case closes, for a notice to this address.

    Where the client's phones say "do not contact", all of them for the client. SMS to a number without
    written messages, for everybody: whoever's phone it is, in the file stands what may go there.
    """
    client, *others = parties.everybody(record)
    ways: set[Way] = set()
    for phone in client.person.get("phones") or ():
        if own and "none" in (phone.get("channels") or ()):
            ways |= set(Way)
    for party in (client, *others):
        for phone in party.person.get("phones") or ():
            written = "channels" not in phone or "sms" in phone["channels"]
            if comparable_phone(phone.get("number", "")) == to and not written:
                ways.add(Way.SMS)
    return ways


def _due(now: dt.datetime) -> Any:
    """Waits for now, or for a time so far ahead that the clock must have been set back since."""
    never_set = now + LEASE + LONGEST_PAUSE
    tried = RequestNotice.try_at
    ready = or_(tried.is_(None), tried <= now, tried > never_set)
    return and_(RequestNotice.state.in_(("waiting", "sending")), ready)


def _to(row: RequestNotice, state: str) -> None:
    row.state, row.moved_at, row.try_at = state, clock.now(), None


def _mark(notice: Notice, **values: Any) -> None:
    """Only while the claim is ours: meanwhile it may have been read, changed or stopped."""
    _move(RequestNotice.letter_id == notice.id, RequestNotice.state == "sending", **values)


def _move(*where: Any, **values: Any) -> None:
    moved = update(RequestNotice).where(*where).values(**values)
    db.session.execute(moved.execution_options(synchronize_session=False))


def _of(request_id: UUID) -> RequestNotice | None:
    found = select(RequestNotice).where(RequestNotice.request_id == request_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _seal(row: RequestNotice, content: dict[str, Any]) -> None:
    row.written += 1
    row.sealed = vault.seal(_key(), orjson.dumps(content), _context(row))


def _opened(row: RequestNotice) -> dict[str, Any] | None:
    """What was chosen; None for what was changed in the database, or sealed under another key."""
    try:
        content: dict[str, Any] = orjson.loads(vault.unseal(_key(), row.sealed, _context(row)))
    except Unreadable:
        return None
    return content


def _key() -> Key:
    if _server.key is None:
        raise RuntimeError("the application is not installed")
    return _server.key


def _context(row: RequestNotice) -> vault.Context:
    return vault.Context("notice of a request", row.request_id, row.id, row.written)
