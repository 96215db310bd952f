"""constraints.txt, the versions that the tests ran with: whether it is of today's pyproject.toml, and who uses it."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.helpers.scripts import module_of

SCRIPT = ROOT / ".ci" / "constraints.py"
# The models are trained with the release of PyTorch that .ci/run names.
NOT_TESTED_WITH = {"train"}
MEND = "run `make constraints`, then all tests, and commit the file"


def pinned(text: str) -> dict[str, str]:
    """The versions by name; every line that is no comment has one."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in lines), lines
    return dict(line.split("==") for line in lines)


def stale(asked: list[str], versions: dict[str, str]) -> list[str]:
    """What is asked for and not pinned, or pinned to a version outside the range that is asked for."""
    found = []
    for one in map(Requirement, asked):
        version = versions.get(canonicalize_name(one.name))
        if version is None or not one.specifier.contains(version, prereleases=True):
            found.append(f"{one} (constraints.txt has {version})")
    return found


@pytest.fixture(scope="module")
def versions() -> dict[str, str]:
    """The versions of constraints.txt."""
    return pinned((ROOT / "constraints.txt").read_text(encoding="utf-8"))


def test_what_pyproject_asks_for_is_pinned_within_its_range(versions: dict[str, str]) -> None:
    """Every package that pyproject.toml names, but for training, has one version in constraints.txt, which its range allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(line for name in extras.keys() - NOT_TESTED_WITH for line in extras[name])]
    assert stale(asked, versions) == [], MEND


def test_what_is_stale_is_named(versions: dict[str, str]) -> None:
    """A package that is missing and one outside its range are both found, whatever way their names are written."""
    asked = ["numpy>=99", "no-such-package", "Jupyter>=1", "pytest_cov>=1"]
    assert [line.split()[0] for line in stale(asked, versions)] == ["numpy>=99", "no-such-package"]


def test_everything_that_is_installed_for_the_tests_is_pinned(versions: dict[str, str]) -> None:
    """What these packages need in turn is pinned too; in CI, which installs from the file, in the version that is there."""
    script = module_of(SCRIPT)
    there = script.installed()
    # A newer Python may need fewer of them.
    assert there.keys() <= versions.keys(), MEND
    if os.environ.get("CI"):
        assert there == {name: versions[name] for name in there}
    if sys.version_info[:2] == (3, 11):
        assert versions.keys() == there.keys(), MEND
    assert pinned(script.text(there)) == there


def test_the_package_holds_what_it_needs(versions: dict[str, str]) -> None:
    """autograder/constraints.txt has the same versions, of what users need and of nothing that is only tested with."""
    shipped = pinned((ROOT / "autograder" / "constraints.txt").read_text(encoding="utf-8"))
    assert shipped.items() <= versions.items(), MEND
    script = module_of(SCRIPT)
    assert script.FILES.keys() == {ROOT / "constraints.txt", ROOT / "autograder" / "constraints.txt"}
    needed = script.installed(extras=script.FILES[ROOT / "autograder" / "constraints.txt"])
    assert needed.keys() <= shipped.keys(), MEND
    assert {"numpy", "nbgrader", "distributed"} <= needed.keys()
    if sys.version_info[:2] == (3, 11):
        assert needed.keys() == shipped.keys(), MEND
    assert not {"pytest", "ruff", "mypy"} & shipped.keys()


@pytest.mark.parametrize(
    "path", ["Makefile", ".ci/run", "environment.yml", "container/Containerfile", "docs/scaling.md"]
)
def test_whoever_installs_uses_it(path: str) -> None:
    """Every line that installs with pip, in the makefile, in CI, for conda, in the container and on a cluster, names the file."""
    text = re.sub(r"\\\n\s*", "", (ROOT / path).read_text(encoding="utf-8"))
    if path == "Makefile":
        # `make constraints` is the one target that takes the newest.
        text = text.replace("$(PIP) --upgrade", "").replace(
            "$(addprefix --constraint ,$(CONSTRAINTS))", "constraints.txt"
        )
        lines = re.findall(r"\$\(PIP\) .*", text)
    elif path == "environment.yml":
        lines = re.findall(r"(?ms)- pip:\n.*", text)
    else:
        lines = re.findall(r"(?m)^(?!#).*pip install.*", text)
    assert lines
    assert [line for line in lines if "constraints.txt" not in line] == []


def test_what_is_pinned_runs_on_the_oldest_python_that_the_project_promises(versions: dict[str, str]) -> None:
    """No pinned version asks for a later Python than 3.11.0: Debian 12 has 3.11.2, and pip would find no such version there."""
    asked = {name: metadata.metadata(name).get("Requires-Python", "") for name in versions if installed(name)}
    assert {name: one for name, one in asked.items() if one and not SpecifierSet(one).contains("3.11.0")} == {}, (
        "give the package an upper bound in pyproject.toml, then run `make constraints`"
    )


def installed(name: str) -> bool:
    """Whether a package is in this environment."""
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
