"""Answer a calendar that has a private address: its token stands for the sign-in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from hotspot.errors import HotspotError


def calendar_page(read: Callable[[str, str], bytes]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a private address; whatever is wrong with it, it is not found.

    Parameters
    ----------
    read
        Writes the calendar for the token of an address and who asks.
    """

    async def answer(request: Request) -> Response:
        client = request.client.host if request.client else ""
        token = request.path_params["token"]
        try:
            content = await to_thread.run_sync(read, token, client)
        except HotspotError:
            return PlainTextResponse("Not found.", 404)
        return Response(content, media_type="text/calendar")

    return answer
