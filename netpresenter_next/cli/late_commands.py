"""Commands whose modules are imported when they are used.

The list of commands, the version and an unknown command need neither Flask nor
SQLAlchemy, which take most of the time of a short command.
"""

from pkgutil import resolve_name
from typing import Any

import click


class LateCommand(click.Command):
    """The name and the first sentence of a command that is not imported yet."""

    def __init__(self, name: str, function: str, sentence: str) -> None:
        super().__init__(name, help=sentence)
        self.function = function

    def load(self) -> click.Command:
        """Import the module of the command, and return the command."""
        command: click.Command = resolve_name(f"{__package__}.{self.function}")
        return command

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Parse the arguments as the command does; click runs the context's command."""
        return self.load().make_context(info_name, args, parent, **extra)


class Commands(click.Group):
    """A group of commands that write expected errors as one line to standard error."""

    def invoke(self, context: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(context)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            # Here, because it imports the modules of all errors.
            from netpresenter_next.cli import expected_errors

            expected_errors.refuse(error)
            raise
