"""WhatsApp conversations: added from the text that a phone exports, and read."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cases.forms.conversations import ConversationForm
from cases.routes.filling import back, done, filled, narrow, opened, status_of
from cases.service import conversations, documents, files, taken
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.files import given
from core.web.filters import number

PART: Final = 200  # messages shown at once
SAMPLE: Final = 6  # messages shown before they are stored


@needs(Permission.CASE_NOTE)
def conversation(case_id: UUID) -> ResponseReturnValue:
    """Paste what a phone exported, say who is who, look at it, store it."""
    case = opened(case_id)
    form = filled(ConversationForm)
    sent = request.method == "POST"
    found = form.look(clock.today()) if sent or form.returned else None
    if not sent:
        form.text.errors = []  # what came back from a draft is looked at, not judged
    if found and sent and "search" not in request.form:
        added = done(form, lambda: conversations.add(actor(), case_id, found, form.roles(), form.token.data))
        if added:
            return back(case_id, _in_words(0 if added is True else added))
    said = conversations.said_in(found, form.roles()) if found else []
    shown = {"case": case, "form": form, "found": found, "said": said, "sample": SAMPLE}
    return render_template("cases/conversation_add.html", **shown), status_of(form)


def _in_words(added: int) -> str:
    if not added:
        return str(_("The conversation is in the timeline."))
    said = ngettext(
        "One message is in the timeline now.",
        "%(count)s messages are in the timeline now.",
        added,
        count=number(added),
    )
    return str(said)


@needs(Permission.CASE_READ)
def read_conversation(case_id: UUID, line_id: UUID) -> ResponseReturnValue:
    """A conversation, from its first message on, in parts."""
    part = max(request.args.get("part", 1, type=int), 1)
    with transaction():
        case = files.open_case(actor(), case_id)
        narrow(case)
        said = conversations.read(actor(), case_id, line_id)
    shown = said[(part - 1) * PART : part * PART]
    following = part + 1 if len(said) > part * PART else None
    return render_template(
        "cases/conversation.html",
        case=case,
        said=shown,
        papers={str(one.id): one for one in case.documents},
        count=len(said),
        line_id=line_id,
        part=part,
        following=following,
    )


@needs(Permission.CASE_READ)
def conversation_file(case_id: UUID, document_id: UUID, how: str) -> ResponseReturnValue:
    """What came with a message: a plain copy of a photo, sound to hear, or the file as it came."""
    act = taken.ORIGINAL if how == "save" else "case.file"
    with transaction():
        found = documents.open_file(actor(), case_id, document_id, act=act)
    return given(found, how)
