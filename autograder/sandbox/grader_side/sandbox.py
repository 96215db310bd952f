"""The sandbox as its users hold it: one warm process, and a fresh child for each submission."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from ..backend import Backend
from ..limits import Infrastructure, Limits, Refused
from .fork_server_client import Host
from .session import Session


class Sandbox:
    """A warm process behind the wall (or, without walls, a plain one) from which each submission gets a fresh child."""

    def __init__(self, release: Path, backend: Backend, limits: Limits, modules: Sequence[str] = ()) -> None:
        """Start the warm process and prove the walls with one empty child; raises Refused or Infrastructure."""
        self.limits = limits
        self.tier = backend.name
        self._proven = False
        self._spare: Session | None = None
        self._host = Host(release, backend, tuple(modules))
        try:
            self.session().close()
            self._proven = True
        except Infrastructure as error:
            self.close()
            raise Refused(backend.refusal(str(error))) from None
        except BaseException:
            self.close()
            raise

    def session(self, files: Mapping[str, bytes] | None = None) -> Session:
        """Return a fresh child with the submission's own `files` (relative names) in its scratch folder."""
        if self._proven and not self._host.alive():
            # A spare child may look well although all below the warm process is gone.
            self._drop_spare()
            self._host.restart()
        try:
            session = self._next().begin(files or {})
        except Infrastructure:
            if not self._proven:
                raise
            # Once more from a new warm process: whatever killed the old one may be over.
            self._drop_spare()
            self._host.restart()
            session = self._next().begin(files or {})
        # The next child is made while this one works; it knows nothing yet of whom it will serve.
        with contextlib.suppress(Infrastructure):
            self._spare = Session(self._host, self.limits)
        return session

    def _next(self) -> Session:
        spare, self._spare = self._spare, None
        return spare or Session(self._host, self.limits)

    def _drop_spare(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None

    def close(self) -> None:
        """End the warm process and everything it started."""
        self._drop_spare()
        self._host.close()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
