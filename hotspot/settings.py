"""Keep the settings of a workspace and of the server that shows it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hotspot.errors import StoreError

INSTALLED_AT = Path(__file__).resolve().parents[1]
"""Where `hotspot`, `layers`, `app_pages`, `sample_geo` and `app.py` lie side by side."""
APP_FILE = INSTALLED_AT / "app.py"
SAMPLE_FOLDER = INSTALLED_AT / "sample_geo"

WORKSPACE_VARIABLE = "HOTSPOT_WORKSPACE"

SESSION_HEADER = "x-hotspot-session"
SESSION_USER_KEY = "session"
"""The header in which the gate tells the pages whose session it is, and its name in `st.user`."""

CHART_COLOURS = {
    "light": (
        "#0072b2",
        "#b87700",
        "#8a929b",
        "#3b3b3b",
        "#009e73",
        "#a8518a",
        "#5b6fc4",
        "#c2410c",
    ),
    "dark": (
        "#4ba3dc",
        "#e6a730",
        "#8a929b",
        "#ececec",
        "#35bd95",
        "#d98bb5",
        "#a5b4fc",
        "#f08a4b",
    ),
}
"""Colours of kinds in charts, each at least 3:1 against its ground (a test)."""
CHART_STEPS = {
    "light": (
        "#e3ecf6",
        "#cbdcee",
        "#b0cae5",
        "#92b5da",
        "#739fcd",
        "#5788be",
        "#3f6cab",
        "#32599a",
        "#274a8c",
        "#1f4283",
    ),
    "dark": (
        "#22364f",
        "#2b4468",
        "#335381",
        "#3f6aa3",
        "#4e82c0",
        "#5c8fcf",
        "#77a5dd",
        "#93bbea",
        "#b7d2f3",
        "#dbe9fb",
    ),
}
"""Few to many, in charts as in the map's cells: always further from the ground's own colour."""

STREAMLIT_OPTIONS = {
    "browser.gatherUsageStats": "false",
    "client.disableDataExport": "true",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": "false",
    "server.address": "127.0.0.1",
    "server.fileWatcherType": "none",
    "server.disconnectedSessionTTL": "30",
    "server.enableStaticServing": "false",
    "server.enableXsrfProtection": "true",
    "server.headless": "true",
    "server.maxUploadSize": "200",
    "server.trustedUserHeaders": json.dumps({SESSION_HEADER: SESSION_USER_KEY}),
    "theme.dark.primaryColor": "#7db8e8",
    "theme.light.primaryColor": "#1f5f8b",
    **{f"theme.{name}.chartCategoricalColors": json.dumps(c) for name, c in CHART_COLOURS.items()},
    **{f"theme.{name}.chartSequentialColors": json.dumps(c) for name, c in CHART_STEPS.items()},
}
"""What the server is started with. It listens on this machine; a proxy with TLS stands before."""


class SignOn(BaseModel):
    """Single sign-on by OpenID Connect with the force's own directory.

    Attributes
    ----------
    issuer
        Address of the issuer; `/.well-known/openid-configuration` is read from it.
    client_id
        Hotspot's name there. The client secret is the file `secrets/sign-on.secret`.
    label
        Words on the button of the sign-in page.
    roles_claim, roles
        The claim with a user's groups, and the role of Hotspot that each group gives.
    agency
        The agency of everyone in that directory.
    districts_claim
        The claim with a partner's districts, if partners sign in here.
    second_factor
        Values of the `amr` claim that prove a second factor; without one of them a role that needs
        it is not given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str
    client_id: str
    label: str = "Sign in with your force account"
    roles_claim: str = "roles"
    roles: dict[str, str]
    agency: str
    districts_claim: str = "districts"
    second_factor: tuple[str, ...] = ("mfa", "otp", "hwk", "fido")


