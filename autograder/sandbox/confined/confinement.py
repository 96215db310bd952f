"""What each tier does around a child, by the name that the grader's side gives it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..limits import Limits
from .landlock import Landlock
from .namespaces import Namespaces
from .unconfined import Unconfined


class Confinement(Protocol):
    """The steps by which a child closes its walls; `alone`: killing it ends whatever it started."""

    alone: bool

    def prepare(self, job: Mapping[str, Any]) -> None:
        """Before the child is forked, in the process that will watch over it."""
        ...

    def enclose(self, limits: Limits, job: Mapping[str, Any]) -> str:
        """In the child, still trusted: make its world; return its home folder."""
        ...

    def seal(self, limits: Limits) -> None:
        """In the child, last: limits and whatever cannot be undone."""
        ...

    def overdrawn(self, limits: Limits) -> bool:
        """Beside the child, now and then: whether its scratch holds more than it may."""
        ...

    def clean(self) -> None:
        """After the child's end."""
        ...


_KINDS: dict[str, type[Namespaces] | type[Landlock] | type[Unconfined]] = {
    "namespaces": Namespaces,
    "landlock": Landlock,
    "unconfined": Unconfined,
}


def confinement(kind: str) -> Confinement:
    """Return the walls of one child; raises KeyError for a kind that is none."""
    return _KINDS[kind]()
