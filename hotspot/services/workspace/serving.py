"""Let one server at a time serve a workspace: what waits and what is counted is in its memory."""

from __future__ import annotations

from filelock import FileLock, Timeout

from hotspot.errors import StoreError
from hotspot.services.workspace.folder import Workspace

_LOCK = "server.lock"


def serve_alone(workspace: Workspace) -> FileLock:
    """Take the workspace for this process, as long as what is returned is held.

    The operating system gives it free when the process ends, however that ends.

    Raises
    ------
    StoreError
        Another server has it.
    """
    lock = FileLock(workspace.folder / _LOCK, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        message = (
            f"{workspace.folder} is served already; one server at a time serves a workspace. Stop "
            "the other one first."
        )
        raise StoreError(message) from error
    except OSError as error:
        message = f"{workspace.folder} cannot be written ({error.strerror}); it cannot be served."
        raise StoreError(message) from error
    return lock


def refuse_while_served(workspace: Workspace) -> None:
    """Refuse what changes the ground under a running server.

    Raises
    ------
    StoreError
        A server runs; stop it first.
    """
    serve_alone(workspace).release()
