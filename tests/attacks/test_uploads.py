"""Uploads without an end, by one and by many, and files that wait for ever."""

from __future__ import annotations

import asyncio
import contextlib
import io
import threading

import pytest

from hotspot.errors import InputError
from hotspot.server import bounds as bounds_module
from hotspot.server.bounds import (
    TOGETHER_AT_ONCE,
    UPLOADED_WITHIN_S,
    UPLOADS_AT_ONCE,
    Bounds,
    TooMuchError,
    TooSlowError,
    within,
)
from hotspot.server.headers import Message
from hotspot.services.records import uploads
from hotspot.services.workspace.folder import Workspace
from tests.helpers import run_apart


async def upload(
    bounds: Bounds, parts: list[bytes], gate: asyncio.Event, account_id: int = 1
) -> int:
    """Send one upload to the gate's counting, part by part, and give what was taken."""
    left = list(parts)

    async def receive() -> Message:
        await gate.wait()
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    taken = 0
    with bounds.upload(account_id) as count:
        heard = within(receive, 5, count)
        while True:
            message = await heard()
            taken += len(message["body"])
            if not message["more_body"]:
                return taken


def test_an_account_sends_two_files_at_once_and_no_more() -> None:
    """From however many sessions: two of them once sent four."""

    async def attempt() -> None:
        bounds, gate = Bounds(), asyncio.Event()
        held = [asyncio.create_task(upload(bounds, [b"x"], gate)) for _ in range(UPLOADS_AT_ONCE)]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchError):
            await upload(bounds, [b"x"], gate)
        gate.set()
        assert await asyncio.gather(*held) == [1] * UPLOADS_AT_ONCE
        assert await upload(bounds, [b"x"], gate) == 1

    run_apart(attempt())


def test_an_upload_is_counted_as_it_comes_whatever_length_it_named() -> None:
    part = b"x" * (16 << 20)

    async def attempt() -> None:
        bounds, gate = Bounds(), asyncio.Event()
        gate.set()
        with pytest.raises(TooMuchError):
            await upload(bounds, [part] * 20, gate)
        for _ in range(5):
            with contextlib.suppress(TooMuchError):
                await upload(bounds, [part] * 12, gate)
        with pytest.raises(TooMuchError):
            await upload(bounds, [part], gate)

    run_apart(attempt())


def test_all_accounts_together_send_so_much_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds_module, "TOGETHER_BYTES", 40)
    part = b"x" * 10

    async def attempt() -> None:
        bounds, gate = Bounds(), asyncio.Event()
        held = [
            asyncio.create_task(upload(bounds, [part], gate, n)) for n in range(TOGETHER_AT_ONCE)
        ]
        await asyncio.sleep(0)
        with pytest.raises(TooMuchError):
            await upload(bounds, [part], gate, TOGETHER_AT_ONCE)
        gate.set()
        done = await asyncio.gather(*held, return_exceptions=True)
        assert done.count(10) == 4
        assert sum(isinstance(one, TooMuchError) for one in done) == TOGETHER_AT_ONCE - 4

    run_apart(attempt())


def test_what_was_sent_is_forgotten_when_it_counts_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing out and in again is no new sum: it flows back with time alone."""
    monkeypatch.setattr(bounds_module, "UPLOADED_BYTES", 30)

    async def attempt() -> None:
        later = 0.0
        bounds, gate = Bounds(lambda: later), asyncio.Event()
        gate.set()
        assert await upload(bounds, [b"x" * 30], gate) == 30
        bounds.forget()
        with pytest.raises(TooMuchError):
            await upload(bounds, [b"x"], gate)
        assert await upload(bounds, [b"x"], gate, 2) == 1
        later = 2 * UPLOADED_WITHIN_S
        bounds.forget()
        assert await upload(bounds, [b"x" * 30], gate) == 30

    run_apart(attempt())


def test_what_waits_in_a_workspace_is_bounded_together(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_TOGETHER_BYTES", 100)
    first = uploads.keep_upload(workspace, "a.csv", io.BytesIO(b"x" * 60))
    for size in (41, 60, 1000):
        with pytest.raises(InputError, match="give them up; what nobody comes back for"):
            uploads.keep_upload(workspace, "b.csv", io.BytesIO(b"x" * size))
        assert [one.name for one in workspace.uploads.iterdir()] == [first.path.name]
    uploads.keep_upload(workspace, "c.csv", io.BytesIO(b"x" * 40))
    uploads.drop_upload(first)
    uploads.keep_upload(workspace, "d.csv", io.BytesIO(b"x" * 60))


def test_files_that_come_at_once_do_not_find_the_same_room(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_TOGETHER_BYTES", 100)
    kept = []

    def send() -> None:
        with contextlib.suppress(InputError):
            kept.append(uploads.keep_upload(workspace, "a.csv", io.BytesIO(b"x" * 40)))

    senders = [threading.Thread(target=send) for _ in range(12)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()
    assert len(kept) == 2
    assert sum(one.stat().st_size for one in workspace.uploads.iterdir()) == 80


def test_an_upload_that_does_not_go_on_is_given_up() -> None:
    async def never() -> Message:
        await asyncio.sleep(60)
        return {}

    async def attempt() -> None:
        with pytest.raises(TooSlowError):
            await within(never, 0.05)()

    run_apart(attempt())
