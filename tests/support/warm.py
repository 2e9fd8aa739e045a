"""What a new application makes anew each time and what is the same each time: made once for all tests.

Every test has an application and a database of its own. Werkzeug compiles each of its addresses, SQLAlchemy
each statement, Jinja each template, which together cost more than most tests do.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any, Final

import jinja2
import structlog
from flask import Flask
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.orm import Mapper
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

_builders: Final[dict[object, Callable[..., tuple[str, str]]]] = {}
_statements: Final[LRUCache[Any, Any]] = LRUCache(5000)
_templates: Final[dict[str, bytes]] = {}


class Statements:
    """Compiled statements of all engines of one kind, whose dialects are equal but not the same."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        """The compiled statement, or the default."""
        return _statements.get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        _statements[(type(key[0]), *key[1:])] = compiled

    def clear(self) -> None:
        """Forget them all."""
        _statements.clear()


class Templates(jinja2.BytecodeCache):
    """Compiled templates of all applications; a bucket is known by its source."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another application compiled."""
        if found := _templates.get(f"{bucket.key} {bucket.checksum}"):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Leave it for the next one."""
        _templates[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


_compile = Rule._compile_builder
_make_environment = Flask.create_jinja_environment


def _compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT002  its own signature
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def _environment(app: Flask) -> Any:
    environment = _make_environment(app)
    environment.bytecode_cache = Templates()
    return environment


Rule._compile_builder = _compile_once  # type: ignore[method-assign, assignment]  # made once for all
Engine._compiled_cache = property(lambda _: Statements(), lambda _, __: None)  # type: ignore[assignment]  # shared
Mapper._compiled_cache = property(lambda _: Statements())  # type: ignore[assignment]  # what saves objects
Flask.create_jinja_environment = _environment  # type: ignore[method-assign, assignment]  # shares templates

# An error that a test provokes is written down as Python does: in colours it takes half a second.
structlog.configure(
    [
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

# A worker keeps half a gigabyte of modules and schemas that never go: to look through it for cycles as often
# as Python does by itself takes long.
gc.freeze()
gc.set_threshold(50_000, 20, 100)
