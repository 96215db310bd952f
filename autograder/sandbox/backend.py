"""What a kind of wall must give: how the warm process is started, and what its children are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol


@dataclass(frozen=True)
class Start:
    """How to start a warm process: its command and environment, and what every job must know of the place it runs in."""

    command: list[str]
    environment: Mapping[str, str]
    job: Mapping[str, Any] = field(default_factory=dict)


class Backend(Protocol):
    """One tier of walls. Its `name` stands in keys, logs and on pages; `lacks` says what it cannot promise.

    `confinement` is the module of `confined/` by which each child closes the last walls around itself.
    """

    name: str
    lacks: tuple[str, ...]
    confinement: str

    def missing(self) -> str:
        """Return what this machine lacks for the tier, in one sentence; empty where a quick look finds nothing."""
        ...

    def start(self, release: Path, control: int, modules: tuple[str, ...]) -> Start:
        """Return how to start the warm process that serves on the socket `control`; raises Refused."""
        ...

    def refusal(self, told: str) -> str:
        """Return what to do about a start that failed, given what the starting programs said."""
        ...
