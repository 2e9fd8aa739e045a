"""Drafts of the lawyers of a case: written, looked at, approved, filed. Nobody else finds the pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.service import sent
from cases.forms.legal_drafts import (
    AskForm,
    CorrectFilingForm,
    DraftActForm,
    FileForm,
    JudgeForm,
    SayForm,
    TextForm,
)
from cases.routes.filling import AnyForm, back, done, filled, keep, nothing, opened, status_of
from cases.service import draft_filings, draft_reviews, drafting, legal_drafts
from cases.service.legal_drafts import Whole
from cases.service.reach import reaches
from cases.service.shelves import Document, newer_than
from cases.service.views import OpenCase
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import queue_for, transaction
from core.web.kept import here
from core.web.labels import list_label
from domain import drafts as rules
from domain import reviews
from domain.drafts import Act, State


@needs(Permission.CASE_PRIVILEGED)
def begin_legal_draft(case_id: UUID) -> ResponseReturnValue:
    """Begin a draft with its first version."""
    case = _case(case_id)
    form = filled(TextForm)
    form.offer(_documents(case, form.document.data))
    begun = done(form, lambda: _begin(case_id, form))
    if isinstance(begun, UUID):
        return _back(case_id, begun, _("The draft is sealed to the lawyers of this case."))
    return render_template("cases/legal_draft_write.html", case=case, form=form), status_of(form)


@needs(Permission.REVIEW_GIVE)
def legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """A draft, what was said of it, and what can be done with it now."""
    return _page(_case(case_id), draft_id)


@needs(Permission.REVIEW_GIVE)
def write_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Write the next version; where somebody was first, both are shown and nothing is overwritten."""
    case, whole = _case(case_id), _whole(case_id, draft_id)
    form = filled(TextForm, **_newest(whole))
    form.offer(_documents(case, _paper(whole), form.document.data))
    asked = whole.draft.state == State.ASKED and whole.draft.desk_id == actor().person_id
    shown = {"case": case, "form": form, "whole": whole, "asked": asked, "newer": _newer(case, whole)}
    try:
        if done(form, lambda: _write(case_id, draft_id, form)):
            return _back(case_id, draft_id, _("The new version is saved. The earlier ones are kept."))
    except (drafting.TextConflict, sent.OtherWords) as clash:
        if isinstance(clash, drafting.TextConflict):
            now = clash.current
        else:  # one's own first click, whose words stand
            now, shown["said"] = _whole(case_id, draft_id), clash.message
        form.version.data = now.draft.version
        shown |= {"whole": now, "theirs": now.versions[0], "newer": _newer(case, now)}
        return render_template("cases/legal_draft_write.html", **shown), HTTPStatus.CONFLICT
    return render_template("cases/legal_draft_write.html", **shown), status_of(form)


@needs(Permission.REVIEW_GIVE)
def say_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Say something about a draft."""
    form = SayForm()
    if done(form, lambda: drafting.say(actor(), case_id, draft_id, form.remark.data, form.token.data)):
        return _back(case_id, draft_id, _("The remark is sealed to the lawyers of this case."))
    return _page(_case(case_id), draft_id, said=form)


@needs(Permission.REVIEW_GIVE)
def judge_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Approve the version that was read, or give it back with comments."""
    form = JudgeForm()
    if done(form, lambda: _judge(case_id, draft_id, form)):
        return _back(case_id, draft_id, _("What you say of it is recorded."))
    return _page(_case(case_id), draft_id, judged=form)


@needs(Permission.REVIEW_ASK)
def ask_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Ask a lawyer to look at a draft."""
    case, whole = _case(case_id), _whole(case_id, draft_id)
    form = filled(AskForm, version=whole.draft.version)
    form.offer(_candidates(case_id, draft_id))
    if done(form, lambda: _ask(case_id, draft_id, form)):
        return _back(case_id, draft_id, _("The lawyer has been asked to look at it."))
    shown = {"case": case, "form": form, "whole": whole, "second": _second(whole)}
    return render_template("cases/legal_draft_ask.html", **shown), status_of(form)


@needs(Permission.REVIEW_ASK)
def file_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Say that the newest version was filed, when and where."""
    case, whole = _case(case_id), _whole(case_id, draft_id)
    state = State(whole.draft.state)
    asked = str(whole.draft.desk_id) if state is State.ASKED else ""
    form = filled(FileForm, version=whole.draft.version, second=asked)
    urgent = reviews.is_urgent(case.urgency, case.record)
    owes = {
        "reason": rules.owes_reason(state, urgent=urgent),
        "second": rules.owes_second_look(state, urgent=urgent),
    }
    form.offer(_candidates(case_id, draft_id, filing=True) if owes["second"] else [])
    if done(form, lambda: _file(case_id, draft_id, form)):
        return _back(case_id, draft_id, _("It is recorded that this version was filed."))
    shown = {"case": case, "form": form, "whole": whole, "owes": owes, "newer": _newer(case, whole)}
    return render_template("cases/legal_draft_file.html", **shown), status_of(form)


