from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.batch.journal import Journal, LoggedVerdict
from autograder.batch.run import note_on_walls
from autograder.files.atomic import write_atomically
from autograder.sandbox.tiers import lacks


def result(student: str, key: str = "k", **more: Any) -> dict[str, Any]:
    """The part of a result that the log goes by."""
    return {"student": student, "key": key, **more}


def of(journal: Journal, *students: str) -> list[dict[str, Any]]:
    """The latest results of these students."""
    return [found for found, _ in journal.results(students)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a log may be, in a folder that does not exist yet."""
    return tmp_path / "results" / "vae.log.jsonl"


def test_a_verdict_survives_the_end_of_the_process(path: Path) -> None:
    """What was logged is read back by the next one who opens the log, with the notebooks that were handed in."""
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ada", score=7.5), ["03_gaussian_kl"], 1.23456)])
    with Journal(path) as journal:
        assert list(journal.results(["ada"])) == [(result("ada", score=7.5), ["03_gaussian_kl"])]
        assert journal.entries["ada"].key == "k"


def test_the_latest_verdict_wins(path: Path) -> None:
    """Of several verdicts on a student the last one counts, at once and after opening again."""
    with Journal(path) as journal:
        for key in ("old", "older", "new"):
            journal.verdicts([LoggedVerdict(result("ada", key), [], 0)])
            journal.verdicts([LoggedVerdict(result("ben", key + "b"), [], 0)])
        assert of(journal, "ada") == [result("ada", "new")]
    with Journal(path) as journal:
        assert of(journal, "ada", "ben") == [result("ada", "new"), result("ben", "newb")]
        assert journal.entries["ada"].key == "new"


def test_results_come_in_the_order_asked(path: Path) -> None:
    """Results come in the order of the students asked for; whoever has none is left out."""
    with Journal(path) as journal:
        for student in ("cyd", "ada", "ben"):
            journal.verdicts([LoggedVerdict(result(student), [], 0)])
        assert [one["student"] for one in of(journal, "ben", "nobody", "ada", "cyd")] == ["ben", "ada", "cyd"]
        assert of(journal) == []


def test_other_events_are_no_verdicts(path: Path) -> None:
    """Notes about starts, retries and failures are kept in the log and are no results."""
    with Journal(path) as journal:
        journal.note("start", students=2)
        journal.verdicts([LoggedVerdict(result("ada"), [], 0)])
        journal.note("failure", student="ben", why="lost")
    with Journal(path) as journal:
        assert list(journal.entries) == ["ada"]
        assert of(journal, "ada", "ben") == [result("ada")]
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["start", "verdict", "failure"]


@pytest.mark.parametrize("kept", [1, 10, -2, -1])
def test_a_line_cut_off_is_dropped(path: Path, kept: int) -> None:
    """A last line cut off by a sudden end is dropped, the lines before it stand, and what is appended later is sound."""
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ada"), [], 0)])
        journal.verdicts([LoggedVerdict(result("ada", "second"), ["x"], 0)])
        journal.verdicts([LoggedVerdict(result("ben"), [], 0)])
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:kept])
    with Journal(path) as journal:
        assert list(journal.entries) == ["ada"]
        assert of(journal, "ada") == [result("ada", "second")]
        assert path.read_bytes() == b"".join(lines[:2])
        journal.verdicts([LoggedVerdict(result("cyd"), [], 0)])
        journal.verdicts([LoggedVerdict(result("ben", "again"), [], 0)])
        assert of(journal, "ada", "ben", "cyd") == [result("ada", "second"), result("ben", "again"), result("cyd")]
    with Journal(path) as journal:
        assert of(journal, "ada", "ben", "cyd") == [result("ada", "second"), result("ben", "again"), result("cyd")]
    assert all(json.loads(line) for line in path.read_text().splitlines())


def test_a_log_cut_off_in_its_only_line_is_empty(path: Path) -> None:
    """A log that holds nothing but a part of a line is opened as an empty one."""
    path.parent.mkdir()
    path.write_bytes(b'{"event": "verd')
    with Journal(path) as journal:
        assert journal.entries == {}
        journal.verdicts([LoggedVerdict(result("ada"), [], 0)])
    with Journal(path) as journal:
        assert of(journal, "ada") == [result("ada")]


@pytest.mark.parametrize("rubbish", [b"not json\n", b"[1, 2]\n", b'"text"\n', b"\n", b"\xff\xfe\n", b'{"event": 3}\n'])
def test_a_line_that_is_no_event_is_passed_over(path: Path, rubbish: bytes) -> None:
    """A whole line that means nothing does not hide the lines around it."""
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ada"), [], 0)])
    with path.open("ab") as handle:
        handle.write(rubbish)
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ben"), [], 0)])
    with Journal(path) as journal:
        assert of(journal, "ada", "ben") == [result("ada"), result("ben")]


def test_names_and_messages_of_any_script_come_back(path: Path) -> None:
    """Letters of any script, line separators, and folder names that are no valid UTF-8 come back as they were."""
    odd = [result("zoë\u2028μ\nσ"), result("\udcff\udc80"), result("emoji", message="🙂 «σ²»\r\n")]
    with Journal(path) as journal:
        for one in odd:
            journal.verdicts([LoggedVerdict(one, [], 0)])
    with Journal(path) as journal:
        assert of(journal, *[one["student"] for one in odd]) == odd


def test_many_verdicts_are_found_by_their_place(path: Path) -> None:
    """Each of many verdicts of different length is found again."""
    with Journal(path) as journal:
        for number in range(200):
            journal.verdicts([LoggedVerdict(result(f"s{number}", note="x" * (number * 37 % 211)), [], 0)])
    with Journal(path) as journal:
        for number in (199, 0, 57):
            assert of(journal, f"s{number}") == [result(f"s{number}", note="x" * (number * 37 % 211))]


def failing(chunks: int) -> Iterator[bytes]:
    """Some chunks, then an error as of a full disk."""
    for _ in range(chunks):
        yield b"new "
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("chunks", [0, 1, 50])
def test_a_failed_write_leaves_the_old_file(tmp_path: Path, chunks: int) -> None:
    """When writing fails, the old file stands as it was and no part of the new one stays behind."""
    path = tmp_path / "vae.jsonl"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, failing(chunks))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_write_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C while a first file is written leaves neither the file nor a part of it."""

    def interrupted() -> Iterator[bytes]:
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "vae.jsonl", interrupted())
    assert list(tmp_path.iterdir()) == []


