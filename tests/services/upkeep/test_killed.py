"""A process that is killed in the middle of its writes: nothing that was acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from hotspot.access.actor import Actor
from hotspot.services.actions import lists, recording
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, SHELL, an_action, run_of

ROOT = Path(__file__).resolve().parents[3]
WRITER = """
import sys
from pathlib import Path
from hotspot.services.actions import recording
from hotspot.services.workspace.folder import open_workspace
from tests.helpers import FORCE, SHELL, an_action, run_of

workspace = open_workspace(Path(sys.argv[1]))
run, first = run_of(workspace, SHELL), int(sys.argv[2])
print("ready", flush=True)
for number in range(first, 100_000):
    recording.record_action(workspace, SHELL, an_action(f"write {number}"), run, "H-01", FORCE)
    print(number, flush=True)
"""


def killed_after(folder: Path, first: int, acknowledged: int) -> int:
    """Let a process write, kill it in the middle, and give the last number it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for _ in range(acknowledged):
        assert process.stdout.readline().strip()
    process.kill()
    rest = process.stdout.read().split()
    process.wait()
    return int(rest[-1]) if rest else first + acknowledged - 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("writes", "kills"), [(40, 2), pytest.param(1000, 20, marks=pytest.mark.soak)]
)
def test_what_was_acknowledged_is_there_after_a_kill(
    demo: Workspace, lead: Actor, writes: int, kills: int
) -> None:
    rng, last = random.Random(1), -1
    for _ in range(kills):
        last = killed_after(demo.folder, last + 1, max(1, writes // kills + rng.randint(-3, 3)))
        listed = set(lists.list_actions(demo, lead)["command_id"])
        assert {f"write {number}" for number in range(last + 1)} <= listed
        assert len(listed) <= last + 2  # the one in the middle is there whole, or not at all
        if f"write {last + 1}" in listed:
            last += 1
    actions = lists.list_actions(demo, lead)
    assert all(
        recording.history_of(demo, lead, int(number))["event"].tolist() == ["recorded"]
        for number in actions["action_id"].sample(10, random_state=1)
    )
    again = an_action(f"write {last}")
    assert not recording.record_action(
        demo, SHELL, again, run_of(demo, SHELL), "H-01", FORCE
    ).is_new
    assert log.verify_log(demo, SHELL).problems == []
