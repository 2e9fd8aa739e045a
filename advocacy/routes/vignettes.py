"""Pages of coded vignettes: offered from the sealed case, sent without a word typed, checked by a manager."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import dossier_words as words
from advocacy import vignette_words
from advocacy.forms.dossiers import VignetteForm, case_choices
from advocacy.routes.blueprint import blueprint
from advocacy.routes.stories import asked_for, own_cases, renewed
from advocacy.service import checking, dossiers, scanning, stories
from advocacy.service.story_seal import Coded, Draft
from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError
from core.store.transaction import transaction


@blueprint.route("/stories/new/<uuid:dossier_id>/vignette", methods=["GET", "POST"])
@needs(Permission.STORY_WRITE)
def write_vignette(dossier_id: UUID) -> ResponseReturnValue:
    """Choose a case, see what would be told of it, and sign that."""
    asked = asked_for(dossier_id)
    form = filled(VignetteForm)
    form.case.choices = case_choices(own_cases())
    offered = _offered(form)
    if offered is not None and _is_seen(form, offered):
        case_id = UUID(form.case.data)
        if done(
            form,
            lambda: stories.write(actor(), form.token.data, dossier_id, case_id, _draft(form, offered)),
        ):
            return _sent()
    return _page(form, offered, asked=asked, own=None)


@blueprint.route("/stories/<uuid:story_id>/vignette", methods=["GET", "POST"])
@needs(Permission.STORY_WRITE)
def my_vignette(story_id: UUID) -> ResponseReturnValue:
    """Stand for one's vignette again, as the case is now."""
    own = stories.own(actor(), story_id)
    form = filled(
        VignetteForm,
        version=own.version,
        case=str(own.case_id),
        level=own.draft.level,
        counsel=own.draft.counsel,
    )
    form.case.choices = case_choices([(str(own.case_id), _("The case it was written from"))])
    offered = _offered(form)
    if (
        offered is not None
        and _is_seen(form, offered)
        and done(form, lambda: stories.rewrite(actor(), story_id, form.version.data, _draft(form, offered)))
    ):
        return _sent()
    return _page(form, offered, asked=None, own=own)


@blueprint.post("/dossiers/<uuid:dossier_id>/vignettes")
@needs(Permission.DOSSIER_EDIT)
def check_vignettes(dossier_id: UUID) -> ResponseReturnValue:
    """Count who else could be meant by each vignette, and say which may be told."""
    if _facts_left():
        return redirect(url_for("advocacy.read_facts", dossier_id=dossier_id), 303)
    check = checking.prepare(actor(), dossier_id, vignette_words.texts)
    with transaction():
        checking.write(actor(), check)
    flash(_("The vignettes are checked. Each says below whether it may be told."), "done")
    return redirect(url_for("advocacy.dossier", dossier_id=dossier_id), 303)


@blueprint.get("/dossiers/<uuid:dossier_id>/vignettes/facts")
@needs(Permission.DOSSIER_EDIT)
def read_facts(dossier_id: UUID) -> ResponseReturnValue:
    """Read facts, a step with each load, until all are read and the vignettes can be checked."""
    with transaction():
        dossiers.open_dossier(actor(), dossier_id)
    left = _facts_left()
    page = render_template("advocacy/vignette_facts.html", left=left, dossier_id=dossier_id)
    return page, {"Refresh": "1"} if left else {}


def _facts_left() -> int:
    """Read facts that nobody has opened yet, for a step; how many are left then."""
    if not scanning.latest(actor()).due:
        return 0
    step = scanning.prepare(actor())
    with transaction():
        scanning.write(actor(), step)
    return step.left


def _offered(form: VignetteForm) -> Coded | None:
    """What may be told of the chosen case; None where nothing was chosen yet, or the service says why not."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            return stories.offer(actor(), UUID(form.case.data), form.level.data)
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.explain(error)
        return None


def _is_seen(form: VignetteForm, offered: Coded) -> bool:
    """Whether the page showed exactly this; it is shown now, and the next time it counts as seen."""
    seen, form.seen.data = form.seen.data, ".".join(offered.codes.values())
    return bool(seen == form.seen.data)


def _draft(form: VignetteForm, offered: Coded) -> Draft:
    return Draft(form.level.data, {}, "", bool(form.counsel.data), offered, form.agreed_on())


def _sent() -> ResponseReturnValue:
    flash(
        _("The vignette is signed by you. A manager checks it, then a second person signs what is told."),
        "done",
    )
    return redirect(url_for("advocacy.my_stories"), 303)


def _page(
    form: VignetteForm, offered: Coded | None, *, asked: stories.Ask | None, own: stories.Own | None
) -> ResponseReturnValue:
    page = render_template(
        "advocacy/vignette.html",
        form=form,
        asked=asked,
        own=own,
        renewed=renewed(own),
        told=vignette_words.offered(offered.codes) if offered else {},
        words=words,
    )
    return page, status_of(form)
