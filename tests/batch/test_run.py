"""A batch as a grader sees it: what is graded, what stays, what is the same however it was run, and what it says."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from autograder.checks.worked_numbers import settings as own_numbers
from autograder.course.layout import Layout
from tests.helpers.small_course import (
    CLASS,
    events,
    grade,
    hand_in,
    hand_in_all,
    results,
    run,
    set_seed,
    sql,
    states,
    written,
)


def test_verdicts_and_summary(small: Layout) -> None:
    """A class gets one line each, sorted; the summary counts by state, and `--json` is all there is on standard output."""
    hand_in_all(small, CLASS)
    done = grade(small, "--jobs", "auto", "--json", "-v")
    assert done.returncode == 0
    assert states(small) == {
        "s00": ("graded", 4.0),
        "s01": ("graded", 3.0),
        "s02": ("graded", 1.0),
        "s03": ("crashed", 1.0),
    }
    assert list(results(small)) == sorted(results(small))
    told = json.loads(done.stdout)
    assert told["states"] == {"graded": 3, "crashed": 1}
    assert (told["graded_now"], told["unchanged"], told["failures"]) == (4, 0, {})
    assert "s03: crashed" in done.stderr
    assert "a process of the submission ended" in done.stderr
    assert [event["event"] for kind in ("start", "end") for event in events(small, kind)] == ["start", "end"]


def test_same_bytes_however_run(small: Layout, tmp_path: Path) -> None:
    """Results, feedback and graded notebooks are the same bytes for 1 and 2 jobs, any hash seed, one student at a time."""
    students = hand_in_all(small, CLASS * 2)
    assert grade(small, "--jobs", "1").returncode == 0
    first = written(small)
    runs: list[list[list[str]]] = [
        [["--jobs", "2", "--force"]],
        [["--student", one, "--force"] for one in reversed(students)],
    ]
    for lines in runs:
        for line in lines:
            assert grade(small, *line).returncode == 0
        assert written(small) == first
    for seed in ("0", "1"):
        other = Layout(tmp_path / f"seed{seed}", small.assignment)
        shutil.copytree(small.course, other.course)
        for folder in (other.results, other.feedback, other.autograded):
            shutil.rmtree(folder)
        assert run("grade", "--no-sandbox", "--jobs", "2", course=other, PYTHONHASHSEED=seed).returncode == 0
        assert written(other) == first


def test_only_what_is_new(small: Layout) -> None:
    """A second run grades nothing; a new submission of one student grades that student only; a folder gone is a line gone."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    log, first = events(small), written(small)
    assert "0 graded now, 4 unchanged" in grade(small).stderr
    assert (events(small), written(small)) == (log, first)
    hand_in(small, "s01", "right")
    done = grade(small)
    assert "1 graded now, 3 unchanged" in done.stderr
    assert [event["result"]["student"] for event in events(small)[len(log) :]] == ["s01"]
    assert states(small)["s01"] == ("graded", 4.0)
    shutil.rmtree(small.submitted / "s00")
    assert grade(small).returncode == 0
    assert sorted(results(small)) == ["s01", "s02", "s03"]


def test_timestamp_goes_along(small: Layout) -> None:
    """When a submission was handed in lies beside its graded notebooks too, where nbgrader looks for it."""
    hand_in(small, "s00", "right")
    for said in ("2026-10-01 12:00:00 UTC", "2026-10-02 12:00:00 UTC"):
        (small.submitted / "s00" / "vae" / "timestamp.txt").write_text(said, encoding="utf-8")
        assert grade(small).returncode == 0
        assert (small.autograded / "s00" / "vae" / "timestamp.txt").read_text(encoding="utf-8") == said
    for said in (b"\xff yesterday", b"9999-99-99 99:99:99 UTC"):
        (small.submitted / "s00" / "vae" / "timestamp.txt").write_bytes(said)
        assert grade(small).returncode == 0
        assert not (small.autograded / "s00" / "vae" / "timestamp.txt").exists()


def test_the_secret_of_the_exchange_goes_along(small: Layout) -> None:
    """Time and secret lie beside feedback and graded notebooks; what the exchange cannot have written lies nowhere, as without any."""
    names = ("timestamp.txt", "submission_secret.txt")
    hand_in(small, "s00", "right")
    places = [folder / "s00" / "vae" for folder in (small.autograded, small.feedback)]
    for told in (("2026-10-01 12:00:00 UTC", "0a" * 64), ("2026-10-02 12:00:00 UTC", "0b" * 64)):
        for name, text in zip(names, told, strict=True):
            (small.submitted / "s00" / "vae" / name).write_text(text, encoding="utf-8")
        assert grade(small).returncode == 0
        for place in places:
            assert tuple((place / name).read_text(encoding="utf-8") for name in names) == told
    for wrong in (b"../../../ana", b"0A" * 64, b"0a" * 300, b""):
        (small.submitted / "s00" / "vae" / names[1]).write_bytes(wrong)
        assert grade(small).returncode == 0
        assert not any((place / names[1]).exists() for place in places)


