"""Pages of dossiers: the document section by section, with its checks in the margin."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import dossier_words as words
from advocacy import papers, vignette_words
from advocacy.forms.dossiers import FigureForm, OutputForm, SectionForm, TitlesForm, defaults
from advocacy.routes.blueprint import blueprint
from advocacy.service import (
    dossiers,
    figures,
    frozen_stories,
    outputs,
    patterns,
    recalled,
    reviewing,
    telling,
)
from advocacy.service.dossiers import OpenDossier
from cases.routes.filling import done, filled, number_of, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.access.policy import may
from core.errors import Conflict, DomainError, NotFound
from core.store.blobs import Blobs
from core.store.transaction import transaction
from core.web.documents import download
from core.web.locale import current_language
from domain.dossiers import LANGUAGES, Paper, Section, State

_MAY_BE_STALE: Final = frozenset({State.REVIEW, State.APPROVED, State.LEFT})


@blueprint.get("/dossiers")
@needs(Permission.DOSSIER_READ)
def dossier_list() -> ResponseReturnValue:
    """Every dossier, last changed first."""
    who = actor()
    return render_template(
        "advocacy/dossiers.html",
        lines=dossiers.index(who),
        recalled=recalled.waiting(who) if may(who, Permission.CONTACT_WRITE) else set(),
        words=words,
        language=current_language(),
    )


@blueprint.route("/dossiers/new", methods=["GET", "POST"])
@needs(Permission.DOSSIER_EDIT)
def begin_dossier() -> ResponseReturnValue:
    """Begin one, from a pattern or from nothing."""
    form, pattern_id = filled(TitlesForm), _id(request.args.get("pattern"))
    if pattern_id is not None:
        patterns.require(actor(), pattern_id)
    made = done(form, lambda: dossiers.begin(actor(), form.token.data, form.titles(), {}, pattern_id))
    if made:
        return redirect(url_for("advocacy.dossier", dossier_id=made), 303)
    return render_template("advocacy/dossier_titles.html", form=form, dossier=None), status_of(form)


@blueprint.get("/dossiers/<uuid:dossier_id>")
@needs(Permission.DOSSIER_READ)
def dossier(dossier_id: UUID) -> ResponseReturnValue:
    """Where it stands: sections, figures, stories, approvals, files."""
    return _page(dossier_id, OutputForm(formdata=None, **defaults()))


@blueprint.route("/dossiers/<uuid:dossier_id>/titles", methods=["GET", "POST"])
@needs(Permission.DOSSIER_EDIT)
def dossier_titles(dossier_id: UUID) -> ResponseReturnValue:
    """Change its titles."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    titles = {f"title_{language}": opened.titles.get(language, "") for language in LANGUAGES}
    form = filled(TitlesForm, version=opened.version, **titles)
    if done(form, lambda: dossiers.rename(actor(), dossier_id, form.version.data, form.titles())):
        return _back(dossier_id, _("The titles are kept."))
    return render_template("advocacy/dossier_titles.html", form=form, dossier=opened), status_of(form)


@blueprint.route("/dossiers/<uuid:dossier_id>/sections/<section>", methods=["GET", "POST"])
@needs(Permission.DOSSIER_READ)
def dossier_section(dossier_id: UUID, section: str) -> ResponseReturnValue:
    """One section in three languages, side by side."""
    if section not in set(Section):
        raise NotFound
    opened = dossiers.open_dossier(actor(), dossier_id)
    form = filled(SectionForm, **_stored(opened, section))
    status, clashes = HTTPStatus.OK, False
    if form.is_submitted():
        try:
            if done(form, lambda: _write(form, dossier_id, section)):
                return _back(dossier_id, _("The section is kept."))
            status = HTTPStatus(status_of(form))
        except Conflict:
            status, clashes = HTTPStatus.CONFLICT, True
            opened = dossiers.open_dossier(actor(), dossier_id)
            for name, value in _stored(opened, section).items():
                if name.startswith("version_"):  # shown below each field: the next time it may be replaced
                    form[name].data = value
    page = render_template(
        "advocacy/dossier_section.html",
        dossier=opened,
        section=Section(section),
        form=form,
        words=words,
        clashes=clashes,
        texts={language: opened.sections.get((section, language)) for language in LANGUAGES},
        following=_following(section),
    )
    return page, status


