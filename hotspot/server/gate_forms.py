"""The forms of the gate's pages: small, from a page of this house, and of text alone."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from hotspot.errors import InputError
from hotspot.server.gate import House

MAX_FORM_BYTES = 16_384


async def read_form(house: House, request: Request) -> FormData:
    """Read a small form that a page of this house has sent.

    Raises
    ------
    HTTPException
        It comes from elsewhere, or is too big or of no said length.
    """
    if not house.is_own_form(request.headers):
        raise HTTPException(403, "Not from this site.")
    if int(request.headers.get("content-length") or MAX_FORM_BYTES + 1) > MAX_FORM_BYTES:
        raise HTTPException(413, "Too much.")
    return await request.form(max_files=0, max_fields=20)


def text_of(form: FormData, field: str) -> str:
    """Return the text of a field; empty where there is none."""
    value = form.get(field, "")
    return value if isinstance(value, str) else ""


def new_password_of(form: FormData) -> str:
    """Return a new password that was typed twice.

    Raises
    ------
    InputError
        The two differ.
    """
    new = text_of(form, "new")
    if new != text_of(form, "again"):
        message = "The two new passwords differ; type the new one twice."
        raise InputError(message)
    return new
