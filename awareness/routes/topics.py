"""Where legal information comes about: the list, a text in three languages, its review, its publication."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from awareness.forms.topics import WORDS, OfficeForm, ReviewForm, StepForm, TopicForm, stored
from awareness.service import editing, office, reading
from cases.routes.filling import done, filled, status_of
from core import clock
from core.access.actors import Actor
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import Conflict
from core.store.transaction import transaction
from core.web.locale import NAMES, current_language
from domain.markup import parse
from domain.topics import PARTS, missing


@needs(Permission.TOPIC_READ)
def topics() -> ResponseReturnValue:
    """Every topic, what waits for the reader first."""
    with transaction():
        editing.begin(actor())
    return render_template("awareness/topics.html", lines=reading.lines(actor(), current_language()))


@needs(Permission.TOPIC_READ)
def topic(topic_id: UUID) -> ResponseReturnValue:
    """One topic: its newest text, what may be done with it, its history."""
    return _shown(topic_id)


@needs(Permission.TOPIC_READ)
def version(topic_id: UUID, number: int) -> ResponseReturnValue:
    """An earlier text."""
    opened = reading.opened(actor(), topic_id)
    return render_template(
        "awareness/version.html",
        opened=opened,
        version=opened.at(number),
        unconfirmed=opened.unconfirmed(number),
        languages_of=NAMES,
        parts=PARTS,
        words=WORDS,
        parse=parse,
        form=StepForm(version=opened.topic.version),
    )


@needs(Permission.TOPIC_EDIT)
def add_topic() -> ResponseReturnValue:
    """Write a new text."""
    form = filled(TopicForm, version=1, review_by=editing.next_review())
    made = done(
        form, lambda: editing.add(actor(), form.token.data, form.issue.data, form.texts(), *form.days())
    )
    if made:
        return _to(made, _("The draft is saved. Send it to review when it is ready."))
    return _page("edit", form), status_of(form)


@needs(Permission.TOPIC_EDIT)
def edit_topic(topic_id: UUID) -> ResponseReturnValue:
    """Change a text; what somebody else saved meanwhile is shown beside what was typed."""
    opened = reading.opened(actor(), topic_id)
    form = filled(TopicForm, **stored(opened.topic, opened.newest))
    try:
        if done(form, lambda: _save(topic_id, form)):
            return _to(topic_id, _("The draft is saved. Send it to review when it is ready."))
    except Conflict:
        now = reading.opened(actor(), topic_id)
        form.version.data = now.topic.version
        return _page("edit", form, opened=now, changed=True), HTTPStatus.CONFLICT
    return _page("edit", form, opened=opened), status_of(form)


def _save(topic_id: UUID, form: TopicForm) -> None:
    seen, issue = form.version.data, form.issue.data
    editing.save(actor(), topic_id, seen, issue, form.texts(), *form.days())


@needs(Permission.TOPIC_EDIT)
def send_topic(topic_id: UUID) -> ResponseReturnValue:
    """Ask for the legal review."""
    return _step(topic_id, StepForm(), editing.send, _("The text waits for a lawyer."))


@needs(Permission.TOPIC_EDIT)
def restore_topic(topic_id: UUID, number: int) -> ResponseReturnValue:
    """Bring an earlier text back as the newest draft."""

    def restore(who: Actor, one: UUID, seen: int) -> None:
        editing.restore(who, one, seen, number)

    return _step(topic_id, StepForm(), restore, _("The earlier text is the newest draft now."))


@needs(Permission.TOPIC_REVIEW)
def confirm_topic(topic_id: UUID) -> ResponseReturnValue:
    """A lawyer confirms a text."""

    def confirm(who: Actor, one: UUID, seen: int) -> None:
        editing.review(who, one, seen, good=True)

    return _step(topic_id, StepForm(), confirm, _("You confirmed the text. It can be published."))


@needs(Permission.TOPIC_REVIEW)
def return_topic(topic_id: UUID) -> ResponseReturnValue:
    """A lawyer gives a text back with a remark."""
    form = ReviewForm()

    def give_back(who: Actor, one: UUID, seen: int) -> None:
        editing.review(who, one, seen, good=False, remark=form.remark.data)

    return _step(topic_id, form, give_back, _("The text is back with those who write it."))


@needs(Permission.TOPIC_PUBLISH)
def publish_topic(topic_id: UUID) -> ResponseReturnValue:
    """Show the newest text to the public."""
    return _step(topic_id, StepForm(), editing.publish, _("The text is public now."))


@needs(Permission.TOPIC_PUBLISH)
def withdraw_topic(topic_id: UUID) -> ResponseReturnValue:
    """Take a page away from the public at once."""
    return _step(topic_id, StepForm(), editing.withdraw, _("The page is not public any more."))


@needs(Permission.OFFICE_EDIT)
def public_office() -> ResponseReturnValue:
    """How the public reaches us."""
    row = office.read(actor())
    texts = row.texts if row else {}
    form = filled(
        OfficeForm,
        version=row.version if row else 0,
        **{f"reach_{language}": texts.get(language, "") for language in NAMES},
    )
    try:
        if done(form, lambda: office.write(actor(), form.version.data, form.texts())):
            flash(_("The changes are saved."), "done")
            return redirect(url_for("awareness.topics"), 303)
    except Conflict:
        now = office.read(actor())
        form.version.data = now.version if now else 0
        page = render_template("awareness/office.html", form=form, now=now, languages_of=NAMES)
        return page, HTTPStatus.CONFLICT
    return render_template("awareness/office.html", form=form, now=None, languages_of=NAMES), status_of(form)


def _step(
    topic_id: UUID, form: StepForm, act: Callable[[Actor, UUID, int], None], said: str
) -> ResponseReturnValue:
    """Carry out one step; what stands in its way is said on the page of the topic, as it is now."""
    reading.opened(actor(), topic_id)
    try:
        if done(form, lambda: act(actor(), topic_id, form.version.data)):
            return _to(topic_id, said)
    except Conflict:
        flash(
            _("Somebody changed this text meanwhile. Nothing was done. Look at it as it is now."), "warning"
        )
        return redirect(url_for("awareness.topic", topic_id=topic_id), 303)
    return _shown(topic_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


def _shown(topic_id: UUID, form: StepForm | None = None) -> str:
    opened = reading.opened(actor(), topic_id)
    version = opened.topic.version
    if form is None:
        remark = filled(ReviewForm, sent_to="awareness.return_topic", version=version)
    else:
        remark = form if isinstance(form, ReviewForm) else ReviewForm(formdata=None)
        remark.version.data = version
    return render_template(
        "awareness/topic.html",
        opened=opened,
        title=reading.title_of(opened.newest, current_language()),
        mine=reading.may_review(actor(), opened),
        unconfirmed=opened.unconfirmed(opened.newest.number),
        missing=missing(opened.newest.texts),
        languages_of=NAMES,
        parts=PARTS,
        words=WORDS,
        parse=parse,
        refused=form,
        today=clock.today(),
        form=remark,
    )


def _page(name: str, form: TopicForm, **context: object) -> str:
    return render_template(
        f"awareness/{name}.html",
        form=form,
        words=WORDS,
        languages_of=NAMES,
        parts=PARTS,
        **{"opened": None, **context},
    )


def _to(topic_id: object, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("awareness.topic", topic_id=topic_id), 303)
