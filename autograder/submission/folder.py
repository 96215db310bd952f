"""Read the files of a folder that somebody else filled: bounded, no link followed, nothing run."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

MAX_NOTEBOOK = 64 * 2**20
MAX_FILE = 20 * 2**20
MAX_COUNT = 200
MAX_TOTAL = 256 * 2**20
MAX_PATH = 3_000
HANDED_OUT = ("checks", "data", "extras", ".ipynb_checkpoints", "__pycache__", ".hypothesis")

TIMESTAMP = "timestamp.txt"
"""When it was handed in, as the exchange wrote it into the submission's folder."""
SECRET = "submission_secret.txt"
"""What the exchange names a student's feedback by, so that nobody else finds it; it wrote that there, too."""
BESIDE = "../"
"""What the names of files begin with that lie beside the submission's folder."""

# A browser or an editor may add the second ending, and show neither.
_NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?\Z", re.IGNORECASE)

Contents = dict[str, bytes | str]
"""What files hold by relative name, or the end of a sentence that says why a file was not read."""


def is_notebook(name: str) -> bool:
    """Whether a file's name says that it is a notebook."""
    return _NOTEBOOK.search(name) is not None


def stem_of(name: str) -> str:
    """The name of a notebook without its folder and endings."""
    return _NOTEBOOK.sub("", name.rpartition("/")[2])


def read_folder(folder: Path) -> Contents:
    """All files below `folder`, or the notebooks and archives right beside it where it holds none of either.

    Raises OSError only where this machine fails.
    """
    listed = _listing(folder)
    if not any(_may_hold_notebooks(name) for name in listed):
        listed |= _beside(folder)
    return _contents(listed)


def digest_of(folder: Path) -> str:
    """The hash of all bytes of a submission, without reading its notebooks."""
    return digest(read_folder(folder))


def digest(contents: Contents) -> str:
    """The hash of all names and bytes."""
    total = hashlib.sha256()
    for name, content in sorted(contents.items()):
        data = content if isinstance(content, bytes) else content.encode()
        encoded = name.encode("utf-8", "surrogateescape")
        total.update(len(encoded).to_bytes(8, "big") + encoded + len(data).to_bytes(8, "big") + data)
    return total.hexdigest()


def _listing(folder: Path) -> dict[str, tuple[Path, int]]:
    """All files below the folder by relative name, links included but not followed, at most MAX_COUNT of them."""
    found: dict[str, tuple[Path, int]] = {}
    if folder.is_symlink() or not folder.is_dir():
        return found
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in HANDED_OUT and len(os.fsencode(root)) < MAX_PATH)
        for name in sorted(names):
            path = Path(root) / name
            about = path.lstat()
            relative = path.relative_to(folder).as_posix()
            found[relative] = (path, about.st_size if stat.S_ISREG(about.st_mode) else -1)
    notebooks = [name for name in found if is_notebook(name)]
    others = [name for name in found if not is_notebook(name)][:MAX_COUNT]
    return {name: found[name] for name in sorted([*notebooks[:MAX_COUNT], *others])}


def _may_hold_notebooks(name: str) -> bool:
    return is_notebook(name) or name.lower().endswith(".zip")


def _beside(folder: Path) -> dict[str, tuple[Path, int]]:
    """Notebooks and zip files in the student's folder, when the assignment's folder in it is empty or not there."""
    parent = folder.parent
    if parent.is_symlink() or not parent.is_dir():
        return {}
    paths = sorted(path for path in parent.iterdir() if _may_hold_notebooks(path.name))[:MAX_COUNT]
    sizes = [(path, path.lstat()) for path in paths]
    return {f"{BESIDE}{path.name}": (path, about.st_size) for path, about in sizes if stat.S_ISREG(about.st_mode)}


def _contents(listed: dict[str, tuple[Path, int]]) -> Contents:
    """What all files hold, notebooks first, as long as there is space: sparse files take none where they lie."""
    contents: Contents = {}
    left = MAX_TOTAL
    for name in sorted(listed, key=lambda name: (not is_notebook(name), name)):
        path, size = listed[name]
        contents[name] = content = _content(path, size, left)
        left -= len(content) if isinstance(content, bytes) else 0
    return contents


def _content(path: Path, size: int, left: int) -> bytes | str:
    """The bytes of a regular file, or the sentence why it was not read."""
    limit = MAX_NOTEBOOK if is_notebook(path.name) else MAX_FILE
    if size < 0:
        return "is a link or no regular file; hand in the notebook itself."
    if size > limit:
        return f"is larger than {limit // 2**20} MB; clear its outputs and hand it in again."
    if size > left:
        return f"was not read: all files together are larger than {MAX_TOTAL // 2**20} MB."
    with path.open("rb") as handle:
        return handle.read(limit + 1)
