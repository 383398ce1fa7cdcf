"""Read the catalogue of disruption measures: data with its sources, not code."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

Subject = Literal["person", "premises", "place", "vehicle", "business", "child"]


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
    subject
        What it is directed at.
    victim_cooperation
        Whether it needs the child's co-operation.
    lead
        The agency that usually leads.
    source
        Where the entry comes from.
    checked_on
        When the force last read it against the law; `None` until it has.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: str
    basis: str
    subject: tuple[Subject, ...]
    victim_cooperation: Literal["not_needed", "helps", "needed"]
    lead: str
    source: str
    checked_on: date | None


@cache
def load_catalogue() -> dict[str, Measure]:
    """Read the catalogue, measures by code in the order of the file."""
    folder = resources.files("hotspot.disruption") / "measures"
    entries = [
        Measure.model_validate(entry)
        for file in sorted(folder.iterdir(), key=lambda item: item.name)
        if file.name.endswith(".yaml")
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]
    catalogue = {measure.code: measure for measure in entries}
    if len(catalogue) != len(entries):
        message = "The catalogue of measures has a code twice."
        raise ValueError(message)
    return catalogue
