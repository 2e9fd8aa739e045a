"""A request at rest: a key of its own, for the desk or its case, and for whoever has the code."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import orjson
from flask_babel import lazy_gettext as _
from sqlalchemy import select

import vault
from accounts.service import keys as organisation_keys
from accounts.service import passwords, trust
from accounts.service.trust import VerifiedOrganisationKey
from cases.models import Case
from config.settings import Settings
from core.access.actors import Actor
from core.errors import DomainError, Locked
from core.store.base import db
from intake.models import Receipt, Request, RequestMessage
from intake.service import attachments
from vault import Key, Pair, Profile

DESK: Final = "desk"
REACH_CHANGED: Final = "reach_changed"  # in the answers: when the person said so, until a file has it
CLIENT: Final = "is_client"  # in the answers: whether whoever writes is the client of the case it belongs to
PUBLIC: Final = "public"  # in the answers: the public half of the pair of whoever has the code, in hex


def is_client(answers: dict[str, Any]) -> bool:
    """Whether whoever writes is whom the matter is about, so that what their file says holds for them.

    Of a case that was said as it came to the case; before that, whoever asks for themselves is.
    """
    return bool(answers.get(CLIENT, answers.get("whom") == "me"))


def receipt_profile(settings: Settings) -> Profile:
    """What a code costs to derive."""
    standard = passwords.profile(settings)
    return Profile.RECEIPT if standard is Profile.STANDARD else standard


def for_desk(key: Key, desk: VerifiedOrganisationKey, request_id: UUID) -> bytes:
    """The key of a request for whoever does intake."""
    return vault.wrap_to(desk.public, key, _desk_context(desk.organisation_id, request_id, desk.id))


def to_desk(request: Request, key: Key) -> None:
    """Wrap the key of a stored request to the desk as it is now. Raises Locked where there is none."""
    desk = trust.organisation_key(request.organisation_id, DESK)
    if desk is None:
        raise Locked(_("The key of the desk is missing. A coordinator makes it on the page “Keys”."))
    request.desk_wrap, request.desk_key_id = for_desk(key, desk, request.id), desk.id


def for_person(key: Key, public: bytes, receipt_id: UUID, request_id: UUID) -> bytes:
    """The key of a request for whoever has the code of a receipt."""
    return vault.wrap_to(public, key, _person_context(receipt_id, request_id))


def for_case(key: Key, case: Case, case_key: Key, request_id: UUID) -> bytes:
    """The key of a request for whoever holds the key of a case."""
    return vault.seal(case_key, vault.key_to_bytes(key), _case_context(case, request_id))


def of_person(pair: Pair, receipt: Receipt) -> Key:
    """The key of the request, opened with what the code derives. Raises vault.Unreadable."""
    return pair.unwrap(receipt.wrapped, _person_context(receipt.id, receipt.request_id))


def of_case(request: Request, case: Case, case_key: Key) -> Key:
    """The key of a request that belongs to a case. Raises vault.Unreadable."""
    return vault.key_from_bytes(
        vault.unseal(case_key, request.case_wrap or b"", _case_context(case, request.id))
    )


class Desk:
    """The keys of the desk that an actor holds, each opened once."""

    def __init__(self, actor: Actor) -> None:
        self._pairs = {one.id: one.pair for one in organisation_keys.open_all(actor, DESK)}

    def holds(self, request: Request) -> bool:
        """Whether the actor can open this request."""
        return request.desk_key_id in self._pairs

    def key(self, request: Request) -> Key:
        """The key of a request. Raises Locked where the actor was not granted the key of the desk."""
        if request.state == "withdrawn":
            raise DomainError(_("The person has taken the request back. Nobody can read it any more."))
        if request.desk_key_id is None or request.desk_wrap is None:
            raise Locked(_("It belongs to a case now. Those who work on the case read it there."))
        pair = self._pairs.get(request.desk_key_id)
        if pair is None:
            raise Locked(
                _("You do not hold the key of the desk. A coordinator hands it over on the page “Keys”.")
            )
        context = _desk_context(request.organisation_id, request.id, request.desk_key_id)
        return pair.unwrap(request.desk_wrap, context)


def seal(key: Key, request: Request, content: dict[str, Any]) -> None:
    """Seal the answers as their next version."""
    request.written += 1
    request.sealed = vault.seal(key, orjson.dumps(content), _context(request))


def opened(key: Key, request: Request) -> dict[str, Any]:
    """The answers. Raises vault.Unreadable."""
    content: dict[str, Any] = orjson.loads(vault.unseal(key, request.sealed, _context(request)))
    return content


def seal_line(key: Key, request: Request, message: RequestMessage, content: dict[str, Any]) -> bytes:
    """A line of the conversation, bound to its place and its side."""
    return vault.seal(key, orjson.dumps(content), _line_context(request, message))


def open_line(key: Key, request: Request, message: RequestMessage) -> dict[str, Any]:
    """What a line says. Raises vault.Unreadable for one that was moved or given to somebody else."""
    content: dict[str, Any] = orjson.loads(vault.unseal(key, message.sealed, _line_context(request, message)))
    return content


def lines(request_id: UUID) -> list[RequestMessage]:
    """The conversation, oldest first."""
    found = select(RequestMessage).where(RequestMessage.request_id == request_id)
    return list(db.session.scalars(found.order_by(RequestMessage.number)))


def receipt_of(request_id: UUID) -> Receipt | None:
    """The living receipt of a request; None where the person is called instead."""
    return db.session.scalar(select(Receipt).where(Receipt.request_id == request_id))


def renew(request: Request, old: Key, new: Key | None = None, public: bytes | None = None) -> Key:
    """Give a request a new key: all of it is sealed again, and whoever had the one before reads no further.

    The person keeps their code, unless `public` says that another one stands in its place. The caller wraps
    the new key for its own side.
    """
    new = new or Key.new()
    content = opened(old, request) | ({PUBLIC: public.hex()} if public else {})
    for message in lines(request.id):
        message.sealed = seal_line(new, request, message, open_line(old, request, message))
    attachments.renew(request, old, new)
    seal(new, request, content)
    receipt = receipt_of(request.id)
    if receipt is not None and public is None:
        receipt.wrapped = for_person(new, bytes.fromhex(content[PUBLIC]), receipt.id, request.id)
    return new


def _context(request: Request) -> vault.Context:
    return vault.row_context(request.organisation_id, None, "requests", request.id, request.written)


def _line_context(request: Request, message: RequestMessage) -> vault.Context:
    author = message.author_id.bytes if message.author_id else b""
    return vault.Context("line of a request", request.id, message.id, message.number, author)


def _desk_context(organisation_id: UUID, request_id: UUID, key_id: UUID) -> vault.Context:
    return vault.Context("request for the desk", organisation_id, request_id, key_id)


def _person_context(receipt_id: UUID, request_id: UUID) -> vault.Context:
    return vault.Context("request for a person", receipt_id, request_id)


def _case_context(case: Case, request_id: UUID) -> vault.Context:
    return vault.row_context(case.organisation_id, case.id, "requests.key", request_id, 0)
