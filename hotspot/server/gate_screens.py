"""Draw the gate's pages from their templates, and set or take away its cookies."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hotspot.access.accounts import Account
from hotspot.access.actor import ROLE_LABELS
from hotspot.access.sessions import PENDING_FOR, SignInStage
from hotspot.server.gate import House, local_path
from hotspot.services.people.session_book import Admission

FOLDER = Path(__file__).parent / "pages"
STEP_COOKIE = "hotspot_step"
STEP_SECONDS = int(PENDING_FOR.total_seconds())

_TEMPLATES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
"""Every value is escaped; texts of users are values, never templates."""
SAID = {
    "out": "You are signed out.",
    "idle": "You were signed out because nothing was done for a while.",
    "over": "Your session is over. Sign in again.",
}
"""What the sign-in page may say, by the word in its address."""


class Screens:
    """Draws the gate's pages.

    Parameters
    ----------
    house
        What the gate stands before.
    name, marking
        Name of the workspace and its protective marking.
    """

    def __init__(self, house: House, name: str, marking: str) -> None:
        self._house = house
        self._always = {"name": name, "marking": marking}

    def show(self, template: str, status: int = 200, **values: object) -> Response:
        """Draw a page."""
        text = _TEMPLATES.get_template(template).render(**self._always, **values)
        return HTMLResponse(text, status)

    def message(self, title: str, text: str, status: int) -> Response:
        """Draw a page that only says something."""
        return self.show("message.html", status, title=title, text=text)

    def let_in(self, admitted: Admission, wanted: str) -> Response:
        """Set the cookie of a sign-in and lead on: to what was wanted, or to the next step."""
        wanted = local_path(wanted)
        if admitted.session.stage is SignInStage.OPEN:
            response = RedirectResponse(wanted, 303)
            response.delete_cookie(STEP_COOKIE, path="/gate")
            self.set_cookie(response, admitted.token)
            return response
        response = RedirectResponse(f"/gate/step?next={quote(wanted, safe='')}", 303)
        response.set_cookie(
            STEP_COOKIE,
            admitted.token,
            max_age=STEP_SECONDS,
            path="/gate",
            secure=self._house.is_tls,
            httponly=True,
            samesite="lax",
        )
        return response

    def let_out(self) -> Response:
        """Take the cookie away and lead to the sign-in page."""
        response = RedirectResponse("/gate/sign-in?said=out", 303)
        response.delete_cookie(
            self._house.cookie, secure=self._house.is_tls, httponly=True, samesite="lax"
        )
        return response

    def set_cookie(self, response: Response, token: str) -> None:
        """Set the session's cookie; it lives as long as the browser, the session on the server."""
        response.set_cookie(
            self._house.cookie, token, secure=self._house.is_tls, httponly=True, samesite="lax"
        )


def roles_text(account: Account) -> str:
    """Name an account's roles as screens do."""
    return ", ".join(ROLE_LABELS[role] for role in sorted(account.roles))
