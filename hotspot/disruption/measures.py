"""Read the catalogue of disruption measures: data with its sources, not code."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from hotspot.disruption.clocks import ClockStep, check_clock, events_of
from hotspot.disruption.ladders import Stage, check_stages
from hotspot.disruption.provenance import Provenance
from hotspot.errors import InputError

Subject = Literal["person", "premises", "place", "vehicle", "business", "child"]
SUBJECTS = {
    "place": "A place",
    "premises": "Premises",
    "business": "A business",
    "vehicle": "A vehicle",
    "person": "A person",
    "child": "A child, to protect it",
}
"""What a measure can be directed at, in words."""
OBJECTIVES = {
    "prepare": "Prepare",
    "prevention": "Prevention",
    "protection": "Protection",
    "pursue": "Pursue",
}
"""The four headings of the strategy."""


class Gate(BaseModel):
    """What must hold before a measure is chosen, or before it comes to a stage.

    Attributes
    ----------
    level
        An error stops the measure, a warning is shown.
    when
        Short name of the condition in which it stops or warns.
    says
        The rule, in words.
    instead
        What the law offers instead; empty where there is nothing.
    at
        The stage of the measure's own ladder at which it is asked; empty where it is asked when
        the measure is chosen.
    passed
        The step of the clock after whose last day the condition is so; empty where a clock does
        not tell.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    level: Literal["error", "warning"]
    when: str
    says: str
    instead: str = ""
    at: str = ""
    passed: str = ""

    @property
    def words(self) -> str:
        """Return the rule with what the law offers instead."""
        return f"{self.says} Instead: {self.instead}" if self.instead else self.says


