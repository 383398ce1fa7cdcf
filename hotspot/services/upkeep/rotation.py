"""Change the key of the children's pseudonyms without losing who is who from file to file."""

from __future__ import annotations

import secrets

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation
from hotspot.errors import StoreError
from hotspot.intake.fields.pseudonyms import wrapped
from hotspot.services.workspace.folder import Workspace, permit, work_on
from hotspot.services.workspace.keys import KEY_BYTES, PSEUDONYMS, check_of, write_next_chain
from hotspot.store import datasets
from hotspot.store.facts import PSEUDONYM_CHECK, write_fact
from hotspot.store.record_files import RecordFile, children_in, remove_file, rewrite_children


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
    new_key = secrets.token_bytes(KEY_BYTES)
    chain = (*workspace.keys.pseudonyms, new_key)
    folder = workspace.folder / "secrets"
    following = write_next_chain(folder, chain)
    old: list[str] = []
    try:
        with work_on(workspace, actor, Operation.ROTATE_PSEUDONYMS) as work:
            files = datasets.every_record_file(work.connection)
            old = files["path"].tolist()
            children = children_in(workspace.records, old)
            renamed = {child: wrapped(child, new_key) for child in sorted(children)}
            if len(set(renamed.values())) != len(renamed):
                message = "Two pseudonyms would become one; nothing was changed. Rotate again."
                raise StoreError(message)
            for row in files.drop(columns="import_id").to_dict("records"):
                file = RecordFile(**{str(name): value for name, value in row.items()})
                new = rewrite_children(workspace.records, file, renamed)
                datasets.replace_record_file(work.connection, file.path, new)
            write_fact(work.connection, PSEUDONYM_CHECK, check_of(chain))
            work.log("pseudonyms", rows=len(renamed), shape={"keys": len(chain)})
    except OSError as error:
        message = f"The records cannot be written anew ({error.strerror}); nothing was changed."
        raise StoreError(message) from error
    following.replace(folder / PSEUDONYMS)
    for path in old:
        remove_file(workspace.records, path)
    return len(renamed)
