"""Choices of cases by all filters, and those that somebody keeps under a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.forms.listing import ChooseForm
from cases.routes.choosing import in_words
from cases.routes.filling import done, number_of, status_of
from cases.routes.listing import listed_by
from cases.service import own_lists
from cases.service.filtering import Filters
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction


@needs(Permission.CASE_LIST)
def choose() -> ResponseReturnValue:
    """All filters; what is chosen is shown once, or kept under a name."""
    form = ChooseForm(formdata=request.form if request.method == "POST" else request.args)
    if "keep" in request.form and not form.name.data:
        form.validate()
        form.name.errors = [*form.name.errors, _("Give the list a name.")]
    elif "keep" in request.form:
        if done(form, lambda: own_lists.save(actor(), form.name.data, form.filters(), form.token.data)):
            flash(_("The list is kept. It stands on your desk."), "done")
            return redirect(url_for("cases.own_list", list_id=form.token.data), 303)
    elif form.validate_on_submit():
        return redirect(_shown_once(form.filters()), 303)
    lists = [(one, in_words(one.filters)) for one in own_lists.mine(actor()).lists]
    return render_template("cases/choose.html", form=form, lists=lists, most=own_lists.MOST), status_of(form)


def _shown_once(filters: Filters) -> str:
    codes: dict[str, Any] = filters.chosen()
    return url_for("cases.index", **codes)


@needs(Permission.CASE_LIST)
def own_list(list_id: UUID) -> ResponseReturnValue:
    """The cases of a choice that was kept; what it chooses stands in no address."""
    one = own_lists.one(actor(), list_id)
    before = number_of(request.args.get("before", ""))
    shown = {"one": one, "words": in_words(one.filters), "before": before}
    return render_template("cases/own_list.html", **shown, listed=listed_by(one.filters, before))


@needs(Permission.CASE_LIST)
def remove_list(list_id: UUID) -> ResponseReturnValue:
    """Take a list out."""
    with transaction():
        own_lists.remove(actor(), list_id)
    flash(_("The list is taken out. The cases stay as they are."), "done")
    return redirect(url_for("cases.choose"), 303)
