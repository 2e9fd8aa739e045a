"""Addresses are compiled once for a run of tests: hundreds of applications would each compile the same."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_compile = Rule._compile_builder
_known: dict[object, Callable[..., tuple[str, str]]] = {}


def _remembered(rule: Rule, append_unknown: bool) -> Callable[..., tuple[str, str]]:
    """What Werkzeug compiles depends on the parts of the address alone; the rule itself is its argument."""
    defaults: dict[str, Any] = dict(rule.defaults or {})
    parts = (tuple(rule._trace), tuple(sorted(defaults.items())), append_unknown)
    if parts not in _known:
        _known[parts] = _compile(rule, append_unknown)
    return _known[parts]


Rule._compile_builder = _remembered  # type: ignore[method-assign, assignment] # on purpose
