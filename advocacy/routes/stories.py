"""Pages of stories: what one is asked for, what one wrote; and reading and signing them in the dossier."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import dossier_words as words
from advocacy import vignette_words
from advocacy.forms.dossiers import AskForm, ReadForm, StoryForm, case_choices
from advocacy.routes.blueprint import blueprint
from advocacy.service import dossiers, stories, telling
from advocacy.service.story_seal import Draft
from cases.routes.filling import done, filled, people, status_of
from cases.service import listing
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.transaction import transaction
from core.web.locale import current_language
from domain.stories.spans import segments

_OFFERED: Final = 200  # of one's cases, last changed first


@blueprint.route("/dossiers/<uuid:dossier_id>/ask", methods=["GET", "POST"])
@needs(Permission.DOSSIER_EDIT)
def ask_for_story(dossier_id: UUID) -> ResponseReturnValue:
    """Ask colleagues who hold files."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = filled(AskForm)
    form.people.choices = people(telling.writers(actor()))
    if done(form, lambda: telling.ask(actor(), dossier_id, map(UUID, form.people.data), form.text.data)):
        flash(_("Your colleagues find it on their desk."), "done")
        return redirect(url_for("advocacy.dossier", dossier_id=dossier_id), 303)
    return render_template("advocacy/dossier_ask.html", form=form, dossier=opened), status_of(form)


@blueprint.get("/dossiers/<uuid:dossier_id>/stories/<uuid:story_id>")
@needs(Permission.DOSSIER_READ)
def dossier_story(dossier_id: UUID, story_id: UUID) -> ResponseReturnValue:
    """Read a story with what the assistant flags."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    story = next((one for one in telling.of(opened) if one.id == story_id), None)
    if story is None:
        raise NotFound
    found = {} if story.is_vignette else stories.flags(story.texts)
    marked = {language: segments(text, found.get(language, ())) for language, text in story.texts.items()}
    return render_template(
        "advocacy/dossier_story.html",
        dossier=opened,
        story=story,
        marked=marked,
        mine=story.author_id == actor().person_id,
        words=words,
        vignettes=vignette_words,
    )


@blueprint.post("/dossiers/<uuid:dossier_id>/stories/<uuid:story_id>/confirm")
@needs(Permission.DOSSIER_APPROVE, fresh=True)
def confirm_story(dossier_id: UUID, story_id: UUID) -> ResponseReturnValue:
    """Sign a story as the second."""
    form = ReadForm()
    with transaction():
        telling.confirm(actor(), dossier_id, story_id, form.version.data, form.read.data)
    flash(_("The story is signed by two and stands in the dossier."), "done")
    return redirect(url_for("advocacy.dossier", dossier_id=dossier_id), 303)


@blueprint.post("/dossiers/<uuid:dossier_id>/stories/<uuid:story_id>/out")
@needs(Permission.DOSSIER_EDIT)
def take_story_out(dossier_id: UUID, story_id: UUID) -> ResponseReturnValue:
    """Take a story out of the dossier."""
    with transaction():
        telling.take_out(actor(), dossier_id, story_id)
    flash(_("The story is out of the dossier."), "done")
    return redirect(url_for("advocacy.dossier", dossier_id=dossier_id), 303)


@blueprint.get("/stories")
@needs(Permission.STORY_WRITE)
def my_stories() -> ResponseReturnValue:
    """What one is asked for, and what one wrote."""
    who = actor()
    return render_template(
        "advocacy/stories.html", asks=stories.asked(who), mine=stories.mine(who), words=words
    )


@blueprint.get("/stories/new/<uuid:dossier_id>")
@needs(Permission.STORY_WRITE)
def choose_story(dossier_id: UUID) -> ResponseReturnValue:
    """First of all: a coded vignette, or a free summary."""
    return render_template("advocacy/story_choose.html", asked=asked_for(dossier_id))


@blueprint.route("/stories/new/<uuid:dossier_id>/summary", methods=["GET", "POST"])
@needs(Permission.STORY_WRITE)
def write_story(dossier_id: UUID) -> ResponseReturnValue:
    """Write a free summary for a dossier that asked for a story."""
    asked = asked_for(dossier_id)
    form = filled(StoryForm)
    form.case.choices = case_choices(own_cases())
    made = done(
        form,
        lambda: stories.write(actor(), form.token.data, dossier_id, UUID(form.case.data), _draft(form)),
    )
    if made:
        flash(_("The story is signed by you. A second person reads it now."), "done")
        return redirect(url_for("advocacy.my_stories"), 303)
    return _story_page(form, asked=asked, own=None)


@blueprint.route("/stories/<uuid:story_id>", methods=["GET", "POST"])
@needs(Permission.STORY_WRITE)
def my_story(story_id: UUID) -> ResponseReturnValue:
    """Write one's story anew, or stand for it again."""
    own = stories.own(actor(), story_id)
    texts = {f"text_{language}": text for language, text in own.draft.texts.items()}
    form = filled(
        StoryForm,
        version=own.version,
        case=str(own.case_id),
        level=own.draft.level,
        kept=own.draft.kept,
        counsel=own.draft.counsel,
        **texts,
    )
    form.case.choices = case_choices([(str(own.case_id), _("The case it was written from"))])
    if done(form, lambda: stories.rewrite(actor(), story_id, form.version.data, _draft(form))):
        flash(_("The story is signed by you. A second person reads it now."), "done")
        return redirect(url_for("advocacy.my_stories"), 303)
    return _story_page(form, asked=None, own=own)


@blueprint.post("/stories/<uuid:story_id>/take-back")
@needs(Permission.STORY_WRITE)
def take_story_back(story_id: UUID) -> ResponseReturnValue:
    """Take one's own story back."""
    with transaction():
        stories.take_back(actor(), story_id)
    flash(_("Your story is taken back. What was made with it is handed out no more."), "done")
    return redirect(url_for("advocacy.my_stories"), 303)


def _story_page(
    form: StoryForm, *, asked: stories.Ask | None, own: stories.Own | None
) -> ResponseReturnValue:
    """The form, with the flagged words marked once something was written."""
    if form.is_submitted():
        form.forget_agreement()
    found = stories.flags(form.texts())
    marked = {
        language: segments(text, found.get(language, ()))
        for language, text in form.texts().items()
        if found.get(language)
    }
    page = render_template(
        "advocacy/story.html",
        form=form,
        asked=asked,
        own=own,
        renewed=renewed(own),
        marked=marked,
        words=words,
        language=current_language(),
    )
    return page, status_of(form) if form.is_submitted() else HTTPStatus.OK


def _draft(form: StoryForm) -> Draft:
    return Draft(
        form.level.data, form.texts(), form.kept.data or "", bool(form.counsel.data), agreed=form.agreed_on()
    )


def renewed(own: stories.Own | None) -> dt.date | None:
    """Until when the person lets a story stand, where its author stands for it less long."""
    if own is None:
        return None
    with transaction():
        return stories.renewed(actor(), own)


def asked_for(dossier_id: UUID) -> stories.Ask:
    """What a dossier asks of the actor. Raises NotFound where it does not."""
    asked = next((one for one in stories.asked(actor()) if one.dossier_id == dossier_id), None)
    if asked is None:
        raise NotFound
    return asked


def own_cases() -> list[tuple[str, str]]:
    """The actor's own cases: reference and name, last changed first."""
    return [(str(row.id), f"{row.reference} · {row.name}") for row in listing.recent(actor(), _OFFERED)]
