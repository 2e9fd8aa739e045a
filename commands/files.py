"""`himaya files`: which files go with this database, and what of them no row names."""

import click

from commands.instance import load_settings

BIND = ".venv/bin/himaya files bind"
SWEEP = ".venv/bin/himaya files sweep"


@click.group("files")
def group() -> None:
    """The store of files: whether it goes with this database, and what nobody names there."""


@group.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def bind(*, yes: bool) -> None:
    """Say that the files and the database of these settings go together, after a restore or a move.

    A day later, what no row of this database names is deleted again from these files.
    """
    from commands.serve import application
    from core.store import belonging, sealed_files

    with application(load_settings()).app_context():
        click.echo(
            "What no row of this database names will be deleted from these files, a day from now at the "
            "soonest.\nIf another instance uses the same files, or a newer database may still be put back, "
            "stop here."
        )
        if not yes:
            click.confirm("Do they go together?", abort=True)
        belonging.bind(sealed_files.store())
    click.echo("They go together now.")


@group.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def sweep(*, yes: bool) -> None:
    """Delete what no row names although it is much, after somebody looked at how many files that are."""
    from commands.serve import application
    from core import clock
    from core.store import belonging, sealed_files, sweeping

    with application(load_settings()).app_context():
        standing = belonging.standing(sealed_files.store(), clock.now())
        if standing is belonging.Standing.STRANGE:
            raise click.ClickException(f"These files go with another database.\n    {BIND}")
        if standing is not belonging.Standing.TOGETHER:
            raise click.ClickException("Nothing is deleted on the first day. Come back tomorrow.")
        nameless, seen = sweeping.counted()
        click.echo(f"{nameless} of {seen} files have no row in this database.")
        if nameless and not yes:
            click.confirm("Were that many deleted or broken off? Delete them for good?", abort=True)
        click.echo(f"{sweeping.sweep(many=True)} deleted.")
