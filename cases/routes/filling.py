"""What the views share: forms that come back from a draft, acts that a service may refuse, the open case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid5

from flask import Response, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms.fields import FieldList, FormField
from wtforms.widgets import HiddenInput

from accounts.models import Person
from accounts.service import drafts, sent
from accounts.service.drafts import OpenDraft
from cases.service import due, files, orders, team
from cases.service.views import OpenCase
from core.access.guard import actor, permission_of_page
from core.access.permissions import Role
from core.access.policy import may_as_reviewer
from core.errors import Conflict, DomainError, Locked, NotFound
from core.store.transaction import queue_for, transaction
from core.web import kept
from core.web.filters import direction_of, known_day
from core.web.forms import Form, LinkField, VersionField
from domain.drafts import REVIEWER
from vault import VaultError

AnyForm = TypeVar("AnyForm", bound=Form)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Returned:
    """That a form came back: its draft, and, where somebody else acted in between, how things stand now."""

    key: kept.Key
    form: Form
    stored: Form
    changed: bool
    draft: OpenDraft
    drafts: list[OpenDraft]  # all that are kept of this form, the newest first

    @property
    def discard_url(self) -> str:
        """Where it can be let go."""
        return url_for("desk.discard_draft")

    @property
    def others(self) -> list[tuple[OpenDraft, str]]:
        """Those that the page does not show now, each with the address at which it does."""
        return [(one, kept.page_of(*self.key, one.id)) for one in self.drafts if one.id != self.draft.id]

    @property
    def now(self) -> list[tuple[str, str]]:
        """Label and stored words of each field that is not as it was typed; empty where nothing changed."""
        asked = [one for one in self.stored if one.name in self.form and not _is_hidden(one)]
        pairs = [(self.form[one.name], one.data) for one in asked]
        different = [(field, data) for field, data in pairs if self.changed and field.data != data]
        return [(str(field.label.text), said) for field, data in different if (said := _words(field, data))]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Label and words of each field in which something else was typed than is stored."""
        stood = {one.name: one.data for one in _asked(self.stored)}
        typed = [one for one in _asked(self.form) if one.data != stood.get(one.name)]
        return [(str(one.label.text), said) for one in typed if (said := _words(one, one.data))]


def opened(case_id: UUID, **shown: Any) -> OpenCase:
    """The case, opened for this request; the act is on the chain.

    What another organisation answered since holds it from now on, whatever page of it is opened first.
    shown: what the page shows of it, as for `files.open_case`.
    """
    with transaction():
        case = files.open_case(actor(), case_id, **shown)
    if due.HEAR in case.waiting:
        with transaction():
            orders.hear(actor(), case_id)
        with transaction():
            case = files.open_case(actor(), case_id, **shown)
    narrow(case)
    return case


def narrow(case: OpenCase) -> None:
    """Where the actor is on the case only to review: offer no act that is not theirs, nor its page."""
    me = actor().person_id
    if any(one.person_id == me and one.capacity == REVIEWER for one in case.members):
        g.may = partial(may_as_reviewer, actor(), restricted=case.restricted)
        asked = permission_of_page()
        if asked is not None and not g.may(asked):
            abort(404)


def narrowed() -> dict[str, Any]:
    """What a page of a case that one is on only to review offers: nothing that would not be found."""
    return {"may": g.may} if "may" in g else {}


def filled(kind: type[AnyForm], /, *, sent_to: str = "", **values: Any) -> AnyForm:
    """The form as sent, or as its draft kept it, or with the stored values.

    sent_to: the endpoint that takes the form, where it is not this page's own. A form that came back says so
    in `returned`, and the macro `ui.form` on the page.
    """
    key = kept.here(sent_to)
    if request.method == "POST":
        return _known_as(kind(**values), kept.draft(), key)
    stored = kind(formdata=None, **values)
    found = drafts.opened(actor(), *key) if key else []
    if key is None or not found:
        return _known_as(stored, None, key)
    asked = kept.draft()
    chosen = next((one for one in found if one.id == asked), found[0])
    draft = chosen.data
    known = kept.FORMS[key.form.partition("/")[0]]
    # What a page carries hidden is its own. With the draft's version a step would be refused for ever; with
    # its token a draft that outlived its own sending would pass for what was recorded then; but a form of
    # several is known by its token. To what a form belongs the draft knows where the address does not say it.
    # Only a page that shows both versions side by side needs to know which one
    # was seen.
    own = {} if known.compares else _hidden(stored)
    if known.several and key.about:
        own["token"] = [str(key.about)]
    newer = {name for name, value in own.items() if draft.get(name, value) != value}
    if newer.intersection(kind.read_out):
        draft = {name: value for name, value in draft.items() if name not in kind.of_one_version}
    form = kind(formdata=MultiDict({**draft, **own}), **values)
    changed = any(isinstance(stored[name], VersionField) for name in newer)
    form.returned = Returned(key, form, stored, changed, chosen, found)
    return _known_as(form, chosen.id, key)


def _known_as(form: AnyForm, draft_id: UUID | None, key: kept.Key | None) -> AnyForm:
    """Let the page say which draft is in it, so that no other one goes when the form is sent."""
    form.kept_draft = None if key is None else str(draft_id or "")
    return form


