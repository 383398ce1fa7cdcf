"""The catalogue: every measure hangs together, a force can lay its own over it, gates stop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from hotspot import InputError
from hotspot.disruption.clocks import compute_deadlines, events_of, waiting_steps
from hotspot.disruption.measures import (
    Measure,
    gates_in_the_way,
    load_catalogue,
    overlay_catalogue,
)
from hotspot.disruption.provenance import Provenance
from hotspot.disruption.wording import doubts_in
from hotspot.disruption.working_days import WorkingCalendar
from hotspot.services.workspace.measure_catalogue import premises_routes

CATALOGUE = load_catalogue()
IN_THE_LAW = {
    "people": "CAWN16 CAWN18 SRO SHPO SHPO-NO STPO STRO CCEPO SCPO CBO ASBI RESPECT GANGI KCPO SPO "
    "DVPN NONMOL WARDSHIP DDTRO CSODS BAIL ARREST WARN SRO-INT SHPO-INT STPO-INT STRO-INT FMPO FGMPO "
    "LADO DBS VICTIM PARENT",
    "children": "RECOV POLPROT EPO SECURE NRM MASH RHI PHILOMENA INTEL",
    "premises": "LA51 LA53A LA167 LA-EARLY LA-VAR LA-TEN LA-PERS LA-DPS LA169A CJPA19 EMRO GAM197 "
    "CN76 CO80 SOA-CN SOA-CO H116 HS-MED PROHIB CUCKOO LA-TEN-LATE IWCN",
    "places": "DISP PSPO CPN HVP NTE-OP TEST MAKESAFE ENV YOUTH LOCASSESS COMMS TRAIN PSPO-EXP SUPERV "
    "CAMPAIGN DATA-BREACH",
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
        waiting = waiting_steps(measure.clock, happened)
        named = [step.step for step in measure.clock if step not in waiting]
        assert [one.step for one in found] == named
        assert all(one.source and one.rule and one.provenance for one in found)
    assert waiting_steps(measure.clock, happened) == []
    for gate in measure.gates:
        assert gate in gates_in_the_way(measure, {gate.when: True}, at=gate.at)
        assert gate not in gates_in_the_way(measure, {gate.when: False}, at=gate.at)
        assert gate not in gates_in_the_way(measure, {gate.when: True}, at="another stage")


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
        "occupiers_not_informed",
        "bodies_not_consulted",
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


def shared_provenance(measures: Iterable[Measure]) -> list[str]:
    """The measures that share what they say of where they come from, naming no section."""
    said: dict[str, list[str]] = {}
    for measure in measures:
        if measure.provenance is None or not measure.provenance.section:
            said.setdefault(measure.comes_from, []).append(measure.code)
    return [code for codes in said.values() if len(codes) > 1 for code in codes]


def test_no_two_measures_share_a_provenance_that_names_no_section() -> None:
    assert shared_provenance(CATALOGUE.values()) == []
    one = Provenance(act="a toolkit")
    same = [CATALOGUE[code].model_copy(update={"provenance": one}) for code in ("HVP", "ENV")]
    assert shared_provenance([*CATALOGUE.values(), *same]) == ["HVP", "ENV"]
    assert len({one.comes_from for one in CATALOGUE.values()}) == len(CATALOGUE)


@pytest.mark.parametrize("measure", CATALOGUE.values(), ids=lambda m: m.code)
def test_each_measure_and_deadline_says_where_it_stands_and_what_is_from_memory(
    measure: Measure,
) -> None:
    for one in (measure.provenance, *(step.provenance for step in measure.clock)):
        assert one is not None
        assert one.act
        assert one.is_read or one.from_memory  # what was not read says what it is
        assert ("to be checked" in one.short) == (not one.is_read)
        assert one.read_on is None or one.read_on <= date(2026, 11, 27)
        assert one.is_read or "to be checked" in one.words
    for step in measure.clock:
        assert step.duty != "law" or step.provenance.section  # type: ignore[union-attr]


def test_a_provenance_that_was_read_says_where_and_when() -> None:
    with pytest.raises(ValidationError, match="go together"):
        Provenance(act="an act", read_on=date(2026, 11, 20))
    read = Provenance(act="An Act", section="s.1", read_at="a page", read_on=date(2026, 11, 20))
    assert (read.short, read.is_read) == ("An Act, s.1", True)
    assert read.words == "An Act, s.1; read at a page on 20 November 2026."
    whole = CATALOGUE["POLPROT"].model_dump(mode="json")
    for changed in ({"provenance": None}, {"clock": [{**whole["clock"][0], "provenance": None}]}):
        with pytest.raises(ValidationError, match="give provenance"):
            Measure.model_validate({**whole, **changed})


@pytest.mark.parametrize(
    ("code", "at", "when"),
    [
        ("LA-DPS", "", "no_exceptional_circumstances"),
        ("CPN", "", "no_written_warning"),
        ("CN76", "", "occupiers_not_informed"),
        ("CN76", "", "bodies_not_consulted"),
        ("CO80", "extension applied for", "extension_after_expiry"),
        ("CO80", "extension applied for", "extension_not_by_inspector_or_council"),
        ("DVPN", "", "not_authorised_by_rank"),
        ("GAM197", "", "neither_authority_nor_interested"),
        ("H116", "information required", "appeal_pending"),
    ],
)
def test_a_gate_stops_until_it_is_confirmed(code: str, at: str, when: str) -> None:
    measure = CATALOGUE[code]
    assert when in [gate.when for gate in gates_in_the_way(measure, {}, (), at)]
    assert when not in [gate.when for gate in gates_in_the_way(measure, {}, (when,), at)]
    assert when in [gate.when for gate in gates_in_the_way(measure, {when: True}, (when,), at)]
    with pytest.raises(ValidationError, match="a gate is asked at a stage"):
        gates = [{"level": "error", "when": "x", "says": "y", "at": "no such stage"}]
        Measure.model_validate({**measure.model_dump(mode="json"), "gates": gates})
