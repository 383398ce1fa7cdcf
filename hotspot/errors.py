"""Say what went wrong, where, and what to do next: the exceptions of Hotspot."""

from __future__ import annotations


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
