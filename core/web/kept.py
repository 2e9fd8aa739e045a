"""Forms that come back: what was typed is kept sealed, and one page gives it again.

One table says which forms those are. Of any other form no page may promise that something was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.routing import BuildError

from core.web.uploads import digests


class Key(NamedTuple):
    """Which draft: the endpoint that takes the form with whatever else its address names, and about what."""

    form: str
    about: UUID | None


@dataclass(frozen=True)
class KeptForm:
    """What a form is called on the desk, and the page that gives it again."""

    words: Any
    page: str
    arguments: tuple[str, ...] = ()  # of the address; the first is the object
    several: bool = False  # about nothing yet, and there may be more than one: each is known by its token
    compares: bool = False  # the page itself shows both versions side by side when somebody saved meanwhile


_CASE: Final = ("case_id",)
_DEADLINE: Final = ("deadline_id", "case_id")
_ITEM: Final = ("item_id", "case_id")
_ASKED: Final = ("asked_id", "case_id")
_DOCUMENT: Final = ("document_id", "case_id")
_LEGAL_DRAFT: Final = ("draft_id", "case_id")
_REFERRAL: Final = ("referral_id",)
_DOSSIER: Final = ("dossier_id",)
_REQUEST: Final = ("request_id",)
_INSTITUTION: Final = ("institution_id",)
_TOPIC: Final = ("topic_id",)
_HELD: Final = ("held_id",)
_STEP: Final = _l("A step of a referral")

FORMS: Final[dict[str, KeptForm]] = {
    "cases.new": KeptForm(_l("A new case"), "cases.new", ("draft",), several=True),
    "cases.import_columns": KeptForm(_l("Columns of a sheet"), "cases.import_columns", ("import_id",)),
    "cases.edit": KeptForm(_l("Changes to a case"), "cases.edit", _CASE, compares=True),
    "cases.note": KeptForm(_l("A line for a timeline"), "cases.show", _CASE),
    "cases.add_line": KeptForm(_l("A line for a timeline"), "cases.add_line", ("case_id", "kind")),
    "cases.correct_line": KeptForm(
        _l("A line for a timeline"), "cases.correct_line", ("line_id", "case_id", "way")
    ),
    "cases.take_out_line": KeptForm(
        _l("A line for a timeline"), "cases.take_out_line", ("line_id", "case_id")
    ),
    "cases.lawyer_notes": KeptForm(_l("A note for lawyers"), "cases.lawyer_notes", _CASE),
    "cases.take_out_note": KeptForm(_l("A note for lawyers"), "cases.take_out_note", ("note_id", "case_id")),
    "cases.begin_legal_draft": KeptForm(_l("A draft for lawyers"), "cases.begin_legal_draft", _CASE),
    "cases.write_legal_draft": KeptForm(
        _l("A draft for lawyers"), "cases.write_legal_draft", _LEGAL_DRAFT, compares=True
    ),
    "cases.say_legal_draft": KeptForm(_l("A remark on a draft"), "cases.legal_draft", _LEGAL_DRAFT),
    "cases.judge_legal_draft": KeptForm(_l("A remark on a draft"), "cases.legal_draft", _LEGAL_DRAFT),
    "cases.ask_legal_draft": KeptForm(_l("Asking for a review"), "cases.ask_legal_draft", _LEGAL_DRAFT),
    "cases.file_legal_draft": KeptForm(_l("A draft that was filed"), "cases.file_legal_draft", _LEGAL_DRAFT),
    "cases.correct_legal_draft": KeptForm(
        _l("A draft that was filed"), "cases.correct_legal_draft", _LEGAL_DRAFT
    ),
    "cases.conversation": KeptForm(_l("A WhatsApp conversation"), "cases.conversation", _CASE),
    "cases.archive": KeptForm(_l("A WhatsApp conversation"), "cases.archive", ("archive_id", "case_id")),
    "cases.state": KeptForm(_l("A change of state"), "cases.state", _CASE),
    "cases.ask_about": KeptForm(_l("A supervision note"), "cases.ask_about", _CASE),
    "cases.supervision_note": KeptForm(_l("A supervision note"), "cases.supervision_note", _ASKED),
    "cases.add_talk": KeptForm(_l("A talk about the work"), "cases.add_talk"),
    "cases.change_talk": KeptForm(_l("A talk about the work"), "cases.change_talk", ("talk_id",)),
    "cases.review": KeptForm(_l("A file review"), "cases.review", _CASE),
    "cases.close": KeptForm(_l("Closing a case"), "cases.close", _CASE),
    "cases.reopen": KeptForm(_l("Reopening a case"), "cases.reopen", _CASE),
    "cases.step_off": KeptForm(_l("Leaving a case"), "cases.step_off", _CASE),
    "cases.restrict": KeptForm(_l("Who may open a case"), "cases.restrict", _CASE),
    "cases.unrestrict": KeptForm(_l("Who may open a case"), "cases.unrestrict", _CASE),
    "cases.assign": KeptForm(_l("Asking a lawyer"), "cases.assign", _CASE),
    "cases.decline": KeptForm(_l("An answer to an offer"), "cases.decline", ("assignment_id",)),
    "cases.consent": KeptForm(_l("A consent"), "cases.consent", ("case_id", "kind")),
    "cases.add_deadline": KeptForm(_l("A deadline"), "cases.add_deadline", _CASE),
    "cases.meet_deadline": KeptForm(_l("A deadline that was met"), "cases.meet_deadline", _DEADLINE),
    "cases.move_deadline": KeptForm(_l("Moving a deadline"), "cases.move_deadline", _DEADLINE),
    "cases.reopen_deadline": KeptForm(
        _l("A deadline that is open again"), "cases.reopen_deadline", _DEADLINE
    ),
    "cases.watch_deadline": KeptForm(_l("Who watches a deadline"), "cases.watch_deadline", _DEADLINE),
    "cases.add_todo": KeptForm(
        _l("A task, an appointment or an original"), "cases.add_todo", ("case_id", "kind")
    ),
    "cases.change_todo": KeptForm(_l("Changes to a task or an appointment"), "cases.change_todo", _ITEM),
    "cases.end_todo": KeptForm(_l("What became of a task or an appointment"), "cases.end_todo", _ITEM),
    "cases.mistaken_original": KeptForm(_l("An original"), "cases.mistaken_original", _ITEM),
    "cases.settle_line": KeptForm(
        _l("What became of a task or an appointment"), "cases.settle_line", ("case_id", "line")
    ),
    "cases.add_declaration": KeptForm(
        _l("A declaration of an organisation"), "cases.add_declaration", ("case_id", "what")
    ),
    "cases.change_declaration": KeptForm(
        _l("A declaration of an organisation"), "cases.change_declaration", _ITEM
    ),
    "cases.declaration": KeptForm(_l("A declaration of an organisation"), "cases.declaration", _ITEM),
    "cases.add_documents": KeptForm(_l("Documents of a case"), "cases.add_documents", _CASE),
    "cases.newer_document": KeptForm(_l("Documents of a case"), "cases.newer_document", _DOCUMENT),
    "cases.edit_document": KeptForm(_l("Documents of a case"), "cases.edit_document", _DOCUMENT),
    "cases.redact_document": KeptForm(_l("Documents of a case"), "cases.redact_document", _DOCUMENT),
    "cases.remove_document": KeptForm(_l("Documents of a case"), "cases.remove_document", _DOCUMENT),
    "cases.export": KeptForm(_l("An archive of a case"), "cases.export", ("case_id", "way")),
    "cases.write_letter": KeptForm(
        _l("A letter from a template"), "cases.write_letter", ("case_id", "template_id")
    ),
    "cases.add_template": KeptForm(_l("A template of letters"), "cases.add_template"),
    "cases.newer_template": KeptForm(_l("A template of letters"), "cases.newer_template", ("template_id",)),
    "cases.together": KeptForm(_l("Cases that are counted together"), "cases.together", _CASE),
    "cases.add_party": KeptForm(_l("Somebody in a case"), "cases.parties", _CASE),
    "cases.party": KeptForm(_l("Somebody in a case"), "cases.party", ("case_id", "party_id")),
    "cases.matter_add": KeptForm(_l("A fact in a case"), "cases.matter_add", ("case_id", "kind")),
    "cases.matter_edit": KeptForm(_l("A fact in a case"), "cases.matter_edit", ("item_id", "case_id")),
    "cases.decide_conflict": KeptForm(_l("A decision on a conflict of interest"), "cases.conflict", _CASE),
    "cases.add_member": KeptForm(_l("Who works on a case"), "cases.members", _CASE),
    # About the organisation itself, which no address names.
    "cases.law_new_version": KeptForm(
        _l("A new version of a rule"), "cases.law_new_version", ("organisation_id", "code")
    ),
    "cases.law_new_rule": KeptForm(_l("A new rule"), "cases.law_new_rule", ("organisation_id",)),
    "cases.law_new_court": KeptForm(_l("A new court"), "cases.law_new_court", ("organisation_id",)),
    "cases.law_court": KeptForm(
        _l("Judicial recess of a court"), "cases.law_court", ("organisation_id", "code")
    ),
    "cases.law_confirm_year": KeptForm(
        _l("Confirm a year"), "cases.law_confirm_year", ("organisation_id", "year")
    ),
    "cases.law_day": KeptForm(_l("A day that differs"), "cases.law_day", ("organisation_id", "year")),
    "intake.show": KeptForm(_l("An answer to a request"), "intake.show", _REQUEST),
    "intake.decline": KeptForm(_l("An answer to a request"), "intake.decline", _REQUEST),
    "intake.refer_out": KeptForm(_l("An answer to a request"), "intake.refer_out", _REQUEST),
    "intake.accept": KeptForm(_l("A case from a request"), "intake.accept", _REQUEST),
    "intake.refer_on": KeptForm(_l("A case from a request"), "intake.refer_on", _REQUEST),
    "intake.say": KeptForm(_l("A message in a case"), "intake.talk", (*_REQUEST, "case_id")),
    "intake.complaint": KeptForm(_l("An answer to a complaint"), "intake.complaint", ("complaint_id",)),
    # About the organisation itself, which no address names.
    "intake.door": KeptForm(_l("What the public reads"), "intake.door", ("organisation_id",)),
    "referrals.refer": KeptForm(_l("A referral"), "referrals.refer", _CASE),
    "referrals.edit": KeptForm(_l("A referral"), "referrals.edit", _REFERRAL),
    "referrals.consent": KeptForm(_l("A consent"), "referrals.consent", _REFERRAL),
    "referrals.release": KeptForm(_l("What a referral releases"), "referrals.release", _REFERRAL),
    "referrals.message": KeptForm(_l("A message about a referral"), "referrals.show", _REFERRAL),
    "referrals.reply": KeptForm(_l("A message about a referral"), "referrals.show_received", _REFERRAL),
    "referrals.withdraw": KeptForm(_STEP, "referrals.withdraw", _REFERRAL),
    "referrals.chase": KeptForm(_STEP, "referrals.chase", _REFERRAL),
    "referrals.answer": KeptForm(_STEP, "referrals.answer", ("referral_id", "to")),
    "referrals.feedback": KeptForm(_STEP, "referrals.feedback", _REFERRAL),
    "referrals.close": KeptForm(_STEP, "referrals.close", _REFERRAL),
    "referrals.decline": KeptForm(_STEP, "referrals.decline", _REFERRAL),
    "referrals.outcome": KeptForm(_STEP, "referrals.outcome", _REFERRAL),
    "referrals.add_entry": KeptForm(_l("An entry of the directory"), "referrals.add_entry"),
    "referrals.edit_entry": KeptForm(
        _l("An entry of the directory"), "referrals.edit_entry", ("entry_id",), compares=True
    ),
    "advocacy.pattern": KeptForm(_l("A decision on what recurs"), "advocacy.pattern", ("pattern_id",)),
    "advocacy.propose": KeptForm(_l("A proposal"), "advocacy.propose"),
    "advocacy.answer_proposal": KeptForm(
        _l("An answer to a proposal"), "advocacy.answer_proposal", ("proposal_id",)
    ),
    "advocacy.begin_dossier": KeptForm(_l("A new dossier"), "advocacy.begin_dossier", ("pattern",)),
    "advocacy.dossier_titles": KeptForm(_l("Titles of a dossier"), "advocacy.dossier_titles", _DOSSIER),
    "advocacy.dossier_section": KeptForm(
        _l("A section of the dossier"), "advocacy.dossier_section", (*_DOSSIER, "section"), compares=True
    ),
    "advocacy.ask_for_story": KeptForm(_l("A request for a story"), "advocacy.ask_for_story", _DOSSIER),
    "advocacy.write_story": KeptForm(_l("A story"), "advocacy.write_story", _DOSSIER),
    "advocacy.my_story": KeptForm(_l("A story"), "advocacy.my_story", ("story_id",)),
    "advocacy.write_contact": KeptForm(_l("A contact"), "advocacy.write_contact", _DOSSIER),
    "advocacy.write_contact_apart": KeptForm(_l("A contact"), "advocacy.write_contact_apart", _INSTITUTION),
    "advocacy.correct_contact": KeptForm(_l("A contact"), "advocacy.correct_contact", ("entry_id",)),
    # About the organisation itself, which no address names.
    "advocacy.letter_text": KeptForm(
        _l("Letter text"), "advocacy.letter_text", ("organisation_id", "kind", "language"), compares=True
    ),
    "advocacy.letter": KeptForm(
        _l("A letter"), "advocacy.letter", (*_DOSSIER, "institution_id", "kind", "language")
    ),
    "advocacy.record_outcome": KeptForm(_l("An outcome"), "advocacy.record_outcome", _DOSSIER),
    "advocacy.review_outcome": KeptForm(_l("A review of an outcome"), "advocacy.review_outcome", _DOSSIER),
    "advocacy.tell_outcome": KeptForm(
        _l("An outcome"), "advocacy.tell_outcome", ("outcome_id", "dossier_id")
    ),
    "advocacy.add_institution": KeptForm(_l("An addressee"), "advocacy.add_institution"),
    "advocacy.edit_institution": KeptForm(
        _l("An addressee"), "advocacy.edit_institution", _INSTITUTION, compares=True
    ),
    "advocacy.add_contact_person": KeptForm(
        _l("Somebody at an addressee"), "advocacy.add_contact_person", _INSTITUTION
    ),
    "advocacy.edit_contact_person": KeptForm(
        _l("Somebody at an addressee"),
        "advocacy.edit_contact_person",
        ("person_id", "institution_id"),
        compares=True,
    ),
    "awareness.add_topic": KeptForm(_l("A text for the public"), "awareness.add_topic"),
    "awareness.edit_topic": KeptForm(
        _l("A text for the public"), "awareness.edit_topic", _TOPIC, compares=True
    ),
    "awareness.return_topic": KeptForm(_l("A remark on a text"), "awareness.topic", _TOPIC),
    "awareness.public_office": KeptForm(
        _l("How the public reaches us"), "awareness.public_office", compares=True
    ),
    "awareness.log_session": KeptForm(_l("A session"), "awareness.log_session"),
    "awareness.log_campaign": KeptForm(_l("A campaign"), "awareness.log_campaign"),
    "awareness.correct_session": KeptForm(
        _l("A correction of a session"), "awareness.correct_session", _HELD, compares=True
    ),
    "awareness.withdraw_session": KeptForm(_l("Taking a session back"), "awareness.withdraw_session", _HELD),
    "reports.revoke": KeptForm(_l("Why a release is revoked"), "reports.revoke", ("release_id",)),
}

# Where a form saves itself while somebody writes: it is the same form.
_SAVED_AT: Final = {
    "cases.draft": "cases.new",
    "cases.draft_edit": "cases.edit",
    "cases.draft_note": "cases.note",
    "cases.keep_legal_draft": "cases.begin_legal_draft",
    "cases.keep_legal_draft_version": "cases.write_legal_draft",
}

# Never part of a draft: the token against forgery, and which button was pressed.
_DRAFT: Final = "kept_draft"  # which draft a page gives again, in its address and in the form that it sends
_NOT_TYPED: Final = frozenset({"csrf_token", "add", "anyway", "search", _DRAFT})
_CARRIED: Final = frozenset({"token", "version", "shown_way"})  # by every page, whether anybody typed or not


def here(endpoint: str = "") -> Key | None:
    """Which draft belongs to this address, or to another endpoint about the same; None where none is kept."""
    asked = endpoint or request.endpoint or ""
    name = _SAVED_AT.get(asked, asked)
    if name not in FORMS:
        return None
    values = {**request.args, **(request.view_args or {})}
    about, *rest = [values.get(argument) for argument in FORMS[name].arguments] or [None]
    if FORMS[name].several:
        about = request.form.get("token", about)
    return Key("/".join([name, *map(str, rest)]), uuid_of(about))


def saves_itself() -> bool:
    """Whether a form is saving itself while somebody writes: nobody reads the answer."""
    return request.endpoint in _SAVED_AT


def kept_form(form: str) -> KeptForm | None:
    """What the table says about the form of a draft; None for one that no page gives again any more."""
    return FORMS.get(form.partition("/")[0])


def draft() -> UUID | None:
    """Which of several drafts of a form is given again: as the address asks, or in the form that was sent."""
    return uuid_of(request.form.get(_DRAFT) if says_draft() else request.args.get(_DRAFT))


def says_draft() -> bool:
    """Whether the form that was sent came from a page that knew of its drafts."""
    return _DRAFT in request.form


def page_of(form: str, about: UUID | None, draft_id: UUID | None = None) -> str:
    """The address of the page that gives a kept form again, or one draft of it, or "" when none does."""
    kept = kept_form(form)
    if kept is None:
        return ""
    given: list[Any] = [about, *form.split("/")[1:]]
    try:
        named = dict(zip(kept.arguments, given, strict=False))
        return url_for(kept.page, **(named | ({_DRAFT: draft_id} if draft_id else {})))
    except BuildError:  # a draft of an earlier version names less than the address of its page
        return ""


def typed() -> dict[str, list[str]]:
    """The fields of the form that was sent as drafts keep them, without anything secret."""
    return {
        name: values
        for name, values in request.form.lists()
        if name not in _NOT_TYPED and "password" not in name
    }


def words() -> dict[str, list[str]]:
    """What was typed and chosen in the form that was sent, without what every page carries.

    Of files the digests: the same form with another file is another one.
    """
    said = {name: values for name, values in typed().items() if name not in _CARRIED}
    return said | {f"{name} (files)": of_files for name, of_files in digests().items()}


def anything(fields: Mapping[str, list[str]]) -> bool:
    """Whether somebody filled anything in."""
    return any(any(values) for name, values in fields.items() if name not in _CARRIED)


def uuid_of(value: object) -> UUID | None:
    """An id as an address or a form carries it; anything else is none."""
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
