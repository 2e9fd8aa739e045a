"""`himaya recover`: two of three papers give a colleague a key again, or an organisation an administrator."""

from collections.abc import Callable
from uuid import UUID

import click

from commands.instance import load_settings
from commands.serve import application
from config.settings import Settings


@click.command()
@click.option("--organisation", required=True, help="The letters that begin the organisation's references.")
@click.option("--email", required=True, help="The colleague's address.")
@click.option(
    "--new-administrator",
    metavar="NAME",
    help="Nobody administers any more: let this person in as administrator, with the address of --email.",
)
@click.option(
    "--language",
    type=click.Choice(["ar", "tr", "en"]),
    default="ar",
    show_default=True,
    help="Language of the new administrator's pages.",
)
def recover(organisation: str, email: str, new_administrator: str | None, language: str) -> None:
    """Make a new key for a colleague under a one-time code. Two holders bring their papers.

    The colleague gets what they held before, and the keys of their role that nobody else can hand to them.
    """
    settings = load_settings()
    from flask_babel import force_locale
    from sqlalchemy import select

    from accounts.models import Organisation
    from core.store.base import db

    with application(settings).app_context(), force_locale("en"):
        organisation_id = db.session.scalar(
            select(Organisation.id).where(Organisation.prefix == organisation)
        )
        if organisation_id is None:
            raise click.ClickException(f"No organisation's references begin with {organisation}.")
        papers = _ask_for_papers()
        if new_administrator is None:
            code = _told(organisation_id, lambda: _recover(settings, organisation_id, papers, email))
        else:
            who = (new_administrator, email, language)
            code = _told(organisation_id, lambda: _appoint(settings, organisation_id, papers, who))
    click.echo("The new key is made. This code stands in for the password once, for seven days:")
    click.echo(f"\n    {code}\n")
    click.echo("At the next sign-in it is replaced by a new password and a new second factor.")


def _recover(settings: Settings, organisation_id: UUID, papers: dict[int, str], email: str) -> str:
    from accounts.service import recovery
    from core.store.transaction import transaction

    prepared = recovery.prepare(settings, organisation_id, papers, email)
    with transaction():
        return recovery.recover_person(prepared)


def _appoint(
    settings: Settings, organisation_id: UUID, papers: dict[int, str], who: tuple[str, str, str]
) -> str:
    from accounts.service import recovery, succession
    from core.store.transaction import transaction
    from core.web.forms import ADDRESS, Limit
    from domain.text import TextTooLong, clean_text

    if not ADDRESS.fullmatch(who[1].strip()):
        raise click.ClickException("This is no e-mail address. It looks like name@example.org.")
    try:
        name = clean_text(who[0], Limit.NAME)
    except TextTooLong:
        name = ""
    if not name:
        raise click.ClickException(
            f"Give the name of the new administrator, at most {Limit.NAME} characters."
        )
    opened = recovery.open_with_papers(organisation_id, papers)
    successor = succession.prepare(settings, opened, name, *who[1:])
    with transaction():
        return succession.appoint(successor)


def _told(organisation_id: UUID, work: Callable[[], str]) -> str:
    """Do the work, or say in one sentence why it cannot be done."""
    import vault
    from accounts.service import recovery
    from core.errors import DomainError
    from core.store.base import db
    from core.store.transaction import transaction

    try:
        return work()
    except DomainError as error:
        raise click.ClickException(str(error.message)) from None
    except vault.Mistyped:
        raise click.ClickException("A code was mistyped. Compare it with the paper and try again.") from None
    except recovery.WrongPapers:
        db.session.rollback()
        with transaction():
            recovery.record_failure(organisation_id)
        raise click.ClickException(
            "These papers do not open this organisation. Check number and code of each."
        ) from None
    except vault.VaultError:
        raise click.ClickException(
            "A stored key or certificate does not hold, or the clock is wrong. Nothing was changed.\n"
            "    Look at the clock with date, then: .venv/bin/himaya audit verify"
        ) from None


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
