"""What the gate's pages need of the rest of the house: `app.py` hands it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hotspot.access.accounts import Account
from hotspot.access.actor import Actor
from hotspot.access.sessions import Session
from hotspot.server.gate import SessionKeeper
from hotspot.server.sign_on import SignOnClient


class Admitted(Protocol):
    """What a step of signing in gives."""

    @property
    def token(self) -> str:
        """The new token."""
        ...

    @property
    def session(self) -> Session:
        """Its session."""
        ...


class Doorkeeper(SessionKeeper, Protocol):
    """What the gate's pages need (`services.doorkeeper.Doorkeeper`)."""

    def sign_in(self, name: str, password: str, client: str) -> Admitted: ...  # noqa: D102
    def give_code(self, token: str, code: str, client: str) -> Admitted: ...  # noqa: D102
    def sign_in_as_demo(self, name: str, client: str) -> Admitted: ...  # noqa: D102
    def demo_people(self) -> list[Account]: ...  # noqa: D102
    def new_second_factor(self, session: Session) -> str: ...  # noqa: D102
    def set_second_factor(  # noqa: D102
        self, token: str, code: str, password: str, client: str
    ) -> Admitted: ...
    def change_password(self, token: str, old: str, new: str, client: str) -> Admitted: ...  # noqa: D102
    def sign_out(self, token: str) -> None: ...  # noqa: D102
    def sign_out_others(self, token: str) -> int: ...  # noqa: D102
    def seconds_left(self, session: Session) -> int: ...  # noqa: D102
    def is_healthy(self) -> bool: ...  # noqa: D102


class CollectedFile(Protocol):
    """A file that leaves."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def media_type(self) -> str: ...  # noqa: D102
    @property
    def content(self) -> bytes: ...  # noqa: D102


@dataclass(frozen=True)
class Desk:
    """What the pages show and hand out.

    Attributes
    ----------
    name, marking
        Name of the workspace and its protective marking.
    collect
        Hands a prepared file to an actor for a ticket.
    sign_on
        Single sign-on, if any.
    secret
        Signs the short-lived cookie of single sign-on.
    blank_after
        Seconds without a key or a movement after which a projected meeting goes blank.
    """

    name: str
    marking: str
    collect: Callable[[Actor, str], CollectedFile]
    sign_on: SignOnClient | None
    secret: str
    blank_after: float = 180.0
