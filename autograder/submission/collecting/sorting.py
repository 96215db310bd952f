"""Whose files are whose, by the names that Moodle, Canvas, ILIAS and git give."""

from __future__ import annotations

import os.path
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from ..archive import is_archive
from ..folder import HANDED_OUT, MAX_COUNT, MAX_TOTAL, TIMESTAMP, is_notebook
from .sources import CollectError, Files

_MOODLE = re.compile(r"[^/]+_(\d+)_assignsubmission_[a-z]+(?:_|/)/?(.+)", re.DOTALL)
_CANVAS = re.compile(r"[^/_]+_(?:LATE_)?(\d+)_(?:\d+_([^/]+)|(text\.html))")
_AGAIN = re.compile(r"-\d+(?=\.[A-Za-z]+\Z)")
_ILIAS = re.compile(r".+_\d+")


@dataclass
class Pile:
    """What was found of one student: files by the name they get, where they lay, and what is not taken and why.

    `fault` says why nothing of it can be taken; empty where it can.
    """

    student: str
    where: str
    files: Files = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    fault: str = ""

    @property
    def notebooks(self) -> int:
        """How many notebooks there are."""
        return sum(map(is_notebook, self.files))


def same(name: str) -> str:
    """Equal for names that differ in capitals or in how accents are stored."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def sort(files: Files, assignment: str, prefix: str = "") -> tuple[str, list[Pile], list[str]]:
    """What kind of thing it is, a pile for each student, and sentences on the rest; raises CollectError where there is none.

    `prefix` is what the names of folders begin with and students' names do not, as in repositories of a classroom.
    """
    for tool, pattern in (("Moodle", _MOODLE), ("Canvas", _CANVAS)):
        below = _inside(files, pattern)
        if below is not None:
            kind = f"a download from {tool}"
            piles, told = _by_pattern(below, pattern)
            break
    else:
        kind = "one folder for each student"
        piles, told = _by_folder(files, assignment, prefix)
    if not piles:
        raise CollectError(
            "Nothing there looks like submissions. There must be a folder for each student with notebooks in it, or a "
            "download of Moodle, Canvas or ILIAS as it is."
        )
    done = [_picked(pile, assignment) for pile in piles]
    _one_each(done)
    return kind, sorted(done, key=lambda pile: pile.student), told


def _inside(files: Files, pattern: re.Pattern[str]) -> Files | None:
    """The files where most of those at the top match, or where those of the only folder do; None where they do not."""
    prefix = f"{os.path.commonpath(files)}/" if len(files) > 1 and os.path.commonpath(files) else ""
    for begin in ("", prefix):
        below = {name[len(begin) :]: source for name, source in files.items()}
        if 2 * sum(pattern.fullmatch(name) is not None for name in below) > len(below):
            return below
    return None


def _by_pattern(files: Files, pattern: re.Pattern[str]) -> tuple[list[Pile], list[str]]:
    piles: dict[str, Pile] = {}
    told = []
    for name, source in files.items():
        found = pattern.fullmatch(name)
        if found is None:
            told.append(f"{name} belongs to nobody, and was not taken.")
            continue
        student, inner = found[1], next(filter(None, found.groups()[1:]))
        pile = piles.setdefault(student, Pile(student, name.partition("/")[0]))
        # Canvas counts what was handed in again: the name that was handed in is without the number.
        plain = _AGAIN.sub("", inner) if pattern is _CANVAS else inner
        inner = plain if plain not in pile.files else inner
        if inner in pile.files:
            pile.left.append(f"{name} (its name is there twice)")
        else:
            pile.files[inner] = source
    return list(piles.values()), told


def _by_folder(files: Files, assignment: str, prefix: str) -> tuple[list[Pile], list[str]]:
    by_folder: dict[str, Files] = defaultdict(dict)
    told = []
    for name, source in _unwrapped(files, assignment).items():
        folder, slash, inner = name.partition("/")
        if not slash:
            told += [] if name.startswith(".") else [f"{name} lies in no student's folder, and was not taken."]
        elif not folder.startswith("."):
            by_folder[folder][inner] = source
    piles = []
    for folder, inside in by_folder.items():
        begins = bool(prefix) and same(folder).startswith(same(prefix)) and len(folder) > len(prefix)
        if prefix and not begins:
            told.append(f"The folder {folder} does not begin with {prefix!r}, and was not taken.")
            continue
        piles.append(Pile(folder[len(prefix) :], folder, inside))
    return piles, [*told, *_hint(by_folder, prefix)]


def _hint(folders: Iterable[str], prefix: str) -> list[str]:
    """Say what all names have in common, up to a hyphen: students' names seldom do."""
    names = sorted(folders)
    # What the first and the last in order share, all between them share.
    pairs = zip(names[0], names[-1], strict=False) if names else ()
    common = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    common = common[: common.rfind("-") + 1]
    if prefix or len(names) < 3 or not common:
        return []
    return [f"All folders begin with {common!r}. If this is no part of students' names: --prefix {common}"]


