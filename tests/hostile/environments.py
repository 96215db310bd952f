"""Where graders grade, emulated: which namespaces the machine gives, who grades, and the tier that is the best there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import ROOT

# Of nobody in particular: systems keep these numbers for users made up on the spot.
USER = 61_000
_EMULATION = Path(__file__).parents[1] / "helpers" / "emulation.py"


@dataclass(frozen=True)
class Environment:
    """A machine as a grader meets it.

    `namespaces` says what it refuses (see helpers/emulation.py), `user` who grades there, 0 for whoever runs the tests
    (root, in CI). `abi` is the highest version of Landlock that is used, 0 for the kernel's own.
    """

    name: str
    tier: str
    namespaces: str = ""
    user: int = 0
    abi: int = 0

    def command(self, command: Sequence[object], *shown: Path) -> list[str]:
        """The command as it is run there; `shown` are folders that everybody can reach there."""
        plan: dict[str, object] = {"namespaces": self.namespaces, "user": self.user}
        if self.user or self.tier == "landlock":
            # Root's own folders hide the interpreter and the tests' folders from every other user.
            places = {*map(os.path.realpath, (sys.prefix, sys.base_prefix, sysconfig.get_path("purelib"))), str(ROOT)}
            places |= {str(Path(np.__file__).parents[1]), sys.prefix, *map(str, shown)}
            plan["show"] = [one for one in sorted(places) if not any(_below(one, other) for other in places)]
        return [sys.executable, str(_EMULATION), json.dumps(plan), *map(str, command)]

    def give(self, folder: Path) -> None:
        """Give a folder to whoever grades there, and let everybody look into it."""
        folder.chmod(0o755)
        if self.user:
            # -h: what an attacker links to stays whose it is.
            subprocess.run(["chown", "-hR", f"{self.user}:{self.user}", str(folder)], check=True)

    def possible(self) -> None:
        """Skip where the tests' own machine cannot play this one, which CI does not allow."""
        played = self.namespaces or self.user
        lacking = "root, who can become others" if played and os.geteuid() else ""
        lacking = lacking or ("" if shutil.which("bwrap") else "bubblewrap")
        if lacking and not os.environ.get("CI"):
            pytest.skip(f"needs {lacking}")
        assert not lacking, f"In CI the walls are tried in every environment, which takes {lacking}."


def _below(path: str, other: str) -> bool:
    return path != other and Path(path).is_relative_to(other)


_ROOT_AND_USER = (("root", 0), ("user", USER))
ENVIRONMENTS = {
    one.name: one
    for who, user in _ROOT_AND_USER
    for one in (
        Environment(f"plain machine, {who}", "namespaces", "", user),
        Environment(f"Ubuntu 25.04, {who}", "bubblewrap+landlock", "ubuntu", user),
        Environment(f"Docker, {who}", "landlock", "docker", user),
        Environment(f"no user namespaces, {who}", "landlock", "none", user),
    )
}
OLD_KERNEL = Environment("Docker, user, Landlock 1", "landlock", "docker", USER, abi=1)