class Tiles(BaseModel):
    """The force's own map under the hotspots.

    Attributes
    ----------
    kind
        "mbtiles" or "pmtiles" for a file in the workspace, "server" for the force's tile server.
    where
        The file's name in the workspace, or the server's address with `{z}`, `{x}` and `{y}`.
    attribution
        Whose map it is, in the words that its licence asks for.
    first_zoom, last_zoom
        Zoom levels of a server; a file knows its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["mbtiles", "pmtiles", "server"]
    where: str = Field(min_length=1)
    attribution: str = Field(min_length=1, max_length=200)
    first_zoom: int = Field(default=6, ge=0, le=22)
    last_zoom: int = Field(default=18, ge=0, le=22)

    @model_validator(mode="after")
    def _is_whole(self) -> Tiles:
        is_address = self.where.startswith(("http://", "https://"))
        if self.kind == "server" and not (
            is_address and all(part in self.where for part in ("{z}", "{x}", "{y}"))
        ):
            message = "a tile server's address begins with http and holds {z}, {x} and {y}"
            raise ValueError(message)
        return self


class WorkspaceSettings(BaseModel):
    """The settings of one workspace, kept in its `workspace.json`.

    Attributes
    ----------
    name
        What the screens call the workspace.
    demo
        Whether it holds the invented sample: it says so on every page and takes no other import.
    database_url
        SQLAlchemy address of the database; empty for the SQLite file in the workspace.
    marking, handling
        Protective marking and handling line of every page and file that leaves.
    premises_within_m
        How far from a hotspot's outline premises are listed, in metres.
    public_address
        Address that users type, such as "https://hotspot.example.police.uk"; empty where they use
        this machine's own. With https, cookies are for TLS only.
    idle_minutes, longest_hours
        When a session ends by itself.
    meeting_blank_minutes
        When the projected meeting goes blank because nobody does anything.
    reasons_for
        Kinds of operation (`access.permissions.ReasonKind`) for which a user must say why.
    second_factor_for
        Roles that cannot be used without a second factor.
    sign_on
        Single sign-on, if any.
    tiles
        The force's own map under the hotspots; without it `basemap.geojson` is drawn.
    takes_protected_sources
        Whether the force has decided, in writing, to take sources that hold protected
        characteristics (stop and search); those columns are not read even then.
    nobody
        The force's own words that stand where a reference to a person should and name nobody,
        beside those that are known (`people.NOBODY`).
    bank_holidays, bank_holidays_until
        Bank holidays of England and Wales proclaimed since this version of Hotspot, and until when
        all are known with them.
    snapshot_months
        How long snapshots are kept: as long as the force keeps the decisions that rest on them.
    retention_months
        How long raw records are kept, by source; `default` for those not named.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    demo: bool = False
    database_url: str = ""
    marking: str = "OFFICIAL-SENSITIVE"
    handling: str = (
        "Police and named MACE partners only. Do not forward, copy or photograph the screen."
    )
    premises_within_m: float = Field(default=150.0, ge=0, le=2000)
    public_address: str = Field(default="", pattern=r"^(https?://[\w.-]+(:\d+)?)?$")
    idle_minutes: float = Field(default=15.0, gt=0, le=60)
    longest_hours: float = Field(default=10.0, gt=0, le=24)
    meeting_blank_minutes: float = Field(default=3.0, gt=0, le=60)
    reasons_for: tuple[Literal["exports", "row views"], ...] = ("exports", "row views")
    second_factor_for: tuple[str, ...] = ("administrator",)
    sign_on: SignOn | None = None
    tiles: Tiles | None = None
    takes_protected_sources: bool = False
    nobody: tuple[str, ...] = ()
    bank_holidays: tuple[date, ...] = ()
    bank_holidays_until: date | None = None
    snapshot_months: int = Field(default=84, ge=1, le=1200)
    retention_months: dict[str, Annotated[int, Field(ge=1, le=120)]] = Field(
        default_factory=lambda: {"default": 13}
    )


def load_settings(path: Path) -> WorkspaceSettings:
    """Read a workspace's settings file.

    Raises
    ------
    StoreError
        The file is missing or does not hold settings.
    """
    try:
        return WorkspaceSettings.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        message = (
            f"{path.parent} is not a Hotspot workspace (it has no {path.name}). "
            "Make one with: hotspot init FOLDER --area NAME|FILE"
        )
        raise StoreError(message) from error
    except ValidationError as error:
        message = f"{path} cannot be used: {error.errors()[0]['msg']}. Mend or restore the file."
        raise StoreError(message) from error


def save_settings(path: Path, settings: WorkspaceSettings) -> None:
    """Write a workspace's settings file."""
    path.write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")
