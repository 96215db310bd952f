"""The strongest tier: bubblewrap outside, and namespaces of its own for each child inside."""

from __future__ import annotations

from pathlib import Path

from ..backend import Start
from . import bubblewrap, probe
from .causes import sentence


class NamespacesTier:
    """Every submission has processes, files, network and users of its own."""

    name = "namespaces"
    lacks: tuple[str, ...] = ()
    confinement = "namespaces"

    def missing(self) -> str:
        """Return what this machine lacks for the tier, by a trial of a bubblewrap in which namespaces are made."""
        return bubblewrap.missing() or probe.nested(self.confinement)

    def start(self, release: Path, control: int, modules: tuple[str, ...]) -> Start:
        """Return how to start the warm process inside bubblewrap; raises Refused."""
        return bubblewrap.start(release, control, modules, self.confinement)

    def refusal(self, told: str) -> str:
        """Return what to do about a start that failed."""
        return sentence(told)
