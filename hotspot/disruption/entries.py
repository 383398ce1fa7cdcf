"""Check what is noted in a journal, and say which field cannot be so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from hotspot.errors import InputError


class Entry(BaseModel):
    """What every entry of a journal is: fixed once it is made, and nothing beyond its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


EntryT = TypeVar("EntryT", bound=Entry)


def checked(kind: type[EntryT], values: Mapping[str, Any]) -> EntryT:
    """Make an entry from what a form holds.

    Raises
    ------
    InputError
        Which field cannot be so, and why.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = " ".join(str(part) for part in first["loc"]).replace("_", " ")
        says = (
            "is missing"
            if first["type"] in {"missing", "string_too_short", "too_short"}
            else (first["msg"])
        )
        message = f"{field.capitalize()}: {says}."
        raise InputError(message) from error
