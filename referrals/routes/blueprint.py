"""Every address of the feature and the view behind it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from referrals.routes import conflicts, directory, paper, received, refer, sent

blueprint: Final = Blueprint("referrals", __name__)

_ENTRY: Final = "/directory/<uuid:entry_id>"
_SENT: Final = "/referrals/<uuid:referral_id>"
_ENQUIRY: Final = "/referrals/conflicts/<uuid:enquiry_id>"
_RECEIVED: Final = "/referrals/received/<uuid:referral_id>"
_PAGE, _FORM, _ACT = ["GET"], ["GET", "POST"], ["POST"]

for address, view, methods in (
    ("/directory", directory.directory, _PAGE),
    ("/directory/add", directory.add_entry, _FORM),
    (_ENTRY, directory.entry, _PAGE),
    (f"{_ENTRY}/edit", directory.edit_entry, _FORM),
    (f"{_ENTRY}/retire", directory.retire_entry, _FORM),
    (f"{_ENTRY}/restore", directory.restore_entry, _ACT),
    ("/cases/<uuid:case_id>/refer", refer.refer, _FORM),
    ("/referrals", sent.index, _PAGE),
    ("/referrals/answers", sent.answers, _PAGE),
    (_SENT, sent.show, _PAGE),
    (f"{_SENT}/edit", refer.edit, _FORM),
    (f"{_SENT}/send", sent.send, _ACT),
    (f"{_SENT}/discard", sent.discard, _ACT),
    (f"{_SENT}/withdraw", sent.withdraw, _FORM),
    (f"{_SENT}/consent", refer.consent, _FORM),
    (f"{_SENT}/release", refer.release, _FORM),
    (f"{_SENT}/message", sent.message, _ACT),
    (f"{_SENT}/chase", sent.chase, _FORM),
    (f"{_SENT}/answer/<to>", sent.answer, _FORM),
    (f"{_SENT}/feedback", sent.feedback, _FORM),
    (f"{_SENT}/close", sent.close, _FORM),
    (f"{_SENT}/form", paper.form, _FORM),
    ("/referrals/received", received.inbox, _PAGE),
    (_RECEIVED, received.show_received, _PAGE),
    (f"{_RECEIVED}/accept", received.accept, _ACT),
    (f"{_RECEIVED}/begin", received.begin, _ACT),
    (f"{_RECEIVED}/decline", received.decline, _FORM),
    (f"{_RECEIVED}/outcome", received.outcome, _FORM),
    (f"{_RECEIVED}/message", received.reply, _ACT),
    ("/cases/<uuid:case_id>/conflict/ask", conflicts.ask_conflict, _FORM),
    (f"{_ENQUIRY}/withdraw", conflicts.withdraw_conflict, _ACT),
    (_ENQUIRY, conflicts.reply_conflict, _FORM),
):
    blueprint.add_url_rule(address, view_func=view, methods=methods)
