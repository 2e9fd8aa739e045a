"""Settings of throw-away instances."""

from functools import cache
from pathlib import Path

from config.settings import SECRETS, Settings, new_secret


def settings_for(home: Path | str, database_url: str | None = None, **variables: str) -> Settings:
    """Settings with quick Argon2id and the secrets of this process."""
    return Settings.from_env(environment_for(home, database_url, **variables))


def environment_for(home: Path | str, database_url: str | None = None, **variables: str) -> dict[str, str]:
    """The same as variables, for a process."""
    return {
        "HIMAYA_HOME": str(home),
        "HIMAYA_MODE": "development",
        "HIMAYA_ARGON2": "unsafe-fast-for-tests",
        **{f"HIMAYA_{name.upper()}": _secret(name) for name in SECRETS},
        **({"DATABASE_URL": database_url} if database_url else {}),
        **variables,
    }


@cache
def _secret(_name: str) -> str:
    """The same for every instance of a test session, so that a cast made once fits into each of them."""
    return new_secret()
