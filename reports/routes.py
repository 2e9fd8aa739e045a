"""Pages of statistics: choose a table, see it protected, release it, find every release again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import NotFound
from core.store.blobs import Blobs
from core.store.transaction import transaction
from core.web.locale import current_language
from domain.disclosure import ProtectedTable
from domain.disclosure_output import to_csv
from reports import output, words
from reports.forms import RevokeForm
from reports.service import quarters as quarters_
from reports.service import releases as releases_
from reports.service.releases import Render, Stamp
from reports.service.sealed import TABLES

blueprint = Blueprint("reports", __name__, url_prefix="/statistics")

MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@blueprint.get("")
@needs(Permission.STATISTICS_READ)
def index() -> str:
    """Every closed quarter with its tables."""
    return render_template("reports/index.html", menu=quarters_.menu(actor()), words=words)


@blueprint.get("/<table>/<quarter>")
@needs(Permission.STATISTICS_READ)
def table(table: str, quarter: str) -> ResponseReturnValue:
    """A table; opening the first one of a quarter freezes it, unless cases are still on their way."""
    who = actor()
    if table not in TABLES:
        raise NotFound
    if quarters_.awaits_facts(who, quarter):
        return render_template("reports/waiting.html", table=table, quarter=quarter, words=words)
    return _show(table, quarter)


@blueprint.post("/<table>/<quarter>")
@needs(Permission.STATISTICS_READ)
def freeze(table: str, quarter: str) -> ResponseReturnValue:
    """Freeze a quarter although cases are still on their way; they will be late."""
    who = actor()
    if table not in TABLES:
        raise NotFound
    prepared = quarters_.prepare(who, quarter)
    with transaction():
        quarters_.freeze(who, prepared)
    return redirect(url_for("reports.table", table=table, quarter=quarter), 303)


@blueprint.route("/<table>/<quarter>/export", methods=["GET", "POST"])
@needs(Permission.STATISTICS_EXPORT, fresh=True)
def export(table: str, quarter: str) -> ResponseReturnValue:
    """Say what a release is; then make it, or find it again, and hand it out."""
    who = actor()
    if request.method == "GET":
        with transaction():
            protected = quarters_.preview(who, table, quarter)
        return render_template("reports/export.html", table=protected, quarter=quarter, words=words)
    kind = request.form.get("format", "")
    blobs = _blobs()
    drafted = releases_.draft(who, blobs, table, quarter, kind, current_language(), _render(kind))
    with transaction():
        release_id = releases_.release(who, blobs, drafted)
    return redirect(url_for("reports.download", release_id=release_id), 303)


@blueprint.get("/releases")
@needs(Permission.STATISTICS_READ)
def releases() -> str:
    """The ledger."""
    with transaction():
        rows = releases_.ledger(actor())
    return render_template("reports/releases.html", rows=rows, words=words)


@blueprint.get("/releases/<uuid:release_id>")
@needs(Permission.STATISTICS_EXPORT)
def download(release_id: UUID) -> Response:
    """The exact bytes of a release."""
    with transaction():
        release, content = releases_.fetch(actor(), _blobs(), release_id)
    name = f"{release.table}-{release.quarter}-{release.id}.{release.format}"
    answer = Response(content, content_type=MIME[release.format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.route("/releases/<uuid:release_id>/revoke", methods=["GET", "POST"])
@needs(Permission.STATISTICS_EXPORT, fresh=True)
def revoke(release_id: UUID) -> ResponseReturnValue:
    """Say what revoking does and does not do; then take the release back."""
    who = actor()
    release = releases_.one(who, release_id)
    form = filled(RevokeForm)
    if done(form, lambda: releases_.revoke(who, release_id, form.reason.data)):
        flash(gettext("The release is revoked. Its line stays in the ledger."), "done")
        return redirect(url_for("reports.releases"), 303)
    why = releases_.why_revoked(who, release)
    page = render_template("reports/revoke.html", release=release, form=form, why=why, words=words)
    return page, status_of(form)


def _show(table: str, quarter: str) -> str:
    """The protected table, its quarter frozen first where it wasn't yet."""
    who = actor()
    prepared = quarters_.prepare(who, quarter)
    with transaction():
        quarters_.freeze(who, prepared)
        protected = quarters_.preview(who, table, quarter)
    return render_template("reports/table.html", table=protected, quarter=quarter, words=words)


def _render(kind: str) -> Render:
    return _csv if kind == "csv" else _workbook


def _workbook(table: ProtectedTable, stamp: Stamp) -> bytes:
    return output.workbook(words.sheet(table, stamp))


def _csv(table: ProtectedTable, stamp: Stamp) -> bytes:
    # Codes and digits only: all ASCII, which Excel reads right without a byte order mark, and a mark would
    # become part of the first column's name for machines.
    return to_csv(table, name=table.dimension, release=f"{stamp.release_id}.{stamp.seal}", hxl=True)


def _blobs() -> Blobs:
    return Blobs(current_app.extensions["himaya"].storage_url)
