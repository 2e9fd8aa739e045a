"""The `himaya` command."""

from importlib import import_module
from typing import Final

import click

from commands.instance import harden

COMMANDS: Final = {
    "audit": "commands.audit:group",
    "check": "commands.checks:check",
    "demo": "commands.demo:demo",
    "files": "commands.files:group",
    "law": "commands.law:group",
    "migrate": "commands.database:migrate",
    "names": "commands.names:group",
    "organisation": "commands.organisation:group",
    "recover": "commands.recover:recover",
    "run": "commands.run:run",
    "secrets": "commands.secret_files:group",
    "worker": "commands.serve:worker",
}
"""Name and place of each command. Only the one that runs is loaded: what needs no application is quick."""


class Commands(click.Group):
    """A group that loads a command when it is asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """All names, for the help."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None where the name is not known."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Himaya: legal-aid case management. Settings come from the environment; docs/operating.md lists them."""
    harden()


if __name__ == "__main__":
    main()