@needs(Permission.REVIEW_ASK)
def correct_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Say what was wrong with a filing that was recorded: its day, its place, or that it was one."""
    case, whole = _case(case_id), _whole(case_id, draft_id)
    filed = whole.draft.content["filed"]
    values = {"day": whole.draft.filed_on, "where": filed["where"]} if filed else {}
    form = filled(CorrectFilingForm, version=whole.draft.version, **values)
    if done(form, lambda: _correct(case_id, draft_id, form)):
        return _back(case_id, draft_id, _("What was recorded is corrected."))
    with transaction():
        owed = draft_filings.is_owed(actor(), case_id, draft_id)
    shown = {
        "case": case, "form": form, "whole": whole, "filed": filed, "second": _second(whole), "owed": owed,
        "line": _line(case_id, whole),
    }  # fmt: skip  # one page
    return render_template("cases/legal_draft_correct.html", **shown), status_of(form)


@needs(Permission.REVIEW_ASK)
def withdraw_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """It will not be filed."""
    form = DraftActForm()
    with transaction():
        queue_for(form.token.data)
        drafting.withdraw(actor(), case_id, draft_id, form.version.data, form.token.data)
    return _back(case_id, draft_id, _("The draft is withdrawn."))


@needs(Permission.REVIEW_ASK)
def end_legal_draft_review(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Whoever is asked about the draft looks at it no more."""
    form = DraftActForm()
    with transaction():
        queue_for(form.token.data)
        draft_reviews.end(actor(), case_id, draft_id, form.version.data, form.token.data)
    return _back(
        case_id, draft_id, _("The review is ended. Whoever was asked cannot open the draft any more.")
    )


