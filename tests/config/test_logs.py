"""Nothing about a person is in a log, whoever writes it and however."""

import datetime as dt
import io
import json
import logging
import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from werkzeug.test import create_environ

from config.logs import configure_logs
from config.weblog import ROUTE, WebLogger, init_web_log

NAME = "Khaled Al-Hamwi"
ARABIC = "خالد الحموي"


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure_logs("debug", stream)
    return stream


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_ids_numbers_and_code_names_pass(log: io.StringIO) -> None:
    id = uuid4()
    structlog.get_logger().info("case.opened", object_id=id, count=3, endpoint="cases.show")
    [line] = lines(log)
    assert line["event"] == "case.opened"
    assert (line["object_id"], line["count"], line["endpoint"]) == (str(id), 3, "cases.show")
    assert line["level"] == "info"
    assert "dropped" not in line


@pytest.mark.parametrize(
    "fields",
    [
        {"name": NAME},
        {"object_id": NAME},
        {"endpoint": ARABIC},
        {"count": [NAME]},
        {"job": {"name": NAME}},
        {"method": NAME.encode()},
    ],
)
def test_everything_else_is_dropped_and_counted(log: io.StringIO, fields: dict[str, object]) -> None:
    structlog.get_logger().info("case.opened", **fields)
    [line] = lines(log)
    assert line["dropped"] == 1
    assert set(line) == {"event", "level", "timestamp", "dropped"}


def test_an_event_that_is_a_sentence_is_not_written(log: io.StringIO) -> None:
    structlog.get_logger().info(f"opened the file of {NAME}")
    [line] = lines(log)
    assert line["event"] == "log.redacted"
    assert NAME not in log.getvalue()


def test_an_exception_is_its_classes_and_places(log: io.StringIO) -> None:
    secret = NAME
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise ValueError(ARABIC) from error
    except ValueError:
        structlog.get_logger().exception("case.failed")
    [line] = lines(log)
    assert line["exception"] == "builtins.ValueError, builtins.KeyError"
    assert re.fullmatch(r"config\.test_logs\.py:\d+", str(line["location"]))
    assert NAME not in log.getvalue()
    assert ARABIC not in json.dumps(line, ensure_ascii=False)


def test_exceptions_that_turn_in_a_circle_end(log: io.StringIO) -> None:
    first, second = ValueError(NAME), KeyError(NAME)
    first.__context__, second.__context__ = second, first
    structlog.get_logger().error("case.failed", exc_info=first)
    assert NAME not in log.getvalue()
    assert lines(log)[0]["location"] == "unknown"


def test_libraries_speak_without_their_words(log: io.StringIO) -> None:
    logging.getLogger("sqlalchemy.engine").warning("INSERT ... %s", NAME)
    logging.getLogger("gunicorn.error").warning("Invalid request from ip=1.2.3.4: %s", NAME)
    try:
        raise ValueError(NAME)
    except ValueError:
        logging.getLogger("flask.app").exception("Exception on /cases/%s", NAME)
    assert NAME not in log.getvalue()
    assert "1.2.3.4" not in log.getvalue()
    assert [line["logger"] for line in lines(log)] == ["sqlalchemy.engine", "gunicorn.error", "flask.app"]
    assert lines(log)[2]["exception"] == "builtins.ValueError"


def test_the_server_says_what_it_starts(log: io.StringIO) -> None:
    logging.getLogger("gunicorn.error").info("Listening at: %s", "http://127.0.0.1:8000")
    assert lines(log)[0]["text"] == "Listening at: http://127.0.0.1:8000"


def test_the_route_is_left_for_the_server() -> None:
    app = Flask("routes")
    init_web_log(app)
    app.add_url_rule("/cases/<name>", "cases.show", lambda name: name)
    environ = create_environ(f"/cases/{NAME}")
    app.wsgi_app(environ, lambda *_arguments: lambda _body: None)
    assert environ[ROUTE] == "cases.show"


def test_a_request_is_logged_by_its_route(log: io.StringIO) -> None:
    logger = WebLogger(SimpleNamespace())
    environ = {
        ROUTE: "cases.show",
        "RAW_URI": f"/cases/1?q={NAME}",
        "REMOTE_ADDR": "1.2.3.4",
        "HTTP_REFERER": NAME,
    }
    request = SimpleNamespace(method="GET")
    took = dt.timedelta(milliseconds=12.34)
    assert logger.access_log_enabled
    logger.access(SimpleNamespace(status_code=200), request, environ, took)
    logger.access(SimpleNamespace(status_code=400), request, {"RAW_URI": NAME}, took)
    first, second = lines(log)
    assert (
        first.items()
        >= {"endpoint": "cases.show", "status": 200, "method": "GET", "duration_ms": 12.3}.items()
    )
    assert second["endpoint"] == "none"
    assert NAME not in log.getvalue()
    assert "1.2.3.4" not in log.getvalue()
