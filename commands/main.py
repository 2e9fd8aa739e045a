"""The `himaya` command."""

import click

from commands.audit import group as audit
from commands.checks import check
from commands.database import migrate
from commands.demo import demo
from commands.instance import harden
from commands.organisation import group as organisation
from commands.recover import recover
from commands.run import run
from commands.secret_files import group as secrets
from commands.serve import worker


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Himaya: legal-aid case management. Settings come from the environment; docs/operating.md lists them."""
    harden()


for command in (audit, check, demo, migrate, organisation, recover, run, secrets, worker):
    main.add_command(command)

if __name__ == "__main__":
    main()
