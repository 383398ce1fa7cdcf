"""Bad inputs N94 and N95, and an import that is given up: disks and users at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hotspot import InputError
from hotspot.access.actor import Actor
from hotspot.services.hotspots import runs
from hotspot.services.records import datasets, imports
from hotspot.services.workspace import jobs
from hotspot.services.workspace.folder import Workspace
from tests.intake.cases import (
    INCIDENT,
    case,
    numbered,
    text_of,
)

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from hotspot.services.records.imports import import_files
from hotspot.services.workspace.folder import open_workspace
from hotspot.errors import StoreError
from tests.helpers import SHELL
from hotspot.intake.files.sandbox import SANDBOX
workspace = open_workspace(Path(sys.argv[1]))
SANDBOX.run("warm", len, "x")
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    import_files(workspace, SHELL, "incidents", [Path(sys.argv[2])])
except StoreError as error:
    print("REFUSED", error)
"""


@pytest.mark.slow
@case("N94")
def test_a_full_disk_leaves_nothing_half_imported(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "i.csv"
    path.write_text(text_of(*numbered(2000, INCIDENT, Easting=lambda n: f"{380_000 + n}")))
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(workspace.folder), str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert "REFUSED" in done.stdout, done.stderr
    assert "nothing was" in done.stdout
    assert runs.holdings(workspace).sources == ()
    assert datasets.list_datasets(workspace, analyst).empty
    report = imports.import_files(workspace, analyst, "incidents", [path])
    assert report.balance.used == 2000


@case("N95")
def test_two_imports_of_the_same_rows_at_once_count_them_once(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{n}.csv" for n in range(4)]
    for path in paths:
        path.write_text(text_of(*numbered(50, INCIDENT, Easting=lambda n: f"{380_000 + n}")))
    used: list[int] = []

    def bring(path: Path) -> None:
        used.append(imports.import_files(workspace, analyst, "incidents", [path]).balance.used)

    threads = [threading.Thread(target=bring, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(used) == [0, 0, 0, 50]


@pytest.mark.slow
def test_an_import_that_is_given_up_leaves_nothing(
    workspace: Workspace, analyst: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "i.csv"
    path.write_text(text_of(*numbered(60_000, INCIDENT, Easting=lambda n: f"{380_000 + n % 9999}")))
    job = jobs.start(
        lambda say, stop: imports.import_files(
            workspace, analyst, "incidents", [path], progress=say, cancelled=stop
        )
    )
    while not job.lines:
        time.sleep(0.01)
    job.cancel()
    job.wait(30)
    with pytest.raises(InputError, match="given up"):
        job.outcome()
    assert runs.holdings(workspace).sources == ()
    assert not list(workspace.records.rglob("*.parquet"))
    again = imports.import_files(workspace, analyst, "incidents", [path])
    assert again.balance.used == 60_000
