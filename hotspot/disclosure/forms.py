"""List the forms in which something can leave: a new one is a line here and what writes it."""

from __future__ import annotations

from enum import StrEnum

_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileForm(StrEnum):
    """A kind of file that leaves, by the ending of its name."""

    WORKBOOK = "xlsx"
    CSV = "csv"
    WORD = "docx"
    PDF = "pdf"
    PAGE = "html"
    PICTURE = "png"
    CALENDAR = "ics"
    GEOPACKAGE = "gpkg"
    GEOPARQUET = "parquet"
    GEOJSON = "geojson"

    @property
    def media_type(self) -> str:
        """Return the media type of such files."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    FileForm.WORKBOOK: f"{_OFFICE}.spreadsheetml.sheet",
    FileForm.CSV: "text/csv; charset=utf-8",
    FileForm.WORD: f"{_OFFICE}.wordprocessingml.document",
    FileForm.PDF: "application/pdf",
    FileForm.PAGE: "text/html; charset=utf-8",
    FileForm.PICTURE: "image/png",
    FileForm.CALENDAR: "text/calendar",
    FileForm.GEOPACKAGE: "application/geopackage+sqlite3",
    FileForm.GEOPARQUET: "application/vnd.apache.parquet",
    FileForm.GEOJSON: "application/geo+json",
}
