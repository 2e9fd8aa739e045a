"""Pages of what recurs: the scan, each pattern with its chart, proposals by hand, counts told to partners."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from advocacy import words
from advocacy.forms.patterns import AnswerForm, DecisionForm, ProposalForm
from advocacy.routes.blueprint import blueprint
from advocacy.service import patterns as service
from advocacy.service import pooling, scanning
from cases.routes.filling import done, filled, status_of
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.store.transaction import transaction
from core.web.forms import Form
from core.web.locale import current_language


@blueprint.get("/patterns")
@needs(Permission.PATTERN_READ)
def patterns() -> ResponseReturnValue:
    """What recurs: new first, then what was decided."""
    who = actor()
    with transaction():
        scan, found = service.overview(who)
    if not scan.current:
        return redirect(url_for("advocacy.scan"), 303)
    return render_template(
        "advocacy/patterns.html",
        scan=scan,
        patterns=found,
        waiting=service.waiting_proposals(who),
        words=words,
    )


@blueprint.get("/patterns/scan")
@needs(Permission.PATTERN_READ)
def scan() -> ResponseReturnValue:
    """Read facts, a step with each load, until all are read."""
    who = actor()
    step = scanning.prepare(who)
    with transaction():
        scanning.write(who, step)
    if not step.left:
        return redirect(url_for("advocacy.patterns"), 303)
    return render_template("advocacy/scan.html", left=step.left), {"Refresh": "1"}


@blueprint.route("/patterns/<uuid:pattern_id>", methods=["GET", "POST"])
@needs(Permission.PATTERN_READ)
def pattern(pattern_id: UUID) -> ResponseReturnValue:
    """The sentence, the chart with its table, the decisions, three answers."""
    with transaction():
        scan_, found, history = service.one(actor(), pattern_id)
    # A form that was sent without it has seen no decision.
    seen = str(history[0].id) if history and request.method == "GET" else ""
    form = filled(DecisionForm, last=seen)
    if done(form, lambda: service.decide(actor(), pattern_id, *_verdict(form), _id(form.last.data))):
        flash(_("The decision is kept with its figures."), "done")
        return redirect(url_for("advocacy.pattern", pattern_id=pattern_id), 303)
    page = render_template(
        "advocacy/pattern.html", scan=scan_, pattern=found, history=history, form=form, words=words
    )
    return page, status_of(form)


@blueprint.route("/patterns/propose", methods=["GET", "POST"])
@needs(Permission.PATTERN_PROPOSE)
def propose() -> ResponseReturnValue:
    """Tell the managers what recurs, and read what they answered."""
    form = filled(ProposalForm)
    if done(form, lambda: service.propose(actor(), form.token.data, **_proposed(form))):
        flash(_("Your proposal is sealed for the managers of your organisation."), "done")
        return redirect(url_for("advocacy.propose"), 303)
    mine = service.own_proposals(actor())
    return render_template("advocacy/propose.html", form=form, mine=mine, words=words), status_of(form)


@blueprint.get("/patterns/proposals")
@needs(Permission.PATTERN_READ)
def proposals() -> ResponseReturnValue:
    """What colleagues noticed."""
    return render_template("advocacy/proposals.html", lines=service.proposals(actor()), words=words)


@blueprint.route("/patterns/proposals/<uuid:proposal_id>", methods=["GET", "POST"])
@needs(Permission.PATTERN_DECIDE)
def answer_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """Accept, watch or reject what a colleague proposed."""
    line = service.proposal(actor(), proposal_id)
    form = filled(AnswerForm, version=line.version)
    if done(form, lambda: service.answer(actor(), proposal_id, form.version.data, *_verdict(form))):
        flash(_("Whoever proposed it can read your answer now."), "done")
        return redirect(url_for("advocacy.proposals"), 303)
    return render_template("advocacy/proposal.html", line=line, form=form, words=words), status_of(form)


@blueprint.get("/patterns/partners")
@needs(Permission.PATTERN_READ)
def pool() -> ResponseReturnValue:
    """Who is told our weekly counts, and who tells us theirs."""
    return render_template("advocacy/pool.html", lines=pooling.lines(actor(), current_language()))


@blueprint.post("/patterns/partners/<uuid:partner_id>/tell")
@needs(Permission.POOL_DECIDE, fresh=True)
def tell_partner(partner_id: UUID) -> ResponseReturnValue:
    """Tell a partner weekly counts from the next scan on."""
    with transaction():
        pooling.tell(actor(), partner_id)
    flash(_("This partner is told our weekly counts from the next look on."), "done")
    return redirect(url_for("advocacy.pool"), 303)


@blueprint.post("/patterns/partners/<uuid:partner_id>/stop")
@needs(Permission.POOL_DECIDE)
def stop_telling(partner_id: UUID) -> ResponseReturnValue:
    """Tell a partner nothing more."""
    with transaction():
        pooling.stop(actor(), partner_id)
    flash(_("This partner is told nothing more. What it read already cannot be taken back."), "done")
    return redirect(url_for("advocacy.pool"), 303)


def _verdict(form: Form) -> tuple[str, str]:
    return form["verdict"].data, form["reason"].data


def _proposed(form: ProposalForm) -> dict[str, Any]:
    return {name: form[name].data for name in ("issue", "province", "authority", "text")}


def _id(text: str | None) -> UUID | None:
    """A decision's id as the page carried it; anything else is none that ever stood."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
