"""Invent missing episodes and incidents: children by pseudonym, places, hours and months."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from sample_geo.events import Episode, Incident, Location, Point
from sample_geo.geography import TOWNS
from sample_geo.planted import (
    HEAP,
    HEAP_VISITS,
    HOMES,
    HOSPITAL,
    MONTHS,
    PLANTED,
    POLICE_STATION,
    Planted,
)

EPISODES_A_MONTH = 190
CHILDREN_A_MONTH = 60
INCIDENTS_A_MONTH = 110
_KM_LAT = 1 / 111.3
_KM_LNG = 1 / 67.0

STREETS = (
    "Alder",
    "Barrow",
    "Copeland",
    "Dainty",
    "Elder",
    "Foundry",
    "Gladstone",
    "Harrow",
    "Ivy",
    "Jubilee",
    "Kiln",
    "Larch",
    "Marl",
    "Nile",
    "Orchard",
    "Pottery",
    "Quarry",
    "Rowan",
    "Saggar",
    "Tontine",
    "Union",
    "Vale",
    "Weaver",
    "Yew",
)
_STREET_KINDS = ("Street", "Road", "Lane", "Grove", "Avenue", "Close")
HEAP_TEXTS = tuple(
    f"{place}, {detail}"
    for place in ("Hanley", "Stoke", "City centre", "Bentilee", "Abbey Hulton", "Potteries")
    for detail in ("exact place unknown", "see log", "area of shops", "not stated", "with friends")
)


@dataclass(frozen=True)
class _Visit:
    place: Planted
    child: str
    at: datetime
    point: Point


class Inventor:
    """Invent one sample from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        weights = np.array([radius**2 for *_, radius, _ in TOWNS])
        weights[:7] *= 1.3  # the conurbation has more than its share
        self._town_share = weights / weights.sum()
        self._active = self._invent_children()
        self._origin: dict[str, Location] = {}

    def invent(self) -> tuple[list[Episode], list[Incident]]:
        """Return the episodes and the incidents, each by time."""
        visits = [visit for place in PLANTED for visit in self._visits(place)]
        episodes: list[Episode] = []
        incidents: list[Incident] = []
        for visit in visits:
            if self.rng.random() < visit.place.incidents:
                incidents.append(self._incident_at(visit))
            else:
                episodes.append(self._episode_at(visit))
        episodes += [self._heap_episode() for _ in range(HEAP_VISITS)]
        for month in range(len(MONTHS)):
            for _ in range(EPISODES_A_MONTH - self._count_in(month, episodes)):
                episodes.append(self._background_episode(month))
            for _ in range(INCIDENTS_A_MONTH - self._count_in(month, incidents)):
                incidents.append(self._background_incident(month))  # noqa: PERF401
        return sorted(episodes, key=lambda e: e.start), sorted(incidents, key=lambda i: i.start)

    # children -----------------------------------------------------------------------------

    def _invent_children(self) -> list[list[str]]:
        """Say who goes missing in each month: about a quarter are new from month to month."""
        names = iter(f"P{n:06}" for n in self.rng.permutation(900_000)[:2000] + 100_000)
        current = [next(names) for _ in range(CHILDREN_A_MONTH)]
        active = []
        for _ in MONTHS:
            active.append(list(current))
            leaving = set(self.rng.choice(CHILDREN_A_MONTH, size=15, replace=False).tolist())
            current = [next(names) if i in leaving else c for i, c in enumerate(current)]
        return active

    def _pick_child(self, month: int) -> str:
        """Pick a child; a few go missing far more often than the others."""
        use = 1 / np.arange(1, CHILDREN_A_MONTH + 1) ** 0.55
        return self._active[month][int(self.rng.choice(CHILDREN_A_MONTH, p=use / use.sum()))]

    def _origin_of(self, child: str) -> Location:
        """Give the child's home: a children's home by code, or a dwelling in some town."""
        if child not in self._origin:
            roll, bound = self.rng.random(), 0.0
            for code, (lng, lat, share) in HOMES.items():
                bound += share
                if roll < bound:
                    self._origin[child] = Location(
                        "Missing From", "Children's Home", (lng, lat), code, None
                    )
                    return self._origin[child]
            point = self._town_point()
            self._origin[child] = Location(
                "Missing From", "Residential", point, self._street(), None
            )
        return self._origin[child]

    # places and times ----------------------------------------------------------------------

    def _town_point(self) -> Point:
        town = TOWNS[int(self.rng.choice(len(TOWNS), p=self._town_share))]
        return self._within(town[1], town[2], town[3])

    def _within(self, lng: float, lat: float, radius_km: float) -> Point:
        away, turn = radius_km * self.rng.random() ** 0.55, self.rng.random() * 2 * np.pi
        return (
            float(lng + away * np.cos(turn) * _KM_LNG),
            float(lat + away * np.sin(turn) * _KM_LAT),
        )

    def _street(self) -> str:
        name, kind = self.rng.choice(STREETS), self.rng.choice(_STREET_KINDS)
        return f"{self.rng.integers(1, 140)} {name} {kind}"

    def _moment(self, month: int, days: tuple[int, ...], hours: tuple[int, int]) -> datetime:
        """Pick a minute of the month on one of the days, within hours that may pass midnight."""
        year, number = MONTHS[month]
        length = calendar.monthrange(year, number)[1]
        fitting = [d for d in range(1, length + 1) if datetime(year, number, d).weekday() in days]  # noqa: DTZ001
        day = int(self.rng.choice(fitting))
        span = (hours[1] - hours[0]) % 24 or 24
        at = datetime(year, number, day) + timedelta(  # noqa: DTZ001 - a force writes local time
            hours=hours[0], minutes=int(self.rng.integers(0, span * 60))
        )
        last = datetime(year, number, length, 23, 59)  # noqa: DTZ001
        return min(at, last)

    def _count_in(self, month: int, things: list[Episode] | list[Incident]) -> int:
        return sum((thing.start.year, thing.start.month) == MONTHS[month] for thing in things)

    # planted -------------------------------------------------------------------------------

    def _visits(self, place: Planted) -> list[_Visit]:
        months = [m for *_, first, last in place.centres for m in range(first, last + 1)]
        first, last = min(months), max(months)
        main = self._active[first][0] if place.children else ""
        if place.main_share:  # the main child goes missing throughout
            main = f"P{self.rng.integers(50_000, 99_999):06}"
        visits = []
        for number in range(place.visits):
            month = first + number * (last - first + 1) // place.visits
            open_centres = [c for c in place.centres if c[2] <= month <= c[3]]
            lng, lat, *_ = open_centres[int(self.rng.integers(len(open_centres)))]
            east, north = self.rng.normal(0, place.spread_m / 1000, size=2)
            point = (float(lng + east * _KM_LNG), float(lat + north * _KM_LAT))
            circle = self._active[month][5 : 5 + max(place.children, 1)]
            child = main if self.rng.random() < place.main_share else str(self.rng.choice(circle))
            at = self._moment(month, place.days, place.hours)
            visits.append(_Visit(place, child if place.children else "", at, point))
        return visits

    def _episode_at(self, visit: _Visit) -> Episode:
        role = str(
            self.rng.choice(
                ["Sighting", "Found", "Frequented", "Disclosed (RHI)"], p=[0.35, 0.3, 0.15, 0.2]
            )
        )
        setting = str(
            self.rng.choice(["Street", "Takeaway", "Licensed Premises", "Car Park", "Shop"])
        )
        text = f"{self.rng.integers(1, 60)} {visit.place.name}"
        location = Location(role, setting, visit.point, text, visit.at)
        return self._episode(visit.child, visit.at, (location,))

    def _incident_at(self, visit: _Visit) -> Incident:
        at_home = visit.place.expect == "never"
        setting = (
            "Residential"
            if at_home
            else str(self.rng.choice(["Street", "Licensed Premises", "Takeaway", "Hotel"]))
        )
        text = f"{self.rng.integers(1, 60)} {visit.place.name}"
        location = Location("Incident", setting, visit.point, text, visit.at)
        form = "Intra-familial abuse" if at_home else "Child sexual exploitation"
        offence = "Sexual activity with a child" if at_home else self._offence()
        child = visit.child if self.rng.random() < 0.7 else ""
        return Incident(offence, form, child, visit.at, None, location)

    def _heap_episode(self) -> Episode:
        month = int(self.rng.integers(len(MONTHS)))
        at = self._moment(month, tuple(range(7)), (12, 2))
        text = str(self.rng.choice(HEAP_TEXTS))
        location = Location("Sighting", "Bus Station", HEAP, text, at)
        return self._episode(self._pick_child(month), at, (location,))

    # background ----------------------------------------------------------------------------

    def _background_episode(self, month: int) -> Episode:
        child = self._pick_child(month)
        at = self._moment(month, tuple(range(7)), (14, 4))
        roles = [
            ("Last Seen", 0.3),
            ("Sighting", 0.25),
            ("Frequented", 0.2),
            ("Disclosed (RHI)", 0.2),
        ]
        locations = [
            self._background_location(r, child, at) for r, p in roles if self.rng.random() < p
        ]
        if self.rng.random() < 0.7:
            locations.append(self._found(child, at))
        return self._episode(child, at, tuple(locations))

    def _background_location(self, role: str, child: str, at: datetime) -> Location:
        if role == "Last Seen" and self.rng.random() < 0.4:
            origin = self._origin_of(child)
            return Location(role, origin.setting, origin.point, origin.text, at)
        kinds = ["Street", "Park", "Shop", "Takeaway", "Residential", "School", "Railway Station"]
        setting = str(self.rng.choice(kinds, p=[0.4, 0.12, 0.14, 0.1, 0.12, 0.07, 0.05]))
        if self.rng.random() < 0.03:
            return Location(role, setting, None, "not known", at, "None")
        if self.rng.random() < 0.03:  # over the border: Crewe, Birmingham, Derby
            border = [(-2.44, 53.098), (-1.90, 52.48), (-1.475, 52.92)][int(self.rng.integers(3))]
            return Location(role, setting, self._within(*border, 2.0), self._street(), at)
        return Location(role, setting, self._town_point(), self._street(), at)

    def _found(self, child: str, at: datetime) -> Location:
        roll, later = self.rng.random(), at + timedelta(hours=float(self.rng.uniform(1, 9)))
        if roll < 0.3:
            origin = self._origin_of(child)
            return Location("Found", origin.setting, origin.point, origin.text, later)
        if roll < 0.36:
            return Location("Found", "Police Station", POLICE_STATION, "Police station", later)
        if roll < 0.40:
            return Location("Found", "Hospital", HOSPITAL, "Hospital", later)
        return self._background_location("Found", child, later)

    def _episode(self, child: str, around: datetime, locations: tuple[Location, ...]) -> Episode:
        start = around - timedelta(minutes=int(self.rng.integers(20, 300)))
        latest = max([loc.at for loc in locations if loc.at] or [around])
        end = latest + timedelta(minutes=int(self.rng.integers(10, 500)))
        origin = self._origin_of(child)
        home: tuple[Location, ...] = (
            Location("Returned To", origin.setting, origin.point, origin.text, end),
        )
        risk = str(self.rng.choice(["High", "Medium", "Low"], p=[0.25, 0.6, 0.15]))
        ends = () if self.rng.random() > 0.6 else home
        return Episode(child, start, end, risk, (origin, *locations, *ends))

    def _offence(self) -> str:
        return str(
            self.rng.choice(
                [
                    "Meeting a child following grooming",
                    "Paying for sexual services of a child",
                    "Supply of controlled drugs",
                    "Sale of alcohol to a child",
                    "Abduction of a child",
                ]
            )
        )

    def _background_incident(self, month: int) -> Incident:
        at = self._moment(month, tuple(range(7)), (8, 3))
        at_home = self.rng.random() < 0.45
        setting = (
            "Residential"
            if at_home
            else str(self.rng.choice(["Street", "Park", "Shop", "Licensed Premises"]))
        )
        form = (
            str(self.rng.choice(["Intra-familial abuse", "Online abuse"]))
            if at_home
            else "Child sexual exploitation"
        )
        location = Location("Incident", setting, self._town_point(), self._street(), at)
        child = self._pick_child(month) if self.rng.random() < 0.4 else ""
        end = (
            at + timedelta(hours=float(self.rng.uniform(1, 12)))
            if self.rng.random() < 0.3
            else None
        )
        return Incident(self._offence(), form, child, at, end, location)
