"""Files that come with a form: sealed chunk by chunk as the form is read, never spooled, cleaned up on abort.

Werkzeug keeps what is larger than 500 KB in a temporary file, in clear. Here a file goes into the store,
sealed, where a view is marked to take files; elsewhere it stays in memory, under the limit of every form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any, Final, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser

from config.settings import Settings
from core.errors import Busy, DomainError
from core.store import sealed_files
from core.store.sealed_files import PAPERS, Incoming, NotTaken, SealedFile, Taking
from core.web import crowding
from core.web.requests import Request

View = TypeVar("View", bound=Callable[..., Any])

MOST: Final = 5  # files of one form, unless its view takes more
_MORE: Final = 1024 * 1024  # for what is typed, and for the borders between the parts
_NAME: Final = 80
_PIECE: Final = 256 * 1024  # bytes of a form that are read at once


@dataclass(frozen=True)
class Taken:
    """What the form of a view may bring."""

    most: int = MOST  # files
    taking: Taking = PAPERS
    says_busy: bool = False  # where there is no room for files it shows what was typed, and `crowded`


def takes_files(view: View, taken: Taken = Taken(says_busy=True)) -> View:
    """Mark a view whose form may bring files beside a text; it says `keep` for those that it kept."""
    view.takes_files = taken  # type: ignore[attr-defined] # the mark is read below
    return view


def takes(most: int, taking: Taking = PAPERS) -> Callable[[View], View]:
    """Mark a view whose form may bring so many files at once."""
    return lambda view: takes_files(view, Taken(most, taking))


def takes_one(taking: Taking) -> Callable[[View], View]:
    """Mark a view whose form brings one file, of another kind or size than people send."""
    return lambda view: takes_files(view, Taken(1, taking))


class Arriving:
    """One file of a form, as Werkzeug writes it: the place at which its own would spool."""

    def __init__(self, name: str, number: int, taken: Taken) -> None:
        self.name = name[:_NAME]
        self.chosen = bool(name)
        self.kept = False
        self._incoming = Incoming(sealed_files.store(), taken.taking) if number < taken.most else None
        self.file: SealedFile | None = None
        self.error: DomainError | None = None
        self._done = False

    def write(self, data: bytes) -> int:
        """The next bytes."""
        self.chosen = self.chosen or bool(data)  # a field left empty comes as a file without name and bytes
        if self._incoming:
            self._incoming.write(data)
        return len(data)

    def seek(self, _offset: int) -> int:
        """Werkzeug goes back to the beginning when a part is complete: it is sealed now, or refused."""
        if self._incoming and self.chosen and not self._done:
            self._done = True
            try:
                self.file = self._incoming.finish()
            except NotTaken as error:
                self.error = error
        return 0

    def read(self, _size: int = -1) -> bytes:
        """Nothing: what came is sealed."""
        return b""

    def close(self) -> None:
        """Remove what nobody kept; again, it changes nothing."""
        if self._incoming and not self.kept:
            self._incoming.abandon()
            self._incoming = None

    @property
    def beyond(self) -> bool:
        """Whether it is one of more than are taken."""
        return self._incoming is None and self.chosen


class _Pieces:
    """The bytes of a form in larger pieces than Werkzeug asks for, which takes whatever comes.

    Each piece is cut from what the server has received by then, so fewer of them are fewer copies.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """The next bytes, or all of them."""
        return self._stream.read(size if size < 0 else max(size, _PIECE))


class _Parser(FormDataParser):
    """Werkzeug's, fed with `_Pieces`."""

    def parse(self, stream: IO[bytes], *of: Any, **form: Any) -> Any:
        """What stands in the form, and the stream behind it."""
        _, fields, files = super().parse(_Pieces(stream), *of, **form)  # type: ignore[arg-type] # as much of a stream as it reads
        return stream, fields, files