def _hidden(form: Form) -> dict[str, list[str]]:
    carried = [field for field in form if _is_hidden(field) and field.name != "csrf_token"]
    carried = [field for field in carried if field.data or not isinstance(field, LinkField)]
    return {field.name: [str(field._value())] for field in carried}  # noqa: SLF001 - what WTForms would write


def _asked(form: Iterable[Any]) -> Iterator[Any]:
    """The fields that are shown, those of parts of the form too."""
    for field in form:
        if isinstance(field, FieldList | FormField):
            yield from _asked(field)
        elif not _is_hidden(field):
            yield field


def _is_hidden(field: Any) -> bool:
    return isinstance(field.widget, HiddenInput)


def _words(field: Any, data: Any) -> str:
    """What a field would say with other data in it."""
    if isinstance(data, dt.date):
        return known_day(data.isoformat())
    if not hasattr(field, "iter_choices"):
        return str(data) if isinstance(data, str) else ""
    given = data if isinstance(data, list) else [data]
    return str(_(", ")).join(str(choice.label) for choice in field.iter_choices() if choice.value in given)


def done(
    form: Form, act: Callable[[], Result | None], again: Callable[[], Result | None] | None = None
) -> Result | Literal[True] | None:
    """Carry out an act for a form that was sent and is right, in one transaction; its draft goes with it.

    Gives what the act gave, or True. What the service refuses as not possible stands beside its field and
    gives None, and so does a form that was carried out before with other words. When somebody else was
    first, a form that can come back is kept, and its page shows it again with how things stand now.
    Anything else the service raises is an error page. again: in place of the act where the same was done
    before, by a first click on a page with a token; an act without it asks by its token itself.
    """
    if not form.validate_on_submit():
        return None
    key = kept.here()
    try:
        with transaction():
            first = True
            if "token" in form:
                queue_for(form["token"].data)
                first = said_once(form)
            result = act() if first or again is None else again()
            let_go()
    except Conflict as error:
        if _is_said(error, form, key):
            return None
        if key is None or kept.FORMS[key.form.partition("/")[0]].compares:
            raise
        keep(key)
        flash(
            _(
                "Something was changed just before, by a colleague or by your own first click. This time "
                "nothing was done. What you typed is kept: look at how it stands now before you send it "
                "again."
            ),
            "warning",
        )
        abort(redirect(kept.page_of(*key), 303))
    except (Locked, VaultError):
        with suppress(VaultError, NotFound):  # the own key may be what does not hold
            if key is not None:
                keep(key)
                flash(_("What you typed is kept and listed on your desk."), "info")
        raise
    except DomainError as error:
        if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
            raise
        form.explain(error)
        return None
    return result or True


def _is_said(error: Conflict, form: Form, key: kept.Key | None) -> bool:
    """Whether the page of the form says by itself that it was sent before with other words.

    What changes a row that stands otherwise since goes the way of every other row that does.
    """
    if not isinstance(error, sent.OtherWords):
        return False
    form["token"].renew()
    if key is not None and "version" in form:
        return False
    form.explain(error)
    return True


def said_once(form: Form) -> bool:
    """Inside the transaction of an act: sent again with other words a form is not its own second click.

    A page that has several forms gives all of them one token, and a page that shows a row the row's own, in
    each version. Whether it is the first one. Raises sent.OtherWords.
    """
    version = form["version"].data if "version" in form else ""
    known_by = uuid5(form["token"].data, f"{request.path}|{version}")
    return sent.once(actor().secret.ring, known_by, kept.words())


def let_go() -> None:
    """Inside the transaction of an act: what was kept of its form is not needed any more."""
    key = kept.here()
    if key is not None:
        _discard(key)


def _discard(key: kept.Key) -> None:
    """Delete the draft that was in the page of this form: what else was kept of it was not sent.

    Of a form whose address names nothing more there is only one.
    """
    only = kept.draft()
    if only is not None or "/" not in key.form or not kept.says_draft():
        drafts.discard(actor(), *key, only=only)


def keep(key: kept.Key, typed: dict[str, list[str]] | None = None) -> None:
    """Seal what was sent, or these fields, to whoever typed it, in place of what they typed before."""
    with transaction():
        drafts.still_there(key.about)
        _discard(key)
        drafts.save(actor().person_id, *key, typed or kept.typed())


def back(case_id: object, said: str) -> ResponseReturnValue:
    """To the page of the case, which says what was done."""
    flash(said, "done")
    return redirect(url_for("cases.show", case_id=case_id), 303)


def number_of(text: str) -> int | None:
    """The number after which a page of cases begins; a damaged one begins at the top."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else None


def status_of(*forms: Form) -> int:
    """200, or 422 for a page that shows what is wrong with a form."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if any(form.errors for form in forms) else HTTPStatus.OK


def nothing() -> Response:
    """Done, nothing to show."""
    return Response(status=HTTPStatus.NO_CONTENT)


def people(persons: Iterable[Person]) -> list[tuple[str, str]]:
    """Id and name of colleagues, to choose from."""
    return [(str(person.id), person.name) for person in persons]


def by_name(named: list[tuple[str, str]], nobody: str) -> list[tuple[str, str, dict[str, str]]]:
    """People to choose from in a list, where no markup stands: each in the direction of the name."""
    return [("", nobody, {}), *((value, name, {"dir": direction_of(name)}) for value, name in named)]


def coordinators() -> list[str]:
    """The names of the coordinators who could be named in a restricted case."""
    return [person.name for person in team.colleagues(actor(), frozenset({Role.COORDINATOR}))]
