"""Name the fields of each source, the column names that mean them, and what must not come in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hotspot.intake.files.raw import LATITUDE, LONGITUDE, plain_name


class FieldKind(StrEnum):
    """How the text of a field is read."""

    REFERENCE = "reference"
    TIME = "time"
    CLOCK = "clock"
    WORD = "word"
    TEXT = "text"
    PLACE = "place"
    NUMBER = "number"


DATED = (FieldKind.TIME, FieldKind.CLOCK)


@dataclass(frozen=True)
class Field:
    """One thing that a source may tell of a row.

    Attributes
    ----------
    name, label
        What code and screens call it.
    kind
        How its text is read.
    synonyms
        Names of columns that usually mean it.
    is_required
        Whether the source is useless without it.
    """

    name: str
    label: str
    kind: FieldKind
    synonyms: tuple[str, ...]
    is_required: bool = False


def _field(name: str, label: str, kind: FieldKind, names: str, *, required: bool = False) -> Field:
    synonyms = tuple(part.strip() for part in names.split(",") if part.strip())
    return Field(name, label, kind, (label, *synonyms), required)


_REF, _TIME, _CLOCK = FieldKind.REFERENCE, FieldKind.TIME, FieldKind.CLOCK
_WORD, _TEXT, _PLACE, _NUMBER = FieldKind.WORD, FieldKind.TEXT, FieldKind.PLACE, FieldKind.NUMBER

PLACE_FIELDS = (
    _field(
        "easting",
        "Easting",
        _PLACE,
        "X, GRIDX, BNG_E, OS East, East, X coordinate, OSGB X, Eastings, GeoX",
    ),
    _field(
        "northing",
        "Northing",
        _PLACE,
        "Y, GRIDY, BNG_N, OS North, North, Y coordinate, OSGB Y, Northings, GeoY",
    ),
    _field("lng", "Longitude", _PLACE, f"Long, Lng, Lon, {LONGITUDE}"),
    _field("lat", "Latitude", _PLACE, f"Lat, {LATITUDE}"),
    _field(
        "point",
        "Point in one column",
        _PLACE,
        "Lat/Long, Lat Lng, Lat Lon, Latitude Longitude, Coordinates, Coords, WKT, Geolocation, "
        "Geopoint, Geometry, the_geom, geom",
    ),
    _field(
        "grid_reference", "Grid reference", _PLACE, "Grid Ref, NGR, OS Grid, OS Grid Ref, Gridref"
    ),
    _field("postcode", "Postcode", _PLACE, "Post Code, PCode, Location Postcode, PCD"),
    _field("uprn", "UPRN", _PLACE, "Unique Property Reference Number"),
    _field("precision", "Geocode quality", _WORD, "Match Level, Precision, Geocode Precision"),
)
_PERSON = _field(
    "person",
    "Person ID",
    _REF,
    "Nominal ID, Nominal URN, Unique ID, Misper ID, Person Ref, Person Reference, Child ID, Victim ID, Nominal",
)
_BORN = Field("date_of_birth", "Date of birth, to become an age band", _TIME, ())
_ROLE = _field(
    "role", "Location type", _WORD, "Link Type, Address Type, Relationship, Location Role"
)
_SETTING = _field(
    "setting", "Location setting", _WORD, "Premises Type, Place Type, Setting, Venue Type"
)
_WHERE = _field("where", "Location text", _TEXT, "Address, Location, Full Address, Venue, Place")
_RISK = _field("risk", "Risk level", _WORD, "Risk, Initial Risk, Highest Risk, Final Risk, Grading")
_FORM = _field("form", "Form of abuse", _WORD, "Abuse Type, Form, Type of Abuse, CSA Form")

MISSING = (
    _field(
        "reference",
        "Occurrence number",
        _REF,
        "Occ No, Misper Ref, Missing Report No, Case Ref, URN, "
        "Incident URN, MP Number, Niche Ref, Occurrence No, Occurrence Ref",
        required=True,
    ),
    _PERSON,
    _BORN,
    _field(
        "start",
        "Date/time from",
        _TIME,
        "MP Date From, From Date, Date From, Missing From Date, "
        "Date/Time Missing, Date Last Seen, Date/Time Reported, Date Reported",
        required=True,
    ),
    _field(
        "start_clock",
        "Time from",
        _CLOCK,
        "From Time, Missing From Time, Time Missing, Time Last Seen",
    ),
    _field(
        "end",
        "Date/time found",
        _TIME,
        "Date Returned, Located Date, Date Found, Found Date, "
        "Date/Time Returned, Date/Time Located",
    ),
    _field("end_clock", "Time found", _CLOCK, "Found Time, Time Returned, Located Time"),
    _field(
        "own",
        "Location date/time",
        _TIME,
        "Date/Time at Location, Location Date, Sighting Date/Time",
    ),
    _field("own_clock", "Location time", _CLOCK, "Time at Location, Sighting Time"),
    _field(
        "role",
        "Location type",
        _WORD,
        "Link Type, Address Type, Relationship, Location Role",
        required=True,
    ),
    _SETTING,
    _RISK,
    _FORM,
    _WHERE,
    *PLACE_FIELDS,
)
INCIDENTS = (
    _field(
        "reference",
        "Crime number",
        _REF,
        "Crime No, Crime Ref, Incident No, Incident Number, "
        "Incident Ref, Reference, URN, CAD, Log No, STORM No, Occurrence Number",
        required=True,
    ),
    _PERSON,
    _BORN,
    _field(
        "kind",
        "Offence",
        _TEXT,
        "Offence Type, Crime Type, Offence Description, Incident Type, HO Offence",
    ),
    _FORM,
    _field(
        "start",
        "Date/time from",
        _TIME,
        "Date From, Committed From, Committed From Date, Occurred From Date, Incident Date, Date/Time, Date, "
        "Occurred From, From Date, Start",
        required=True,
    ),
    _field(
        "start_clock", "Time from", _CLOCK, "From Time, Incident Time, Time, Committed From Time"
    ),
    _field("end", "Date/time to", _TIME, "Date To, Committed To, Occurred To, To Date, End"),
    _field("end_clock", "Time to", _CLOCK, "To Time, Committed To Time"),
    _SETTING,
    _WHERE,
    *PLACE_FIELDS,
)
INTERVIEWS = (
    _field(
        "reference",
        "Interview reference",
        _REF,
        "RHI Ref, RHI Reference, Interview Ref, Interview No, "
        "Occurrence Number, Case Ref, Reference",
        required=True,
    ),
    _PERSON,
    _BORN,
    _field(
        "start",
        "Interview date",
        _TIME,
        "RHI Date, Date of Interview, Date Completed, Date, Date/Time of Interview",
        required=True,
    ),
    _field("start_clock", "Interview time", _CLOCK, "RHI Time, Time"),
    _ROLE,
    _SETTING,
    _FORM,
    _WHERE,
    *PLACE_FIELDS,
)
INTELLIGENCE = (
    _field(
        "reference",
        "Intelligence reference",
        _REF,
        "Intel Ref, Intelligence Ref, Log Ref, 3x5x2 Ref, Report No, URN, Reference",
        required=True,
    ),
    _field(
        "start",
        "Information date",
        _TIME,
        "Date of Information, Intel Date, Date Submitted, Date, Date/Time",
        required=True,
    ),
    _field("start_clock", "Information time", _CLOCK, "Time"),
    _field(
        "grade", "Grade", _WORD, "Grading, 3x5x2, Evaluation, 5x5x5, Intel Grade", required=True
    ),
    _SETTING,
    _FORM,
    _WHERE,
    *PLACE_FIELDS,
)
STREET = (
    _field("reference", "Crime ID", _REF, ""),
    _field("month", "Month", _TIME, "", required=True),
    _field("kind", "Crime type", _TEXT, "", required=True),
    _field("lng", "Longitude", _PLACE, f"Long, Lng, Lon, {LONGITUDE}", required=True),
    _field("lat", "Latitude", _PLACE, f"Lat, {LATITUDE}", required=True),
    _field("lsoa", "LSOA code", _TEXT, "LSOA_id, lsoa_code"),
    _field("where", "Location", _TEXT, ""),
    _field("by", "Reported by", _TEXT, ""),
    _field("within", "Falls within", _TEXT, ""),
)
OUTCOMES_OF_CRIMES = (
    *(field for field in STREET if field.name != "kind"),
    _field("kind", "Outcome type", _TEXT, "", required=True),
)
STOPS = (
    _field("start", "Date", _TIME, "", required=True),
    _field("kind", "Object of search", _TEXT, ""),
    _field("how", "Type", _TEXT, ""),
    _field("outcome", "Outcome", _TEXT, ""),
    _field("legislation", "Legislation", _TEXT, ""),
    _field("lng", "Longitude", _PLACE, "", required=True),
    _field("lat", "Latitude", _PLACE, "", required=True),
)
LICENSING = (
    _field(
        "reference",
        "Licence number",
        _REF,
        "Case Reference, Licence No, Licence Ref, Reference, "
        "Licence Reference, Register Ref, Premises Licence Number",
        required=True,
    ),
    _field(
        "name",
        "Premises name",
        _TEXT,
        "Trading Name, Premises, Name of Premises, Business Name, Trading As",
        required=True,
    ),
    _field("address", "Address", _TEXT, "Location Text, Premises Address, Full Address"),
    _field("authority", "Licensing authority", _TEXT, "Organisation Label, Authority, Council"),
    _field(
        "activities",
        "Activities",
        _TEXT,
        "Entertainment Type Label, Licensable Activities, Activity",
    ),
    _field("refreshment", "Late night refreshment", _TEXT, "LateNightRefreshment"),
    _field("alcohol", "Alcohol supply", _TEXT, "AlcoholSupply"),
    _field("alcohol_on", "On premises alcohol sale", _TEXT, "OnPremisesAlcoholSale"),
    _field("alcohol_off", "Off premises alcohol sale", _TEXT, "OffPremisesAlcoholSale"),
    _field(
        "closing",
        "Terminal hour",
        _TEXT,
        "Closing Time, Closing Hour, Licensing Hours, Licensed Hours, Hours, Opening Hours, Permitted Hours",
    ),
    _field("status", "Status", _WORD, "Status Label, Licence Status, State"),
    _field(
        "type", "Licence type", _WORD, "Service Type Label, Type of Licence, Type, Application Type"
    ),
    _field(
        "dated",
        "Case date",
        _TIME,
        "Date Granted, Granted, Date of Grant, Date of Issue, Issue Date, Licence Start Date, Start Date, "
        "Valid From, Effective Date, Date of Event, Event Date, Event Start",
    ),
    _field(
        "ends",
        "Licence end date",
        _TIME,
        "End Date, Expiry Date, Expiry, Expires, Date of Expiry, Valid To, Valid Until, Event End, Event End Date",
    ),
    *PLACE_FIELDS,
)
POINTS = (
    _field("reference", "Reference", _REF, "ATCOCode, @id, osm_id, id, Site Ref"),
    _field(
        "name",
        "Name",
        _TEXT,
        "CommonName, Site Name, Premises Name, Title, Label, sname, Location Text, Street Address",
    ),
    _field("kind", "Kind", _WORD, "StopType, Service Type Label, Type, Category, Class, fclass"),
    _field("amenity", "amenity", _WORD, ""),
    _field("shop", "shop", _WORD, ""),
    _field("leisure", "leisure", _WORD, ""),
    _field("tourism", "tourism", _WORD, ""),
    _field("railway", "railway", _WORD, ""),
    _field("highway", "highway", _WORD, ""),
    _field("club", "club", _WORD, ""),
    _field("status", "Status", _WORD, "Modification"),
    *PLACE_FIELDS,
)
OUTLINES = (
    _field("name", "Name", _TEXT, "Ward name, District, NAZEV"),
    _field("code", "Code", _TEXT, "Ward code, id"),
)
SITES = (
    _field("name", "Name", _TEXT, "Site Name, Label, Reference"),
    _field("kind", "Kind of site", _WORD, "Kind, Type, Site Type, Category", required=True),
    _field("within", "Radius in metres", _NUMBER, "Radius, Buffer, Buffer m, Radius m"),
    *PLACE_FIELDS,
)
COUNTS = {
    "recorded": "Offences recorded",
    "suspect_identified": "Suspect identified",
    "file_to_cps": "File to CPS",
    "charge": "Charge",
    "conviction": "Conviction",
    "nfa_evidence": "No further action: evidential difficulties",
    "nfa_victim": "No further action: victim does not support",
    "nfa_no_suspect": "No further action: no suspect identified",
    "nfa_public_interest": "No further action: not in the public interest",
    "nfa_other": "No further action: other",
    "referred": "Files referred to the CPS in the month",
    "referred_charged": "Of those files: charged",
    "referred_convicted": "Of those files: convicted",
    "referred_no_evidence": "Of those files: no charge, evidential difficulties",
    "referred_no_interest": "Of those files: no charge, not in the public interest",
    "referred_no_support": "Of those files: no charge, victim does not support",
    "referred_not_convicted": "Of those files: charged, then acquitted or discontinued",
    "days_to_charge": "Of those files: median days from referral to the decision on charge",
    "days_to_verdict": "Of those files: median days from charge to the end in court",
    "interviews_offered": "Return home interviews offered",
    "interviews_completed": "Return home interviews completed",
}
"""What a monthly row of outcomes counts; never a case."""
_COUNT_NAMES = {
    "recorded": "Recorded, Recorded Offences, Crimes Recorded",
    "suspect_identified": "Suspects Identified",
    "file_to_cps": "Files to CPS, CPS File, Submitted to CPS",
    "charge": "Charged, Charges",
    "conviction": "Convictions, Convicted",
    "nfa_evidence": "NFA Evidential, Evidential Difficulties",
    "nfa_victim": "NFA Victim, Victim Does Not Support",
    "nfa_no_suspect": "NFA No Suspect, No Suspect",
    "nfa_public_interest": "NFA Public Interest",
    "nfa_other": "NFA Other",
    "referred": "Files Referred, CPS Referrals",
    "referred_charged": "Referred Charged",
    "referred_convicted": "Referred Convicted",
    "referred_no_evidence": "Referred No Charge Evidential",
    "referred_no_interest": "Referred No Charge Public Interest",
    "referred_no_support": "Referred No Charge Victim",
    "referred_not_convicted": "Referred Acquitted, Referred Discontinued",
    "days_to_charge": "Median Days To Charge",
    "days_to_verdict": "Median Days To Verdict",
    "interviews_offered": "RHI Offered, Interviews Offered",
    "interviews_completed": "RHI Completed, Interviews Completed",
}
OUTCOMES = (
    _field("month", "Month", _TIME, "Period", required=True),
    _field("district", "District", _TEXT, "Area, Local Authority, LPU"),
    *(_field(name, label, _NUMBER, _COUNT_NAMES[name]) for name, label in COUNTS.items()),
)

REFUSED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a date of birth", re.compile(r"^(dob|dateofbirth|birthdate|.*dateofbirth|dob.*|.*dob)$")),
    (
        "a protected characteristic",
        re.compile(
            r"ethnic|religion|faith|nationality|sexualorient|disab|^(gender|sex|race)$|^sex(at)?birth|"
            r"genderidentity|pregnan|immigration|countryofbirth|^(person|child|victim)(gender|sex)$"
        ),
    ),
    (
        "a name of a person",
        re.compile(
            r"^(name|fullname|forename.*|surname|firstname|lastname|middlename|alias(es)?|nickname|maidenname)$|"
            r"(person|child|misper|victim|nominal|suspect|offender|officer|parent|carer|mother|father|social"
            r"worker|holder|supervisor|applicant|informant|owner)s?(fore|sur|first|last|full)?names?$|"
            r"^(oic|officer|officerincase|dps|designatedpremisessupervisor|licenceholder|supervisor|premises"
            r"supervisor|applicant)$|^reportedbyname$"
        ),
    ),
    (
        "a contact detail or number of a person",
        re.compile(
            r"phone|mobile|e?mail(address)?$|^pnc(id|no|number)?$|nhsno|nhsnumber|nationalinsurance|^nino$|"
            r"supervisorlicence|supervisoraddress|supervisorpostcode|holderaddress|holderpostcode|"
            r"socialmedia|username|^imei$|vrm$|passport"
        ),
    ),
    (
        "narrative",
        re.compile(
            r"^mo$|narrative|summary|circumstance|freetext|^notes?$|^comments?$|^details?$|description$|"
            r"^remarks$|^mosummary$|^disclosure(text)?$|^conversation$"
        ),
    ),
)
"""Kinds of column that do not enter, and how their plain names look."""
_ALLOWED = {
    "incidents": {"offencedescription", "crimedescription"},
    "licensing": {"name"},
    "places": {"name", "description"},
    "sensitive-sites": {"name"},
    "boundaries": {"name"},
}


_LIKE_NAMES = (
    re.compile(r"(?:nm|name)$"),
    re.compile(r"name|title|label"),
    re.compile(
        r"facility|neighbou?rhood|precinct|ward|beat|district|borough|division|locationtext"
        r"|^(?:site|station|station_?na|library|venue|pub|park|school|place)$"
    ),
)
"""How columns look that may name a place, the likeliest first."""


def like_name(columns: Iterable[str], source: str) -> str | None:
    """Return the column that most likely names places, whatever it is called; `None` for none."""
    free = [column for column in columns if refusal_of(column, source) is None]
    for pattern in _LIKE_NAMES:
        for column in free:
            if pattern.search(plain_name(column)):
                return column
    return None


def refusal_of(column: str, source: str) -> str | None:
    """Say what a column holds that must not enter; `None` where it may."""
    name = plain_name(column)
    if name in _ALLOWED.get(source, frozenset()):
        return None
    return next((what for what, pattern in REFUSED if pattern.search(name)), None)