class SealingRequest(Request):
    """A request whose files never lie anywhere in clear."""

    form_data_parser_class = _Parser

    @property
    def max_content_length(self) -> int | None:
        """More than for other forms where files are taken."""
        taken = _takes(self)
        return taken.most * taken.taking.largest + _MORE if taken else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value  # as Flask's own

    def _load_form_data(self) -> None:
        large = self.content_length is None or self.content_length > crowding.SMALL
        taken = _takes(self)
        if "form" in self.__dict__ or not large or not taken:
            super()._load_form_data()
            return
        try:
            with crowding.place(self.environ, public=_is_public(self)):
                super()._load_form_data()
        except Busy as busy:
            if not taken.says_busy:
                raise
            self._load_typed(busy)

    def _load_typed(self, busy: Busy) -> None:
        """There is no room for files: only what was typed is read. Raises Busy where that does not come."""
        try:
            border = self.mimetype_params.get("boundary", "")
            fields = crowding.typed(self.environ, self.stream, border)
        except (ValueError, OSError, HTTPException):
            raise busy from None
        self.__dict__["form"] = ImmutableMultiDict(fields)
        self.__dict__["files"] = ImmutableMultiDict()
        self.crowded = busy

    @property
    def arriving(self) -> list[Arriving]:
        """The files that came so far; those of a form that was read."""
        found: list[Arriving] = self.__dict__.setdefault("_arriving", [])
        return found

    def _get_file_stream(self, *of: Any, **part: Any) -> IO[bytes]:
        taken = _takes(self)
        if not taken:
            return super()._get_file_stream(*of, **part)
        number = sum(one.chosen for one in self.arriving)
        coming = Arriving(part.get("filename") or "", number, taken)
        self.arriving.append(coming)
        return coming  # type: ignore[return-value] # as much of a file as Werkzeug uses


def crowded() -> Busy | None:
    """Why the files of the form that is being answered were not taken, where there was no room for any."""
    found: Busy | None = getattr(request, "crowded", None)
    return found


def arrived() -> list[Arriving]:
    """The files that somebody chose, those that were refused too, with the form that is being answered."""
    request.files  # noqa: B018 - reading the form is what brings them
    found: list[Arriving] = request.arriving  # type: ignore[attr-defined] # our class of requests
    return [one for one in found if one.chosen]


def digests() -> dict[str, list[str]]:
    """By field the SHA-256 of each file that came with the form, "" for one that was refused."""
    found = {name: [_digest(one.stream) for one in files] for name, files in _chosen().items()}
    return {name: of_files for name, of_files in found.items() if of_files}


def _chosen() -> dict[str, list[FileStorage]]:
    return {name: [one for one in files if one.filename] for name, files in request.files.lists()}


def _digest(stream: IO[bytes] | Arriving) -> str:
    """Of a sealed file as it was made while it came; one in memory may be read already, or not yet."""
    if isinstance(stream, Arriving):
        return stream.file.digest if stream.file else ""
    at = stream.tell()
    stream.seek(0)
    found = hashlib.sha256(stream.read()).hexdigest()
    stream.seek(at)
    return found


def init_uploads(app: Flask, settings: Settings) -> None:
    """Let every request of the application be a `SealingRequest`, and remove what none of them kept."""
    sealed_files.install(settings)
    app.request_class = SealingRequest

    @app.after_request
    def in_a_minute(answer: Response) -> Response:
        """What says beside its field that there was no room says it in the head, too."""
        busy = getattr(request, "crowded", None)
        if busy is not None and answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
            answer.status_code = busy.status
            answer.headers["Retry-After"] = str(busy.retry_after)
        return answer

    @app.teardown_request
    def clean(_error: BaseException | None) -> None:
        for one in getattr(request, "arriving", ()):
            one.close()


def _is_public(asked: Request) -> bool:
    access = getattr(current_app.view_functions.get(asked.endpoint or ""), "access", None)
    return access is not None and access.kind == "public"


def _takes(asked: Request) -> Taken | None:
    view = current_app.view_functions.get(asked.endpoint or "")
    return getattr(view, "takes_files", None)
