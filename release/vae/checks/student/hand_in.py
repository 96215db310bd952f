"""What to hand in, as one zip file: the notebooks under their own names, and the same bytes for the same notebooks."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAME = "hand_in.zip"
# The zip format begins in 1980; what time it really was says the file system and the course's system.
_ALWAYS = (1980, 1, 1, 0, 0, 0)


class NotPacked(Exception):
    """No zip file could be written; the message says why and what to do."""


def packed(notebooks: Mapping[str, bytes]) -> bytes:
    """The zip file of notebooks by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(notebooks):
            info = zipfile.ZipInfo(name, _ALWAYS)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, notebooks[name])
    return buffer.getvalue()


def pack(files: Mapping[str, Path], out: Path) -> list[str]:
    """Write the zip file `out` of files by the names they have in it; return what to say. Raises NotPacked."""
    if not files:
        raise NotPacked("There is no notebook here to pack.")
    target = out / NAME if out.is_dir() else out
    if target.suffix.lower() != ".zip":
        raise NotPacked(f"{target} would be no zip file: choose a name that ends with .zip.")
    try:
        content = {name: path.read_bytes() for name, path in files.items()}
        # Beside it first: where the disk is full, the zip file of yesterday stays.
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_bytes(packed(content))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise NotPacked(
            f"{error.filename or target} cannot be read or written ({error.strerror}). Choose another place with "
            "--out FILE, or hand in the notebooks as they are."
        ) from error
    lines = [f"Packed {_things(len(files), 'notebook')} into {target.resolve()} ({_size(target.stat().st_size)}):"]
    width = max(map(len, files))
    for name in sorted(files):
        saved = time.strftime("%d %B, %H:%M", time.localtime(files[name].stat().st_mtime))
        lines.append(f"  {name:{width}}  {_size(len(content[name])):>8}, last saved {saved}")
    return [*lines, "If a time is older than your last change, save in Jupyter and pack again. Then hand in this file."]


def _size(count: int) -> str:
    return f"{max(1, round(count / 1000))} kB" if count < 999_500 else f"{count / 1e6:.1f} MB"


def _things(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
