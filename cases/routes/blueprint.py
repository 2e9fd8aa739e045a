"""Every address of the feature and the view behind it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from cases.routes import (
    assignments,
    blanks,
    closing,
    conversations,
    deadlines,
    feed,
    file,
    import_asking,
    importing,
    law,
    listing,
    matching,
    matter,
    parties,
    people,
    recording,
    together,
)

blueprint: Final = Blueprint("cases", __name__)

_CASE: Final = "/cases/<uuid:case_id>"
_IMPORT: Final = "/cases/import/<uuid:import_id>"
_OFFER: Final = "/assignments/<uuid:assignment_id>"
_DEADLINE: Final = f"{_CASE}/deadlines/<uuid:deadline_id>"
_PAGE, _FORM, _ACT = ["GET"], ["GET", "POST"], ["POST"]

for address, view, methods in (
    ("/cases", listing.index, _PAGE),
    ("/cases/search", listing.search, _FORM),
    ("/deadlines", listing.deadlines, _PAGE),
    ("/cases/new", recording.new, _FORM),
    ("/cases/draft", recording.draft, _ACT),
    ("/cases/duplicates", matching.duplicates, _ACT),
    ("/cases/import", importing.imports, _FORM),
    (_IMPORT, importing.import_show, _PAGE),
    (f"{_IMPORT}/columns", importing.import_columns, _FORM),
    (f"{_IMPORT}/steps", importing.import_steps, _PAGE),
    (f"{_IMPORT}/run", importing.import_run, _ACT),
    (f"{_IMPORT}/drop", importing.import_drop, _ACT),
    (f"{_IMPORT}/take-back", importing.import_undo, _FORM),
    (f"{_IMPORT}/rows/<int:number>", import_asking.import_row, _FORM),
    ("/cases/orders", file.orders, _PAGE),
    ("/cases/load", assignments.load, _PAGE),
    ("/cases/paper", blanks.blanks, _PAGE),
    ("/cases/paper/<kind>/<language>.pdf", blanks.blank, _PAGE),
    (_CASE, file.show, _PAGE),
    (f"{_CASE}/edit", recording.edit, _FORM),
    (f"{_CASE}/draft", recording.draft_edit, _ACT),
    (f"{_CASE}/duplicates", matching.duplicates_of, _ACT),
    (f"{_CASE}/notes", file.note, _ACT),
    (f"{_CASE}/notes/draft", recording.draft_note, _ACT),
    (f"{_CASE}/conversation", conversations.conversation, _FORM),
    (f"{_CASE}/conversation/<uuid:line_id>", conversations.read_conversation, _PAGE),
    (f"{_CASE}/state", file.state, _FORM),
    (f"{_CASE}/close", closing.close, _FORM),
    (f"{_CASE}/reopen", closing.reopen, _FORM),
    (f"{_CASE}/consents/<kind>", file.consent, _FORM),
    (f"{_CASE}/consents/<uuid:consent_id>/withdraw", file.withdraw_consent, _ACT),
    (f"{_CASE}/deadlines/new", deadlines.add, _FORM),
    (_DEADLINE, deadlines.show, _PAGE),
    (f"{_DEADLINE}/watch", deadlines.watch, _FORM),
    (f"{_DEADLINE}/meet", deadlines.meet, _FORM),
    (f"{_DEADLINE}/move", deadlines.move, _FORM),
    (f"{_DEADLINE}/reopen", deadlines.reopen, _FORM),
    (f"{_DEADLINE}/seen", deadlines.seen, _ACT),
    (f"{_DEADLINE}/<any(confirm, refuse):answer>", deadlines.confirm, _ACT),
    (f"{_CASE}/matter/<kind>/new", matter.matter_add, _FORM),
    (f"{_CASE}/matter/<uuid:item_id>", matter.matter_edit, _FORM),
    (f"{_CASE}/matter/<uuid:item_id>/take-out", matter.matter_take_out, _ACT),
    (f"{_CASE}/same", matching.same, _PAGE),
    (f"{_CASE}/same/<uuid:other_id>", matching.compare, _FORM),
    (f"{_CASE}/parties", parties.parties, _PAGE),
    (f"{_CASE}/parties/add", parties.add_party, _ACT),
    (f"{_CASE}/parties/compare", parties.compare_parties, _ACT),
    (f"{_CASE}/parties/<uuid:party_id>", parties.party, _FORM),
    (f"{_CASE}/parties/<uuid:party_id>/remove", parties.remove_party, _ACT),
    (f"{_CASE}/conflict", parties.conflict, _PAGE),
    (f"{_CASE}/conflict/decide", parties.decide_conflict, _ACT),
    (f"{_CASE}/together", together.together, _FORM),
    (f"{_CASE}/together/leave", together.leave_together, _ACT),
    (f"{_CASE}/members", people.members, _PAGE),
    (f"{_CASE}/members/add", people.add_member, _ACT),
    (f"{_CASE}/members/<uuid:person_id>/remove", people.remove_member, _FORM),
    (f"{_CASE}/step-off", people.step_off, _FORM),
    (f"{_CASE}/restrict", people.restrict, _FORM),
    (f"{_CASE}/unrestrict", people.unrestrict, _FORM),
    (f"{_CASE}/assign", assignments.assign, _FORM),
    (f"{_CASE}/assign/withdraw", assignments.withdraw_offer, _ACT),
    (_OFFER, assignments.brief, _PAGE),
    (f"{_OFFER}/accept", assignments.accept, _ACT),
    (f"{_OFFER}/decline", assignments.decline, _FORM),
    ("/law", law.law_rules, _PAGE),
    ("/law/rules/new", law.law_new_rule, _FORM),
    ("/law/rules/<code>", law.law_rule, _PAGE),
    ("/law/rules/<code>/new", law.law_new_version, _FORM),
    ("/law/courts", law.law_courts, _PAGE),
    ("/law/courts/new", law.law_new_court, _FORM),
    ("/law/courts/<code>", law.law_court, _FORM),
    ("/law/years/<int:year>", law.law_year, _PAGE),
    ("/law/years/<int:year>/confirm", law.law_confirm_year, _FORM),
    ("/law/years/<int:year>/day", law.law_day, _FORM),
    ("/law/sign-off", law.law_sign_off, _ACT),
    ("/law/changes/<uuid:change_id>", law.law_change, _PAGE),
    ("/law/changes/<uuid:change_id>/sign", law.law_sign, _ACT),
    ("/law/changes/<uuid:change_id>/withdraw", law.law_withdraw, _ACT),
    ("/calendar/<token>.ics", feed.feed, _PAGE),
):
    name = f"{view.__name__}_deadline" if view.__module__.endswith(".deadlines") else None
    blueprint.add_url_rule(address, name, view_func=view, methods=methods)
