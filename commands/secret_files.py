"""`himaya secrets`: make what is missing, never replace what is there."""

import os
import secrets
from pathlib import Path
from typing import get_args

import click

from commands.instance import make_home
from config.settings import MODE_FILE, SECRETS, Mode, new_secret

SETUP_LINK = "setup-link"


@click.group("secrets")
def group() -> None:
    """Secrets of this instance: files of mode 0600 in its folder."""


@group.command()
def make() -> None:
    """Make the secrets that are missing."""
    made = make_missing(make_home())
    click.echo(f"Made: {', '.join(made)}." if made else "Every secret is there.")


@group.command()
def new() -> None:
    """Print one fresh secret, for a variable or a file."""
    click.echo(new_secret())


def make_missing(home: Path) -> list[str]:
    """Make the missing secret files, and note the mode; with the first of them the token of the set-up link.

    A secret that is given by a variable needs no file. Returns the names of what was made.
    """
    folder = home / "secrets"
    mode = os.environ.get("HIMAYA_MODE", "")
    first_time = not any((folder / name).exists() for name in SECRETS)
    # For later commands without the variable. An older folder keeps to the rules of production.
    if first_time and mode in get_args(Mode) and not (home / MODE_FILE).exists():
        _write(home / MODE_FILE, mode)
    missing = [
        name
        for name in SECRETS
        if not (folder / name).exists() and not os.environ.get(f"HIMAYA_{name.upper()}")
    ]
    for name in missing:
        _write(folder / name, new_secret())
    if first_time and not (folder / SETUP_LINK).exists():
        _write(folder / SETUP_LINK, secrets.token_urlsafe(32))
    return missing


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
