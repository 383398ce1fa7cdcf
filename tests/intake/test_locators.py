"""Places by postcode, UPRN and grid, and the other formats that points come in."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import polars as pl
import pytest
from shapely.geometry import Point

from hotspot import InputError
from hotspot.intake.fields.mapping import Mapping, propose
from hotspot.intake.places.coordinates import use_grid
from hotspot.intake.places.lookups import ReferenceFiles
from hotspot.intake.places.postcodes import postcodes_in
from hotspot.intake.rows.balance import Context
from hotspot.intake.sources import licensing_register
from tests.intake.cases import AREA, CONTEXT, INCIDENT, LICENCE, STREET, read, reasons, text_of


@pytest.fixture
def reference(tmp_path: Path) -> Context:
    """A workspace's folder with invented postcodes and UPRNs."""
    folder = tmp_path / "reference"
    (folder / "code-point-open").mkdir(parents=True)
    (folder / "code-point-open" / "zz.csv").write_text(
        '"ZZ1 1AA",10,387951,345058,"E92000001"\n"ZZ1 1AB",60,388100,345100,"E92000001"\n'
        '"ZZ1 1AC",90,0,0,"E92000001"\n'
    )
    (folder / "open-uprn.csv").write_text(
        "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n100,387951.0,345058.0,53.0,-2.1\n"
    )
    return Context(AREA, (b"k" * 32,), ReferenceFiles(folder))


WITHOUT_GRID = {k: v for k, v in INCIDENT.items() if k not in ("Easting", "Northing")}


def test_postcodes_are_found_with_their_precision(tmp_path: Path, reference: Context) -> None:
    codes = ["ZZ1 1AA", "zz11ab", "ZZ1 1AC", "ZZ9 9ZZ", "nonsense", "ZZ1 OAA", "ZZ1\u00a01AA"]
    rows = [WITHOUT_GRID | {"Crime Number": str(n), "Postcode": c} for n, c in enumerate(codes)]
    reading = read(tmp_path, text_of(*rows), context=reference)
    assert reasons(reading) == {
        "coarse_location": 1,
        "postcode_not_found": 2,
        "bad_postcode": 1,
        "postcode_slip": 1,
    }
    assert reading.table["precision"].to_list() == ["postcode", "locality", "postcode"]
    without = read(tmp_path, text_of(*rows[:1]))
    assert reasons(without) == {"no_postcode_file": 1}


def test_a_file_without_rows_and_without_a_place_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Licence Number,Premises Name,Address,Licensing Authority,Activities,Northing")
    reading = licensing_register.read(path, CONTEXT, None, "f.csv")
    assert reading.table.is_empty()
    assert reading.balance.rows_in == 0


def test_the_postcodes_of_an_area_are_found_by_their_place(reference: Context) -> None:
    found = postcodes_in((-2.2, 52.9, -2.1, 53.1), reference.reference)
    assert found["postcode"].to_list() == ["ZZ1 1AA", "ZZ1 1AB"]  # the third has no place
    assert found.select("lng", "lat").row(0) == pytest.approx((-2.1809, 53.0026), abs=2e-3)
    assert postcodes_in((0, 50, 1, 51), reference.reference).is_empty()
    assert postcodes_in((-3, 52, -1, 54), ReferenceFiles()).is_empty()


def test_a_postcode_stands_in_where_coordinates_are_missing(
    tmp_path: Path, reference: Context
) -> None:
    rows = [
        INCIDENT | {"Postcode": ""},
        INCIDENT | {"Crime Number": "2", "Easting": "", "Northing": "", "Postcode": "ZZ1 1AA"},
    ]
    reading = read(tmp_path, text_of(*rows), context=reference)
    assert reading.table["precision"].to_list() == ["unknown", "postcode"]
    assert reading.table["lat"][0] == reading.table["lat"][1]
    assert "1 rows without coordinates lie at the middle" in " ".join(reading.notes)


def test_uprns_are_text_with_leading_zeros(tmp_path: Path, reference: Context) -> None:
    rows = [
        WITHOUT_GRID | {"Crime Number": str(n), "UPRN": u}
        for n, u in enumerate(["000000000100", "100", "7", "x7"])
    ]
    reading = read(tmp_path, text_of(*rows), context=reference)
    assert reasons(reading) == {"uprn_not_found": 1, "bad_uprn": 1}
    assert reading.table["precision"].to_list() == ["uprn", "uprn"]
    assert reasons(read(tmp_path, text_of(*rows[:1]))) == {"no_uprn_file": 1}


