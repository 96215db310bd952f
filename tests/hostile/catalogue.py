"""All attacks, by kind; after each kind an honest student follows in the batch."""

from __future__ import annotations

import os
from dataclasses import replace

from . import asking, ending, forging, papers, spying
from .attack import Attack

_BOMBS = tuple(
    replace(one, files={}, change=papers.compressed) if one.name == "compressed bomb" else one for one in ending.BOMBS
)
KINDS: dict[str, tuple[Attack, ...]] = {
    "Libraries replaced": forging.LIBRARIES,
    "Values that lie": forging.VALUES,
    "Forged messages": forging.FRAMES,
    "Right values": asking.ASKING,
    "Spying": spying.SPIES,
    "Writing": spying.WRITERS,
    "Ending the process": ending.ENDS,
    "Never ending": ending.ENDLESS,
    "Bombs": _BOMBS,
    "The notebook file": papers.NOTEBOOKS,
    "Files and names": papers.FILES,
}
ATTACKS = {attack.name: attack for kind in KINDS.values() for attack in kind}


def possible(attack: Attack) -> bool:
    """Whether whoever runs the tests can plant the attack: a device takes root."""
    return not attack.root or os.geteuid() == 0
