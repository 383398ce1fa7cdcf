"""Gather what must be said beside the hotspots of a run, wherever they are listed."""

from __future__ import annotations

from hotspot.access.actor import Actor
from hotspot.access.permissions import Operation, is_allowed
from hotspot.analysis.detection.run import Run
from hotspot.analysis.detection.size import size_cautions
from hotspot.services.hotspots.coverage import coverage_words
from hotspot.services.hotspots.evidence import baseline_cautions
from hotspot.services.hotspots.runs import holdings
from hotspot.services.workspace.folder import Workspace


def cautions_of(workspace: Workspace, actor: Actor, run: Run, sources: list[str]) -> list[str]:
    """Say what is too large to be one place, held in part, or cannot be tested.

    Returns
    -------
    list of str
        One sentence or two for each; none where all is well. Whether hotspots can be tested is
        said to those alone who may test them.
    """
    said = size_cautions(run)
    part = coverage_words(holdings(workspace), sources, run.params)
    said += [part] if part else []
    if is_allowed(actor, Operation.JUDGE):
        said += baseline_cautions(workspace, actor, run)
    return said