def test_a_file_that_is_no_postcode_file_is_named(tmp_path: Path, reference: Context) -> None:
    folder = reference.reference.folder
    assert folder is not None
    (folder / "open-uprn.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="not OS Open UPRN"):
        read(tmp_path, text_of(WITHOUT_GRID | {"UPRN": "100"}), context=reference)


def test_the_accuracy_of_the_grid_is_said_and_is_that_of_the_reference(tmp_path: Path) -> None:
    """Ordnance Survey's own worked point: 651409.903, 313177.270 is 52.65757 N, 1.71792 E (OSGB36)."""
    assert use_grid(ReferenceFiles()) == (
        "National Grid is turned into degrees to about 2 m and at worst to 5 m (without the OSTN15 "
        "grid)."
    )
    row = INCIDENT | {"Easting": "651409.903", "Northing": "313177.270"}
    record = read(tmp_path, text_of(row)).table.row(0, named=True)
    assert record["lat"] == pytest.approx(52.657977, abs=4e-5)  # ETRS89, 4 m
    assert record["lng"] == pytest.approx(1.716038, abs=6e-5)


def test_places_known_to_a_kilometre_are_coarse(tmp_path: Path) -> None:
    rows = [
        INCIDENT | {"Easting": "388000", "Northing": "345000"},
        INCIDENT | {"Crime Number": "2", "Easting": "388100", "Northing": "345100"},
        INCIDENT | {"Crime Number": "3", "Geocode Quality": "Town"},
    ]
    rows = [{**r, "Geocode Quality": r.get("Geocode Quality", "")} for r in rows]
    reading = read(tmp_path, text_of(*rows))
    assert reasons(reading) == {"coarse_location": 2}
    assert reading.table["precision"].to_list() == ["locality", "street", "locality"]


def test_naptan_stops_by_type(tmp_path: Path) -> None:
    row = {
        "ATCOCode": "370",
        "CommonName": "High Street",
        "Easting": "387951",
        "Northing": "345058",
        "StopType": "TXR",
        "Status": "act",
    }
    rows = [
        row,
        row | {"ATCOCode": "371", "StopType": "BCS"},
        row | {"ATCOCode": "372", "Status": "del"},
    ]
    reading = read(tmp_path, text_of(*rows), "places")
    assert reading.table["kind"].to_list() == ["taxi rank", "bus station"]
    assert reasons(reading) == {"closed": 1}


OSM = """<osm version="0.6">
<node id="1" lat="53.0" lon="-2.1"><tag k="name" v="Opal"/><tag k="amenity" v="pub"/></node>
<node id="2" lat="53.0" lon="-2.2"/><node id="3" lat="53.1" lon="-2.2"/><node id="4" lat="53.1" lon="-2.1"/>
<node id="5" lat="53.0" lon="-2.1"><tag k="amenity" v="place_of_worship"/><tag k="name" v="x"/></node>
<node id="6" lat="53.0" lon="-2.1"><tag k="amenity" v="bench"/></node>
<way id="9"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/><tag k="leisure" v="park"/></way>
</osm>"""


def test_openstreetmap_extracts_without_places_of_worship(tmp_path: Path) -> None:
    reading = read(tmp_path, OSM, "places", "x.osm")
    assert reading.table.select("name", "kind").rows() == [
        ("Opal", "pub, bar or nightclub"),
        ("unnamed park", "park"),
    ]
    assert reasons(reading) == {"sensitive_type": 1, "other_trade": 1}
    assert reading.table["lat"][1] == pytest.approx(53.0667, abs=0.001)
    with pytest.raises(InputError, match="not readable as OpenStreetMap"):
        read(tmp_path, '<!DOCTYPE a [<!ENTITY b "c">]><osm>&b;</osm>', "places", "x.osm")


def test_parquet_and_geopackage_are_read_like_any_table(tmp_path: Path) -> None:
    pl.DataFrame([INCIDENT]).with_columns(pl.col("Easting").cast(pl.Float64)).write_parquet(
        tmp_path / "i.parquet"
    )
    content = (tmp_path / "i.parquet").read_bytes()
    assert read(tmp_path, content, name="i.parquet").balance.used == 1
    frame = gpd.GeoDataFrame(
        [{k: v for k, v in INCIDENT.items() if "ing" not in k[-3:]}],
        geometry=[Point(387951, 345058)],
        crs=27700,
    )
    frame.to_file(tmp_path / "i.gpkg", layer="x", driver="GPKG")
    content = (tmp_path / "i.gpkg").read_bytes()
    assert read(tmp_path, content, name="i.gpkg").balance.used == 1
    plain = gpd.GeoDataFrame({"name": ["x"]}, geometry=[Point(1, 1)])
    plain.to_file(tmp_path / "n.gpkg", layer="x", driver="GPKG")
    with pytest.raises(InputError, match="does not say which coordinate system"):
        read(tmp_path, (tmp_path / "n.gpkg").read_bytes(), "places", "n.gpkg")


FHRS = """{"FHRSEstablishment":{"EstablishmentCollection":{"EstablishmentDetail":[
{"FHRSID":1,"BusinessName":"Opal","BusinessTypeID":7844,"PostCode":"ZZ1 1AA","LocalAuthorityName":"A",
 "geocode":{"longitude":"-2.1","latitude":"53.0"}},
{"FHRSID":2,"BusinessName":"Home","BusinessTypeID":5,"geocode":null}]}}}"""


def test_food_hygiene_as_json(tmp_path: Path) -> None:
    reading = read(tmp_path, FHRS, "food-hygiene", "f.json")
    assert reading.table.select("premises_ref", "kind").rows() == [("1", "takeaway")]
    assert reasons(reading) == {"sensitive_type": 1}


def test_one_licence_a_row_for_each_activity_is_one_premises(tmp_path: Path) -> None:
    names = {
        "Licence Number": "CASEREFERENCE",
        "Premises Name": "PREMISESNAME",
        "Address": "LOCATIONTEXT",
        "Activities": "ENTERTAINMENTTYPELABEL",
        "Licensing Authority": "ORGANISATIONLABEL",
        "Status": "STATUSLABEL",
    }
    row = {names.get(k, k): v for k, v in LICENCE.items()}
    row |= {
        "DESIGNATEDPREMISESSUPERVISOR": "x",
        "LICENCEHOLDER": "y",
        "LATENIGHTREFRESHMENT": "TRUE",
    }
    rows = [
        row,
        row | {"ENTERTAINMENTTYPELABEL": "Recorded Music"},
        row | {"CASEREFERENCE": "L2", "STATUSLABEL": "Surrendered"},
    ]
    reading = read(tmp_path, text_of(*rows), "licensing")
    record = reading.table.row(0, named=True)
    assert "Recorded Music" in record["activities"]
    assert "late night refreshment" in record["activities"]
    assert record["kind"] == "pub, bar or nightclub"
    assert reasons(reading) == {"duplicate_row": 1, "not_current": 1}
    assert "DESIGNATEDPREMISESSUPERVISOR (a name of a person)" in " ".join(reading.notes)


def test_outcomes_of_street_crime_are_records_of_their_own(tmp_path: Path) -> None:
    row = {k: v for k, v in STREET.items() if k not in ("Crime type", "Last outcome category")}
    rows = [row | {"Outcome type": "Suspect charged"}, row | {"Outcome type": "Court result"}]
    reading = read(tmp_path, text_of(*rows), "police-uk-outcomes")
    assert reading.balance.used == 2
    assert reading.table["source"].unique().to_list() == ["police-uk-outcomes"]


def test_a_forces_own_words_are_mapped(tmp_path: Path) -> None:
    row = INCIDENT | {"Location Setting": "Arndale"}
    unknown = read(tmp_path, text_of(row))
    assert unknown.unknown_words == {"setting": {"Arndale": 1}}
    mapping = propose("incidents", row).model_copy(
        update={"words": {"setting": {"Arndale": "commercial"}}}
    )
    told = read(tmp_path, text_of(row), mapping=mapping)
    assert told.table["setting"].item() == "commercial"
    assert told.unknown_words == {}


def test_a_mapping_file_that_is_none_is_refused(tmp_path: Path) -> None:
    from hotspot.intake.fields.mapping import load_mapping

    with pytest.raises(InputError, match="There is no mapping file"):
        load_mapping(tmp_path / "m.json")
    (tmp_path / "m.json").write_text('{"source":"incidents","colums":{}}')
    with pytest.raises(InputError, match="colums"):
        load_mapping(tmp_path / "m.json")
    (tmp_path / "m.json").write_text(propose("incidents", INCIDENT).model_dump_json())
    assert load_mapping(tmp_path / "m.json").columns["reference"] == "Crime Number"
    for columns, words in (
        ({"nothing": "x"}, "does not have"),
        ({"reference": "Lost"}, "lacks the column"),
        ({"reference": "Crime Number", "kind": "Crime Number"}, "for two fields"),
        ({"reference": "Crime Number", "start": "Date/Time From"}, "says of no row where"),
    ):
        with pytest.raises(InputError, match=words):
            read(tmp_path, text_of(INCIDENT), mapping=Mapping(source="incidents", columns=columns))
    assert CONTEXT.kept == ()
