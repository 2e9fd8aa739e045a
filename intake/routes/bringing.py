"""Files that come with a form of the public: kept while the rest is wrong, listed, taken out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cases.routes.filling import done
from core.errors import DomainError
from core.store.sealed_files import SealedFile
from core.store.transaction import transaction
from core.web.uploads import Arriving, arrived, crowded
from domain.text import clean_text
from intake.forms.asking import WithFiles
from intake.forms.desk import LineForm
from intake.routes.faces import was_sent
from intake.service import attachments
from intake.service.attachments import Added, Attached

# In a transaction: keep files and take one out; gives what was kept and everything that waits now.
Bring: TypeAlias = Callable[[list[SealedFile], UUID | None], tuple[Added, list[Attached]]]
_ISOLATED = "\u2068{}\u2069"  # a name of a file stands in its own direction (UAX #9)


def carried_on(form: WithFiles, bring: Bring, is_told: Callable[[list[Attached]], bool]) -> bool:
    """Whether a form was sent, is right and asks to go on. Its files are kept whatever else is wrong."""
    if not form.is_submitted():
        return False
    problems: list[str] = []
    if form.csrf_token.validate(form):
        problems, waiting = _brought(bring)
        form.told = is_told(waiting) or crowded() is not None
    right = was_sent(form)
    if {"add", "out"} & request.form.keys():
        for field in form:
            field.errors = [] if field is not form.csrf_token else field.errors
        right = False
    if problems:
        form.files.errors = problems
    return right and not problems


def listed(form: WithFiles, bring: Bring) -> ResponseReturnValue:
    """Keep what came and show what waits, as a part of the page that sent it."""
    if not form.csrf_token.validate(form):
        return _part([], [_("The page was open too long. What you wrote is still here: send it again.")])
    problems, waiting = _brought(bring)
    return _part(waiting, problems)


def _part(waiting: list[Attached], problems: list[str]) -> ResponseReturnValue:
    shown = render_template("intake/_waiting.html", waiting=waiting, problems=problems)
    return make_response(shown, 422 if problems else 200)


def _brought(bring: Bring) -> tuple[list[str], list[Attached]]:
    """What is wrong with the files that came, and what waits to be sent."""
    coming, busy = arrived(), crowded()
    with transaction():
        added, waiting = bring([one.file for one in coming if one.file], _out())
    for one in coming:
        one.kept = one.file is not None and one.file.id in added.kept
    problems = [_named(one, one.error) for one in coming if one.error]
    refused = added.refused or (attachments.FULL if any(one.beyond for one in coming) else "")
    said = [str(one) for one in (refused, busy and busy.message) if one]
    return [*problems, *said], waiting


def answered(form: LineForm, act: Callable[[list[SealedFile]], bool]) -> bool:
    """Carry out an answer of a colleague with the files that came with it, or say beside the form why not.

    act: says whether it was carried out now, and not before by the same form. Where one of the files is not
    taken nothing is sent.
    """
    if not form.is_submitted():
        return False
    coming, busy = arrived(), crowded()
    problems = [_named(one, one.error) for one in coming if one.error]
    if busy:
        problems.append(str(busy.message))
    if any(one.beyond for one in coming):
        problems.append(_("At most five files go with one message."))
    if coming or busy:
        form.carries()
    if problems:
        form.validate()
        form.files.errors = [*problems, _once_more([one for one in coming if one.file])]
        return False
    files = list({one.file.digest: one.file for one in coming if one.file}.values())
    carried_out: list[bool] = []
    if not done(form, lambda: carried_out.append(act(files))):
        if files and not form.files.errors:
            form.files.errors = [_once_more([])]
        return False
    kept = {file.id for file in files} if carried_out[-1] else set()
    for one in coming:
        one.kept = one.file is not None and one.file.id in kept
    return True


def _once_more(good: list[Arriving]) -> str:
    """That nothing went, and which of the files could have."""
    names = [_ISOLATED.format(name) for one in good if (name := _name(one))]
    if not names:
        return str(_("Nothing was sent. Choose the files that go along once more."))
    said = _(
        "Nothing was sent. Choose once more those that go along; nothing is wrong with: %(names)s",
        names=_(", ").join(names),
    )
    return str(said)


def _name(one: Arriving) -> str:
    return clean_text(one.name, 80, lines=False)


def _named(one: Arriving, error: DomainError) -> str:
    name = _name(one)
    return f"{_ISOLATED.format(name)}: {error.message}" if name else str(error.message)


def _out() -> UUID | None:
    try:
        return UUID(request.form.get("out", ""))
    except ValueError:
        return None
