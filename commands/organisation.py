"""`himaya organisation`: let one more organisation set itself up in this installation."""

import click

from commands.instance import load_settings


@click.group("organisation")
def group() -> None:
    """Organisations of this installation."""


@group.command()
def invite() -> None:
    """Print a new one-time link for the first administrator of an organisation; an earlier one is dead."""
    settings = load_settings()
    from accounts.service import setup

    click.echo(f"{settings.base_url}/set-up/{setup.new_link(settings)}")
