"""Fill submitted/ from what came from elsewhere: cloned repositories, downloads of Moodle, Canvas and ILIAS, plain folders."""

from __future__ import annotations

from .placing import Placed, place
from .sorting import Pile, sort
from .sources import CollectError, files_of

__all__ = ["CollectError", "Pile", "Placed", "files_of", "place", "sort"]
