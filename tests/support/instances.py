"""Settings of throw-away instances."""

from pathlib import Path

from config.settings import SECRETS, Settings, new_secret


def settings_for(home: Path | str, database_url: str | None = None, **variables: str) -> Settings:
    """Settings with their own secrets and quick Argon2id."""
    return Settings.from_env(environment_for(home, database_url, **variables))


def environment_for(home: Path | str, database_url: str | None = None, **variables: str) -> dict[str, str]:
    """The same as variables, for a process."""
    return {
        "HIMAYA_HOME": str(home),
        "HIMAYA_MODE": "development",
        "HIMAYA_ARGON2": "unsafe-fast-for-tests",
        **{f"HIMAYA_{name.upper()}": new_secret() for name in SECRETS},
        **({"DATABASE_URL": database_url} if database_url else {}),
        **variables,
    }
