"""Print the newest Python on this machine that is newer than the one that runs this; nothing where there is none.

Looked through are the search path, and the folders of pyenv, uv and GitHub's runners. Nothing is downloaded.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

# What Python says of itself: its version, if it is a finished one with threads as usual, and can make environments.
ASK = (
    "import ensurepip, sys, sysconfig, venv; "
    "sys.exit(1) if sys.version_info.releaselevel != 'final' or sysconfig.get_config_var('Py_GIL_DISABLED') else "
    "print(*sys.version_info[:3], sep='.')"
)
PLACES = (
    "{PYENV_ROOT}/versions/*/bin",
    "{HOME}/.pyenv/versions/*/bin",
    "{HOME}/.local/share/uv/python/*/bin",
    "{RUNNER_TOOL_CACHE}/Python/*/*/bin",
)


def candidates(environment: dict[str, str]) -> Iterator[Path]:
    """Everything that is called python3.x in the search path or where versions of Python are kept."""
    folders = [Path(one) for one in environment.get("PATH", "").split(os.pathsep) if one]
    for place in PLACES:
        variable = place[1 : place.index("}")]
        top, rest = environment.get(variable, ""), place[place.index("}") + 2 :]
        folders += sorted(Path(top).glob(rest)) if top else []
    for folder in folders:
        if folder.is_dir():
            yield from sorted(one for one in folder.glob("python3.*") if re.fullmatch(r"python3\.\d+", one.name))


def version(python: Path) -> tuple[int, ...]:
    """The version of a Python that tests can be run with; empty where it is none, as where a version of pyenv is not chosen."""
    try:
        done = subprocess.run([python, "-c", ASK], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    told = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)\s*", done.stdout)
    return tuple(map(int, told.groups())) if told and done.returncode == 0 else ()


def newest(found: Iterable[Path], than: tuple[int, int]) -> Path | None:
    """The first of those with the highest version whose minor version is above `than`; None where there is none."""
    known = [(version(one), one) for one in found]
    newer = [(number, one) for number, one in known if number[:2] > than]
    return max(newer, key=lambda pair: pair[0])[1] if newer else None


if __name__ == "__main__":
    chosen = newest(candidates(dict(os.environ)), sys.version_info[:2])
    print(chosen or "", end="")
