"""The command line: all commands, with the module that has each.

``serve``, ``create-admin`` and ``restore`` create an instance, and only they and
``migrate`` change its tables.  The others refuse an instance that is missing or not up
to date.
The exit status is 1 for a refused command, and 2 for an invalid command or setting.
"""

import sys
from io import TextIOWrapper

import click

from netpresenter_next.cli.late_commands import Commands, LateCommand


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netpresenter-next", message="%(version)s")
def main() -> None:
    """Netpresenter Next: people and groups from Microsoft Entra ID."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack some characters
            stream.reconfigure(errors="replace")


@main.group()
def user() -> None:
    """People: local accounts and those that are provisioned."""


@main.group()
def group() -> None:
    """Groups: local groups and those that are provisioned."""


@main.group()
def token() -> None:
    """SCIM tokens: what Microsoft Entra ID calls Secret Token."""


# The names and the first sentences of the help; the named functions have the rest.
for each in (
    LateCommand(
        "serve",
        "serving:serve",
        "Run the server until Ctrl+C or SIGTERM; an instance can have only one.",
    ),
    LateCommand(
        "create-admin", "administrators:create_admin", "Create a local administrator."
    ),
    LateCommand(
        "force-sign-in",
        "administrators:force_sign_in",
        "Give local sign-in back to everybody who has a password.",
    ),
    LateCommand(
        "migrate",
        "migration:migrate",
        "Bring the database of an instance up to date, as 'serve' does.",
    ),
    LateCommand(
        "doctor",
        "doctor:doctor",
        "Check an instance: one line for each finding, with what to do about it.",
    ),
    LateCommand(
        "log",
        "logs:log",
        "Print entries of the provisioning log and the audit log, the newest last.",
    ),
    LateCommand(
        "backup",
        "backups:backup",
        "Make a backup, also while a server runs, and print its path.",
    ),
    LateCommand(
        "restore",
        "backups:restore",
        "Replace the database with a backup, or restore it into a new instance.",
    ),
):
    main.add_command(each)

for each in (
    LateCommand("list", "user_listing:list_users", "List the people, by user name."),
    LateCommand(
        "show",
        "user_listing:show_user",
        "Show one person, with groups, Microsoft account and sessions.",
    ),
    LateCommand(
        "export-data",
        "users:export_data",
        "Print all data about a person as JSON, without secrets.",
    ),
    LateCommand(
        "add",
        "local_accounts:add",
        "Add a local person, for somebody who is not in Microsoft Entra ID.",
    ),
    LateCommand(
        "edit",
        "local_accounts:edit",
        "Change what is known about a local person; '' removes a value.",
    ),
    LateCommand(
        "delete",
        "local_accounts:delete",
        "Delete a local person; the entries of the log stay.",
    ),
    LateCommand(
        "export",
        "people_files:export_people",
        "Write people as CSV, by name: all, or those of the filters of the page Users.",
    ),
    LateCommand(
        "import",
        "people_files:import_people",
        "Create and change local people as a CSV file says.",
    ),
    LateCommand(
        "rename",
        "local_accounts:rename",
        "Give a local account another user name; its sessions continue.",
    ),
    LateCommand(
        "block",
        "users:block",
        "Block a person, whatever provisioning sends, and end their sessions.",
    ),
    LateCommand("unblock", "users:unblock", "Lift the block of a person."),
    LateCommand(
        "set-password",
        "local_accounts:set_password",
        "Give a person a new local password; their sessions end.",
    ),
    LateCommand(
        "unlock",
        "users:unlock",
        "Unlock an account after too many wrong passwords, and print a link.",
    ),
    LateCommand(
        "set-role",
        "users:set_role",
        "Make a person an administrator or a user; their sessions end.",
    ),
    LateCommand(
        "set-emergency",
        "users:set_emergency",
        "Grant a local administrator emergency access, or withdraw it.",
    ),
):
    user.add_command(each)

for each in (
    LateCommand(
        "create",
        "tokens:create_token",
        "Generate a token and print it; it cannot be shown again.",
    ),
    LateCommand("list", "tokens:list_tokens", "List the active tokens."),
    LateCommand(
        "revoke",
        "tokens:revoke_token",
        "Revoke a token at once, by its id or its characters from 'token list'.",
    ),
):
    token.add_command(each)

for each in (
    LateCommand("list", "groups:list_groups", "List the groups, by name."),
    LateCommand(
        "show", "groups:show_group", "Show one group, by name or id, with its members."
    ),
    LateCommand(
        "add",
        "groups:add",
        "Make a local group or, with --member, add people to one.",
    ),
    LateCommand("remove", "groups:remove", "Remove people from a local group."),
    LateCommand("rename", "groups:rename", "Give a local group another name."),
    LateCommand(
        "delete", "groups:delete", "Delete a local group, but not its members."
    ),
):
    group.add_command(each)
