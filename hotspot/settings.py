"""Keep the settings of a workspace and of the server that shows it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hotspot.errors import StoreError

INSTALLED_AT = Path(__file__).resolve().parents[1]
"""Where `hotspot`, `layers`, `app_pages`, `sample_geo` and `app.py` lie side by side."""
APP_FILE = INSTALLED_AT / "app.py"
SAMPLE_FOLDER = INSTALLED_AT / "sample_geo"

WORKSPACE_VARIABLE = "HOTSPOT_WORKSPACE"
ONLY_USER_VARIABLE = "HOTSPOT_ONLY_USER"

STREAMLIT_OPTIONS = {
    "browser.gatherUsageStats": "false",
    "client.disableDataExport": "true",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "runner.magicEnabled": "false",
    "server.address": "127.0.0.1",
    "server.fileWatcherType": "none",
    "server.headless": "true",
    "server.maxUploadSize": "50",
    "theme.dark.primaryColor": "#7db8e8",
    "theme.light.primaryColor": "#1f5f8b",
}
"""What the server is started with. The address stays on this machine until sign-in exists."""


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
