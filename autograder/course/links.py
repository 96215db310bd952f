"""Links in the instructor's built folder: files that are the course's own ones, not copies; and links that were lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .layout import CONFIG, Layout

_LONGEST = 1024


class LostLinks(ValueError):
    """Files of the built folder that are no files any more; the message names one, and the command that mends them."""


def must_have_no_lost_links(layout: Layout) -> None:
    """Raise LostLinks where a link of the built folder leads nowhere, or came out of git as a text that holds its path."""
    settings = layout.course / CONFIG
    lost = [*([settings] if is_text_of_a_link(settings) else []), *lost_links(layout.source)]
    if lost:
        where = lost[0].relative_to(layout.course).as_posix()
        more = f" (and {len(lost) - 1} more)" if len(lost) > 1 else ""
        raise LostLinks(
            f"{where}{more} should be a link to a file of the course, but leads nowhere: it was copied without that file, or "
            "by a git without symbolic links. Run `autograder build` in the course folder, or copy with links followed "
            "(cp -rL)."
        )


def lost_links(folder: Path) -> Iterator[Path]:
    """The files below a folder that are links to nothing, or texts in place of links."""
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(place, name)
            if (path.is_symlink() and not path.exists()) or is_text_of_a_link(path):
                yield path


def is_text_of_a_link(path: Path) -> bool:
    """Whether a file holds nothing but the path of another one of its name: what git writes where it makes no links."""
    try:
        if path.is_symlink() or path.stat().st_size > _LONGEST:
            return False
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    return "/" in text and "\n" not in text and PurePosixPath(text).name == path.name
