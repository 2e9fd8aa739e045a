"""`himaya migrate`: bring the database to the newest revision."""

import click

from commands.instance import load_settings, make_home
from config.settings import Settings


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision. Running it again changes nothing.

    Where the tables of law are others than last time, open deadlines are counted anew in the sessions of
    those who hold their keys.
    """
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
    _look_at_the_law(settings)
    click.echo("The database is up to date.")


def _look_at_the_law(settings: Settings) -> None:
    from app import create_app
    from cases.service import due
    from core.reference import law_digest
    from core.store.transaction import transaction

    with create_app(settings).app_context(), transaction():
        due.files_changed(law_digest())
