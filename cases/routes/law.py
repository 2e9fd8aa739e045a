"""Pages of the law that deadlines rest on: rules, courts, holidays; proposed by one, signed by another."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cases.forms.law import (
    CourtForm,
    LawDayForm,
    NewCourtForm,
    NewRuleForm,
    RuleVersionForm,
    SignOffForm,
    WithdrawLawForm,
    YearForm,
)
from cases.routes import law_words as words
from cases.routes.filling import done, filled, status_of
from cases.service import law as service
from cases.service import law_reading as reading
from core import clock
from core.access.guard import actor, needs
from core.access.permissions import Permission
from core.errors import DomainError, NotFound
from core.reference import law as files_law
from core.store.transaction import transaction
from core.web.dates import DayField
from core.web.forms import Form
from core.web.labels import rule_label
from core.web.locale import current_language
from domain.deadlines.holidays_package import differences
from domain.deadlines.law import Law
from domain.tables import Row


def _law() -> Law:
    return service.law_of(actor().organisation_id)


@needs(Permission.LAW_READ)
def law_rules() -> ResponseReturnValue:
    """Each rule as it holds today, and what waits for a signature."""
    today = clock.today()
    newest = {}
    for line in reading.lines(actor(), "rules"):
        code, begins, ends = (line.cells[name] for name in ("code", "valid_from", "valid_to"))
        holds = begins <= today.isoformat() and (not ends or today.isoformat() <= ends)
        if holds or code not in newest:
            newest[code] = line
    return _page("law_rules", lines=list(newest.values()), waiting=reading.waiting(actor()))


@needs(Permission.LAW_READ)
def law_rule(code: str) -> ResponseReturnValue:
    """A rule with its versions and everything that was proposed of it."""
    versions = [line for line in reading.lines(actor(), "rules") if line.cells["code"] == code]
    if not versions:
        raise NotFound
    versions.sort(key=lambda line: line.cells["valid_from"], reverse=True)
    cards = reading.history(actor(), "rules", code)
    return _page("law_rule", code=code, versions=versions, cards=cards, sign_off=SignOffForm())


@needs(Permission.LAW_EDIT)
def law_new_version(code: str) -> ResponseReturnValue:
    """Propose a new version of a rule."""
    rows = [row for row in _law().tables["rules"] if row["code"] == code]
    if not rows:
        raise NotFound
    newest = max(rows, key=lambda row: row["valid_from"])
    given = {name: newest[name] for name in ("n", "unit", "roll", "recess", "basis")}
    form = filled(RuleVersionForm, **given)
    form.fit(newest)
    if made := done(form, lambda: _propose(form, "rules", form.cells(_on(rows, form.valid_from.data)))):
        return _proposed(made)
    return _form(form, _("A new version of a rule"), rule_label(code), url_for("cases.law_rule", code=code))


@needs(Permission.LAW_EDIT)
def law_new_rule() -> ResponseReturnValue:
    """Propose a rule that the tables do not have, with its names."""
    form = filled(NewRuleForm, unit="day", recess="none")
    form.taken = _law().rules.codes
    if made := done(form, lambda: _propose(form, "rules", form.cells(_blank("rules")))):
        return _proposed(made)
    return _form(
        form, _("A new rule"), _("It can be chosen once a lawyer has signed it."), url_for("cases.law_rules")
    )


def _blank(table: str) -> Row:
    """An empty row of a table of the files."""
    return dict.fromkeys(files_law().tables[table][0], "")


def _on(rows: list[Row], day: dt.date | None) -> Row:
    """The version on which a new one is modelled: the one in force on its first day, else the oldest."""
    text = day.isoformat() if day else ""
    earlier = [row for row in rows if row["valid_from"] <= text]
    key = lambda row: row["valid_from"]  # noqa: E731 - named for both lines below
    return max(earlier, key=key) if earlier else min(rows, key=key)


@needs(Permission.LAW_READ)
def law_courts() -> ResponseReturnValue:
    """Which courts have a recess."""
    lines, courts = reading.lines(actor(), "courts"), _law().courts
    cards = reading.history(actor(), "courts")
    return _page("law_courts", lines=lines, courts=courts, cards=cards, sign_off=SignOffForm())


@needs(Permission.LAW_EDIT)
def law_court(code: str) -> ResponseReturnValue:
    """Propose what is known of a court."""
    row = next((row for row in _law().tables["courts"] if row["code"] == code), None)
    if row is None:
        raise NotFound
    form = filled(CourtForm, has_recess=row["has_recess"])
    cells = row | {"has_recess": form.has_recess.data, "source": form.source.data}
    if made := done(form, lambda: _propose(form, "courts", cells)):
        return _proposed(made)
    about = _law().courts.name(code, current_language())
    return _form(form, _("Judicial recess of a court"), about, url_for("cases.law_courts"))


@needs(Permission.LAW_EDIT)
def law_new_court() -> ResponseReturnValue:
    """Propose a court that the tables do not have."""
    form = filled(NewCourtForm)
    form.taken = _law().courts.codes
    if made := done(form, lambda: _propose(form, "courts", form.cells(_blank("courts")))):
        return _proposed(made)
    return _form(
        form,
        _("A new court"),
        _("It can be chosen once a lawyer has signed it."),
        url_for("cases.law_courts"),
    )


@needs(Permission.LAW_READ)
def law_year(year: int) -> ResponseReturnValue:
    """The holidays of a year, beside what the package says."""
    calendar = _law().calendar
    if year not in calendar.years:
        raise NotFound
    known = calendar.holidays_of(year)
    days = sorted([*((day, code, True) for day, code in known.full.items()),
                   *((day, code, False) for day, code in known.half.items())])  # fmt: skip # one list
    line = next(line for line in reading.lines(actor(), "feasts") if line.key == str(year))
    cards = [
        card
        for table in ("feasts", "holiday_changes", "closed_offices")
        for card in reading.history(actor(), table)
        if card.row.key.startswith(str(year))
    ]
    return _page(
        "law_year",
        year=year,
        years=calendar.years,
        days=days,
        leave=sorted(day for day in calendar.closed_offices if day.year == year),
        line=line,
        cards=cards,
        differ=differences(calendar, year),
    )


@needs(Permission.LAW_EDIT)
def law_confirm_year(year: int) -> ResponseReturnValue:
    """Propose the feasts of a year as the published calendar has them; also of the year after the last."""
    last = _law().calendar.years[-1]
    row = next((row for row in _law().tables["feasts"] if row["year"] == str(year)), None)
    if row is None and year == last + 1:
        row = _blank("feasts") | {"year": str(year)}
    if row is None:
        raise NotFound
    given: dict[str, Any] = {}
    for name in ("ramadan", "sacrifice"):
        days = [dt.date.fromisoformat(day) for day in row[name].split()]
        given |= dict(zip((name, f"{name}_again"), days, strict=False))
    form = filled(YearForm, **given)
    form.year = year
    if made := done(form, lambda: _propose(form, "feasts", form.cells(row))):
        return _proposed(made)
    return _form(form, _("Confirm a year"), words.year(year), url_for("cases.law_year", year=min(year, last)))


@needs(Permission.LAW_EDIT)
def law_day(year: int) -> ResponseReturnValue:
    """Propose a single day that differs."""
    if year not in _law().calendar.years:
        raise NotFound
    form = filled(LawDayForm)
    form.year = year
    if made := done(form, lambda: _propose(form, *form.cells())):
        return _proposed(made)
    return _form(form, _("A day that differs"), words.year(year), url_for("cases.law_year", year=year))


@needs(Permission.LAW_READ)
def law_change(change_id: UUID) -> ResponseReturnValue:
    """A change beside what it replaces, with days whose dates it moves."""
    return _change(change_id, WithdrawLawForm(formdata=None))


@needs(Permission.CALENDAR_SIGN)
def law_sign(change_id: UUID) -> ResponseReturnValue:
    """Sign what somebody else proposed."""
    form = WithdrawLawForm()
    with transaction():
        service.sign(actor(), change_id, form.version.data or 0)
    flash(_("It is signed and counts from now on. Deadlines that it touches say so in their cases."), "done")
    return redirect(url_for("cases.law_change", change_id=change_id), 303)


@needs(Permission.CALENDAR_SIGN)
def law_withdraw(change_id: UUID) -> ResponseReturnValue:
    """Take a change back."""
    form = WithdrawLawForm()
    if done(form, lambda: service.withdraw(actor(), change_id, form.version.data or 0, form.because.data)):
        flash(_("It is taken back. Deadlines are counted without it."), "done")
        return redirect(url_for("cases.law_change", change_id=change_id), 303)
    return _change(change_id, form), status_of(form)


@needs(Permission.LAW_SIGN)
def law_sign_off() -> ResponseReturnValue:
    """Sign a rule or a court as it came with the product."""
    form = SignOffForm()
    with transaction():
        made = service.sign_off(actor(), form.token.data, form.table.data or "", form.key.data or "")
    flash(_("It is signed."), "done")
    return redirect(url_for("cases.law_change", change_id=made), 303)


class _OnForm(Form):
    """A day of service to try."""

    class Meta(Form.Meta):
        """It changes nothing, so it comes by address."""

        csrf = False

    on = DayField(_l("Served on"))


def _change(change_id: UUID, form: WithdrawLawForm) -> str:
    card = reading.card(actor(), change_id)
    form.version.data = card.row.version
    tried, misfit, examples = _OnForm(formdata=request.args), "", []
    if card.row.state == "proposed":
        try:
            examples = reading.examples(card.row, tried.on.data if tried.validate() else None)
        except DomainError as error:
            misfit = str(error.message)
    return _page(
        "law_change", card=card, form=form, tried=tried, misfit=misfit, examples=examples,
        about=words.subject(card), compared=words.compared(card),
    )  # fmt: skip # one line of names


def _propose(form: Form, table: str, cells: Row) -> UUID:
    return service.propose(actor(), form["token"].data, table, cells)


def _proposed(made: object) -> ResponseReturnValue:
    flash(_("It is proposed. It changes nothing before somebody else has signed it."), "done")
    return redirect(url_for("cases.law_change", change_id=made), 303)


def _form(form: Form, title: str, about: str, back: str) -> ResponseReturnValue:
    return _page("law_form", form=form, title=title, about=about, back=back), HTTPStatus(status_of(form))


def _page(name: str, **shown: object) -> str:
    tools = {"told": words.told, "length": words.length, "subject": words.subject, "holiday": words.holiday}
    common = {"this_year": clock.today().year, "language": current_language()}
    return render_template(f"cases/{name}.html", **common, **tools, **shown)
