"""The report of ``restore``: what became active again, and what to do next."""

from collections.abc import Iterator, Sequence

from netpresenter_next.backups.restored_facts import Facts, Token
from netpresenter_next.backups.restoring import Report
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.lib.text import format_count


def format_report(config: Config, report: Report) -> Iterator[str]:
    """Return the lines of the report; they contain untrusted names, not yet escaped."""
    manifest, facts = report.manifest, report.facts
    yield f"Restored: the database as it was on {manifest.made_at:%Y-%m-%d %H:%M} UTC."
    for folder in report.aside:
        yield f"The previous files are in {folder}. Delete them when everything works."
    if report.is_older:
        yield (
            f"It is of an older version (step {manifest.step}): the next 'serve' "
            "brings it up to date."
        )
    yield "All sessions have ended."
    yield from _format_tokens(config, facts)
    yield from _format_people(config, facts)
    yield from _format_passwords(config, facts)
    yield from _format_force(config, report)
    yield from _format_next_steps(config, report)


def _format_tokens(config: Config, facts: Facts) -> Iterator[str]:
    if not facts.tokens:
        yield (
            "No SCIM token works: generate one under Settings > System > Microsoft "
            "Entra ID, and enter it in the Entra admin center."
        )
        return
    yield "These SCIM tokens are active:"
    for token in facts.tokens:
        yield f"  {_format_token(token)}"
    command = commands.format_command(config, "token", "revoke", "ID")
    yield f"To revoke one that should not be, type: {command}"


def _format_token(token: Token) -> str:
    label = f" ({token.label})" if token.label else ""
    remark = f": {token.mark}" if token.mark else ""
    return f"{token.hint}{label}, created on {token.created} UTC{remark}"


def _format_people(config: Config, facts: Facts) -> Iterator[str]:
    if not facts.is_compared:
        yield (
            "The previous database is missing or cannot be read, so it is not known "
            "who was disabled, blocked or deleted after the backup and can now sign "
            "in again, or whose old password works again."
        )
        return
    if facts.people_number:
        number = format_count(facts.people_number, "person", "people")
        yield f"{number} can sign in again who could not before the restore:"
        people = [f"{name} ({what} before)" for name, what in facts.people]
        yield from _format_list(people, facts.people_number)
        command = commands.format_command(config, "user", "block", "USER_NAME")
        yield f"To block one of them, type: {command}"
    if facts.administrators:
        yield (
            f"These people are administrators again: {', '.join(facts.administrators)}."
        )


def _format_passwords(config: Config, facts: Facts) -> Iterator[str]:
    if not facts.passwords_number:
        return
    number = format_count(facts.passwords_number, "person", "people")
    yield f"The old password works again for {number} who changed it after the backup:"
    yield from _format_list(facts.passwords, facts.passwords_number)
    command = commands.format_command(config, "user", "set-password", "USER_NAME")
    yield f"To change a password that somebody else may know, type: {command}"


def _format_list(texts: Sequence[str], number: int) -> Iterator[str]:
    for text in texts:
        yield f"  {text}"
    if (more := number - len(texts)) > 0:
        yield f"  and {more} more"


def _format_force(config: Config, report: Report) -> Iterator[str]:
    was_forced = report.facts.was_forced
    if report.is_forced:
        command = commands.format_command(config, "force-sign-in", "off")
        before = " It was off before." if was_forced is False else ""
        yield (
            f"Force sign in with Microsoft is on.{before} To allow local sign-in "
            f"again, type: {command}"
        )
    elif was_forced:
        yield (
            "Force sign in with Microsoft is off. It was on before: to prevent local "
            "sign-in, switch it on again under Settings > System > Microsoft Entra "
            "ID."
        )


def _format_next_steps(config: Config, report: Report) -> Iterator[str]:
    if report.lacks_key:
        again = (
            ""
            if not report.manifest.has_key
            else (", or restore again with the passphrase of the encryption key")
        )
        yield (
            "The encryption key of this instance cannot decrypt the client secret or "
            "certificate for Microsoft: enter it again under Settings > System > "
            f"Microsoft Entra ID{again}."
        )
    yield (
        "Microsoft Entra ID sends only changes: after starting the server, open the "
        "Entra admin center > Enterprise apps > your application > Provisioning > "
        "Overview, and choose Restart provisioning."
    )