def test_a_whole_write_replaces_the_file(tmp_path: Path) -> None:
    """A write that succeeds puts the whole new content in the place of the old, in folders made where needed."""
    path = tmp_path / "a" / "b" / "vae.jsonl"
    write_atomically(path, [b"one\n", b"two\n"])
    write_atomically(path, iter([b"three\n"]))
    assert path.read_bytes() == b"three\n"
    assert list(path.parent.iterdir()) == [path]


def test_the_old_file_is_whole_until_the_new_one_is(tmp_path: Path) -> None:
    """Whoever reads while the new file is written sees the old one."""
    path = tmp_path / "vae.jsonl"
    path.write_bytes(b"old")

    def watching() -> Iterator[bytes]:
        yield b"new"
        assert path.read_bytes() == b"old"
        yield b"er"

    write_atomically(path, watching())
    assert path.read_bytes() == b"newer"


def test_seconds_by_exercise_are_logged(path: Path) -> None:
    """The log tells how long each exercise took, for whoever looks for the slow ones."""
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ada"), [], 1.0, "", {"gaussian_kl": 0.25})])
    assert json.loads(path.read_text(encoding="utf-8"))["spent"] == {"gaussian_kl": 0.25}


def test_a_log_knows_the_best_walls_it_has_seen(path: Path) -> None:
    """Weaker walls than those of any verdict in the log are said, with what they lack, also once all were graded again."""
    with Journal(path) as journal:
        journal.verdicts([LoggedVerdict(result("ada", isolation=one)) for one in ("namespaces", "landlock")])
    with Journal(path) as journal:
        said = note_on_walls(journal, "landlock")
        assert "was graded behind the walls namespaces before" in said
        assert all(lack in said for lack in lacks("landlock"))
        assert "--walls namespaces" in said
        assert note_on_walls(journal, "namespaces") == ""
    with Journal(path.with_name("new.jsonl")) as journal:
        assert "which are not the strongest" in note_on_walls(journal, "landlock")
