"""Say where a rule stands, where and when its text was read, and what is from memory."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, model_validator

TO_BE_CHECKED = "to be checked"


class Provenance(BaseModel):
    """Where a measure or a deadline comes from.

    Attributes
    ----------
    act
        The act, regulations, guidance or practice.
    section
        The section of it; empty where there is none.
    read_at, read_on
        Where its text was read, and when; empty and None where it was not.
    from_memory
        What of the entry was not read but remembered; it is to be checked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    act: str
    section: str = ""
    read_at: str = ""
    read_on: date | None = None
    from_memory: str = ""

    @model_validator(mode="after")
    def _says_what_was_read(self) -> Provenance:
        if bool(self.read_at) != (self.read_on is not None):
            message = "read_at and read_on go together"
            raise ValueError(message)
        return self

    @property
    def is_read(self) -> bool:
        """Tell whether all of it was read, and nothing is from memory."""
        return self.read_on is not None and not self.from_memory

    @property
    def names(self) -> str:
        """Return the act and the section."""
        return f"{self.act}, {self.section}" if self.section else self.act

    @property
    def short(self) -> str:
        """Return the act and the section, and that it is to be checked where it was not read."""
        return self.names if self.is_read else f"{self.names} ({TO_BE_CHECKED})"

    @property
    def words(self) -> str:
        """Return the whole of it as a sentence."""
        said = [self.names]
        if self.read_on is not None:
            day = f"{self.read_on.day} {self.read_on:%B %Y}"
            said.append(f"read at {self.read_at} on {day}")
        if self.from_memory:
            said.append(f"from memory, {TO_BE_CHECKED}: {self.from_memory}")
        elif self.read_on is None:
            said.append(f"its text was not read, {TO_BE_CHECKED}")
        return "; ".join(said) + "."