class Measure(BaseModel):
    """One kind of measure.

    Attributes
    ----------
    code
        Short code, for ever.
    name
        Name in full, as screens show it.
    basis
        Its basis in law, or "none" where it has none.
    applied_for_by, decided_by
        Who applies for it or issues it, and who decides, with rank.
    subject
        What it is directed at.
    victim_cooperation
        Whether it needs the child's co-operation.
    lead
        The agency that usually leads.
    objective
        The heading of the strategy that it serves (see `OBJECTIVES`).
    breach
        What follows where it is broken.
    outcomes
        How it can end.
    clock
        Its deadlines, in their order.
    gates
        What must hold before it is chosen.
    stages
        Its own ladder; empty where it goes up the common one.
    premises_route
        Its place among the routes that a card of premises offers; 0 where it is none of them.
    in_force_from, in_force_to
        The days between which the law gives it; None where that is open or not known.
    doubt
        What about the entry is not settled; empty where nothing is.
    provenance
        Where it stands, where its text was read and when, and what is from memory.
    source
        Where the entry comes from, for a measure of a force's own that has no `provenance`.
    checked_on, checked_by
        When the force's legal team last read it against the law, and who; None until then.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    basis: str
    applied_for_by: str
    decided_by: str
    subject: tuple[Subject, ...]
    victim_cooperation: Literal["not_needed", "helps", "needed"]
    lead: str
    objective: Literal["prepare", "prevention", "protection", "pursue"]
    breach: str = ""
    outcomes: tuple[str, ...] = ()
    clock: tuple[ClockStep, ...] = ()
    gates: tuple[Gate, ...] = ()
    stages: tuple[Stage, ...] = ()
    premises_route: int = 0
    in_force_from: date | None = None
    in_force_to: date | None = None
    doubt: str = ""
    provenance: Provenance | None = None
    source: str = ""
    checked_on: date | None
    checked_by: str | None

    @model_validator(mode="after")
    def _hangs_together(self) -> Measure:
        check_clock(self.clock)
        check_stages(self.stages, events_of(self.clock), [step.step for step in self.clock])
        if not {gate.at for gate in self.gates} <= {"", *(stage.name for stage in self.stages)}:
            message = "a gate is asked at a stage that the ladder does not have"
            raise ValueError(message)
        if not {gate.passed for gate in self.gates} <= {"", *(step.step for step in self.clock)}:
            message = "a gate looks at a step that the clock does not have"
            raise ValueError(message)
        if self.provenance is None and not self.source.strip():
            message = "it says nothing of where it comes from: give provenance"
            raise ValueError(message)
        if (self.checked_on is None) != (self.checked_by is None):
            message = "checked_on and checked_by go together"
            raise ValueError(message)
        return self

    @property
    def version(self) -> str:
        """Return a short mark that changes whenever the entry does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @property
    def comes_from(self) -> str:
        """Say where it stands, where its text was read, and what is from memory."""
        return self.provenance.words if self.provenance is not None else f"{self.source}."

    @property
    def is_of_person(self) -> bool:
        """Tell whether it is directed at a person: held by reference and count only."""
        return bool({"person", "child"} & set(self.subject))

    @property
    def is_of_premises(self) -> bool:
        """Tell whether it is directed at premises or a business."""
        return bool({"premises", "business"} & set(self.subject))

    def is_in_force(self, day: date) -> bool:
        """Tell whether the law gives it on a day, as far as is known."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)


Catalogue = Mapping[str, Measure]
"""Measures by code."""


@cache
def load_catalogue() -> dict[str, Measure]:
    """Read the catalogue that comes with Hotspot, measures by code in the order of the files."""
    folder = resources.files("hotspot.disruption") / "measures"
    entries = [
        entry
        for file in sorted(folder.iterdir(), key=lambda item: item.name)
        if file.name.endswith(".yaml")
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    catalogue = {entry["code"]: Measure.model_validate(entry) for entry in entries}
    if len(catalogue) != len(entries):
        message = "The catalogue of measures has a code twice."
        raise ValueError(message)
    return catalogue


def overlay_catalogue(path: Path) -> dict[str, Measure]:
    """Read the catalogue with a force's own file laid over it.

    Parameters
    ----------
    path
        YAML list of entries: the `code` of a measure with the fields that differ, or a whole
        measure of the force's own. Where there is no such file, nothing is laid over.

    Raises
    ------
    InputError
        The file is no such list, or an entry cannot be one.
    """
    catalogue = dict(load_catalogue())
    if not path.exists():
        return catalogue
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        message = f"{path.name} cannot be read as YAML: {error}"
        raise InputError(message) from error
    if not isinstance(entries, list):
        message = f"{path.name} is no list of measures; begin each with '- code: ...'."
        raise InputError(message)
    codes = set()
    for number, entry in enumerate(entries, start=1):
        code = entry.get("code") if isinstance(entry, dict) else None
        if not isinstance(code, str) or code in codes:
            message = f"{path.name}, entry {number}: give a code, each once."
            raise InputError(message)
        codes.add(code)
        catalogue[code] = _laid_over(catalogue.get(code), entry, f"{path.name}, {code}")
    return catalogue


def _laid_over(known: Measure | None, entry: dict[str, Any], where: str) -> Measure:
    base = known.model_dump(mode="json", exclude_defaults=True) if known else {}
    try:
        return Measure.model_validate({**base, **entry})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        message = f"{where}: {field + ': ' if field else ''}{first['msg']}."
        raise InputError(message) from error


def gates_in_the_way(
    measure: Measure, facts: Mapping[str, bool], confirmed: Collection[str] = (), at: str = ""
) -> list[Gate]:
    """Return the gates that stand in the way of a measure.

    Parameters
    ----------
    facts
        What is known of conditions (`Gate.when`): whether each is so.
    confirmed
        Conditions of which a person has said that they are not so.
    at
        The stage that the measure is to come to; empty for choosing it.

    Returns
    -------
    list of Gate
        Errors that are so, or of which nobody has said that they are not; and warnings that are
        so.
    """
    return [
        gate
        for gate in measure.gates
        if gate.at == at
        and facts.get(gate.when, gate.level == "error" and gate.when not in confirmed)
    ]
