"""What the web server writes about a request."""

import logging
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, request
from gunicorn.glogging import Logger

ROUTE = "himaya.route"


def init_web_log(app: Flask) -> None:
    """Leave the name of the route where the server finds it: Flask takes its request away at the end."""

    @app.teardown_request
    def leave_route(_error: BaseException | None) -> None:
        request.environ[ROUTE] = request.endpoint


class WebLogger(Logger):
    """gunicorn's logger: one line a request with route, status and duration; no path, query or address."""

    def setup(self, cfg: Any) -> None:
        """Leave handlers and formats to `config.logs.configure_logs`."""
        self.cfg = cfg
        self.error_log.setLevel(logging.INFO)
        self.error_log.propagate = True

    @property
    def access_log_enabled(self) -> bool:
        """Requests are always logged: the line holds nothing to hide."""
        return True

    def access(self, resp: Any, req: Any, environ: Mapping[str, Any], request_time: Any) -> None:
        """Write the line. A request that matched no route has none."""
        structlog.get_logger("web").info(
            "web.request",
            endpoint=environ.get(ROUTE) or "none",
            method=req.method,
            status=resp.status_code,
            duration_ms=round(request_time.total_seconds() * 1000, 1),
        )
