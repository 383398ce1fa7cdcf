"""The catalogue: every measure hangs together, a force can lay its own over it, gates stop."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from hotspot import InputError
from hotspot.disruption.clocks import compute_deadlines, events_of
from hotspot.disruption.measures import (
    Measure,
    gates_in_the_way,
    load_catalogue,
    overlay_catalogue,
)
from hotspot.disruption.wording import doubts_in
from hotspot.disruption.working_days import WorkingCalendar
from hotspot.services.workspace.measure_catalogue import premises_routes

CATALOGUE = load_catalogue()
IN_THE_LAW = {
    "people": "CAWN16 CAWN18 SRO SHPO SHPO-NO STPO STRO CCEPO SCPO CBO ASBI RESPECT GANGI KCPO SPO "
    "DVPN NONMOL WARDSHIP DDTRO CSODS BAIL ARREST WARN",
    "children": "RECOV POLPROT EPO SECURE NRM MASH RHI PHILOMENA INTEL",
    "premises": "LA51 LA53A LA167 LA-EARLY LA-VAR LA-TEN LA-PERS LA-DPS LA169A CJPA19 EMRO GAM197 "
    "CN76 CO80 SOA-CN SOA-CO H116 HS-MED PROHIB CUCKOO",
    "places": "DISP PSPO CPN HVP NTE-OP TEST MAKESAFE ENV YOUTH LOCASSESS COMMS TRAIN",
    "taxis": "TX61 TX60 TX-CONCERN TX-OP VEH",
}


def test_the_catalogue_has_every_measure_once() -> None:
    codes = " ".join(IN_THE_LAW.values()).split()
    assert sorted(CATALOGUE) == sorted(codes)
    assert len({measure.name for measure in CATALOGUE.values()}) == len(codes)
    assert len({measure.version for measure in CATALOGUE.values()}) == len(codes)
    assert all(code == measure.code for code, measure in CATALOGUE.items())


@pytest.mark.parametrize("measure", CATALOGUE.values(), ids=lambda m: m.code)
def test_a_measure_says_who_decides_and_can_be_computed_from_each_of_its_events(
    measure: Measure,
) -> None:
    assert measure.basis
    assert measure.decided_by
    assert measure.outcomes
    assert measure.checked_by is None  # no force has read it yet, and the app says so
    happened: dict[str, date] = {}
    for number, event in enumerate(events_of(measure.clock)):
        happened[event] = date(2026, 3, 2 + number)
        found = compute_deadlines(measure.clock, dict(happened), WorkingCalendar())
        assert [one.step for one in found] == [step.step for step in measure.clock]
        assert all(one.source and one.rule for one in found)
        assert all(one.due_on >= date(2026, 2, 1) for one in found)
    for gate in measure.gates:
        assert gate in gates_in_the_way(measure, {gate.when: True})
        assert gate not in gates_in_the_way(measure, {gate.when: False})


def test_gates_of_the_law_stop_what_is_not_confirmed() -> None:
    summary = CATALOGUE["LA53A"]
    stopping = gates_in_the_way(
        summary, {"no_alcohol_by_retail": True}, {"rank_below_superintendent"}
    )
    assert [gate.when for gate in stopping] == ["no_alcohol_by_retail"]
    assert "LA51" in stopping[0].instead
    assert (
        gates_in_the_way(summary, {"no_alcohol_by_retail": False}, {"rank_below_superintendent"})
        == []
    )
    assert [g.when for g in gates_in_the_way(CATALOGUE["CN76"], {"only_exploitation": True})] == [
        "rank_below_inspector",
        "over_24_hours_without_superintendent",
        "only_exploitation",
    ]
    assert gates_in_the_way(CATALOGUE["LA51"], {}) == []  # warnings speak only when they are so


def own(folder: Path, *entries: object) -> Path:
    path = folder / "measures.yaml"
    path.write_text(yaml.safe_dump(list(entries)), encoding="utf-8")
    return path


def test_a_force_lays_its_own_file_over_the_catalogue(tmp_path: Path) -> None:
    checked = {"code": "H116", "checked_on": "2026-11-20", "checked_by": "Legal Services"}
    local = {
        "code": "LOCAL-1",
        "name": "Street pastors",
        "basis": "none",
        "applied_for_by": "council",
        "decided_by": "council",
        "subject": ["place"],
        "victim_cooperation": "not_needed",
        "lead": "council",
        "objective": "prevention",
        "outcomes": ["done"],
        "source": "local",
        "checked_on": None,
        "checked_by": None,
    }
    found = overlay_catalogue(own(tmp_path, checked, local))
    assert found["H116"].checked_by == "Legal Services"
    assert found["H116"].clock == CATALOGUE["H116"].clock
    assert found["H116"].version != CATALOGUE["H116"].version
    assert found["LOCAL-1"].name == "Street pastors"
    assert len(found) == len(CATALOGUE) + 1
    assert overlay_catalogue(tmp_path / "none.yaml") == CATALOGUE


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{"name": "no code"}], "entry 1: give a code"),
        ([{"code": "H116"}, {"code": "H116"}], "entry 2: give a code, each once"),
        ([{"code": "H116", "checked_on": "2026-01-01"}], "H116: .*go together"),
        ([{"code": "H116", "colour": "red"}], "H116: colour"),
        ([{"code": "NEW"}], "NEW: name: Field required"),
        (["x"], "entry 1"),
    ],
)
def test_what_a_force_cannot_lay_over_is_said(
    tmp_path: Path, entries: list[object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        overlay_catalogue(own(tmp_path, *entries))


def test_a_file_that_is_no_list_is_said(tmp_path: Path) -> None:
    path = tmp_path / "measures.yaml"
    for text, message in (("a: b", "no list"), ("[", "cannot be read as YAML")):
        path.write_text(text)
        with pytest.raises(InputError, match=message):
            overlay_catalogue(path)


def test_a_clock_hangs_together() -> None:
    whole = CATALOGUE["LA51"].model_dump(mode="json")
    steps = whole["clock"]
    for clock in ([*steps, steps[0]], [steps[0], {**steps[1], "after": "nothing"}]):
        with pytest.raises(ValidationError):
            Measure.model_validate({**whole, "clock": clock})


def test_in_force_is_between_the_days() -> None:
    measure = CATALOGUE["DISP"].model_copy(
        update={"in_force_from": date(2026, 6, 1), "in_force_to": date(2026, 6, 30)}
    )
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [measure.is_in_force(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Visit all three on 3 December", []),
        ("Op Larkspur, ref 21DA/1/26, 22:00 to 02:00", []),
        ("12 hotels were visited, 3 refused", []),
        ("call 07700 900123", ["a telephone number"]),
        ("call +44 1632 960 001", ["a telephone number"]),
        ("born 03/04/2011", ["a date that may be one of birth"]),
        ("d.o.b. not known", ["a date that may be one of birth"]),
        ("lives at 12 High Street", ["an address"]),
        ("near ST4 2QQ", ["a postcode"]),
        ("a@b.example", ["an e-mail address"]),
        ("Seen with Mr Example", ["a person's name"]),
        ("known as, or called Jay", ["a person's name"]),
    ],
)
def test_texts_that_may_point_at_a_person_are_told(text: str, found: list[str]) -> None:
    assert doubts_in(text) == found


def test_the_card_of_premises_offers_its_routes_from_the_mildest_on() -> None:
    routes = [measure.code for measure in premises_routes(None)]
    assert routes[0] == "LA-EARLY"
    assert routes.index("LA-EARLY") < routes.index("LA51") < routes.index("LA53A")
    assert len(set(routes)) == len(routes)
    assert all(CATALOGUE[code].is_of_premises or code == "TEST" for code in routes)
