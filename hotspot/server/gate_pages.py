"""The gate's own pages: sign-in and its second step, one's own account, sign-out, exports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import segno
from anyio import to_thread
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from hotspot.access.accounts import second_factor_address
from hotspot.access.actor import Actor
from hotspot.access.sessions import Session, SignInStage
from hotspot.errors import HotspotError, NotFoundError, SignInRefusedError
from hotspot.schema import how_many
from hotspot.server.doorway import ASKING, SIGNING_IN, Doorway, FullError
from hotspot.server.gate import House, client_of, local_path
from hotspot.server.gate_forms import new_password_of, read_form, text_of
from hotspot.server.gate_screens import FOLDER, SAID, STEP_COOKIE, STEP_SECONDS, Screens, roles_text
from hotspot.server.sign_on import SignOnClient
from hotspot.services.people.doorkeeper import Doorkeeper
from hotspot.services.people.session_book import Admission
from hotspot.services.workspace.exports import ExportFile

_ASSETS = {"style.css": "text/css", "watch.js": "text/javascript"}


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
    collect: Callable[[Actor, str], ExportFile]
    sign_on: SignOnClient | None
    secret: str
    blank_after: float = 180.0


def make_pages(door: Doorkeeper, house: House, desk: Desk, *more: Route) -> Starlette:
    """Make the application that serves the gate's pages, and some more."""
    pages = _GatePages(door, house, desk)
    routes = [
        Route("/health", pages.health),
        Route("/gate/sign-in", pages.sign_in, methods=["GET", "POST"]),
        Route("/gate/demo", pages.demo, methods=["POST"]),
        Route("/gate/step", pages.step, methods=["GET", "POST"]),
        Route("/gate/account", pages.account, methods=["GET", "POST"]),
        Route("/gate/sign-out", pages.sign_out, methods=["GET", "POST"]),
        Route("/gate/state", pages.state),
        Route("/gate/stay", pages.stay, methods=["POST"]),
        Route("/gate/sso", pages.sign_on),
        Route("/gate/sso/return", pages.sign_on_return),
        Route("/gate/{asset}", pages.asset),
        Route("/export/{ticket}", pages.export),
        *more,
    ]
    cookie = Middleware(
        SessionMiddleware,
        secret_key=desk.secret,
        session_cookie="hotspot_sso",
        path="/gate",
        max_age=STEP_SECONDS,
        same_site="lax",
        https_only=house.is_tls,
    )
    handlers: dict[Any, Any] = {HotspotError: pages.refuse, FullError: pages.full}
    return Starlette(routes=routes, middleware=[cookie], exception_handlers=handlers)


