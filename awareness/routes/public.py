"""Pages for everybody: no account, no cookie, the language in the address, nothing kept of who asked."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from awareness.forms.topics import SearchForm
from awareness.routes import leaflet as paper
from awareness.service import public as service
from core.access.guard import public
from core.documents.pdf import NotPrinted
from core.errors import NotFound
from core.web.documents import download
from core.web.locale import NAMES, asked_language
from core.web.packing import pack


@public
def start() -> ResponseReturnValue:
    """To the list in the language that the browser asks for; nothing is remembered."""
    return redirect(url_for("information.index", language=asked_language()), 303)


@public
def index(language: str) -> ResponseReturnValue:
    """What one can read about, and a search in it. The words come in a form, so no address holds them."""
    form = SearchForm()
    found = None
    if request.method == "POST" and form.validate():
        found = service.search(form.query.data, language)
    return _answer("awareness/public_index.html", form=form, found=found, shelf=service.shelf(language))


@public
def page(language: str, address: str) -> ResponseReturnValue:
    """One topic."""
    try:
        shown = service.page(address, language)
    except NotFound:
        return _answer("awareness/public_gone.html", 404, reason="gone")
    return _answer("awareness/public_page.html", shown=shown)


@public
def leaflet(language: str, address: str) -> ResponseReturnValue:
    """The same text on paper."""
    try:
        content = paper.printed(service.page(address, language), language)
    except NotFound:
        return _answer("awareness/public_gone.html", 404, reason="gone")
    except NotPrinted as error:
        return _answer("awareness/public_gone.html", error.status, reason="not_printed")
    answer = download(content, f"{address}-{language}.pdf")
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


def _answer(template: str, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A page with a tag of its content. A browser keeps it and asks each time whether it still holds.

    So a page that is taken back is gone at once, and one that is not costs a few bytes.
    """
    pages = [
        (code, name, url_for(str(request.endpoint), **{**(request.view_args or {}), "language": code}))
        for code, name in NAMES.items()
    ]
    answer = make_response(render_template(template, pages=pages, **context), status)
    pack(answer)  # the page holds nothing of whoever asks
    if request.method == "POST":
        answer.headers["Cache-Control"] = "no-store"
        return answer
    answer.headers["Cache-Control"] = "no-cache"
    answer.add_etag()
    return answer.make_conditional(request)
