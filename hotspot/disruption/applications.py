"""Say what an application for review holds, and who may sign it beside whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from pydantic import Field, model_validator

from hotspot.disruption.entries import Entry
from hotspot.disruption.premises import MAX_LINE, MAX_TEXT, Objective
from hotspot.errors import InputError, NotAllowedError

FORMS = {"51": "Review (s.51)", "53A": "Summary review (s.53A)"}
"""The applications that can be written, and what screens call them."""
MEASURES = {"51": "LA51", "53A": "LA53A"}
"""The measure of the catalogue that each application is."""
ASSOCIATED = {
    "crime": "serious crime",
    "disorder": "serious disorder",
    "both": "both serious crime and serious disorder",
}
"""With what a senior member of the force certifies that premises are associated (s.53A(1)(b))."""
SIGNS_AS = {"police": "Police", "legal": "Legal services"}
"""For whom an application is signed; each by somebody else, and neither by a writer."""
_NOT_IN_PACK = re.compile(r"\b(victim\w*|hot\s?-?spot\w*|cluster\w*)\b", re.IGNORECASE)

Rank = Literal[
    "superintendent",
    "chief superintendent",
    "commander",
    "assistant chief constable",
    "deputy chief constable",
    "chief constable",
]
SENIOR_RANKS: tuple[Rank, ...] = get_args(Rank)
"""Ranks of a senior member of a force (s.53A(5)): superintendent or above."""


class Certificate(Entry):
    """What a senior member of the force certifies for a summary review (s.53A(1)(b)).

    Attributes
    ----------
    associated_with
        One of `ASSOCIATED`.
    rank, certified_by, certified_on
        Who certifies it, and when.
    why_summary
        Why other procedures under the Act are thought inappropriate.
    """

    associated_with: Literal["crime", "disorder", "both"]
    rank: Rank
    certified_by: str = Field(min_length=1, max_length=100)
    certified_on: date
    why_summary: str = Field(min_length=1, max_length=MAX_TEXT)


class PackText(Entry):
    """What an officer writes for an application; the rest comes from what is linked and noted.

    Attributes
    ----------
    form
        One of `FORMS`.
    applicant
        The responsible authority and its address for correspondence.
    holder
        Who holds the licence.
    objectives
        Licensing objectives to which the application relates.
    grounds
        The grounds, in words; for a summary review, how the premises are associated with serious
        crime or disorder.
    before
        Earlier applications for review and representations about the premises, with days.
    steps
        Steps and conditions that are sought; for a summary review, the interim steps.
    statements
        Statements that go with it.
    left_out
        What was left out, and why.
    given_on
        The day on which it is meant to be given.
    straight_why
        Why it is made without an early warning; empty where one was given.
    certificate
        What a senior member of the force certifies; for a summary review.
    rests_on
        Numbers of the incidents and the engagement in it.
    account
        Number of the writer's account; None where the writer has none.
    """

    form: Literal["51", "53A"] = "51"
    applicant: str = Field(min_length=1, max_length=MAX_LINE)
    holder: str = Field(min_length=1, max_length=MAX_LINE)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    grounds: str = Field(min_length=1, max_length=MAX_TEXT)
    before: str = Field(default="", max_length=MAX_TEXT)
    steps: tuple[str, ...] = Field(min_length=1)
    statements: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    given_on: date
    straight_why: str = Field(default="", max_length=MAX_LINE)
    certificate: Certificate | None = None
    rests_on: tuple[int, ...] = ()
    account: int | None = None

    @model_validator(mode="after")
    def _goes_with_its_certificate(self) -> PackText:
        if self.form == "53A" and self.certificate is None:
            message = "a summary review needs the certificate of a senior member of the force"
            raise ValueError(message)
        if self.certificate is not None and self.certificate.certified_on > self.given_on:
            message = "the certificate accompanies the application: it is given before it, or with"
            raise ValueError(message)
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        """Return everything that somebody wrote."""
        certified = (self.certificate.why_summary,) if self.certificate else ()
        return (
            self.applicant,
            self.holder,
            self.grounds,
            self.before,
            *self.steps,
            *self.statements,
            *self.left_out,
            *certified,
        )


class Signature(Entry):
    """That somebody has read the application of an entry and lets it go."""

    pack: int
    signs_as: Literal["police", "legal"]
    reference: str = Field(default="", max_length=100)
    account: int | None = None


@dataclass(frozen=True)
class Signatory:
    """Somebody who wrote or signed.

    Attributes
    ----------
    name
        Name as screens showed it then.
    account
        Number of the account, which is the identity; None where there was none.
    signed_as
        One of `SIGNS_AS`; empty for a writer.
    """

    name: str
    account: int | None
    signed_as: str = ""

    def is_same_as(self, other: Signatory) -> bool:
        """Tell whether it is the same person: by the account, or by the name where one has none.

        Two accounts that bear one name are two people, and one account that was given another name
        is still one.
        """
        if self.account is not None and other.account is not None:
            return self.account == other.account
        return self.name.strip().casefold() == other.name.strip().casefold()


def check_signatory(
    signer: Signatory, writers: Iterable[Signatory], signed: Iterable[Signatory]
) -> None:
    """Refuse a signature by somebody who wrote the text, or signed it for somebody else.

    Raises
    ------
    NotAllowedError
        Which of the two, and what to do.
    """
    if signer.account is None:
        message = "An application is signed by somebody who is signed in: each is an account."
        raise NotAllowedError(message)
    if any(signer.is_same_as(writer) for writer in writers):
        message = "An application is signed by somebody else than its writer."
        raise NotAllowedError(message)
    others = [one for one in signed if one.signed_as != signer.signed_as]
    already = next((one for one in others if signer.is_same_as(one)), None)
    if already is not None:
        message = (
            f"You have signed it for {SIGNS_AS[already.signed_as].lower()}; somebody else signs "
            f"for {SIGNS_AS[signer.signed_as].lower()}."
        )
        raise NotAllowedError(message)


def check_pack_words(pack: PackText) -> None:
    """Refuse words that have no place in an application.

    Raises
    ------
    InputError
        It speaks of a victim, a hotspot or a cluster.
    """
    for text in pack.texts:
        match = _NOT_IN_PACK.search(text)
        if match:
            message = (
                f"'{match[0]}' has no place in an application: it rests on the premises' own "
                "incidents. Write 'child' of a child, and leave places around out of it."
            )
            raise InputError(message)
