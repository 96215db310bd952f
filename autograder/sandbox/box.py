"""The sandbox as its users hold it: one warm process, and a fresh child for each submission."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from .host import Host
from .limits import Infrastructure, Limits, Refused
from .session import Session


class Sandbox:
    """A warm process behind the wall (or, without walls, a plain one) from which each submission gets a fresh child."""

    def __init__(self, release: Path, walls: bool, limits: Limits, modules: Sequence[str] = ()) -> None:
        """Start the warm process and prove the walls with one empty child; raises Refused or Infrastructure."""
        self.limits = limits
        self._walls = walls
        self._host = Host(release, walls, tuple(modules))
        try:
            with Session(self._host, limits, {}):
                pass
        except Infrastructure as error:
            self._host.close()
            if walls:
                raise Refused(self._host.refusal(str(error))) from None
            raise
        except BaseException:
            self._host.close()
            raise

    @property
    def mode(self) -> str:
        """What stands between a submission and this machine: part of every verdict's key."""
        return "bubblewrap" if self._walls else "none"

    def session(self, files: Mapping[str, bytes] | None = None) -> Session:
        """Return a fresh child with the submission's own `files` (relative names) in its scratch folder."""
        try:
            return Session(self._host, self.limits, files or {})
        except Infrastructure:
            # Once more from a new warm process: whatever killed the old one may be over.
            self._host.restart()
            return Session(self._host, self.limits, files or {})

    def close(self) -> None:
        """End the warm process and everything it started."""
        self._host.close()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
