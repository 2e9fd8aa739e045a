"""Logs for people who run an instance: JSON lines on stderr, from which nothing about a person can be read.

Nothing passes by default. An event has a dotted name; its fields come from a short list of keys, and their
values are numbers, ids or plain code names. An exception is its class and the places in the code it went
through: messages and local variables, where data would hide, are never written.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from uuid import UUID

import structlog

ALLOWED_KEYS = frozenset(
    [
        "attempts",
        "count",
        "duration_ms",
        "endpoint",
        "event",
        "exception",
        "job",
        "level",
        "location",
        "logger",
        "message_id",
        "method",
        "mode",
        "object_id",
        "organisation_id",
        "pid",
        "port",
        "request_id",
        "status",
        "timestamp",
        "version",
    ]
)
EVENT_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
CODE_NAME = re.compile(r"[A-Za-z0-9_.:+-]{1,200}(, [A-Za-z0-9_.:+-]{1,200})*")
# At level INFO these speak about processes and schema revisions only. gunicorn's warnings quote bad requests.
TRUSTED_LOGGERS = frozenset({"gunicorn.error", "alembic.runtime.migration"})
DEEPEST_FRAMES = 6

Event = MutableMapping[str, Any]


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Processor that lets only allowed keys with harmless values through and counts what it dropped."""
    kept: dict[str, Any] = {}
    for key, value in event.items():
        if key in ALLOWED_KEYS and _harmless(key, value):
            kept[key] = str(value) if isinstance(value, UUID) else value
    dropped = len(event) - len(kept)
    kept.setdefault("event", "log.redacted")
    if dropped:
        kept["dropped"] = dropped
    return kept


def _harmless(key: str, value: object) -> bool:
    if isinstance(value, (bool, int, float, UUID)) or value is None:
        return True
    if not isinstance(value, str):
        return False
    return (EVENT_NAME if key == "event" else CODE_NAME).fullmatch(value) is not None


def describe_exception(_logger: object, _method: str, event: Event) -> Event:
    """Processor that replaces `exc_info` by the classes of the exception chain and the code it passed."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["exception"] = ", ".join(_classes(error))
        event["location"] = ", ".join(_frames(error.__traceback__)) or "unknown"
    return event


def _classes(error: BaseException) -> list[str]:
    names: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(names) < DEEPEST_FRAMES:
        names.append(f"{type(seen).__module__}.{type(seen).__qualname__}".replace("<locals>.", ""))
        seen = seen.__cause__ or seen.__context__
    return names


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-DEEPEST_FRAMES:]
    # The last two path parts say which file; the whole path would say where the instance lives.
    return [f"{'.'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}" for frame in frames]


def _name_foreign(_logger: object, _method: str, event: Event) -> Event:
    """Processor for records of libraries: their texts are not trusted, only who spoke and how loudly."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    text, event["event"] = event["event"], "library.message"
    if record.name in TRUSTED_LOGGERS and record.levelno == logging.INFO:
        event["text"] = text
    return event


def _readmit_text(processor: structlog.typing.Processor) -> structlog.typing.Processor:
    """`redact`, except that the text of a trusted library record survives it."""

    def keep_text(logger: Any, method: str, event: Event) -> Any:
        text = event.pop("text", None)
        result = processor(logger, method, event)
        if text is not None and isinstance(result, MutableMapping):
            result["text"] = text
        return result

    return keep_text


def configure_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's logs through the same redaction to `stream` (stderr)."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
    ]
    render: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _readmit_text(redact),
        structlog.processors.JSONRenderer(),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[*shared, _name_foreign], processors=render)
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[*shared, redact, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
