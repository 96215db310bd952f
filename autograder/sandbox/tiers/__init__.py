"""The tiers of walls, best first, and the choice among them."""

from __future__ import annotations

from collections.abc import Iterable

from ..backend import Backend
from ..limits import Refused
from .bubblewrap_landlock import BubblewrapLandlockTier
from .landlock import LandlockTier
from .namespaces import NamespacesTier
from .unconfined import UnconfinedTier

WALLS: tuple[Backend, ...] = (NamespacesTier(), BubblewrapLandlockTier(), LandlockTier())
UNCONFINED = UnconfinedTier()
# What the strongest tier was called when it was the only one.
_FORMER = {"bubblewrap": "namespaces"}
NAMES = tuple(one.name for one in (*WALLS, UNCONFINED))


def tier(name: str) -> Backend:
    """Return the tier of that name; raises ValueError where there is none."""
    for one in (*WALLS, UNCONFINED):
        if one.name == name:
            return one
    raise ValueError(f"There is no tier of walls called {name!r}: choose {', '.join(NAMES)}.")


def best() -> Backend:
    """Return the strongest tier that this machine can have; raises Refused with what the strongest one lacks."""
    lacking = []
    for one in WALLS:
        told = one.missing()
        if not told:
            return one
        lacking.append(told)
    # What the weakest lacks comes second: it is often the easier thing to mend.
    raise Refused(" ".join(dict.fromkeys((lacking[0], lacking[-1]))))


def weaker(name: str, other: str) -> bool:
    """Return whether the first tier promises less than the second; of unknown names nothing is said."""
    name, other = _FORMER.get(name, name), _FORMER.get(other, other)
    known = {one: place for place, one in enumerate(NAMES)}
    return name in known and other in known and known[name] > known[other]


def strongest(names: Iterable[str]) -> str:
    """Return which of these tiers promises most, by today's name; empty where none is known."""
    known = {_FORMER.get(one, one) for one in names} & set(NAMES)
    return min(known, key=NAMES.index, default="")


def lacks(name: str) -> tuple[str, ...]:
    """Return what a tier cannot promise; nothing is said of names that are unknown."""
    return next((one.lacks for one in (*WALLS, UNCONFINED) if one.name == name), ())
