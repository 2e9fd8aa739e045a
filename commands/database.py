"""`himaya migrate`: bring the database to the newest revision."""

from contextlib import suppress

import click
from flask import Flask

from commands.instance import load_settings, make_home


@click.command()
def migrate() -> None:
    """Bring the database to the newest revision. Running it again changes nothing.

    Where the tables of law are others than last time, open deadlines are counted anew in the sessions of
    those who hold their keys; where names become other tokens, those are made anew there.
    """
    make_home()
    settings = load_settings()
    from sqlalchemy.exc import OperationalError

    from app import create_app
    from core.store.migrate import upgrade

    try:
        upgrade(settings.database_url)
    except OperationalError:
        raise click.ClickException(
            "The database does not answer. Is it running, and is DATABASE_URL right?\n"
            "    .venv/bin/himaya check"
        ) from None
    look_at_the_rules(create_app(settings))
    click.echo("The database is up to date.")


def look_at_the_rules(app: Flask) -> None:
    """Order anew what rests on rules of the product that are others than last time."""
    from sqlalchemy.exc import IntegrityError

    from cases.service import due
    from core.reference import law_digest
    from core.store.transaction import transaction
    from domain.names import tokens

    # Where another process was first, it has ordered the same.
    with suppress(IntegrityError), app.app_context(), transaction():
        due.files_changed(law_digest())
    with suppress(IntegrityError), app.app_context(), transaction():
        due.tokens_changed(tokens.LAW)
