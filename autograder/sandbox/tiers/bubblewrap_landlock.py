"""The second tier: bubblewrap outside, Landlock inside, where children of bubblewrap may make no namespaces."""

from __future__ import annotations

from pathlib import Path

from ..backend import Start
from . import bubblewrap, probe
from .causes import sentence
from .requirements import no_landlock


class BubblewrapLandlockTier:
    """Every submission sees a read-only system without network, and meets other submissions in no way but by `stat`."""

    name = "bubblewrap+landlock"
    lacks: tuple[str, ...] = (
        "names and sizes of visible files can be asked",
        "the scratch has a watcher in place of a quota",
    )
    confinement = "landlock"

    def missing(self) -> str:
        """Return what this machine lacks for the tier."""
        return bubblewrap.missing() or probe.nested(self.confinement) or no_landlock()

    def start(self, release: Path, control: int, modules: tuple[str, ...]) -> Start:
        """Return how to start the warm process inside bubblewrap; raises Refused."""
        return bubblewrap.start(release, control, modules, self.confinement)

    def refusal(self, told: str) -> str:
        """Return what to do about a start that failed."""
        return sentence(told)
