"""Find the folder that holds the notebooks, where they do not lie in the submission's folder itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .archive import UnreadableArchive, is_archive, read_archive
from .folder import BESIDE, TIMESTAMP, Contents, is_notebook
from .notes import Note

_PACKED = (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")


@dataclass(frozen=True)
class Located:
    """The files of the folder that holds the notebooks by names relative to it, and the facts about that."""

    contents: Contents
    notes: tuple[Note, ...] = ()


def locate(contents: Contents) -> Located:
    """The notebooks in the folder itself; else those of the one folder below, beside or packed that has any.

    The time of handing in is that of the folder itself alone: students pack what lies elsewhere.
    """
    located = _locate(contents)
    files = {name: content for name, content in located.contents.items() if name != TIMESTAMP}
    written = {TIMESTAMP: contents[TIMESTAMP]} if TIMESTAMP in contents else {}
    return Located({**files, **written}, located.notes)


def _locate(contents: Contents) -> Located:
    inside = {name: content for name, content in contents.items() if not name.startswith(BESIDE)}
    if any(is_notebook(name) and "/" not in name for name in inside):
        return Located(inside)
    below = _one_folder(inside)
    if below is not None:
        return below
    archives = [name for name in contents if is_archive(name)]
    if len(archives) == 1 and not _folders(contents):
        return _unpacked(archives[0], contents)
    beside = {name.removeprefix(BESIDE): one for name, one in contents.items() if name.startswith(BESIDE)}
    notebooks = {name: content for name, content in beside.items() if is_notebook(name)}
    if notebooks:
        return Located({**inside, **notebooks}, (Note("taken_from", "the folder above"),))
    astray = [*archives, *(name for name in inside if name.lower().endswith(_PACKED))]
    return Located(inside, tuple(Note("not_looked_into", name.removeprefix(BESIDE)) for name in astray[:3]))


def _folders(names: Iterable[str]) -> list[str]:
    """The folders that hold notebooks."""
    return sorted({name.rpartition("/")[0] for name in names if is_notebook(name)})


def _one_folder(contents: Contents) -> Located | None:
    """The files of the only folder that holds notebooks; None where none does, a note where several do."""
    folders = _folders(contents)
    if not folders:
        return None
    if len(folders) > 1:
        return Located(contents, (Note("several_folders", ", ".join(f"`{folder or '.'}`" for folder in folders[:4])),))
    prefix = f"{folders[0]}/" if folders[0] else ""
    files = {name.removeprefix(prefix): content for name, content in contents.items() if name.startswith(prefix)}
    return Located(files, (Note("taken_from", f"`{folders[0]}`"),) if prefix else ())


def _unpacked(name: str, contents: Contents) -> Located:
    inside = {one: content for one, content in contents.items() if not one.startswith(BESIDE) and one != name}
    shown = name.removeprefix(BESIDE)
    try:
        packed = _one_folder(read_archive(contents[name]))
    except UnreadableArchive as error:
        return Located(inside, (Note("malformed", shown, str(error)),))
    if packed is None:
        return Located(inside, (Note("no_notebook_in", shown),))
    several = tuple(note for note in packed.notes if note.code == "several_folders")
    return Located({**inside, **packed.contents}, several or (Note("taken_from", f"`{shown}`"),))
