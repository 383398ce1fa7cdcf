"""Generated bad files: no traceback, no hang, no worker over its limit, and every row accounted for."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotspot.errors import HotspotError
from hotspot.intake.files.sandbox import GIBIBYTE, Limits, Sandbox
from hotspot.intake.rows.balance import REJECTED, SET_ASIDE
from hotspot.intake.sources.registry import READERS, read_packed
from hotspot.schema import RECORD_SOURCES
from tests.intake.cases import CONTEXT, DEGREES, INCIDENT, LICENCE, STREET

BOX = Sandbox(Limits(memory_bytes=4 * GIBIBYTE))
ROWS = {"incidents": INCIDENT, "licensing": LICENCE, "police-uk": STREET, "places": DEGREES}
ODD = st.sampled_from(
    [
        "",
        " ",
        "NA",
        "N/A",
        "0",
        "-1",
        "1e400",
        "nan",
        "Infinity",
        "1_000",
        "53,02",
        "\u2212" + "2.1",
        "31/02/2024",
        "01/02/2024",
        "2024-02-01",
        "45323",
        "24:00",
        "=1+1",
        "<b>",
        "{{x}}",
        "\u202e",
        "SJ8847",
        "\u0663",
        "999999999999999999999",
        '"',
        "'",
        ",",
        ";",
        "\t",
        "\n",
        "\r\n",
        "\u00a0",
        "2.2E+10",
        "é",
        "Ã©",
        "\ufeff",
        "x" * 200,
    ]
)
TEXTS = st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=20))


def cells(row: dict[str, str]) -> st.SearchStrategy[dict[str, str]]:
    """A good row with some cells made odd."""
    changes = st.dictionaries(st.sampled_from(list(row)), TEXTS, max_size=4)
    return changes.map(lambda found: row | found)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """A source and rows for it: titles above, odd cells, ragged and blank rows, stamps below."""
    source = draw(st.sampled_from(sorted(ROWS)))
    row = ROWS[source] | ({"Name": "A", "Kind": "park"} if source == "places" else {})
    header = [draw(TEXTS) if draw(st.integers(0, 60)) == 0 else name for name in row]
    above = draw(st.lists(st.lists(TEXTS, max_size=2), max_size=2))
    body = [list(found.values()) for found in draw(st.lists(cells(row), max_size=12))]
    for number in draw(st.lists(st.integers(0, 11), max_size=3)):
        if number < len(body):
            change = draw(st.sampled_from(["longer", "shorter", "blank"]))
            old = body[number]
            body[number] = {"longer": [*old, "x"], "shorter": old[:2], "blank": [""] * len(old)}[
                change
            ]
    return source, [*above, header, *body]


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str, bytes]:
    """A source, a file name and its bytes."""
    source, rows = draw(tables())
    kind = draw(st.sampled_from(["csv", "csv", "csv", "xlsx", "geojson", "bytes", "cut"]))
    if kind == "xlsx":
        return source, "f.xlsx", _workbook(rows)
    if kind == "geojson":
        return "places", "f.geojson", _geojson(draw)
    content = _csv(draw, rows)
    if kind == "bytes":
        name = draw(
            st.sampled_from(["f.csv", "f.xlsx", "f.geojson", "f.gpkg", "f.zip", "f.parquet"])
        )
        noise = draw(st.binary(max_size=300))
        start = draw(
            st.sampled_from([b"", b"PK\x03\x04", b"SQLite format 3\x00", b"PAR1", b"{", b"<a>"])
        )
        return source, name, start + noise
    if kind == "cut":
        return source, "f.csv", content[: draw(st.integers(0, len(content)))]
    return source, "f.csv", content


def _csv(draw: st.DrawFn, rows: list[list[str]]) -> bytes:
    mark = draw(st.sampled_from(",,,;\t|"))
    quotes = draw(st.booleans())

    def written(cell: str) -> str:
        doubled = cell.replace('"', '""')
        return f'"{doubled}"' if quotes or mark in cell or "\n" in cell else cell

    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = end.join(mark.join(written(cell) for cell in row) for row in rows)
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "mac-roman"]))
    return text.encode(encoding, errors="replace")


def _workbook(rows: list[list[str]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                sheet.write_string(n, m, cell)
    return made.getvalue()


def _geojson(draw: st.DrawFn) -> bytes:
    number = st.one_of(
        st.floats(-200, 200), st.sampled_from([388000, 1e300, -2.1, 53.0, None, "x"])
    )
    point = st.fixed_dictionaries(
        {
            "type": st.sampled_from(["Point", "LineString", "Polygon", "Nothing"]),
            "coordinates": st.lists(st.one_of(number, st.lists(number, max_size=3)), max_size=4),
        }
    )
    feature = st.fixed_dictionaries(
        {
            "type": st.just("Feature"),
            "geometry": st.one_of(st.none(), point),
            "properties": st.one_of(
                st.none(), st.dictionaries(st.sampled_from(["name", "kind", "id"]), TEXTS)
            ),
        }
    )
    content: Any = {"type": "FeatureCollection", "features": draw(st.lists(feature, max_size=6))}
    return json.dumps(content).encode()


def check(folder: Path, made: tuple[str, str, bytes]) -> None:
    """Read a file in the worker: it is refused in words, or every row is accounted for."""
    source, name, content = made
    path = folder / "upload"
    path.write_bytes(content)
    try:
        packed = BOX.run(name, read_packed, source, path, CONTEXT, None, name, size=len(content))
    except HotspotError as error:
        text = str(error)
        assert "broke its reader" not in text, (text, content[:300])
        assert "Traceback" not in text
        assert str(folder) not in text
        assert "takes longer than" not in text, (text, content[:300])  # ended by its worker
        return
    reading = packed.rest
    balance = reading.balance
    assert balance.is_balanced
    assert set(balance.set_aside) <= set(SET_ASIDE)
    assert set(balance.rejected) <= set(REJECTED)
    assert reading.rejects.height == balance.rows_in - balance.used
    assert reading.rejects["line"].n_unique() == reading.rejects.height
    if source in RECORD_SOURCES:
        assert set(packed.columns) >= {"line", "record_id", "content_id"}


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Any:
    yield
    BOX.close()


@pytest.mark.slow
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(made=files())
def test_generated_bad_files(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str, bytes]
) -> None:
    check(tmp_path_factory.mktemp("f"), made)


@pytest.mark.soak
@settings(
    max_examples=2000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(made=files())
def test_two_thousand_generated_bad_files(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[str, str, bytes]
) -> None:
    check(tmp_path_factory.mktemp("f"), made)


@pytest.mark.parametrize("source", sorted(READERS))
def test_noise_in_every_format_is_refused_in_words_by_every_source(
    tmp_path: Path, source: str
) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("x.txt", "x")
    for name, content in (
        ("f.csv", b"\x00\x01\x02"),
        ("f.xlsx", zipped.getvalue()),
        ("f.zip", zipped.getvalue()),
        ("f.gpkg", b"SQLite format 3\x00" + b"x" * 200),
        ("f.parquet", b"PAR1xxxxPAR1"),
        ("f.geojson", b"[]"),
        ("f.osm", b"<osm><node/></osm>"),
        ("f.xml", b"<x/>"),
    ):
        check(tmp_path, (source, name, content))
