"""`himaya demo`: an instance with invented data, to look at and to try."""

import os
from pathlib import Path

import click

from commands.database import look_at_the_rules
from commands.instance import load_settings, make_home
from commands.secret_files import SETUP_LINK, make_missing
from config.settings import DEMO_MARK, MODE_FILE, SECRETS, Settings

LOADING = "loading\n"


@click.command()
@click.option(
    "--code", is_flag=True, help="Print the code that the demo's authenticator shows now, and stop."
)
def demo(*, code: bool) -> None:
    """Make the demo instance: secrets, database, invented data. Running it again changes nothing."""
    if code:
        from demo.sign_ins import code_now, seconds_left

        click.echo(f"{code_now()}   (for {seconds_left()} seconds)")
        return
    home = make_home()
    _require_own_folder(home)
    os.environ.setdefault("HIMAYA_MODE", "demo")
    make_missing(home)
    (home / "secrets" / SETUP_LINK).unlink(missing_ok=True)  # the demo brings its own administrators
    settings = load_settings()
    if settings.mode != "demo":
        raise click.ClickException("Invented data belongs into a demo only.\n    export HIMAYA_MODE=demo")
    mark = home / DEMO_MARK
    if mark.exists() and mark.read_text(encoding="utf-8") != LOADING:
        click.echo("The demo data is there.")
        return
    if mark.exists():
        _remove_half_loaded(settings)
    _load(settings, mark)


def _load(settings: Settings, mark: Path) -> None:
    """Fill a fresh database. The mark goes first, so that production refuses even a half-loaded folder."""
    from app import create_app
    from core.store.migrate import upgrade
    from demo.seed import load
    from demo.sign_ins import as_text

    upgrade(settings.database_url)
    _require_empty(settings)
    mark.write_text(LOADING, encoding="utf-8")
    app = create_app(settings)
    look_at_the_rules(app)
    with click.progressbar(length=100, label="Inventing people and cases") as bar:
        sign_ins = load(app, tell=lambda share: bar.update(int(share * 100) - bar.pos))
    mark.write_text(f"{as_text(sign_ins)}Its code now:      .venv/bin/himaya demo --code\n", encoding="utf-8")


def _require_own_folder(home: Path) -> None:
    """Refuse a folder that was made for something else, before anything in it changes."""
    kept = home / MODE_FILE
    mode = kept.read_text(encoding="ascii", errors="replace").strip() if kept.is_file() else ""
    used = any((home / "secrets" / name).exists() for name in SECRETS) and not (home / DEMO_MARK).exists()
    if mode != "demo" and (mode or used):
        raise click.ClickException(
            "This folder belongs to another instance. Give the demo one of its own:\n    export HIMAYA_HOME=…"
        )


def _require_empty(settings: Settings) -> None:
    """Refuse a database in which somebody works already, before the mark says that it may be thrown away."""
    from sqlalchemy import create_engine, select

    from accounts.models import Organisation

    with create_engine(settings.database_url).connect() as connection:
        if connection.scalar(select(Organisation.id).limit(1)) is not None:
            raise click.ClickException(
                "This database holds an organisation already. Give the demo a folder of its own:\n"
                "    export HIMAYA_HOME=…"
            )


def _remove_half_loaded(settings: Settings) -> None:
    if not settings.database_url.startswith("sqlite"):
        raise click.ClickException(
            "Loading was interrupted. Give the demo an empty database:\n    dropdb …; createdb …"
        )
    for file in settings.home.glob("himaya.db*"):
        file.unlink()
    (settings.home / "secrets" / "roots").unlink(missing_ok=True)
