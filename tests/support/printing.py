"""A document in three languages with everything that documents are built from, and an app to print it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from core.documents.imprint import Imprint, verification_code
from core.web.filters import init_filters
from core.web.locale import init_locale

ROOT = Path(__file__).parents[2]
HERE = ROOT / "tests" / "documents"
SAMPLES: dict[str, dict[str, Any]] = json.loads((HERE / "samples.json").read_text("utf-8"))
LANGUAGES = tuple(SAMPLES)
DAY = dt.date(2026, 11, 2)


def printing_app() -> Flask:
    """The product's filters and languages, its templates and the tests' own; no database."""
    app = Flask("documents", root_path=str(ROOT))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(HERE)])
    init_locale(app)
    init_filters(app)
    return app


def code_of(content: str) -> str:
    """The verification code of a text."""
    return verification_code(hashlib.sha256(content.encode()).digest())


def imprint(language: str, paper: Any = "a4") -> Imprint:
    """Head and foot of the sample."""
    words = SAMPLES[language]
    return Imprint(
        language=language,
        title=words["title"],
        kind=words["kind"],
        issuer=words["issuer"],
        version=3,
        code=code_of(words["title"]),
        day=DAY,
        paper=paper,
    )
