"""Tell by their references who is who: what names nobody, and one person written in several ways.

References to a person are compared in capitals, without spaces, without zeros before the number and
without the ".0" that spreadsheets add: `AB 0012345`, `ab12345` and `AB12345.0` are one person.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

RULE = "capitals, spaces, zeros before a number and a '.0' behind it make no difference"
"""What makes no difference between references to a person, in the words of screens and notes."""
_WORDS = """
unknown unk unkn uk nk notknown notyetknown unknownperson unknownchild unknownmale unknownfemale
unknownjuvenile unknownnominal unknownsubject unknownvictim unidentified notidentified unnamed
na notapplicable notavailable nan nat none null nil blank empty missing undefined nodata
notrecorded notstated notgiven notprovided notsupplied notentered notlinked notheld notspecified
unrecorded unspecified notdisclosed norecord nonominal noperson noname noone nobody noref noid
tbc tba tbd tobeconfirmed tobeadvised pending anon anonymous withheld redacted
various multiple several x xx xxx xxxx xxxxx value ref name num div0
nr nonerecorded nonegiven nonestated nothingknown notrace nodetails notobtained notonsystem
notonniche nominalnotlinked refused refuseddetails tofollow awaiting awaited no dummy test
nullnull ipunknown male female juvenile child
"""
NOBODY = frozenset(_WORDS.upper().split())
"""Words that stand where a reference should and name nobody, as `plain_word` writes them."""
_NULLS = ("\\N",)
_NAMELESS = r"^(?:UNKNOWN|UNIDENTIFIED|NOTKNOWN)|^9{5,}$"
"""What starts so names nobody ("Unknown 2", "Unidentified male"); all nines fill a field."""
_LOST_FIGURES = r"^[0-9](?:\.[0-9]+)?E\+[0-9]{2}$"
"""A number that a spreadsheet has rounded, such as 4.50012E+11: it may stand for many people."""
_SPACE = r"[\s\u200b-\u200f\u2060\ufeff]+"
_GROUPED = r"^[0-9]{1,3}(?:,[0-9]{3})+$"
_MARKS = "=#'\u2018\u2019\"`"


def plain_word(word: str) -> str:
    """Reduce a word to capital letters and figures, as words for nobody are compared."""
    return re.sub(r"[^\w]|_", "", word).upper()


def reference_of(
    column: pl.Expr, nobody: Collection[str] = (), *, joins_spellings: bool = True
) -> pl.Expr:
    """Build the one form of references to a person; null where a reference names nobody.

    Parameters
    ----------
    column
        References as a file or a frame has them.
    nobody
        A force's own words for nobody, beside `NOBODY`.
    joins_spellings
        Whether to write each reference in one form; otherwise only what names nobody is told.
    """
    text = column.cast(pl.String)
    one = (
        text.str.normalize("NFKC")
        .str.replace_all(_SPACE, "")
        .str.to_uppercase()
        .str.strip_chars(_MARKS)
    )
    one = pl.when(one.str.contains(_GROUPED)).then(one.str.replace_all(",", "")).otherwise(one)
    one = one.str.replace(r"^([A-Z]*[-/_]?)0+([0-9])", "${1}${2}")
    one = one.str.replace(r"^([A-Z]*[-/_]?[0-9]+)\.0+$", "${1}")
    plain = one.str.replace_all(r"[^\p{L}\p{N}]", "")
    words = sorted(NOBODY | {plain_word(word) for word in nobody})
    is_nobody = plain.is_in(words) | plain.str.contains(r"^0*$") | one.is_in(_NULLS)
    is_nobody |= plain.str.contains(_NAMELESS) | one.str.contains(_LOST_FIGURES)
    said = one if joins_spellings else text.str.strip_chars()
    return pl.when(~is_nobody).then(said)
