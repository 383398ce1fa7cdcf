"""Many people at once: nobody's action is lost, and the second of two editors is told."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hotspot.access.actor import Actor, UserRole
from hotspot.disruption.ladders import ActionState
from hotspot.errors import ConflictError
from hotspot.services.actions import lists, recording
from hotspot.services.actions.changes import change_action
from hotspot.services.upkeep import log
from hotspot.services.workspace.folder import Workspace
from tests.helpers import FORCE, SHELL, an_action, run_of


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("users", "each"), [(8, 5), pytest.param(50, 200, marks=pytest.mark.soak)])
def test_everybody_records_and_nobody_loses_anything(
    demo: Workspace, lead: Actor, users: int, each: int
) -> None:
    run = run_of(demo, lead)
    start = threading.Barrier(users)

    def work(user: int) -> int:
        actor = Actor(f"user {user}", frozenset({UserRole.DISRUPTION_LEAD}))
        start.wait()
        new = 0
        for n in range(each):
            command = an_action(f"{user} {n}", owner=f"user {user}")
            key = f"H-0{user % 8 + 1}" if f"H-0{user % 8 + 1}" in keys else "H-01"
            new += recording.record_action(demo, actor, command, run, key, FORCE).is_new
            new += recording.record_action(
                demo, actor, command, run, key, FORCE
            ).is_new  # sent twice
        return new

    keys = set(run.hotspots["key"])
    with ThreadPoolExecutor(users) as pool:
        assert list(pool.map(work, range(users))) == [each] * users
    listed = lists.list_actions(demo, lead)
    assert listed["owner"].value_counts().to_dict() == {f"user {n}": each for n in range(users)}
    assert listed["command_id"].is_unique
    assert log.verify_log(demo, SHELL).problems == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("editors", [6, pytest.param(50, marks=pytest.mark.soak)])
def test_of_many_editors_of_one_action_one_is_first_and_all_others_are_told(
    demo: Workspace, lead: Actor, editors: int
) -> None:
    run = run_of(demo, lead)
    number = recording.record_action(demo, lead, an_action(), run, "H-01", FORCE).action_id
    start = threading.Barrier(editors)

    def edit(user: int) -> str:
        actor = Actor(f"user {user}", frozenset({UserRole.DISRUPTION_LEAD}))
        start.wait()
        try:
            change_action(demo, actor, number, 1, ActionState.UNDERWAY, f"by {user}")
        except ConflictError as error:
            return str(error)
        return "saved"

    with ThreadPoolExecutor(editors) as pool:
        said = list(pool.map(edit, range(editors)))
    assert said.count("saved") == 1
    assert all("it is now 'underway'. Look again." in one for one in said if one != "saved")
    history = recording.history_of(demo, lead, number)
    assert history["event"].tolist() == ["recorded", "state changed"]
    assert history["note"].iloc[1] == f"by {said.index('saved')}"
