"""Grading again after a change of checks: what is said, what waits for a yes, what people set stays."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import Any

import pytest

from autograder.course.layout import Layout
from tests.helpers.small_course import (
    CLASS,
    asleep,
    command,
    commands,
    environment,
    grade,
    hand_in,
    hand_in_all,
    results,
    set_seed,
    sql,
    states,
    wait_until,
    written,
)


def regrade(layout: Layout, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `autograder regrade`."""
    return commands().run("regrade", "--no-sandbox", *arguments, course=layout)


def everything(layout: Layout) -> dict[str, bytes]:
    """What a regrade must not touch without a yes."""
    return {**written(layout), "gradebook": layout.gradebook.read_bytes()}


def test_regrade_asks_first(small: Layout) -> None:
    """After a change of seed `regrade --diff` says what differs and why; nothing is rewritten before `--yes`."""
    hand_in_all(small, CLASS)
    grade(small)
    before = everything(small)
    assert "Nothing to grade again" in regrade(small, "--diff").stderr
    set_seed(small, 6)
    asked = regrade(small, "--diff", "--json", "--jobs", "2")
    assert asked.returncode == 0
    assert everything(small) == before
    assert "Different since the last batch: the seed." in asked.stderr
    assert "4 graded again: 0 with more points, 0 with less" in asked.stderr
    assert "Nothing was rewritten. With --yes it is." in asked.stderr
    told = json.loads(asked.stdout)
    assert (told["graded_again"], told["because"], told["rewritten"]) == (4, ["the seed"], False)
    done = regrade(small, "--yes")
    assert done.returncode == 0
    grade_keys = {student: one["key"] for student, one in results(small).items()}
    assert "0 graded now, 4 unchanged" in grade(small).stderr
    assert {student: one["key"] for student, one in results(small).items()} == grade_keys
    assert written(small) != {name: content for name, content in before.items() if name != "gradebook"}


def test_regrade_names_who_what_why(small: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a check is given other points, everyone whose points change is named, with by how much and by which check."""
    from dataclasses import replace

    from autograder import problems
    from autograder.batch.console import ProgressBar, console
    from autograder.batch.regrade import regrade as again
    from autograder.batch.run import Options, grade_batch

    hand_in_all(small, ["right", "wrong"])
    grade(small)
    whole = problems.load

    def doubled(stem: str) -> Any:
        problem = whole(stem)
        exercises = [
            replace(one, checks=tuple(replace(check, points=2 * check.points) for check in one.checks))
            if one.name == "kl_weight"
            else one
            for one in problem.exercises
        ]
        return replace(problem, exercises=tuple(exercises))

    monkeypatch.setattr(sys.modules["autograder.problems.examination"], "load", doubled)
    monkeypatch.setattr("autograder.batch.keys.grader_version", lambda: "another version")
    problems.examination.cache_clear()
    try:
        out = console()
        with out.capture() as said:
            args = (small, Options(walls="none"), ProgressBar(out), out)
            assert again(*args, details=True, yes=True, as_json=False) == 0
        text = said.get()
        assert "s00: 4 -> 7 points (+3), of 4 -> 7" in text
        assert "s01: 3 -> 6 points (+3), of 4 -> 7" in text
        assert "    kl_weight: 3 -> 6 points; check" in text
        assert "2 graded again: 2 with more points" in text
        assert "Different since the last batch: the grader's code or the versions it stands on." in text
        assert states(small) == {"s00": ("graded", 7.0), "s01": ("graded", 6.0)}
        assert grade_batch(small, Options(walls="none"), ProgressBar(out)).fresh == 0
    finally:
        problems.examination.cache_clear()


def test_regrade_keeps_what_people_set(small: Layout) -> None:
    """Manual points, extra credit, comments and late penalties set in the form grader survive a regrade."""
    hand_in_all(small, ["wrong", "right"])
    grade(small)
    cell = sql(small, "SELECT id FROM grade ORDER BY id LIMIT 1")[0][0]
    comment = sql(small, "SELECT id FROM comment ORDER BY id LIMIT 1")[0][0]
    submission = sql(small, "SELECT id FROM submitted_assignment ORDER BY id LIMIT 1")[0][0]
    sql(small, "UPDATE grade SET manual_score = 1.5, extra_credit = 0.25, needs_manual_grade = 0 WHERE id = ?", cell)
    sql(small, "UPDATE comment SET manual_comment = 'see me' WHERE id = ?", comment)
    sql(small, "UPDATE submitted_assignment SET extension = '1970-01-02 00:00:00' WHERE id = ?", submission)
    sql(small, "UPDATE submitted_notebook SET late_submission_penalty = 0.5 WHERE assignment_id = ?", submission)
    set_seed(small, 6)
    assert regrade(small, "--yes").returncode == 0
    hand_in(small, "s00", "right")
    assert grade(small).returncode == 0
    assert sql(small, "SELECT manual_score, extra_credit FROM grade WHERE id = ?", cell) == [(1.5, 0.25)]
    assert sql(small, "SELECT manual_comment FROM comment WHERE id = ?", comment) == [("see me",)]
    query = "SELECT late_submission_penalty FROM submitted_notebook WHERE assignment_id = ?"
    assert sql(small, query, submission) == [(0.5,)]
    query = "SELECT extension FROM submitted_assignment WHERE id = ?"
    assert sql(small, query, submission)[0][0].startswith("1970-01-02")


@pytest.mark.parametrize(("answer", "rewritten"), [("y\n", True), ("n\n", False), ("\n", False), ("\x03", False)])
def test_regrade_at_a_terminal(small: Layout, answer: str, rewritten: bool) -> None:
    """At a terminal one is asked; y rewrites, anything else and Ctrl-C does not."""
    hand_in(small, "ann")
    grade(small)
    set_seed(small, 6)
    before = everything(small)
    ours, theirs = pty.openpty()
    line = command("regrade", "--no-sandbox", course=small)
    with subprocess.Popen(
        line, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        preexec_fn=_own_terminal,
    ) as process:  # fmt: skip
        os.close(theirs)
        said = b""
        while b"[y/N]" not in said:
            said += os.read(ours, 4096)
        # It reads what is typed only when it waits for it.
        assert wait_until(lambda: asleep(process.pid))
        os.write(ours, answer.encode())
        try:
            while more := os.read(ours, 4096):
                said += more
        except OSError:
            pass
        assert process.wait(180) == 0, said.decode()
    os.close(ours)
    assert (everything(small) != before) is rewritten


def _own_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
