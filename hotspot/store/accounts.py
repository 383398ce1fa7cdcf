"""Read and write accounts, their sessions and the failures of signing in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update

from hotspot.access.accounts import Account, Failures
from hotspot.access.actor import Actor, UserRole
from hotspot.access.names import canonical_name
from hotspot.access.sessions import Ending, Session, SignInStage
from hotspot.errors import ConflictError
from hotspot.store.tables.core import accounts, sessions, sign_in_failures

_ACCOUNT = list(accounts.columns)


def add_account(connection: Connection, **values: Any) -> int:  # noqa: ANN401 - columns
    """Write an account and return its number; `roles` and `districts` may be sets."""
    defaults = {"version": 1, "last_code_step": 0, "is_disabled": False}
    result = connection.execute(insert(accounts).values(**defaults, **_plain(values)))
    (number,) = result.inserted_primary_key or (0,)
    return int(number)


def change_account(connection: Connection, account: Account, **values: Any) -> None:  # noqa: ANN401
    """Change an account, provided that it is still at the version that was seen.

    Raises
    ------
    ConflictError
        Someone has changed it since.
    """
    changed = connection.execute(
        update(accounts)
        .where(accounts.c.account_id == account.account_id, accounts.c.version == account.version)
        .values(version=account.version + 1, **_plain(values))
    )
    if changed.rowcount == 0:
        message = f"Someone else has just changed the account of {account.shown_as}. Look again."
        raise ConflictError(message)


def use_code(connection: Connection, account_id: int, step: int) -> bool:
    """Note the time step of a one-time code; tell whether it is newer than the last one used."""
    changed = connection.execute(
        update(accounts)
        .where(accounts.c.account_id == account_id, accounts.c.last_code_step < step)
        .values(last_code_step=step)
    )
    return changed.rowcount == 1


def list_accounts(connection: Connection) -> list[Account]:
    """Read all accounts by name."""
    rows = connection.execute(select(*_ACCOUNT).order_by(accounts.c.name)).mappings()
    return [_account(row) for row in rows]


def account_by_name(connection: Connection, name: str) -> Account | None:
    """Find the account of a name, whatever form either was written in.

    All names are read and compared in their one form: older accounts may have been kept in another.
    """
    wanted = canonical_name(name)
    rows = connection.execute(select(accounts.c.account_id, accounts.c.name))
    matches = [number for number, known in rows if wanted and canonical_name(known) == wanted]
    return account_of(connection, matches[0]) if matches else None


def account_of(connection: Connection, account_id: int) -> Account | None:
    """Find the account of a number."""
    return _one(connection, select(*_ACCOUNT).where(accounts.c.account_id == account_id))


def account_shown_as(connection: Connection, name: str, actor: Actor) -> int | None:
    """Return the number of the account that a name means today: one's own, or the only one."""
    wanted = canonical_name(name)
    if not wanted:
        return None
    if canonical_name(actor.name) == wanted:
        return actor.account_id
    query = select(accounts.c.account_id, accounts.c.name, accounts.c.shown_as)
    rows = connection.execute(query.where(accounts.c.is_disabled.is_(False)))
    found = [n for n, *names in rows if wanted in map(canonical_name, names)]
    return int(found[0]) if len(found) == 1 else None


def account_by_subject(connection: Connection, subject: str) -> Account | None:
    """Find the account of a subject of single sign-on."""
    return _one(connection, select(*_ACCOUNT).where(accounts.c.subject == subject))


# sessions ----------------------------------------------------------------------------------


def add_session(connection: Connection, session: Session) -> None:
    """Write a session."""
    connection.execute(
        insert(sessions).values(
            session_id=session.session_id,
            account_id=session.account.account_id,
            stage=session.stage.value,
            client=session.client,
            created_at=session.created_at,
            last_used_at=session.last_used_at,
        )
    )


def find_session(connection: Connection, session_id: str) -> Session | None:
    """Find a session that nothing has ended, with its account as it stands now."""
    row = (
        connection.execute(_sessions().where(sessions.c.session_id == session_id))
        .mappings()
        .one_or_none()
    )
    return _session(row) if row else None


def list_sessions(connection: Connection) -> list[Session]:
    """Read all sessions that nothing has ended, the oldest first."""
    rows = connection.execute(_sessions().order_by(sessions.c.created_at)).mappings()
    return [_session(row) for row in rows]


