"""The style sheets of public pages use what browsers of 2018 know, and the check finds what they do not."""

from __future__ import annotations

import json
import re
import subprocess

from tests.web.gallery import ROOT, gallery_app

HOME = ROOT / "config/stylelint"
SHEETS = [f"static/css/{name}.css" for name in ("tokens", "base", "public")]


YOUNGER = {
    "a { -webkit-margin-start: 1px; margin-inline-start: 1px }": set(),
    "a { margin-inline-start: 1px }": {"himaya/older-name-first"},
    "a { inset-inline: 0 }": {"property-allowed-list"},
    "a { display: flex; gap: 1px }": {"plugin/no-unsupported-browser-features", "property-allowed-list"},
    "a { padding: min(1px, 2vh) }": {"function-allowed-list"},
    "a { padding: 1lh }": {"unit-allowed-list"},
    "a:is(b) { top: 0 }": {"plugin/no-unsupported-browser-features", "selector-pseudo-class-allowed-list"},
    "a:not(b, i) { top: 0 }": {"selector-not-notation"},
}


def test_what_is_checked_is_what_public_pages_load() -> None:
    page = gallery_app().test_client().get("/public").get_data(as_text=True)
    assert [f"static/{path}" for path in re.findall(r"/static/(css/[a-z]+\.css)", page)] == SHEETS
    assert f"PUBLIC_STYLES = {' '.join(SHEETS)}\n" in (ROOT / "Makefile").read_text()


def test_what_is_younger_is_found() -> None:
    command = [str(HOME / "node_modules/.bin/stylelint"), "--config", str(HOME / "stylelint.config.js")]
    done = subprocess.run(
        [*command, "--stdin", "--stdin-filename", str(ROOT / "static/css/public.css"), "--formatter", "json"],
        input="\n".join(YOUNGER), capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip # one call
    warned = json.loads(done.stderr or done.stdout)[0]["warnings"]
    for line, (sheet, rules) in enumerate(YOUNGER.items(), 1):
        assert {one["rule"] for one in warned if one["line"] == line} == rules, sheet
