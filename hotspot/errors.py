"""Say what went wrong, where, and what to do next: the exceptions of Hotspot."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping


class HotspotError(Exception):
    """Anything that Hotspot raises on purpose; its text is fit to be shown to a user."""


class InputError(HotspotError, ValueError):
    """What came in cannot be used: a file, a column, a row, an argument."""


class ParamsError(InputError):
    """A setting of a run is out of range or contradicts another."""


class QuestionError(InputError):
    """A file cannot be imported before a user has answered something.

    Attributes
    ----------
    codes
        Codes of the questions, as they are given back to say yes.
    """

    def __init__(self, message: str, codes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.codes = codes


class FieldsError(InputError):
    """Fields of a form cannot be used as they are: all of them at once, each with its reason.

    Attributes
    ----------
    faults
        By the name of the field: what is wrong with it and what to do.
    asked
        Fields of which a person may say that it is meant; they are kept then.
    """

    def __init__(self, faults: Mapping[str, str], asked: Collection[str] = ()) -> None:
        super().__init__(" ".join(dict.fromkeys(faults.values())))
        self.faults = dict(faults)
        self.asked = frozenset(asked)


def check_all(*checks: Callable[[], object]) -> None:
    """Make every check, and raise what they find wrong with fields as one error.

    Raises
    ------
    FieldsError
        The faults of all checks that raised one; the first fault of a field stands.
    """
    faults: dict[str, str] = {}
    asked: set[str] = set()
    for check in checks:
        try:
            check()
        except FieldsError as error:
            asked |= error.asked - set(faults)
            faults = {**error.faults, **faults}
    if faults:
        raise FieldsError(faults, asked)


class OutsideAreaError(QuestionError):
    """Too many rows of an import lie outside the workspace's area."""


class StoreError(HotspotError, RuntimeError):
    """The workspace could not be read or written."""


class NotFoundError(StoreError):
    """What was asked for is not in the workspace."""


class ConflictError(StoreError):
    """What was to be written no longer fits what is stored."""


class NotAllowedError(HotspotError, PermissionError):
    """The actor's role does not permit the operation."""


class SignInRefusedError(NotAllowedError):
    """A sign-in failed; the text does not say which half was wrong."""
