"""Commands for accounts; the first administrator is made here."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from hotspot.access.actor import UserRole
from hotspot.cli.common import (
    JsonOption,
    WorkspaceOption,
    app,
    command_line_actor,
    out,
    print_json,
    say,
)
from hotspot.disruption.actions import AGENCIES
from hotspot.services.people import accounts
from hotspot.services.people.accounts import Holder
from hotspot.services.workspace.folder import open_workspace

users = typer.Typer(help="Accounts: who may sign in, as what.", no_args_is_help=True)
app.add_typer(users, name="user")

NameArgument = Annotated[str, typer.Argument(help="The name that is typed at sign-in.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@users.command("add")
def add(  # noqa: PLR0913 - one option each
    name: NameArgument,
    workspace: WorkspaceOption,
    role: Annotated[list[UserRole], typer.Option(help="Role; may be given several times.")],
    *,
    shown_as: Annotated[
        str, typer.Option("--shown-as", help="Name on screens and in the log.")
    ] = "",
    agency: Annotated[str, typer.Option(help="Agency, as in the list of agencies.")] = AGENCIES[0],
    district: Annotated[
        list[str] | None, typer.Option(help="District of a partner; may be given several times.")
    ] = None,
    password_stdin: StdinOption = False,
) -> None:
    """Make an account. The password is asked for; there is none by default."""
    opened = open_workspace(workspace)
    holder = Holder(name, shown_as or name, frozenset(role), agency, frozenset(district or ()))
    password = _ask_password(from_stdin=password_stdin)
    accounts.add_account(opened, command_line_actor(), holder, password)
    say(f"Made the account {holder.name.strip().lower()} ({', '.join(sorted(role))}).")


@users.command("list")
def list_(workspace: WorkspaceOption, *, as_json: JsonOption = False) -> None:
    """List the accounts."""
    lines = accounts.list_accounts(open_workspace(workspace), command_line_actor())
    rows = [
        {
            "name": line.account.name,
            "shown_as": line.account.shown_as,
            "roles": sorted(line.account.roles),
            "agency": line.account.agency,
            "districts": sorted(line.account.districts),
            "second_factor": line.account.second_factor is not None,
            "disabled": line.account.is_disabled,
            "open_sessions": line.open_sessions,
            "failures": line.failures,
        }
        for line in lines
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("Name", "Shown as", "Roles", "Agency", "Districts", "State", "Sessions")
    for row in rows:
        marks = {"disabled": row["disabled"], "second factor": row["second_factor"]}
        state = ", ".join(mark for mark, is_on in marks.items() if is_on)
        texts = [row[key] for key in ("name", "shown_as", "roles", "agency", "districts")]
        cells = [", ".join(text) if isinstance(text, list) else str(text) for text in texts]
        table.add_row(*cells, state, str(row["open_sessions"]))
    out.print(table)


@users.command("disable")
def disable(name: NameArgument, workspace: WorkspaceOption) -> None:
    """Refuse sign-in to an account; its open sessions end at once."""
    _set_disabled(name, workspace, is_disabled=True)


@users.command("enable")
def enable(name: NameArgument, workspace: WorkspaceOption) -> None:
    """Allow sign-in to a disabled account again."""
    _set_disabled(name, workspace, is_disabled=False)


@users.command("password")
def password(
    name: NameArgument, workspace: WorkspaceOption, *, password_stdin: StdinOption = False
) -> None:
    """Set a new first password, which its holder must change; open sessions end."""
    opened, actor = open_workspace(workspace), command_line_actor()
    account = accounts.find_account(opened, actor, name)
    accounts.set_password(opened, actor, account, _ask_password(from_stdin=password_stdin))
    say(f"{account.name} has a new first password.")


@users.command("reset-second-factor")
def reset_second_factor(name: NameArgument, workspace: WorkspaceOption) -> None:
    """Take a lost second factor away; check first that it is really its holder who asks."""
    opened, actor = open_workspace(workspace), command_line_actor()
    account = accounts.find_account(opened, actor, name)
    accounts.reset_second_factor(opened, actor, account)
    say(f"{account.name} has no second factor now.")


@users.command("unlock")
def unlock(name: NameArgument, workspace: WorkspaceOption) -> None:
    """Forget the failed attempts of an account."""
    opened, actor = open_workspace(workspace), command_line_actor()
    account = accounts.find_account(opened, actor, name)
    accounts.unlock(opened, actor, account)
    say(f"{account.name} is not locked now.")


def _set_disabled(name: str, workspace: WorkspaceOption, *, is_disabled: bool) -> None:
    opened, actor = open_workspace(workspace), command_line_actor()
    account = accounts.find_account(opened, actor, name)
    accounts.set_disabled(opened, actor, account, is_disabled=is_disabled)
    say(f"{account.name} is {'disabled' if is_disabled else 'enabled'}.")


def _ask_password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
