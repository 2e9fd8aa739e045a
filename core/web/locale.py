"""Which language a page speaks: Arabic first, Turkish, English.

The one in the address of a public page wins, then a signed-in person's own choice, then the language cookie,
then what the browser asks for, then Arabic.
The cookie lives as long as the browser is open: on a shared phone nothing stays behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import babel
from flask import Blueprint, Flask, abort, current_app, has_request_context, redirect, request, url_for
from flask_babel import Babel, get_locale, get_translations
from werkzeug.wrappers import Response

from core.access.guard import public
from core.web.headers import PUBLIC_FACES, private_face

COOKIE = "language"
# Levantine month names come with ar_SY; the day before the month with en_GB.
LOCALES = {"ar": "ar_SY", "tr": "tr", "en": "en_GB"}
NAMES = {"ar": "العربية", "tr": "Türkçe", "en": "English"}
DEFAULT = "ar"

blueprint = Blueprint("locale", __name__)


@dataclass(frozen=True)
class LanguageLink:
    """One entry of the language switch."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


def direction(language: str) -> str:
    """`rtl` or `ltr`, for the `dir` attribute."""
    return "rtl" if language == "ar" else "ltr"


def current_language() -> str:
    """The language of the page being made: ar, tr or en."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LOCALES else DEFAULT


def current_locale() -> babel.Locale:
    """The locale whose month names, plurals and digits the page uses."""
    return _locale(current_language())


@cache
def _locale(language: str) -> babel.Locale:
    return babel.Locale.parse(LOCALES[language])


_catalogues: dict[str, Any] = {}  # by language, for the life of the process, as flask_babel keeps them


def _catalogue() -> Any:
    locale = get_locale()
    if locale is None:
        return get_translations()  # outside of the application: none
    if locale.language not in _catalogues:
        _catalogues[locale.language] = get_translations()
    return _catalogues[locale.language]


def asked_language() -> str:
    """What the browser asks for. In its order; best_match would put an exact "en" before a better "tr-TR"."""
    asked = (tag.partition("-")[0] for tag in request.accept_languages.values())
    return next((tag for tag in asked if tag in LOCALES), DEFAULT)


def local_path(target: str | None, otherwise: str = "/") -> str:
    """The path to return to, if it is one of ours; what could leave this site gives `otherwise`."""
    if (
        not target
        or not target.startswith("/")
        or "\\" in target
        or not target.isprintable()
        or " " in target
    ):
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    if parts.scheme or parts.netloc or target.startswith("//"):
        return otherwise
    return parts.path


def local_address(target: str | None, otherwise: str) -> str:
    """The same with what stands behind the path, such as the filters of a list."""
    return target if target and local_path(target, "") else otherwise


def languages() -> list[LanguageLink]:
    """The language switch. Only the path goes along: what was searched for stays out of the address."""
    now = current_language()
    return [
        LanguageLink(
            code, name, direction(code), url_for("locale.switch", code=code, back=request.path), code == now
        )
        for code, name in NAMES.items()
    ]


@blueprint.get("/language/<code>")
@public
def switch(code: str) -> Response:
    """Change the language and return to the page it was asked from."""
    if code not in LOCALES:
        abort(404)
    remember: Callable[[str], None] = current_app.extensions["himaya-remember-language"]
    remember(code)
    answer = redirect(local_path(request.args.get("back")), 303)
    answer.set_cookie(COOKIE, code, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


def init_locale(
    app: Flask,
    chosen: Callable[[], str | None] = lambda: None,
    remember: Callable[[str], None] = lambda _code: None,
) -> None:
    """Register language choice with the app.

    chosen: the signed-in person's own language, or None. remember: keeps a switch as that person's choice.
    """

    def select() -> str:
        if not has_request_context():
            return LOCALES[DEFAULT]
        named = (request.view_args or {}).get("language")
        if request.blueprint in PUBLIC_FACES and named in LOCALES:
            return LOCALES[named]
        private = private_face()
        if private and private[1] in LOCALES:  # an address that does not exist
            return LOCALES[private[1]]
        code = chosen() or request.cookies.get(COOKIE, "")
        return LOCALES[code] if code in LOCALES else LOCALES[asked_language()]

    app.extensions["himaya-remember-language"] = remember
    Babel(app, locale_selector=select, default_locale=LOCALES[DEFAULT], default_timezone="Europe/Istanbul")
    app.register_blueprint(blueprint)
    # flask_babel looks for the catalogue anew with each sentence, and a page has hundreds of them.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # of Jinja's own extension
        lambda text: _catalogue().ugettext(text),
        lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.globals.update(
        _=app.jinja_env.globals["gettext"],
        N_=str,  # marks a sentence among several, of which one is looked up
        languages=languages,
        current_language=current_language,
        text_direction=lambda: direction(current_language()),
    )
