"""Read a workspace from a notebook: runs and snapshots, for who may."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from hotspot.access.actor import COMMAND_LINE_ROLES, Actor
from hotspot.analysis.detection.run import Run
from hotspot.front.detection import params_of
from hotspot.params import Params
from hotspot.services.hotspots import register, runs, snapshots
from hotspot.services.workspace.folder import Workspace
from hotspot.services.workspace.folder import open_workspace as open_folder


@dataclass(frozen=True)
class OpenWorkspace:
    """A workspace as a notebook reads it; every reading is permitted, and logged, as on screen.

    Attributes
    ----------
    workspace
        The workspace itself.
    actor
        Who reads.
    """

    workspace: Workspace
    actor: Actor

    def detect(
        self,
        sources: list[str] | None = None,
        params: Params | None = None,
        **settings: Any,  # noqa: ANN401 - the settings of `Params`
    ) -> Run:
        """Find hotspots in the records held, as the hotspot map does.

        Parameters
        ----------
        sources
            Sources to count; all that may be counted together where none is said.
        params, **settings
            As for `hotspot.detect`; the defaults are those for the records held.

        Raises
        ------
        InputError
            A setting or source cannot be used.
        NotAllowedError
            The reader may not.
        """
        held = runs.holdings(self.workspace)
        chosen = runs.choose_sources(held, sources)
        chosen_params = params_of(params or runs.default_params(held, chosen), settings)
        return runs.detect_hotspots(self.workspace, self.actor, chosen, chosen_params)

    def snapshots(self) -> pd.DataFrame:
        """List the snapshots, the latest first.

        Raises
        ------
        NotAllowedError
            The reader may not.
        """
        return snapshots.list_snapshots(self.workspace, self.actor)

    def hotspots(self) -> gpd.GeoDataFrame:
        """Return the registered hotspots with their last outlines.

        Raises
        ------
        NotAllowedError
            The reader may not.
        """
        return register.view_register(self.workspace, self.actor)


def open_workspace(path: str | Path, actor: Actor | None = None) -> OpenWorkspace:
    """Open a workspace to read its runs and snapshots.

    Parameters
    ----------
    path
        The workspace's folder.
    actor
        Who reads; whoever is signed in to this machine, with the rights of its command line, where
        it is not said.

    Raises
    ------
    StoreError
        It is no workspace, or cannot be read.
    """
    if actor is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):
            name = "unknown"
        actor = Actor(f"{name} (notebook)", COMMAND_LINE_ROLES)
    return OpenWorkspace(open_folder(Path(path)), actor)