@blueprint.get("/dossiers/<uuid:dossier_id>/figures")
@needs(Permission.DOSSIER_EDIT)
def dossier_releases(dossier_id: UUID) -> ResponseReturnValue:
    """The releases from which figures may be taken."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    return render_template(
        "advocacy/dossier_releases.html", dossier=opened, releases=figures.releases(actor()), words=words
    )


@blueprint.route("/dossiers/<uuid:dossier_id>/figures/<uuid:release_id>", methods=["GET", "POST"])
@needs(Permission.DOSSIER_EDIT)
def add_figure(dossier_id: UUID, release_id: UUID) -> ResponseReturnValue:
    """Choose a row of a release."""
    opened = dossiers.open_dossier(actor(), dossier_id)
    with transaction():
        release, table = figures.rows_of(actor(), release_id)
        about = {"table": release.table, "quarter": release.quarter}
        values = figures.values(table)
    form = FigureForm()
    form.row.choices = [
        (row, f"{words.figure_row({**about, 'row': row})} · {value}") for row, value in values.items()
    ]
    if done(form, lambda: figures.add(actor(), dossier_id, release_id, form.row.data)):
        return _back(dossier_id, _("The figure is in the dossier."))
    page = render_template(
        "advocacy/dossier_figure.html", dossier=opened, form=form, about=about, words=words
    )
    return page, status_of(form)


@blueprint.post("/dossiers/<uuid:dossier_id>/figures/<uuid:figure_id>/remove")
@needs(Permission.DOSSIER_EDIT)
def remove_figure(dossier_id: UUID, figure_id: UUID) -> ResponseReturnValue:
    """Take a figure out."""
    with transaction():
        figures.remove(actor(), dossier_id, figure_id)
    return _back(dossier_id, _("The figure is out of the dossier."))


@blueprint.post("/dossiers/<uuid:dossier_id>/review")
@needs(Permission.DOSSIER_EDIT)
def review_dossier(dossier_id: UUID) -> ResponseReturnValue:
    """Freeze everything and ask for the three approvals."""
    with transaction():
        reviewing.send_to_review(actor(), dossier_id, number_of(request.form.get("version", "")) or 0)
    return _back(dossier_id, _("It is frozen for review. Any change from now on needs a new review."))


@blueprint.get("/dossiers/<uuid:dossier_id>/review")
@needs(Permission.DOSSIER_READ)
def read_dossier(dossier_id: UUID) -> ResponseReturnValue:
    """Read the frozen version as a whole, with what the actor may approve."""
    with transaction():
        opened = dossiers.open_dossier(actor(), dossier_id)
        frozen = reviewing.frozen(opened)
    if frozen is None:
        raise NotFound
    stale = _is_stale(opened, frozen)
    return render_template(
        "advocacy/dossier_read.html",
        dossier=opened,
        frozen=frozen,
        stories=frozen_stories.still(opened, frozen.content["stories"]),
        offers=[] if stale else reviewing.offers(actor(), opened, frozen),
        stale=stale,
        words=words,
        languages=words.languages(),
    )


@blueprint.post("/dossiers/<uuid:dossier_id>/approve/<uuid:version_id>/<approval>")
@needs(Permission.DOSSIER_APPROVE, fresh=True)
def approve_dossier(dossier_id: UUID, version_id: UUID, approval: str) -> ResponseReturnValue:
    """Stand for the frozen version."""
    with transaction():
        reviewing.approve(actor(), dossier_id, version_id, approval)
    return _back(dossier_id, _("Your approval is signed."))


@blueprint.post("/dossiers/<uuid:dossier_id>/files")
@needs(Permission.DOSSIER_EDIT)
def print_dossier(dossier_id: UUID) -> ResponseReturnValue:
    """Make a file of the approved version."""
    form = OutputForm()
    if form.validate_on_submit():
        try:
            with transaction():
                order = outputs.order(
                    actor(), dossier_id, form.paper.data, form.language.data, form.format.data
                )
            content = papers.render(order)
            if order.paper is Paper.POLICY:
                outputs.fits(order, content if order.format == "pdf" else papers.as_printed(order))
            with transaction():
                outputs.keep(actor(), _blobs(), order, content)
            return _back(dossier_id, _("The file is made and kept below."))
        except outputs.Untranslated as error:
            form.explain(error)
            form.form_errors.extend(str(words.SECTIONS[part]) for part in error.parts)
        except DomainError as error:
            form.explain(error)
    return _page(dossier_id, form)


@blueprint.get("/dossiers/<uuid:dossier_id>/files/<uuid:output_id>")
@needs(Permission.DOSSIER_READ)
def dossier_file(dossier_id: UUID, output_id: UUID) -> Response:
    """The exact bytes of a file."""
    with transaction():
        row, content = outputs.fetch(actor(), _blobs(), dossier_id, output_id)
    return download(content, f"{row.kind}-{row.language}-{row.id}.{row.format}")


@blueprint.post("/dossiers/<uuid:dossier_id>/close")
@needs(Permission.DOSSIER_EDIT)
def close_dossier(dossier_id: UUID) -> ResponseReturnValue:
    """End the work on it."""
    with transaction():
        dossiers.close(actor(), dossier_id, number_of(request.form.get("version", "")) or 0)
    return _back(dossier_id, _("The dossier is closed. It stays readable."))


@blueprint.post("/dossiers/<uuid:dossier_id>/recalled")
@needs(Permission.CONTACT_WRITE)
def settle_recall(dossier_id: UUID) -> ResponseReturnValue:
    """Everybody who received a file knows that it was taken back."""
    with transaction():
        recalled.settle(actor(), dossier_id, request.form.get("seen", ""))
    return _back(dossier_id, _("It is written down, and off your desk."))


def _is_stale(opened: OpenDossier, frozen: reviewing.Frozen) -> bool:
    return opened.state in _MAY_BE_STALE and reviewing.stale(opened, frozen)


def _page(dossier_id: UUID, form: OutputForm) -> ResponseReturnValue:
    who = actor()
    with transaction():
        opened = dossiers.open_dossier(who, dossier_id)
        outputs.flag(opened)
        frozen = reviewing.frozen(opened)
        stale = frozen is not None and _is_stale(opened, frozen)
    page = render_template(
        "advocacy/dossier.html",
        dossier=opened,
        title=opened.title(current_language()),
        frozen=frozen,
        stale=stale,
        problems=reviewing.problems(opened),
        offers=[] if stale else reviewing.offers(who, opened, frozen),
        figures=figures.of(opened),
        stories=telling.of(opened),
        outputs=outputs.of(opened),
        recalled=recalled.shown(opened),
        form=form,
        words=words,
        vignettes=vignette_words,
        languages=words.languages(),
        sections=list(Section),
        token=uuid4(),
    )
    return page, status_of(form)


def _stored(opened: OpenDossier, section: str) -> dict[str, Any]:
    """What stands in each language, for the form."""
    values: dict[str, Any] = {}
    for language in LANGUAGES:
        found = opened.sections.get((section, language))
        values[f"version_{language}"] = found.version if found else 0
        values[f"text_{language}"] = found.text if found else ""
        values[f"ready_{language}"] = found is not None and found.state == dossiers.READY
    return values


def _write(form: SectionForm, dossier_id: UUID, section: str) -> None:
    for language in LANGUAGES:
        text, version = form[f"text_{language}"].data, form[f"version_{language}"].data
        if text.strip() or version:
            ready = form[f"ready_{language}"].data
            dossiers.write_section(actor(), dossier_id, section, language, version, text, ready=ready)


def _following(section: str) -> Section | None:
    names = list(Section)
    place = names.index(Section(section)) + 1
    return names[place] if place < len(names) else None


def _back(dossier_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "done")
    return redirect(url_for("advocacy.dossier", dossier_id=dossier_id), 303)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _blobs() -> Blobs:
    return Blobs(current_app.extensions["himaya"].storage_url)
