"""Change the key of the children's pseudonyms without losing who is who from file to file."""

from __future__ import annotations

import secrets
from pathlib import Path

from polars.exceptions import PolarsError

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import HotspotError, StoreError
from hotspot.intake.fields.pseudonyms import wrapped
from hotspot.services.workspace.folder import Workspace, permit, sweep_leftovers, work_on
from hotspot.services.workspace.keys import KEY_BYTES, PSEUDONYMS, check_of, write_next_chain
from hotspot.services.workspace.serving import refuse_while_served
from hotspot.store import datasets
from hotspot.store.facts import PSEUDONYM_CHECK, read_fact, write_fact
from hotspot.store.record_files import RecordFile, children_in, rewrite_children
from hotspot.store.unit_of_work import UnitOfWork, reading


def rotate_pseudonyms(workspace: Workspace, actor: Actor) -> int:
    """Wrap every child's pseudonym under a further key, and give how many there were.

    The stored files are written anew beside the old ones; then the database lists the new ones and
    knows the longer chain of keys, in one transaction; then the key file takes its place. Cut off
    at any point, the next start finishes or undoes it. The chain keeps the older keys, since a
    reference goes through all of them: what a rotation protects against is older copies of the
    records being matched with new ones.

    Raises
    ------
    StoreError
        A file cannot be read or written; nothing was changed.
    """
    permit(workspace, actor, Operation.ROTATE_PSEUDONYMS)
    refuse_while_served(workspace)
    new_key = secrets.token_bytes(KEY_BYTES)
    chain = (*workspace.keys.pseudonyms, new_key)
    folder = workspace.folder / "secrets"
    sweep_leftovers(workspace)
    following = write_next_chain(folder, chain)
    try:
        with work_on(workspace, actor, Operation.ROTATE_PSEUDONYMS) as work:
            count = _wrap_all(workspace, work, new_key)
            write_fact(work.connection, PSEUDONYM_CHECK, check_of(chain))
            work.log("pseudonyms", rows=count, shape={"keys": len(chain)})
    except (OSError, PolarsError) as error:
        following.unlink(missing_ok=True)
        said = getattr(error, "strerror", None) or type(error).__name__
        message = f"The records cannot be written anew ({said}); nothing was changed."
        raise StoreError(message) from error
    except HotspotError:
        _take_back(workspace, following, chain)
        raise
    following.replace(folder / PSEUDONYMS)
    return count


def _wrap_all(workspace: Workspace, work: UnitOfWork, new_key: bytes) -> int:
    """Write every file of records anew under a further key; give the number of pseudonyms."""
    files = datasets.every_record_file(work.connection)
    old = files["path"].tolist()
    children = children_in(workspace.records, old)
    renamed = {child: wrapped(child, new_key) for child in sorted(children)}
    if len(set(renamed.values())) != len(renamed):
        message = "Two pseudonyms would become one; nothing was changed. Rotate again."
        raise StoreError(message)
    for row in files.drop(columns="import_id").to_dict("records"):
        file = RecordFile(**{str(name): value for name, value in row.items()})
        new = rewrite_children(workspace.records, file, renamed, work.files)
        datasets.replace_record_file(work.connection, file.path, new)
    if work.files is not None:
        work.files.replaces(*(workspace.records / path for path in old))
    return len(renamed)


def _take_back(workspace: Workspace, following: Path, chain: tuple[bytes, ...]) -> None:
    """Remove the longer chain of keys, unless the database knows it after all."""
    with reading(workspace.engine) as connection:
        known = read_fact(connection, PSEUDONYM_CHECK)
    if known != check_of(chain):
        following.unlink(missing_ok=True)
