"""What a submission costs on Gradescope: half a core, set by the kernel; python -m benchmarks.half_core [folder of a Python], as root.

The Python must be one that every user can read, as it is there: otherwise the third tier of walls is not to be had.
The zip file is set up by its own script, and each submission is graded three times under a quota of the kernel's control
groups. Seconds of computing are those of all processes, students' functions behind the walls included.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from statistics import median

from autograder.batch.gradescope.bundle import ABOUT, bundle
from autograder.course.layout import Layout
from autograder.sandbox.tiers import NAMES

from .batch import machine
from .cohort import ROOT, course, fill_course

GROUP = "half_core_benchmark"
PERIOD, QUOTA = 100_000, 50_000
SUBMISSIONS = {0: "right", 5: "mistakes in three exercises", 6: "three others", 9: "half-written"}


class Quota:
    """A control group that may use half a core; raises OSError where there is none to be had."""

    def __init__(self) -> None:
        """Make it, of whichever version the kernel has."""
        top = Path("/sys/fs/cgroup")
        if (top / "cgroup.controllers").is_file():
            self.folders = [top / GROUP]
            self.folders[0].mkdir(exist_ok=True)
            (self.folders[0] / "cpu.max").write_text(f"{QUOTA} {PERIOD}")
            return
        self.folders = [top / kind / GROUP for kind in ("cpu", "cpuacct")]
        for folder in self.folders:
            folder.mkdir(exist_ok=True)
        (self.folders[0] / "cpu.cfs_period_us").write_text(str(PERIOD))
        (self.folders[0] / "cpu.cfs_quota_us").write_text(str(QUOTA))

    def enter(self) -> None:
        """Put this process into it."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    @property
    def used(self) -> float:
        """Seconds of computing of all that ever ran in it."""
        usage = self.folders[-1] / "cpuacct.usage"
        if usage.is_file():
            return int(usage.read_text()) / 1e9
        told = dict(line.split() for line in (self.folders[0] / "cpu.stat").read_text().splitlines())
        return int(told["usage_usec"]) / 1e6


def main(pythons: str = "", times: int = 3) -> None:
    """Set up, measure and print."""
    quota = Quota()
    print(f"{machine()}, a quota of {QUOTA / PERIOD:g} cores")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "autograder"
        # Where an unprivileged user may read it, as on Gradescope.
        where = {**os.environ, "AUTOGRADER_ROOT": str(root), "AUTOGRADER_HOME": str(Path(folder) / "home")}
        where["PATH"] = os.pathsep.join(filter(None, [pythons, where["PATH"]]))
        Path(folder).chmod(0o755)
        bundle(Layout(ROOT, "vae"), Path(folder) / "a.zip")
        with zipfile.ZipFile(Path(folder) / "a.zip") as archive:
            archive.extractall(root / "source")
        for script in ("setup.sh", "run_autograder"):
            (root / "source" / script).chmod(0o755)
        subprocess.run([root / "source" / "setup.sh"], env=where, check=True, capture_output=True)
        written = course(Path(folder) / "class")
        fill_course(written, max(SUBMISSIONS) + 1)
        for walls in NAMES[:-1]:
            for number, what in SUBMISSIONS.items():
                submission = written.submitted / f"s{number:06d}" / "vae"
                print(f"{walls:<22} {what:<30} {measured(quota, root, where, submission, walls, times)}", flush=True)


def measured(quota: Quota, root: Path, where: dict[str, str], submission: Path, walls: str, times: int) -> str:
    """Grade a submission so many times, and say the median of both kinds of seconds."""
    about = json.loads((root / "source" / ABOUT).read_text(encoding="utf-8"))
    (root / "source" / ABOUT).write_text(json.dumps({**about, "walls": walls}), encoding="utf-8")
    shutil.rmtree(root / "submission", ignore_errors=True)
    shutil.copytree(submission, root / "submission")
    seconds, computed = [], []
    for _ in range(times):
        before, begun = quota.used, time.perf_counter()
        subprocess.run(
            [root / "source" / "run_autograder"], env=where, check=True, capture_output=True, preexec_fn=quota.enter
        )
        seconds.append(time.perf_counter() - begun)
        computed.append(quota.used - before)
    told = json.loads((root / "results" / "results.json").read_text(encoding="utf-8"))
    if "failed" in told["extra_data"]:
        return str(told["output"])
    return f"{median(seconds):5.2f} s, {median(computed):5.2f} s of computing"


if __name__ == "__main__":
    main(*sys.argv[1:2])