def open_ones(connection: Connection, session_ids: Iterable[str]) -> set[str]:
    """Tell which of some sessions nothing has ended."""
    query = select(sessions.c.session_id).where(
        sessions.c.session_id.in_(list(session_ids)), sessions.c.ended_at.is_(None)
    )
    return {str(row[0]) for row in connection.execute(query)}


def use_session(connection: Connection, session_id: str, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(
        update(sessions).where(sessions.c.session_id == session_id).values(last_used_at=at)
    )


def end_session(connection: Connection, session_id: str, at: datetime, why: Ending) -> bool:
    """End one session; tell whether it was open."""
    return _end(connection, sessions.c.session_id == session_id, at, why) > 0


def end_sessions_of(
    connection: Connection, account_id: int, at: datetime, why: Ending, but: str = ""
) -> int:
    """End all sessions of an account but one; give their number."""
    mine = (sessions.c.account_id == account_id) & (sessions.c.session_id != but)
    return _end(connection, mine, at, why)


# failures ----------------------------------------------------------------------------------


def failures_of(connection: Connection, name_digest: str) -> Failures:
    """Read the failed attempts in a row for a typed name."""
    query = select(sign_in_failures.c.count, sign_in_failures.c.last_at)
    row = connection.execute(query.where(sign_in_failures.c.name_digest == name_digest)).first()
    return Failures(int(row[0]), row[1]) if row else Failures()


def put_failures(connection: Connection, name_digest: str, failures: Failures) -> None:
    """Write the failed attempts in a row for a typed name; none forgets them."""
    mine = sign_in_failures.c.name_digest == name_digest
    connection.execute(delete(sign_in_failures).where(mine))
    if failures.count:
        connection.execute(
            insert(sign_in_failures).values(
                name_digest=name_digest, count=failures.count, last_at=failures.last_at
            )
        )


def prune_failures(
    connection: Connection, before: datetime, kept: Iterable[str], most: int
) -> None:
    """Remove failures that no longer count, and the oldest of names without an account."""
    mine, last_at = sign_in_failures.c.name_digest, sign_in_failures.c.last_at
    connection.execute(delete(sign_in_failures).where(last_at < before))
    others = select(mine).where(mine.not_in(list(kept))).order_by(last_at.desc()).offset(most)
    surplus = [row[0] for row in connection.execute(others.limit(most))]
    connection.execute(delete(sign_in_failures).where(mine.in_(surplus)))


def is_stopped(connection: Connection, reference: str) -> bool:
    """Tell whether what a session began may not be kept any more.

    So it is once its account was disabled or changed; a sign-out or an idle end stops nothing that
    was begun before.
    """
    is_changed = sessions.c.ending == Ending.ACCOUNT_CHANGED.value
    query = (
        select(sessions.c.session_id)
        .join(accounts)
        .where(sessions.c.session_id.startswith(reference, autoescape=True))
        .where(is_changed | accounts.c.is_disabled.is_(True))
    )
    return connection.execute(query).first() is not None


def count_accounts(connection: Connection) -> int:
    """Count the accounts that are not disabled."""
    query = select(func.count()).where(accounts.c.is_disabled.is_(False))
    return int(connection.execute(query).scalar_one())


def _sessions() -> Select[Any]:
    mine = [column for column in sessions.columns if column.name != "account_id"]
    return select(*_ACCOUNT, *mine).join(sessions).where(sessions.c.ended_at.is_(None))


def _end(connection: Connection, which: Any, at: datetime, why: Ending) -> int:  # noqa: ANN401
    result = connection.execute(
        update(sessions)
        .where(which, sessions.c.ended_at.is_(None))
        .values(ended_at=at, ending=why.value)
    )
    return result.rowcount


def _one(connection: Connection, query: Select[Any]) -> Account | None:
    row = connection.execute(query).mappings().one_or_none()
    return _account(row) if row else None


def _account(row: RowMapping) -> Account:
    values = {column.name: row[column] for column in _ACCOUNT}
    values["roles"] = frozenset(UserRole(role) for role in values["roles"])
    values["districts"] = frozenset(values["districts"])
    return Account(**values)


def _session(row: RowMapping) -> Session:
    return Session(
        row[sessions.c.session_id],
        _account(row),
        SignInStage(row[sessions.c.stage]),
        row[sessions.c.client],
        row[sessions.c.created_at],
        row[sessions.c.last_used_at],
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Write sets as sorted lists, for JSON."""
    return {
        name: sorted(value) if isinstance(value, (set, frozenset)) else value
        for name, value in values.items()
    }
