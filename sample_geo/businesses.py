"""Invent businesses and points of interest. Any likeness to a real name is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample_geo.episodes import STREETS
from sample_geo.geography import PARKS, STATIONS, TOWNS
from sample_geo.planted import PLANTED

_FIRST = (
    "Cobalt",
    "Amber",
    "Saffron",
    "Velvet",
    "Copper",
    "Juniper",
    "Marble",
    "Indigo",
    "Hazel",
    "Crimson",
    "Opal",
    "Thistle",
    "Ember",
    "Linnet",
    "Quartz",
    "Sable",
    "Teasel",
    "Umber",
)
_SECOND = {
    "pub": ("Tavern", "Arms of Larkspur", "Taproom", "Alehouse", "Vaults"),
    "nightclub": ("Rooms", "Basement", "Mirror Club"),
    "takeaway": ("Grill", "Kebab House", "Pizza Counter", "Fried Chicken", "Wok"),
    "restaurant": ("Kitchen", "Table", "Dining Rooms", "Café"),
    "hotel": ("Lodge", "Guest House", "Inn Rooms"),
    "shop": ("Wines", "Corner Store", "Off-Licence"),
    "taxi": ("Cars", "Private Hire"),
}
_FHRS_TYPES = {
    "pub": ("Pub/bar/nightclub", 7843),
    "nightclub": ("Pub/bar/nightclub", 7843),
    "takeaway": ("Takeaway/sandwich shop", 7844),
    "restaurant": ("Restaurant/Cafe/Canteen", 1),
    "hotel": ("Hotel/bed & breakfast/guest house", 7842),
    "shop": ("Retailers - other", 4613),
}
_ACTIVITIES = {
    "pub": "alcohol on sales; recorded music",
    "nightclub": "alcohol on sales; recorded music; dancing; late night refreshment",
    "takeaway": "late night refreshment",
    "restaurant": "alcohol on sales",
    "hotel": "alcohol on sales; late night refreshment",
    "shop": "alcohol off sales",
    "taxi": "private hire operator",
}
_UNTIL = {
    "pub": ("23:00", "00:00", "01:00"),
    "nightclub": ("03:00", "04:00"),
    "takeaway": ("01:00", "02:00", "03:00"),
    "restaurant": ("22:30", "23:30"),
    "hotel": ("00:00", "02:00"),
    "shop": ("22:00", "23:00"),
    "taxi": ("",),
}


@dataclass(frozen=True)
class Business:
    """One invented business."""

    number: int
    name: str
    kind: str
    address: str
    town: str
    postcode: str
    point: tuple[float, float] | None
    open_until: str

    @property
    def activities(self) -> str:
        """Name what its licence allows."""
        return _ACTIVITIES[self.kind]

    @property
    def fhrs_type(self) -> tuple[str, int] | None:
        """Name its type in a food-hygiene file, if it would be in one."""
        return _FHRS_TYPES.get(self.kind)


def invent_businesses(seed: int) -> list[Business]:
    """Invent about 650 businesses: in town centres, and some around the planted places."""
    rng = np.random.default_rng(seed)
    kinds = list(_SECOND)
    share = np.array([0.22, 0.04, 0.28, 0.2, 0.08, 0.13, 0.05])
    spots: list[tuple[str, float, float, float]] = []
    for name, lng, lat, radius, _ in TOWNS:
        spots += [(name, lng, lat, radius * 0.45)] * int(10 + radius * 9)
    for place in PLANTED:
        if place.expect in {"hotspot", "single_child"}:
            lng, lat, *_ = place.centres[0]
            town = min(TOWNS, key=lambda t: (t[1] - lng) ** 2 + (t[2] - lat) ** 2)[0]
            spots += [(town, lng, lat, 0.16)] * 9
    return [
        _invent(rng, number, spot, str(rng.choice(kinds, p=share)))
        for number, spot in enumerate(spots, start=1)
    ]


def _invent(
    rng: np.random.Generator, number: int, spot: tuple[str, float, float, float], kind: str
) -> Business:
    town, lng, lat, spread_km = spot
    east, north = rng.normal(0, spread_km, size=2)
    point = (float(lng + east / 67.0), float(lat + north / 111.3))
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    inward = f"{rng.integers(1, 9)}{rng.choice(list(letters))}{rng.choice(list(letters))}"
    postcode = f"ZZ{rng.integers(1, 20)} {inward}"
    return Business(
        number=number,
        name=f"{rng.choice(_FIRST)} {rng.choice(_SECOND[kind])}",
        kind=kind,
        address=f"{rng.integers(1, 140)} {rng.choice(STREETS)} Street",
        town=town,
        postcode=postcode,
        point=None if kind == "takeaway" and rng.random() < 0.05 else point,
        open_until=str(rng.choice(_UNTIL[kind])),
    )


def invent_places(seed: int) -> list[tuple[str, str, float, float]]:
    """Give (name, kind, lng, lat) of stations, parks, and invented ranks and hotels."""
    rng = np.random.default_rng(seed)
    places = [(name, "railway station", lng, lat) for name, lng, lat in STATIONS]
    places += [(name, "park", lng, lat) for name, lng, lat, _ in PARKS]
    for name, lng, lat, radius, _ in TOWNS:
        for number in range(1, int(radius) + 2):
            east, north = rng.normal(0, 0.15 * radius, size=2)
            spot = (round(lng + east / 67.0, 5), round(lat + north / 111.3, 5))
            places.append((f"{name} taxi rank {number}", "taxi rank", *spot))
    places += [
        (f"{b.name}, {b.town}", "hotel", round(b.point[0], 5), round(b.point[1], 5))
        for b in invent_businesses(seed)
        if b.kind == "hotel" and b.point
    ]
    places.append(("Potters Gate bus station", "bus station", -2.1905, 53.0352))
    return places
