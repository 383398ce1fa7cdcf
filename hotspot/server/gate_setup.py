"""Put the gate's parts together for the server: what `app.py` stands up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from starlette.routing import Route

from hotspot.access.actor import UserRole
from hotspot.errors import StoreError
from hotspot.server.calendar_page import calendar_page
from hotspot.server.gate import House
from hotspot.server.gate_pages import Desk, make_pages
from hotspot.server.headers import App
from hotspot.server.sign_on import SignOnClient
from hotspot.services.actions.feeds import read_feed
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.people.session_book import SessionBook
from hotspot.services.people.sign_on import admit
from hotspot.services.records.uploads import clear_uploads
from hotspot.services.workspace.exports import collect
from hotspot.services.workspace.folder import Workspace, sweep_leftovers
from hotspot.services.workspace.keys import SIGN_ON_SECRET
from hotspot.settings import SESSION_HEADER

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Front:
    """The gate of one server.

    Attributes
    ----------
    keeper
        Knows the sessions.
    house
        What the gate stands before.
    pages
        The gate's own pages.
    """

    keeper: Doorkeeper
    house: House
    pages: App


def make_front(workspace: Workspace, port: int) -> Front:
    """Make the gate of a workspace that is served on a port of this machine.

    Raises
    ------
    StoreError
        The demonstration is given a public address.
    """
    settings = workspace.settings
    if settings.demo and settings.public_address:
        message = "The demonstration is for this machine only; take public_address away."
        raise StoreError(message)
    public = urlsplit(settings.public_address)
    own = {f"{name}:{port}" for name in THIS_MACHINE}
    house = House(
        hosts=frozenset({public.netloc.lower()} if public.netloc else own),
        is_tls=public.scheme == "https",
        session_header=SESSION_HEADER,
    )
    clear_uploads(workspace)
    sweep_leftovers(workspace)
    keeper = Doorkeeper(workspace)
    desk = Desk(
        name=settings.name,
        marking=settings.marking,
        collect=lambda actor, ticket: collect(workspace, actor, ticket),
        sign_on=sign_on_client(keeper),
        secret=workspace.keys.hide("cookie of single sign-on"),
        blank_after=settings.meeting_blank_minutes * 60,
    )
    answer = calendar_page(
        lambda token, client: read_feed(workspace, token, client, date.today())  # noqa: DTZ011
    )
    calendar = Route("/calendar/{token}.ics", answer)
    return Front(keeper, house, make_pages(keeper, house, desk, calendar))


def sign_on_client(book: SessionBook) -> SignOnClient | None:
    """Make the client of the force's directory; `None` where single sign-on is not set up.

    Raises
    ------
    StoreError
        It is set up, but Hotspot's secret there is missing, or a role is not one of Hotspot's.
    """
    terms = book.workspace.settings.sign_on
    if terms is None:
        return None
    unknown = sorted(set(terms.roles.values()) - set(UserRole))
    if unknown:
        message = f"workspace.json gives the role '{unknown[0]}'; use one of: {', '.join(UserRole)}"
        raise StoreError(message)
    path = book.workspace.folder / "secrets" / SIGN_ON_SECRET
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"Single sign-on is set up, but {path} is missing; put the client secret there."
        raise StoreError(message) from error
    needs_second = frozenset(book.workspace.settings.second_factor_for)
    return SignOnClient(
        terms, secret, needs_second, lambda known, client: admit(book, known, client)
    )
