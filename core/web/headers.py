"""Response headers: nothing from another host, nothing inline, nothing kept by the browser."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


# Pages that are the same for everybody: who asks is not looked at, and a browser may keep them.
ANONYMOUS = "information"
# Where somebody asks for help, and where they come back: the language is in the address, nobody is greeted.
ASKING, TALKING = "asking", "talking"
PUBLIC_FACES = frozenset({ANONYMOUS, ASKING, TALKING})
# Below these stand the pages of the two; whoever mistypes one of their addresses is with them, too.
PRIVATE_PATHS = {"m": ASKING, "n": TALKING}


def private_face() -> tuple[str, str] | None:
    """Which of the two faces an address belongs to, and the language in it (empty where it names none).

    Also of an address that does not exist. None for every other one.
    """
    first, _slash, rest = request.path.lstrip("/").partition("/")
    face = PRIVATE_PATHS.get(first)
    return (face, rest.partition("/")[0]) if face else None


def init_headers(app: Flask, *, https: bool) -> None:
    """Set the headers on every response; HSTS only where the site is served over https."""

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)  # what somebody sent comes with a stricter one
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if request.endpoint != "static" and request.blueprint != ANONYMOUS:
            headers["Cache-Control"] = "no-store"
        if https:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        return response
