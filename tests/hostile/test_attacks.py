"""Every attack of the catalogue, graded in one batch by the real command, comes to nothing."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.sample_submissions import write_submission
from autograder.files.text import clean
from autograder.grading.record import walls_of
from autograder.sandbox.codec.encode import Bounds, Encoder, encode
from autograder.sandbox.tiers import lacks
from tests.hostile.attack import EXERCISE, LOOT, STEM
from tests.hostile.batch import Graded, blank_notebook, copy_course, grade, grade_attacks, honest_notebook
from tests.hostile.catalogue import ATTACKS, KINDS, possible
from tests.hostile.environments import ENVIRONMENTS, Environment
from tests.hostile.forging import CHILD
from tests.hostile.seen import faults, printed, scores, secrets

# One batch a tier, where it is the best there is. Both users of every environment meet the walls in test_environments.py.
WHERE = ("plain machine, root", "Ubuntu 25.04, user", "Docker, user")
LONGEST = 25.0
"""Seconds that one submission may take: twice the wall time of one process, with the limits of these tests, and some more."""


def test_forged_replies_have_the_form_of_real_ones() -> None:
    """What forging attacks send as a reply is what a child sends, byte for byte: they fail for another reason."""
    names: dict[str, Any] = {}
    exec(CHILD, names)
    value = Encoder(Bounds())
    value.add(1.0)
    assert names["told"](b"returned") == encode(("returned", "", "", "", (), ())) + b"".join(map(bytes, value.chunks))


def batch(where: Environment, folder: Path) -> Path:
    """A course to be graded in an environment."""
    where.possible()
    return copy_course(folder / "course")


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(ENVIRONMENTS[name], marks=[pytest.mark.slow] if place else [], id=name)
        for place, name in enumerate(WHERE)
    ],
)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """All attacks, graded once in each of these environments."""
    return grade_attacks(request.param, batch(request.param, tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """An honest student and one with a gap, graded without anybody else."""
    where = ENVIRONMENTS[WHERE[0]]
    course = batch(where, tmp_path_factory.mktemp("alone"))
    write_submission(course / "submitted" / "honest-00" / "vae", {STEM: honest_notebook(course)})
    write_submission(course / "submitted" / "blank" / "vae", {STEM: blank_notebook(course)})
    return grade(where, course)


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_comes_to_nothing(graded: Graded, name: str) -> None:
    """No more points than honest work earns, the state foreseen, nothing told that nobody should know, harmless pages."""
    attack = ATTACKS[name]
    if not possible(attack):
        assert not os.environ.get("CI"), "In CI every attack is tried, which takes root."
        pytest.skip("needs root, who can plant a device")
    blank, points = graded.points("blank"), graded.points(name)
    assert [points[exercise] for exercise in (EXERCISE, *attack.nothing)] == [0] * (1 + len(attack.nothing))
    assert all(points[exercise] <= most for exercise, most in blank.items()), points
    assert not attack.keeps or points == blank
    assert graded.result(name)["state"] in (attack.state, attack.also)
    outputs = graded.outputs(name)
    assert faults(outputs) == []
    assert not [one for one in secrets(graded.course) if any(one.encode() in content for content in outputs.values())]
    assert "DONE" not in printed(outputs)
    assert attack.says.encode() in b"".join(outputs.values())


def test_every_submission_has_its_verdict(graded: Graded) -> None:
    """The command ends with 0 and one result a student, however bad the submission, and says what its walls lack."""
    assert graded.code == 0, graded.said[-2_000:]
    assert set(graded.results) == {path.name for path in (graded.course / "submitted").iterdir()}
    assert {one["isolation"] for one in graded.results.values()} == {graded.where.tier}
    assert [lack for lack in lacks(graded.where.tier) if lack not in " ".join(graded.said.split())] == []


def plain(graded: Graded, name: str) -> dict[str, bytes]:
    """What was written about a student, but for the tier, which stands in key, result and page, and the stamp of the page."""
    outputs = {kind: content.replace(name.encode(), b"someone") for kind, content in graded.outputs(name).items()}
    walls = walls_of(graded.where.tier).encode()
    for kind, content in outputs.items():
        if kind.endswith(".html"):
            assert content.count(walls) == 1, "every page names the walls"
            outputs[kind] = re.sub(rb"<!-- graded \w+ -->", b"", content.replace(walls, b""))
    line = json.loads(outputs["results"])
    assert (line.pop("isolation"), tuple(line.pop("isolation_lacks"))) == (graded.where.tier, lacks(graded.where.tier))
    assert line.pop("key")
    return {**outputs, "results": json.dumps(line).encode()}


@pytest.mark.parametrize("number", range(len(KINDS) + 1), ids=["first", *(f"after {kind}" for kind in KINDS)])
def test_the_next_student_is_unharmed(graded: Graded, alone: Graded, number: int) -> None:
    """An honest student has all points, in the same bytes on every tier as graded alone, whatever was graded before."""
    name = f"k{number:02}-zz-honest" if number else "honest-00"
    assert graded.result(name)["score"] == graded.result(name)["max_score"] > 0
    assert plain(graded, name) == plain(alone, "honest-00")


def test_who_left_something_out_is_graded_alike(graded: Graded, alone: Graded) -> None:
    """A submission with an exercise as it was released has the same points, words and pages on every tier."""
    assert 0 < graded.result("blank")["score"] < graded.result("blank")["max_score"]
    assert plain(graded, "blank") == plain(alone, "blank")


def test_nothing_is_left_behind(graded: Graded) -> None:
    """When the command has ended, so has every process it started; no mount, no file of an attack is left."""
    assert graded.left == []
    assert graded.mounts[0] == graded.mounts[1]
    # hypothesis keeps a cache of the grader's own there.
    assert set(graded.temporary) <= {"hypothesis"}
    places = [Path("/tmp"), Path("/dev/shm"), Path("/var/tmp"), Path("/usr/lib"), Path("/etc"), Path.home()]
    assert not [path for place in places if place.is_dir() for path in place.glob(f"*{LOOT}*")]
    assert not [*Path("/tmp").glob(f"autograder-*/*/*{LOOT}*")]
    ours = [path for path in graded.course.iterdir() if path.name != "submitted"]
    assert not [path for folder in ours for path in [folder, *folder.rglob("*")] if LOOT in path.name]


def test_nothing_but_results_is_written(graded: Graded) -> None:
    """Release, sources, data, settings and all submissions are byte for byte what they were."""
    assert graded.changed == set()


def test_nobody_reached_the_network(graded: Graded) -> None:
    """A server on 127.0.0.1 heard nothing."""
    assert graded.heard == []


def test_nobody_holds_up_the_others(graded: Graded) -> None:
    """Each submission took a bounded time, also those that die again and again to be given more."""
    log = (graded.course / "results" / "vae.log.jsonl").read_bytes().decode("utf-8", "surrogateescape")
    events = [json.loads(line) for line in log.split("\n") if line]
    assert {event["event"] for event in events} == {"start", "verdict", "end"}
    took = {event["result"]["student"]: event["seconds"] for event in events if event["event"] == "verdict"}
    assert {student: seconds for student, seconds in took.items() if seconds > LONGEST} == {}


def test_the_gradebook_says_the_same(graded: Graded) -> None:
    """nbgrader's database holds the points of the results, and no others."""
    found = scores(graded.course / "gradebook.db")
    expected = {clean(name): one["score"] for name, one in graded.results.items() if one["state"] != "missing"}
    # The database adds hundredths in binary: 4 + 1 + 2.86 is not 7.86 to the last digit.
    assert {name: round(score, 9) for name, score in found.items()} == expected


def test_the_operators_terminal_is_safe(graded: Graded) -> None:
    """What the command says holds no escape sequence, whatever folders are called."""
    assert "\x1b" not in graded.said
    assert len(graded.said) < 100_000
