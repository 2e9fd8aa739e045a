"""How often a door may be tried in vain. Only failures count: an office behind one address signs in freely.

No address is stored: a count is kept under an HMAC of address and day, which means nothing tomorrow. Counts
live in `REDIS_URL` where one is given, else in the memory of each web process.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute

from config.settings import Settings
from core import clock
from core.access import guard

View = TypeVar("View", bound=Callable[..., Any])

# Failures from one address: many people may share it, so this stops machines, not a bad morning.
PER_ADDRESS: Final = "20 per minute; 200 per hour"
# Wrong codes of one person whose password is known already: three of a million are right at any time.
PER_PERSON: Final = "10 per 5 minutes; 40 per day"
FAILED: Final = 400
# Requests for help, of one address and of all. Thousands of phones may share an address, so beyond this
# nobody is refused: a question has to be read.
SENT_BY_ADDRESS: Final = RateLimitItemPerHour(10)
SENT_BY_ALL: Final = RateLimitItemPerHour(200)
# Wrong codes of those who come back, in the same way: nobody guesses one, but each try costs a derivation.
WRONG_BY_ADDRESS: Final = (RateLimitItemPerMinute(20), RateLimitItemPerHour(200))
WRONG_BY_ALL: Final = RateLimitItemPerHour(1_000)
# Bodies with files, of one address: as many as some sixty telephones behind one operator send.
UPLOADS_BY_ADDRESS: Final = RateLimitItemPerHour(300)
# One answered question is worth so many tries: a press twice, a digit mistyped.
TRIES: Final = RateLimitItemPerHour(3)

_Counted = tuple[tuple[RateLimitItem, str], ...]


def _hidden(what: str) -> str:
    settings: Settings = current_app.extensions["himaya"]
    text = f"tries|{what}|{clock.today().isoformat()}"
    return hmac.new(settings.token_key, text.encode(), hashlib.sha256).hexdigest()


def _address() -> str:
    return _hidden(request.remote_addr or "")


def _person() -> str:
    at_door = guard.visitor()
    return _hidden(str(at_door.person_id) if at_door else request.remote_addr or "")


def _link() -> str:
    return _hidden(request.path)


def _failed(response: Response) -> bool:
    return response.status_code >= FAILED


limiter = Limiter(key_func=_address)


def few_tries(view: View) -> View:
    """Refuse an address that fails too often at this page with 429."""
    return cast("View", limiter.limit(PER_ADDRESS, deduct_when=_failed)(view))


def few_codes(view: View) -> View:
    """Refuse a person whose codes or passwords are wrong too often with 429; one count for all such pages."""
    limit = limiter.shared_limit(PER_PERSON, scope="codes", key_func=_person, deduct_when=_failed)
    return cast("View", limit(view))


def few_guesses(page: View) -> View:
    """Refuse a link behind which a password is wrong too often with 429, from whatever addresses."""
    limit = limiter.shared_limit(PER_PERSON, scope="guesses", key_func=_link, deduct_when=_failed)
    return cast("View", limit(page))


def many_sent() -> bool:
    """Whether so much was sent lately, from this address or in all, that a machine may be at work."""
    return _many(_sent())


def count_sent() -> None:
    """Something was sent."""
    _count(_sent())


def many_wrong() -> bool:
    """Whether so many codes were wrong lately, from this address or in all, that a machine may be at work."""
    return _many(_wrong())


def count_wrong() -> None:
    """A code was wrong."""
    _count(_wrong())


def may_upload() -> bool:
    """Whether one more body with files is read from this address in this hour; counts it."""
    return limiter.limiter.hit(UPLOADS_BY_ADDRESS, _hidden(f"upload|{request.remote_addr or ''}"))


def worth_a_try(question: str) -> bool:
    """Whether a question that was answered counts still; each time that this is asked spends a try of it."""
    return limiter.limiter.hit(TRIES, _hidden(f"question|{question}"))


def _sent() -> _Counted:
    return (SENT_BY_ADDRESS, _hidden(f"sent|{request.remote_addr or ''}")), (SENT_BY_ALL, "sent")


def _wrong() -> _Counted:
    here = _hidden(f"wrong|{request.remote_addr or ''}")
    return *((limit, here) for limit in WRONG_BY_ADDRESS), (WRONG_BY_ALL, "wrong")


def _many(counted: _Counted) -> bool:
    return not all(limiter.limiter.test(limit, key) for limit, key in counted)


def _count(counted: _Counted) -> None:
    for limit, key in counted:
        limiter.limiter.hit(limit, key)


def init_limits(app: Flask, settings: Settings) -> None:
    """Register with the app."""
    url = settings.redis_url or "memory://"
    # The library's own name for a Redis behind a Unix socket.
    app.config["RATELIMIT_STORAGE_URI"] = f"redis+{url}" if url.startswith("unix://") else url
    # Without Redis the doors stay open and counted, in memory.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)