class _GatePages:
    def __init__(self, door: Doorkeeper, house: House, desk: Desk) -> None:
        self._door = door
        self._house = house
        self._desk = desk
        self._screens = Screens(house, desk.name, desk.marking)
        self._entering, self._asking = Doorway(SIGNING_IN), Doorway(ASKING)
        self._assets = {name: (FOLDER / name).read_bytes() for name in _ASSETS}

    # signing in ----------------------------------------------------------------------------

    async def sign_in(self, request: Request) -> Response:
        if request.method == "GET":
            return await self._sign_in_page(request, request.query_params.get("next", "/"))
        form = await read_form(self._house, request)
        wanted = text_of(form, "next")
        try:
            admitted = await self._entering.run(
                client_of(request),
                self._door.sign_in,
                text_of(form, "name"),
                text_of(form, "password"),
                client_of(request),
            )
        except SignInRefusedError as error:
            return await self._sign_in_page(request, wanted, str(error))
        return self._screens.let_in(admitted, wanted)

    async def demo(self, request: Request) -> Response:
        form = await read_form(self._house, request)
        person, wanted = text_of(form, "person"), text_of(form, "next")
        try:
            admitted = await self._entering.run(
                client_of(request), self._door.sign_in_as_demo, person, client_of(request)
            )
        except SignInRefusedError as error:
            return await self._sign_in_page(request, wanted, str(error))
        return self._screens.let_in(admitted, wanted)

    async def step(self, request: Request) -> Response:
        token = request.cookies.get(STEP_COOKIE, "")
        session = await self._find(request, token)
        if session is None or session.stage is SignInStage.OPEN:
            return RedirectResponse("/gate/sign-in?said=over", 303)
        if request.method == "GET":
            return self._step_page(session, request.query_params.get("next", "/"))
        form = await read_form(self._house, request)
        wanted = text_of(form, "next")
        try:
            admitted = await self._entering.run(
                client_of(request), self._take_step, session, token, form, request
            )
        except HotspotError as error:
            return self._step_page(session, wanted, str(error))
        return self._screens.let_in(admitted, wanted)

    def _take_step(
        self, session: Session, token: str, form: FormData, request: Request
    ) -> Admission:
        client = client_of(request)
        if session.stage is SignInStage.NEEDS_CODE:
            return self._door.give_code(token, text_of(form, "code"), client)
        if session.stage is SignInStage.NEEDS_SECOND_FACTOR:
            return self._door.set_second_factor(token, text_of(form, "code"), "", client)
        old, new = text_of(form, "old"), new_password_of(form)
        return self._door.change_password(token, old, new, client)

    async def sign_on(self, request: Request) -> Response:
        if self._desk.sign_on is None:
            return PlainTextResponse("Not found.", 404)
        wanted = local_path(request.query_params.get("next", "/"))
        request.session["next"] = wanted
        try:
            return await self._desk.sign_on.start(request, self._own_address(request))
        except SignInRefusedError as error:
            return await self._sign_in_page(request, wanted, str(error))

    async def sign_on_return(self, request: Request) -> Response:
        if self._desk.sign_on is None:
            return PlainTextResponse("Not found.", 404)
        wanted = str(request.session.pop("next", "/"))
        try:
            admitted = await self._desk.sign_on.finish(request, client_of(request))
        except SignInRefusedError as error:
            return await self._sign_in_page(request, wanted, str(error))
        return self._screens.let_in(admitted, wanted)

    # signed in -----------------------------------------------------------------------------

    async def account(self, request: Request) -> Response:
        token = self._house.token_of(request)
        session = await self._open_session(request)
        if session is None:
            return RedirectResponse("/gate/sign-in?next=/", 303)
        if request.method == "GET":
            return self._account_page(session)
        form = await read_form(self._house, request)
        try:
            step = self._change_account
            said, admitted = await self._entering.run(
                client_of(request), step, token, form, client_of(request)
            )
        except HotspotError as error:
            return self._account_page(session, error=str(error))
        if admitted is None:
            return self._account_page(session, said=said)
        response = self._account_page(admitted.session, said=said)
        self._screens.set_cookie(response, admitted.token)
        return response

    def _change_account(
        self, token: str, form: FormData, client: str
    ) -> tuple[str, Admission | None]:
        """Do what a form of the account page asks for."""
        wanted, old = text_of(form, "do"), text_of(form, "old")
        if wanted == "password":
            changed = self._door.change_password(token, old, new_password_of(form), client)
            return "Your password is changed. Your other sessions have ended.", changed
        if wanted == "second factor":
            changed = self._door.set_second_factor(token, text_of(form, "code"), old, client)
            return "Your second factor is set up. Your other sessions have ended.", changed
        return f"{how_many(self._door.sign_out_others(token), 'other session')} ended.", None

    async def sign_out(self, request: Request) -> Response:
        if request.method == "GET":
            return self._screens.show("sign_out.html")
        await read_form(self._house, request)
        await to_thread.run_sync(self._door.sign_out, self._house.token_of(request))
        return self._screens.let_out()

    async def state(self, request: Request) -> Response:
        session = await self._open_session(request)
        if session is None:
            return JSONResponse({"open": False}, 401)
        left = await to_thread.run_sync(self._door.seconds_left, session)
        return JSONResponse({"seconds_left": left, "blank_after": self._desk.blank_after})

    async def stay(self, request: Request) -> Response:
        session = await self._open_session(request)
        if session is None or not self._house.is_own_form(request.headers):
            return JSONResponse({"open": False}, 401)
        await to_thread.run_sync(self._door.use, session)
        return await self.state(request)

    async def export(self, request: Request) -> Response:
        session = await self._open_session(request)
        if session is None:
            return RedirectResponse("/gate/sign-in", 303)
        try:
            file = await to_thread.run_sync(
                self._desk.collect, session.actor, request.path_params["ticket"]
            )
        except NotFoundError as error:
            return self._screens.message("No such file", str(error), 410)
        except HotspotError as error:
            return self._screens.message("Not allowed", str(error), 403)
        as_file = {"content-disposition": f'attachment; filename="{file.name}"'}
        return Response(file.content, media_type=file.media_type, headers=as_file)

    async def refuse(self, _request: Request, error: Exception) -> Response:
        return self._screens.message("Not done", str(error), 403)

    async def full(self, request: Request, _error: Exception) -> Response:
        """Say that the door is full: nothing was looked at, and nothing is counted."""
        self._door.turned_away(client_of(request))
        text = (
            "Many are at the door just now, and you were not looked at. Wait a moment, try again."
        )
        answer = self._screens.message("Not now", text, 503)
        answer.headers.update({"retry-after": "2", "connection": "close"})
        return answer

    async def health(self, request: Request) -> Response:
        is_healthy = await self._asking.run(client_of(request), self._door.is_healthy)
        return PlainTextResponse("ok" if is_healthy else "database", 200 if is_healthy else 503)

    async def asset(self, request: Request) -> Response:
        name = request.path_params["asset"]
        if name not in _ASSETS:
            return PlainTextResponse("Not found.", 404)
        return Response(self._assets[name], media_type=_ASSETS[name])

    # within --------------------------------------------------------------------------------

    async def _open_session(self, request: Request) -> Session | None:
        session = await self._find(request, self._house.token_of(request))
        return session if session is not None and session.stage is SignInStage.OPEN else None

    async def _find(self, request: Request, token: str) -> Session | None:
        """Find a session: one that was open lately in the threads of sessions, others apart."""
        if not token:
            return None
        if self._door.knows(token):
            return await to_thread.run_sync(self._door.session_of, token)
        return await self._asking.run(client_of(request), self._door.session_of, token)

    async def _sign_in_page(self, request: Request, wanted: str, error: str = "") -> Response:
        people = await self._asking.run(client_of(request), self._door.demo_people)
        sign_on = self._desk.sign_on
        return self._screens.show(
            "sign_in.html",
            401 if error else 200,
            error=error,
            said=SAID.get(request.query_params.get("said", ""), ""),
            next=local_path(wanted),
            people=[(a.name, a.shown_as, roles_text(a)) for a in people],
            sign_on=sign_on.label if sign_on else "",
        )

    def _step_page(self, session: Session, wanted: str, error: str = "") -> Response:
        new_secret = session.stage is SignInStage.NEEDS_SECOND_FACTOR
        return self._screens.show(
            "step.html",
            401 if error else 200,
            error=error,
            next=local_path(wanted),
            stage=session.stage.value,
            **(self._new_secret(session) if new_secret else {"code_image": "", "secret": ""}),
        )

    def _account_page(self, session: Session, *, said: str = "", error: str = "") -> Response:
        account = session.account
        has_password = account.password_hash is not None
        return self._screens.show(
            "account.html",
            400 if error else 200,
            said=said,
            error=error,
            account=account,
            roles=roles_text(account),
            districts=", ".join(sorted(account.districts)),
            has_password=has_password,
            **(self._new_secret(session) if has_password else {"code_image": "", "secret": ""}),
        )

    def _new_secret(self, session: Session) -> dict[str, str]:
        secret = self._door.new_second_factor(session)
        address = second_factor_address(secret, session.account.name)
        return {"code_image": segno.make(address).svg_data_uri(scale=5), "secret": secret}

    def _own_address(self, request: Request) -> str:
        scheme = "https" if self._house.is_tls else "http"
        return f"{scheme}://{request.headers['host']}/gate/sso/return"
