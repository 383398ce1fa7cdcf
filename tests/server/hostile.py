"""Fill a workspace: every text field of every table holds the texts."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path

from hotspot.access.actor import Actor, UserRole
from hotspot.disruption.actions import RecordAction
from hotspot.services.actions import recording
from hotspot.services.hotspots import findings, snapshots
from hotspot.services.hotspots.register import KINDS, ByHand, register_by_hand
from hotspot.services.meetings import proceedings
from hotspot.services.meetings.proceedings import Answer
from hotspot.services.premises import applications, journal
from hotspot.services.records import imports
from hotspot.services.workspace.folder import Workspace
from sample_geo.make import LICENCE_HEADER
from tests.helpers import AGENCY, FORCE, SHELL, run_of

OFFICER = Actor("officer", frozenset({UserRole.POLICE_LICENSING}), "Staffordshire Police")


def import_premises_and_places(opened: Workspace, folder: Path, texts: list[str]) -> None:
    """A register and points of interest around the first hotspot, by the real way in."""
    run = run_of(opened, SHELL)
    lng, lat = run.hotspots[["lng", "lat"]].iloc[0]
    from pyproj import Transformer

    to_grid = Transformer.from_crs(4326, 27700, always_xy=True)
    east, north = to_grid.transform(lng, lat)
    register = folder / "register.csv"
    with register.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(LICENCE_HEADER)
        for n, text in enumerate(texts):
            writer.writerow(
                [
                    f"{n} {text}"[:100],
                    text,
                    text,
                    text[:16],
                    text,
                    f"alcohol on sales {text}",
                    text[:30],
                    "Current",
                    round(east) + n * 4 - 48,
                    round(north) + n % 5 * 8,
                ]
            )
    report = imports.import_files(opened, SHELL, "licensing", [register])
    assert report.balance.used == len(texts), report.as_dict()
    points = [
        {
            "type": "Feature",
            "properties": {"name": text, "kind": "railway station"},
            "geometry": {"type": "Point", "coordinates": [lng + n * 1e-4, lat + 5e-4]},
        }
        for n, text in enumerate(texts)
    ]
    places = folder / "places.geojson"
    places.write_text(json.dumps({"type": "FeatureCollection", "features": points}))
    imports.import_files(opened, SHELL, "places", [places])


def record_actions(opened: Workspace, texts: list[str]) -> None:
    run = run_of(opened, SHELL)
    for n, text in enumerate(texts):
        command = RecordAction(
            f"c{n}",
            "MAKESAFE",
            text,
            AGENCY if n % 2 else text,
            date(2026, 12, 1),
            text,
            ("licensing", f"{n} {text}"[:100].strip()),
            necessity=text,
            victim_impact=text,
            reference=text,
            confirmed=(text,),
        )
        recording.record_action(opened, SHELL, command, run, "H-01", FORCE)


def register_and_freeze(opened: Workspace, texts: list[str]) -> None:
    """Hotspots by hand on the second one's ground, and snapshots with names, notes and reasons."""
    run = run_of(opened, SHELL)
    lng, lat = run.hotspots[["lng", "lat"]].iloc[1]
    for n, text in enumerate(texts):
        kind = KINDS[n % len(KINDS)]
        hand = ByHand(text, kind, text, text[:8], float(lng), float(lat) + n * 1e-5, 100)
        register_by_hand(opened, SHELL, hand)
    for text in texts[:3]:
        why = {"H-03": snapshots.Override(None, " ".join(texts)[:2000])}
        snapshots.freeze(opened, SHELL, run, FORCE, text, note=" ".join(texts), overrides=why)
    first, second = (Actor(" ".join(texts)[:200], SHELL.roles, account_id=n) for n in (901, 902))
    for text in texts:
        one = re.sub(r"([.!?])\s+", r"\1", text)[:500]
        number = findings.write_finding(opened, first, 1, "fact", one)
        findings.sign_finding(opened, second, number)


def note_and_meet(opened: Workspace, texts: list[str]) -> None:
    """Entries about premises, an application, and a meeting that is open."""
    place = ("licensing", f"0 {texts[0]}"[:100].strip())
    day = date(2026, 10, 1)
    for text in texts:
        short = text.strip()[:60] or "x"
        journal.link_incident(
            opened,
            SHELL,
            place,
            {"reference": short, "on_day": day, "what": text[:300], "where": "at"},
        )
        journal.note_engagement(
            opened, SHELL, place, {"kind": "visit", "on_day": day, "said": text[:300]}
        )
        journal.decide(opened, SHELL, place, "listed", text[:300])
    applications.save_pack(
        opened,
        OFFICER,
        place,
        {
            "applicant": texts[0][:300],
            "holder": texts[1][:300],
            "objectives": ["children"],
            "grounds": " ".join(texts)[:4000],
            "steps": [text[:300] for text in texts],
            "statements": texts,
            "left_out": texts,
            "given_on": day,
            "straight_why": texts[2][:300],
        },
    )
    number = proceedings.open_meeting(opened, SHELL, texts[3][:100], day)
    for text in texts:
        proceedings.attend(opened, SHELL, number, text[:100], text[:100])
        proceedings.note(opened, SHELL, number, text)
    run = run_of(opened, SHELL)
    against = RecordAction(
        "against",
        "ENV",
        texts[4],
        texts[5],
        day,
        texts[7],
        declined_why=" ".join(texts)[:300],
        meeting_id=number,
    )
    recording.record_action(opened, SHELL, against, run, "H-01", FORCE)
    proceedings.update_action(opened, SHELL, number, (1, 1), Answer("on track", texts[6][:300]))
