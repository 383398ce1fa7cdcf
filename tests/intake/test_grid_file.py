"""With a grid file in the workspace's folder the National Grid is turned into degrees by it."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest

from hotspot.intake.places.lookups import GRID_FILE
from tests.conftest import ROOT

SHIFT_S = (0.36, 0.72)
"""Latitude and longitude (west) of the invented shift, in seconds."""
ASKED = """
import sys
from pathlib import Path
from pyproj import Transformer
from hotspot.intake.places.coordinates import use_grid
from hotspot.intake.places.lookups import ReferenceFiles
print(use_grid(ReferenceFiles(Path(sys.argv[1]))))
print(*Transformer.from_crs(27700, 4326, always_xy=True).transform(388000, 347000))
print(*Transformer.from_crs(27700, 4277, always_xy=True).transform(388000, 347000))
"""


def grid_file(south: float, north: float, west: float, east: float) -> bytes:
    """A grid of four nodes in the National Transformation's format (NTv2), one shift everywhere."""
    numbers = {"NUM_OREC": 11, "NUM_SREC": 11, "NUM_FILE": 1}
    head: list[tuple[str, bytes]] = [(k, struct.pack("<i4x", n)) for k, n in numbers.items()]
    words = {"GS_TYPE": "SECONDS", "VERSION": "TEST", "SYSTEM_F": "OSGB36", "SYSTEM_T": "ETRS89"}
    head += [(key, word.ljust(8).encode()) for key, word in words.items()]
    axes = {"MAJOR_F": 6377563.396, "MINOR_F": 6356256.909}
    axes |= {"MAJOR_T": 6378137.0, "MINOR_T": 6356752.314}
    head += [(key, struct.pack("<d", axis)) for key, axis in axes.items()]
    names = {"SUB_NAME": "TEST", "PARENT": "NONE", "CREATED": "", "UPDATED": ""}
    head += [(key, word.ljust(8).encode()) for key, word in names.items()]
    sides = {"S_LAT": south, "N_LAT": north, "E_LONG": -east, "W_LONG": -west}
    sides |= {"LAT_INC": north - south, "LONG_INC": east - west}
    head += [(key, struct.pack("<d", side * 3600)) for key, side in sides.items()]
    head += [("GS_COUNT", struct.pack("<i4x", 4))]
    node = struct.pack("<4f", *SHIFT_S, 0, 0)
    return b"".join(key.ljust(8).encode() + value for key, value in head) + node * 4


@pytest.mark.slow
def test_a_grid_file_in_the_folder_is_used_and_said(tmp_path: Path) -> None:
    """PROJ looks into the file for its format: Ordnance Survey's name, NTv2 within.

    Tried by hand with shifts of OSTN15 (the PyPI package convertbng) at nodes 0.02 degrees apart:
    5,000 points lay within 6 cm of it, half of them within 1 mm; without the file within 2.1 m.
    """
    (tmp_path / GRID_FILE).write_bytes(grid_file(52.0, 54.0, -3.0, -1.0))
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    said, moved, old = done.stdout.strip().split("\n")
    assert said.endswith("(with the OSTN15 grid).")
    lng, lat = map(float, moved.split())
    old_lng, old_lat = map(float, old.split())
    assert lat - old_lat == pytest.approx(SHIFT_S[0] / 3600, abs=1e-8)
    assert old_lng - lng == pytest.approx(SHIFT_S[1] / 3600, abs=1e-8)