@needs(Permission.REVIEW_GIVE)
def seen_legal_draft(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """What the second look said is read."""
    form = DraftActForm()
    with transaction():
        draft_reviews.seen(actor(), case_id, draft_id, form.version.data)
    return _back(case_id, draft_id, _("It is off your desk."))


@needs(Permission.CASE_PRIVILEGED)
def keep_legal_draft(case_id: UUID) -> ResponseReturnValue:
    """Keep the first version of a draft as far as it was typed."""
    with transaction():
        legal_drafts.bench(actor(), case_id, leads=True)
    return _kept()


@needs(Permission.REVIEW_GIVE)
def keep_legal_draft_version(case_id: UUID, draft_id: UUID) -> ResponseReturnValue:
    """Keep the next version of a draft as far as it was typed."""
    _whole(case_id, draft_id)
    return _kept()


def _kept() -> ResponseReturnValue:
    key = here()
    if key is None:
        abort(404)
    keep(key)
    return nothing()


def _page(
    case: OpenCase, draft_id: UUID, *, said: SayForm | None = None, judged: JudgeForm | None = None
) -> ResponseReturnValue:
    whole = _whole(case.id, draft_id)
    draft, me = whole.draft, actor().person_id
    second = _second(whole)
    leads = reaches(actor(), Permission.REVIEW_ASK, case.id)
    able = {
        str(act): rules.takes(State(draft.state), act, second_open=second)
        and (leads or act in {Act.WRITE, Act.JUDGE})
        for act in Act
    }
    mine = draft.desk_id == me and drafting.may_judge(me, draft.content)
    now = {"version": draft.version, "digest": draft.content["digest"]}
    said = said or _beside(SayForm, "cases.say_legal_draft")
    judged = judged or _beside(JudgeForm, "cases.judge_legal_draft", **now)
    with transaction():
        answer = draft_reviews.answer(actor(), case.id, draft_id)
    shown = {
        "case": case, "whole": whole, "draft": draft, "said": said, "judged": judged, "able": able,
        "judges": able["judge"] and mine, "second": second, "answer": answer, "me": me,
        "line": _line(case.id, whole), "ends": leads and draft_reviews.is_asked(draft),
        "act": DraftActForm(formdata=None, version=draft.version), "newer": _newer(case, whole),
    }  # fmt: skip  # one page
    return render_template("cases/legal_draft.html", **shown), status_of(said, judged)


def _beside(kind: type[AnyForm], sent_to: str, **values: Any) -> AnyForm:
    """A form of the page; empty where the page is the answer to its other one."""
    if request.method == "POST":
        return kind(formdata=None, **values)
    return filled(kind, sent_to=sent_to, **values)


def _case(case_id: UUID) -> OpenCase:
    case = opened(case_id)
    return case if case.legal_drafts is not None else abort(404)


def _whole(case_id: UUID, draft_id: UUID) -> Whole:
    with transaction():
        return legal_drafts.whole(actor(), case_id, draft_id)


def _line(case_id: UUID, whole: Whole) -> str:
    with transaction():
        return draft_filings.standing_of(actor(), case_id, whole.draft.content)


def _second(whole: Whole) -> bool:
    return drafting.second_open(whole.draft.content)


def _newest(whole: Whole) -> dict[str, Any]:
    """What the form of the next version begins with."""
    newest = whole.versions[0].data if whole.versions else None
    begun = {"title": whole.draft.title, "version": whole.draft.version}
    if newest is None:
        return begun
    return {**begun, "text": newest["text"], "document": (newest["document"] or {}).get("id", "")}


def _paper(whole: Whole) -> str:
    """The id of the document with which the newest version goes, or ""."""
    newest = whole.versions[0].data if whole.versions else None
    return str(((newest or {}).get("document") or {}).get("id", ""))


def _newer(case: OpenCase, whole: Whole) -> Document | None:
    """The document that took the place of the one with which the newest version goes."""
    return newer_than(_paper(whole), case.shelves)


def _documents(case: OpenCase, *kept: str | None) -> list[tuple[str, str]]:
    """The documents of a case as they stand, to choose from; of older versions those that are chosen already.

    A paper that was replaced meanwhile does not drop out of a draft unseen.
    """
    listed = [(str(one.document.id), _called(one.document)) for one in case.shelves]
    newest = {one for one, _title in listed}
    older = {str(one.id): one for one in case.documents if str(one.id) in kept and str(one.id) not in newest}
    said = [(one, _("%(title)s – older version", title=_called(paper))) for one, paper in older.items()]
    return [*said, *listed]


def _called(document: Document) -> str:
    kind = document.about.get("kind")
    words = list_label("document_kind", kind) if kind else _("Document without a title")
    return document.title or str(words)


def _candidates(case_id: UUID, draft_id: UUID, *, filing: bool = False) -> list[draft_reviews.Candidate]:
    with transaction():
        return draft_reviews.candidates(actor(), case_id, draft_id, filing=filing)


def _begin(case_id: UUID, form: TextForm) -> UUID:
    return drafting.begin(actor(), case_id, form.title.data, form.said(), form.token.data)


def _write(case_id: UUID, draft_id: UUID, form: TextForm) -> None:
    title, version = form.title.data, form.version.data
    drafting.write(actor(), case_id, draft_id, version, title, form.said(), form.token.data)


def _judge(case_id: UUID, draft_id: UUID, form: JudgeForm) -> None:
    verdict, digest, token = form.verdict.data, form.digest.data or "", form.token.data
    draft_reviews.judge(
        actor(), case_id, draft_id, form.version.data, verdict, digest, token, text=form.comments.data
    )


def _ask(case_id: UUID, draft_id: UUID, form: AskForm) -> None:
    lawyer, token = UUID(form.lawyer.data), form.token.data
    draft_reviews.ask(
        actor(), case_id, draft_id, form.version.data, lawyer, token, by=form.by.data, text=form.text.data
    )


def _file(case_id: UUID, draft_id: UUID, form: FileForm) -> None:
    draft_reviews.file(actor(), case_id, draft_id, form.version.data, form.filing(), form.token.data)


def _correct(case_id: UUID, draft_id: UUID, form: CorrectFilingForm) -> None:
    version, reason, token = form.version.data, form.reason.data or "", form.token.data
    draft_filings.correct(actor(), case_id, draft_id, version, form.right(), reason, token)


def _back(case_id: UUID, draft_id: UUID, said: str) -> ResponseReturnValue:
    """To the draft; to the case where the act ended the own review of it."""
    with transaction():
        opens = legal_drafts.opens(actor(), case_id, draft_id)
    if not opens:
        return back(case_id, said)
    flash(said, "done")
    return redirect(url_for("cases.legal_draft", case_id=case_id, draft_id=draft_id), 303)
