"""Write constraints.txt: the version of every package that the extra `test` of this project brings into this environment.

Those of them that users need go into autograder/constraints.txt, too, which is part of the package: `autograder doctor`
compares with it what is installed. `make constraints` first takes the newest versions that pyproject.toml allows. Run all
tests before the two files are committed.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = "vae-autograder"
ROOT = Path(__file__).parent.parent
# What is installed for whom: by the file, the extras. Training is tested with the release of PyTorch that .ci/run names.
FILES = {
    ROOT / "constraints.txt": ("test",),
    ROOT / "autograder" / "constraints.txt": ("canvas", "cluster", "postgres"),
}
HEAD = """\
# The versions that the tests ran with, of every package that pip installs for `.[{extras}]`; `make constraints` writes this file.
# pip install --constraint constraints.txt ...
"""


def installed(project: str = PROJECT, extras: Sequence[str] = ("test",)) -> dict[str, str]:
    """Versions by name of all that `project[extras]` needs here, and of what that needs in turn; without the project itself.

    Raises PackageNotFoundError where something that is needed here is not installed.
    """
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(project, extra) for extra in ("", *extras)]
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


def text(versions: dict[str, str], extras: Sequence[str] = ("test",)) -> str:
    """The file: a head that says what it is, and a line for each package, in the order of their names."""
    return HEAD.format(extras=",".join(extras)) + "".join(f"{name}=={versions[name]}\n" for name in sorted(versions))


if __name__ == "__main__":
    try:
        texts = {path: text(installed(extras=extras), extras) for path, extras in FILES.items()}
    except PackageNotFoundError as missing:
        raise SystemExit(
            f"{missing.name} is not installed here: run `make constraints`, which installs it."
        ) from missing
    for path, content in texts.items():
        path.write_text(content, encoding="utf-8")
