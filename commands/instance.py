"""What every command does first: a safe process, an instance folder, settings."""

import os
import resource
from pathlib import Path

import click

from config.settings import ConfigurationError, Problem, Settings, home_of


def harden() -> None:
    """No core dumps, and files that only their owner reads."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def make_home() -> Path:
    """The instance folder, made when it is not there. Raises click.ClickException when it cannot be."""
    home = home_of(os.environ)
    try:
        for folder in (home, home / "secrets", home / "queue", home / "files"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{home} cannot be made: {error.strerror}.\n    export HIMAYA_HOME=… (a folder you may write to)"
        ) from None
    return home


def load_settings() -> Settings:
    """Settings from the environment. Raises click.ClickException that says what to mend."""
    try:
        return Settings.from_env(os.environ)
    except ConfigurationError as error:
        raise click.ClickException("This instance may not start.\n" + describe(error.problems)) from None


def describe(problems: tuple[Problem, ...]) -> str:
    """One problem a paragraph, the mending command on a line of its own."""
    return "\n".join(f"- {problem.what}\n    {problem.mend}" for problem in problems)
