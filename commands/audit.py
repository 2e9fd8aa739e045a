"""`himaya audit`: check the record of acts against itself, its checkpoints and the cases."""

import click

from commands.instance import load_settings
from commands.serve import application


@click.group("audit")
def group() -> None:
    """The record of acts."""


@group.command()
def verify() -> None:
    """Look for edited, deleted, reordered or cut-off entries, and for cases put back to an earlier state."""
    settings = load_settings()
    with application(settings).app_context():
        from cases.service.integrity import rolled_back
        from core.audit.verify import chains, verify_chain

        findings = []
        for organisation_id, entries in chains():
            found = [
                *verify_chain(organisation_id, settings.audit_folder, settings.audit_key),
                *rolled_back(organisation_id),
            ]
            click.echo(f"{organisation_id}  {entries} entries  {'ok' if not found else 'does not fit'}")
            findings += found
        for finding in findings:
            click.echo(f"  {finding.what} at {finding.number} {finding.object_id or ''}".rstrip(), err=True)
        if findings:
            raise click.ClickException(
                "The record does not fit. Keep the database as it is and compare it with the newest backup."
            )


@group.command()
def checkpoint() -> None:
    """Sign the present end of every chain into the file beside the database."""
    settings = load_settings()
    with application(settings).app_context():
        from core.audit.verify import write_checkpoints

        click.echo(f"{write_checkpoints(settings.audit_folder, settings.audit_key)} chains have grown.")