def _unwrapped(files: Files, assignment: str) -> Files:
    """The files without a single outer folder that holds nothing but students' folders."""
    tops = {name.partition("/")[0] for name in files if not name.startswith(".")}
    if len(tops) != 1:
        return files
    top = next(iter(tops))
    below = {name[len(top) + 1 :]: one for name, one in files.items() if name.startswith(f"{top}/")}
    holders = {name.partition("/")[0] for name in below if "/" in name and (is_notebook(name) or is_archive(name))}
    holders -= set(HANDED_OUT)
    loose = any("/" not in name and (is_notebook(name) or is_archive(name)) for name in below)
    named = any(same(one) == same(assignment) for one in holders)
    students = len(holders) > 1 or any(_ILIAS.fullmatch(one) for one in holders)
    return below if students and not loose and not named else files


def _picked(pile: Pile, assignment: str) -> Pile:
    """The pile with the files of the folder that holds the notebooks, without what was handed out."""
    folders = {name.rpartition("/")[0] for name in pile.files if is_notebook(name) and not _handed_out(name)}
    folders = folders or {name.rpartition("/")[0] for name in pile.files if is_archive(name) and not _handed_out(name)}
    named = [folder for folder in folders if same(folder.rpartition("/")[2]) == same(assignment)]
    if len(named) == 1:
        chosen = named[0]
    elif "" in folders or not folders:
        chosen = ""
    elif len(folders) == 1:
        chosen = next(iter(folders))
    else:
        several = ", ".join(sorted(folders)[:4])
        pile.fault = f"several folders hold notebooks ({several}), and none is called {assignment}: leave one of them, or rename it"
        return pile
    where = f"{pile.where}/{chosen}" if chosen else pile.where
    begin = f"{chosen}/" if chosen else ""
    made = Pile(pile.student, where, left=pile.left)
    total = 0
    for name, source in sorted(pile.files.items(), key=lambda item: (not is_notebook(item[0]), item[0])):
        inner = name.removeprefix(begin)
        if not name.startswith(begin) or (chosen == "" and named == [] and _handed_out(name)) or _handed_out(inner):
            # What we handed out is no work of the student's; anything else that stays behind is named.
            made.left += [] if _handed_out(inner) else [name]
        elif source.why:
            made.left.append(f"{name} ({source.why})")
        elif inner == TIMESTAMP:
            made.left.append(f"{name} (a time that students can write themselves)")
        elif len(made.files) >= MAX_COUNT or total + source.size > MAX_TOTAL:
            made.left.append(f"{name} (there are too many files, or they are too large)")
        else:
            made.files[inner] = source
            total += source.size
    if not made.files:
        made.fault = "there is no file to take"
    return made


def _handed_out(name: str) -> bool:
    """Whether a file lies in a folder of ours, or is hidden."""
    parts = name.split("/")
    return any(part in HANDED_OUT for part in parts[:-1]) or any(part.startswith(".") for part in parts)


def _one_each(piles: Iterable[Pile]) -> None:
    """Mark the piles of which another one has the same student, however spelt, and those whose name cannot be a folder's."""
    by_name: dict[str, list[Pile]] = defaultdict(list)
    for pile in piles:
        by_name[same(pile.student)].append(pile)
        if pile.student.startswith(".") or not pile.student.strip():
            pile.fault = f"{pile.student!r} cannot be the name of a student's folder"
    for several in by_name.values():
        if len(several) > 1:
            listed = " and ".join(pile.where for pile in several)
            for pile in several:
                pile.fault = f"{listed} are one student: leave the one that counts"
