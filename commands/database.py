"""`himaya migrate`: bring the database to the newest revision."""

import click

from commands.instance import load_settings, make_home


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision. Running it again changes nothing."""
    make_home()
    settings = load_settings()
    from sqlalchemy.exc import OperationalError

    from core.store.migrate import upgrade

    try:
        upgrade(settings.database_url)
    except OperationalError:
        raise click.ClickException(
            "The database does not answer. Is it running, and is DATABASE_URL right?\n"
            "    .venv/bin/himaya check"
        ) from None
    click.echo("The database is up to date.")