def test_one_student(small: Layout) -> None:
    """`--student` grades that one and keeps the others' lines; one who has no folder is exit 2 with a sentence."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    lines = (small.results / "vae.jsonl").read_text().splitlines()
    set_seed(small, 6)
    assert grade(small, "--student", "s02").returncode == 0
    now = (small.results / "vae.jsonl").read_text().splitlines()
    assert [a == b for a, b in zip(lines, now, strict=True)] == [True, True, False, True]
    unknown = grade(small, "--student", "nobody")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("autograder: There is no folder for nobody in ")
    assert unknown.stderr.count("\n") == 1


def test_all_but_some(small: Layout) -> None:
    """`--except` leaves students out and keeps their lines; one who has no folder is exit 2 with a sentence."""
    hand_in_all(small, CLASS)
    assert grade(small).returncode == 0
    lines = (small.results / "vae.jsonl").read_text().splitlines()
    set_seed(small, 6)
    assert grade(small, "--except", "s00", "--except", "s03").returncode == 0
    now = (small.results / "vae.jsonl").read_text().splitlines()
    assert [a == b for a, b in zip(lines, now, strict=True)] == [True, False, False, True]
    unknown = grade(small, "--except", "nobody")
    assert unknown.returncode == 2
    assert "There is no folder for nobody in " in unknown.stderr


def test_numbers_that_are_not_those_of_the_settings_are_said(small: Layout) -> None:
    """Where the built notebooks have the worked numbers of another seed, a batch that grades says so; these count."""
    path = small.source / "data" / "own_numbers.json"
    path.parent.mkdir()
    path.write_bytes(own_numbers.as_data("course", 99))
    hand_in(small, "s00")
    said = " ".join(grade(small).stderr.split())
    assert "do not follow assignment.toml in numbers (or in seed, from which they follow)" in said
    path.write_bytes(b"damaged")
    refused = grade(small, "--force")
    assert refused.returncode != 0
    assert "run `autograder build`, then grade again" in " ".join(refused.stderr.split())
    assert "Traceback" not in refused.stderr


ODD = [
    "with space", "Zoë Ünal", "o'brien \"q\"", "two\nlines", "-dash", "--json", "\udcff\udcfe", "$(touch x)", "a" * 200, "\x1b[31m",
    "日本", "%s{}", "CON", "x;y&z", "~",
]  # fmt: skip


def test_odd_names(small: Layout) -> None:
    """Odd names of students never stop a batch, and the results are valid UTF-8 with every one of them, read back exactly."""
    for name in ODD:
        hand_in(small, name)
    (small.submitted / "README.md").write_text("stray")
    (small.submitted / ".hidden").mkdir()
    (small.submitted / "dangling").symlink_to("nowhere")
    os.mkfifo(small.submitted / "pipe")
    done = grade(small, "--jobs", "2", "--json", "-v")
    assert done.returncode == 0, done.stderr
    assert sorted(results(small)) == sorted(ODD)
    assert "\x1b" not in done.stderr
    assert json.loads(done.stdout)["graded_now"] == len(ODD)
    assert "0 graded now" in grade(small).stderr
    assert "1 graded now" in grade(small, "--student=-dash", "--force").stderr


def test_nothing_there(small: Layout) -> None:
    """No folder of submissions is exit 2 with what to do; an empty one is an empty results file and exit 0."""
    missing = grade(small)
    assert missing.returncode == 2
    assert "Put submissions into submitted/<student>/vae/" in missing.stderr
    small.submitted.mkdir()
    assert grade(small).returncode == 0
    assert (small.results / "vae.jsonl").read_bytes() == b""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--jobs", "0"], "must be auto or a number from 1 up"),
        (["--local-cluster", "2", "--scheduler", "tcp://x:1"], "exclude each other"),
    ],
)
def test_wrong_usage(small: Layout, arguments: list[str], words: str) -> None:
    """Wrong usage is exit 2 with a sentence."""
    hand_in(small, "ann")
    done = grade(small, *arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_gradebook_written_when_needed(small: Layout) -> None:
    """The gradebook is written anew when verdicts changed, when somebody else changed it, when it is gone, and only then."""
    hand_in_all(small, CLASS)
    grade(small)

    def stamp() -> int:
        return small.gradebook.stat().st_mtime_ns

    before = stamp()
    grade(small)
    assert stamp() == before
    sql(small, "UPDATE grade SET auto_score = 77")
    grade(small)
    assert {score for (score,) in sql(small, "SELECT auto_score FROM grade")} == {0.0, 1.0, 3.0}
    small.gradebook.unlink()
    grade(small)
    assert len(sql(small, "SELECT id FROM submitted_assignment")) == 4


def test_help_is_quick(small: Layout) -> None:
    """`autograder --help` takes less than 0.3 s of computing."""
    before = os.times()
    assert run("grade", "--help", course=small).returncode == 0
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.3


def test_refused_without_sandbox(small: Layout, tmp_path: Path) -> None:
    """Where bubblewrap is missing the command says in one sentence what to install, with exit 1, and grades nothing."""
    hand_in(small, "ann")
    empty = tmp_path / "bin"
    empty.mkdir()
    done = run("grade", "--walls", "namespaces", course=small, PATH=str(empty))
    assert done.returncode == 1
    assert "install it (Debian, Ubuntu: apt install bubblewrap), or grade with --no-sandbox" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not events(small)
