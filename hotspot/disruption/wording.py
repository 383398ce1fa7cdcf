"""Find in free text what may point at a person, before it is saved."""

from __future__ import annotations

import re

from hotspot.disruption.person_names import ALSO_WORDS, GIVEN, SURNAMES

_AGE = (
    r"[1-9]?\d|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty"
)
_CHILD = "girl|boy|child|teenager|teen|lad|daughter|son|victim|female|male|juvenile|youth"
_SOMEBODY = (
    "girl|boy|child|children|teenager|victim|suspect|witness|complainant|woman|man|owner|holder|"
    "manager|licensee|supervisor|dps|offender|perpetrator|driver|tenant|landlord|nominal|female|"
    "male|leaseholder|chef|bartender|doorman|caller|informant|resident|lad"
)
_KIN = (
    "mother|father|mum|mam|mom|dad|parents?|brothers?|sisters?|sons?|daughters?|uncle|aunt|auntie|"
    "cousins?|nephew|niece|grandmother|grandfather|grandparents?|nan|grandad|wife|husband|partner|"
    "step-?(?:mother|father|brother|sister|son|daughter)|guardian|carer|foster[\\s-](?:mother|"
    "father|carer|parents?)|sibling|twin|girlfriend|boyfriend|friend"
)
_BEFORE_A_NAME = re.compile(
    r"\b(?i:mr|mrs|ms|miss|master|dr|mx|sir|rev|cllr|named|called|aka|alias|name\s+is|known\s+as|"
    r"staff\s+member|member\s+of\s+staff|manager|owner|doorman|bouncer|door\s+supervisor|"
    r"licensee|landlord|landlady|tenant|driver|victim|suspect|witness|offender|perpetrator|"
    r"complainant|informant|nominal|resident|neighbour|employee|barman|barmaid|cashier|director|"
    r"sgt|sergeant|pc|pcso|dc|ds|di|dci|insp|inspector|constable|officer|girl|boy|child|teenager|"
    r"mother|father|mum|dad|brother|sister|son|daughter|uncle|aunt|cousin|friend|partner|"
    r"husband|wife|boyfriend|girlfriend|supervisor|dps|holder|worker|teacher|nurse|bartender|chef|"
    r"guard|manageress|statement\s+of|waiter|waitress|cook|cleaner|leaseholder|caller|customer|lad|woman|man|dealer|runner|"
    r"(?:spoke|speak|speaking|talked)\s+(?:to|with)|seen\s+with|tell|told|asked|ask\s+for|contact|"
    r"contacted|met|driven\s+by|owned\s+by|run\s+by|known\s+to|according\s+to|warned|thanks\s+to)\b"
    r"[.,:]?\s+(?:is\s+|was\s+|being\s+)?(?:an?\s+)?"
    r"(?P<name>(?:[A-Z]\.?\s+)?[A-Z][a-z]*(?:['\u2019-]?[A-Z])?[a-z]+"
    r"(?:[ -][A-Z][A-Za-z'\u2019]+)*)"
)
_DOES = re.compile(
    r"(?<=[a-z,;:] )(?P<name>[A-Z][a-z\u00e0-\u00ff]+(?: [A-Z][a-z\u00e0-\u00ff]+)*)\s+"
    r"(?:says?|said|told|tells|admit(?:s|ted)|ignored|pour(?:s|ed)|let|lets|work(?:s|ed)|lives?|"
    r"lived|drives|drove|ask(?:s|ed)|offered|threatened|laughed|shouted|hit|pushed|grabbed|bought|"
    r"paid|texted|rang|walked|ran|smok(?:es|ed)|drank|hid|knows|knew|goes|went|collects|collected)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_NO_NAME_WORDS = """
a after all also an and april are as at august been before both but by can chief city college
council county court december did district during early every february for friday from had has
have he her his home hospital if in is it january july june licensing march may monday must no not
november october of off officer on one or our park place police premises road saturday school
section september she should since so staff station street sunday that the their then there they
this thursday to today training tuesday under until was we wednesday were west when where which
while who will with early act
"""
_NO_NAME = frozenset(_NO_NAME_WORDS.split())
_PATTERNS = {
    "a telephone number": re.compile(r"(?<!\d)(?:\+44\s?|0)(?:\d[\s-]?){9,10}(?!\d)"),
    "a date that may be one of birth": re.compile(
        r"\b(?:dob|d\.o\.b\.?|born)\b|\b\d{1,2}[/.-]\d{1,2}[/.-](?:19[4-9]\d|20[01]\d|\d{2})\b",
        re.IGNORECASE,
    ),
    "an address": re.compile(
        r"\b\d{1,4}[a-z]?\s+(?:[A-Z][a-z'\u2019]+\s+){1,3}(?:street|st|road|rd|lane|avenue|ave|close|"
        r"drive|grove|way|court|crescent|terrace|place)\b",
        re.IGNORECASE,
    ),
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
    "an age": re.compile(
        rf"\b(?:aged?|age\s+of|as\s+young\s+as)\s+(?:about\s+|around\s+|approx\.?\s+)?(?:{_AGE})\b(?!\s*(?:and|or)\s+over)"
        rf"|\b(?:{_AGE})[\s-]*(?:years?|yrs?)[\s-]*olds?\b|\b(?:{_AGE})[\s-]*(?:y/?o|yr-old)\b"
        rf"|\b(?:{_CHILD})s?\s*(?:,\s*|\(|of\s+)(?:{_AGE})\b(?!\s*(?:years|months|occasions|%))"
        rf"|\b(?:{_AGE})\s+(?:girl|boy|lad|female|male)\b|\b(?:dob|y\.o\.b)\b",
        re.IGNORECASE,
    ),
    "a relationship": re.compile(
        rf"\b(?i:his|her|their|(?:{_SOMEBODY})['\u2019]s?|[A-Z][a-z]+['\u2019]s)\s+"
        rf"(?:own\s+|older\s+|elder\s+|younger\s+|ex-?\s?|former\s+|estranged\s+|foster\s+|step-?)*(?:{_KIN})\b"
        rf"|\b(?i:{_KIN})\s+(?:of|to)\s+(?:the\s+|a\s+|his\s+|her\s+)?(?:{_SOMEBODY})\b"
        rf"|\b(?i:{_KIN})\s+of\s+(?=[A-Z])|\b(?i:boyfriend|girlfriend|fianc[e\u00e9]e?|related\s+to)\b"
        rf"|\b(?i:married\s+to|in\s+a\s+relationship\s+with|dating)\b",
    ),
}
_THINGS_WORDS = """
arms avenue bar bridge buildings cafe centre church close club college cottage court crescent
cross drive estate farm field fields gardens gate green grill grove hall head hill hospital
hotel house inn kitchen lane lodge mall market mews mill palace park parade passage pizza place
quarter road row school shop square station stores street supermarket tavern terrace tower
vaults view walk way wharf wines wood works yard
"""
_THINGS = frozenset(_THINGS_WORDS.split())
"""What stands behind a name that is a place's or a business's."""
NO_PERSONS = "No names, dates of birth, addresses or phone numbers."
"""Stands at every box for free text."""


def doubts_in(text: str) -> list[str]:
    """Say what in a text may point at a person.

    It finds patterns and names of lists, not people: a rare name without any word about a person
    before it is not known for one. How much is found of invented sentences is measured by a test.

    Examples
    --------
    >>> doubts_in("Seen with Mr Example, 01632 960 199")
    ['a telephone number', "a person's name"]
    >>> doubts_in("Staff member John Smith served a girl aged 14")
    ['an age', "a person's name"]
    >>> doubts_in("Visit on 3 December, 22:00 to 02:00")
    []
    """
    found = [what for what, pattern in _PATTERNS.items() if pattern.search(text)]
    return [*found, "a person's name"] if _has_name(text) else found


def _has_name(text: str) -> bool:
    """Tell whether words of a text are written as a name, or stand in the lists of names."""
    if any(_is_said(match) for match in (*_BEFORE_A_NAME.finditer(text), *_DOES.finditer(text))):
        return True
    words = list(_WORD.finditer(text))
    return any(
        _is_name(text, match, words[at + 1] if at + 1 < len(words) else None)
        for at, match in enumerate(words)
    )


def _is_said(match: re.Match[str]) -> bool:
    """Tell whether what stands where a name does is one: no month, no office, no street."""
    words = [_plain(word) for word in match["name"].split()]
    return words[0] not in _NO_NAME and not _THINGS & set(words)


def _is_name(text: str, match: re.Match[str], after: re.Match[str] | None) -> bool:
    """Tell whether a word is a given name: by itself, or with a surname behind it."""
    word = _plain(match[0])
    if word not in GIVEN or match[0][0].islower():
        return False
    between = text[match.end() : after.start()] if after else "."
    follows = _plain(after[0]) if after and between.isspace() else ""
    if follows in _THINGS:
        return False  # "Victoria Street", "George Inn"
    is_full = bool(follows) and (follows in SURNAMES or (after is not None and after[0].istitle()))
    if word in ALSO_WORDS:
        return is_full and follows in SURNAMES and follows not in _THINGS
    return True


def _plain(word: str) -> str:
    return re.sub(r"['\u2019](?:s$)?", "", word).casefold()
