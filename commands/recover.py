"""`himaya recover`: a colleague who lost everything gets back in, with two of the three papers."""

import click

from commands.instance import load_settings
from commands.serve import application


@click.command()
@click.option("--organisation", required=True, help="The letters that begin the organisation's references.")
@click.option("--email", required=True, help="The colleague's address.")
def recover(organisation: str, email: str) -> None:
    """Make a new key for a colleague under a one-time code. Two holders bring their papers."""
    settings = load_settings()
    from flask_babel import force_locale
    from sqlalchemy import select

    import vault
    from accounts.models import Organisation
    from accounts.service import recovery
    from core.errors import DomainError
    from core.store.base import db
    from core.store.transaction import transaction

    with application(settings).app_context(), force_locale("en"):
        organisation_id = db.session.scalar(
            select(Organisation.id).where(Organisation.prefix == organisation)
        )
        if organisation_id is None:
            raise click.ClickException(f"No organisation's references begin with {organisation}.")
        papers = _ask_for_papers()
        try:
            prepared = recovery.prepare(settings, organisation_id, papers, email)
            with transaction():
                code = recovery.recover_person(prepared)
        except DomainError as error:
            raise click.ClickException(str(error.message)) from None
        except vault.Mistyped:
            raise click.ClickException(
                "A code was mistyped. Compare it with the paper and try again."
            ) from None
        except vault.Unreadable:
            with transaction():
                recovery.record_failure(organisation_id)
            raise click.ClickException(
                "These papers do not open this organisation. Check number and code of each."
            ) from None
    click.echo("The new key is made. This code stands in for the password once, for seven days:")
    click.echo(f"\n    {code}\n")
    click.echo("At the next sign-in it is replaced by a new password and a new second factor.")


def _ask_for_papers() -> dict[int, str]:
    """Number and code of two papers; codes stay off the screen."""
    papers: dict[int, str] = {}
    while len(papers) < 2:  # noqa: PLR2004 - two of three, as printed on every paper
        number = click.prompt("Number on the paper", type=click.IntRange(1, 3))
        if number in papers:
            click.echo("That paper was given already. Take the other one.")
            continue
        papers[number] = click.prompt("Code on the paper", hide_input=True)
    return papers
