"""Write constraints.txt: the version of every package that the extra `test` of this project brings into this environment.

`make constraints` first takes the newest versions that pyproject.toml allows. Run all tests before the file is committed.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = "vae-autograder"
FILE = Path(__file__).parent.parent / "constraints.txt"
HEAD = """\
# The versions that the tests ran with, of every package that pip installs for `.[test]`; `make constraints` writes this file.
# pip install --constraint constraints.txt ...
"""


def installed(project: str = PROJECT, extra: str = "test") -> dict[str, str]:
    """Versions by name of all that `project[extra]` needs here, and of what that needs in turn; without the project itself.

    Raises PackageNotFoundError where something that is needed here is not installed.
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(project, extra), (project, "")]
    while waiting:
        name, wanted = waiting.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        about = distribution(name)
        if name != project:
            # What stands behind a plus names a build, which an index of other builds does not have.
            found[name] = Version(about.version).public
        for line in about.requires or ():
            asked = Requirement(line)
            if asked.marker is None or asked.marker.evaluate({"extra": wanted}):
                waiting += [(canonicalize_name(asked.name), one) for one in ("", *asked.extras)]
    return found


def text(versions: dict[str, str]) -> str:
    """The file: a head that says what it is, and a line for each package, in the order of their names."""
    return HEAD + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


if __name__ == "__main__":
    try:
        FILE.write_text(text(installed()), encoding="utf-8")
    except PackageNotFoundError as missing:
        raise SystemExit(
            f"{missing.name} is not installed here: run `make constraints`, which installs it."
        ) from missing
