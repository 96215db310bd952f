"""`autograder doctor` beside the lock: which installed version is another than the tests ran with, and what mends it."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from autograder import cli
from autograder.sandbox import versions
from autograder.sandbox.machine import Reading
from autograder.sandbox.tiers import WALLS
from autograder.sandbox.versions import compared, pinned

LOCK = "# tested\nnumpy==2.4.6\nrich==15.0.0\ntzdata==2026.6\ndask==2026.8.0\n"


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """A package with that lock, and a machine whose packages are those of the dictionary."""
    there = {"numpy": "2.4.6", "rich": "15.0.0", "tzdata": "2026.6"}

    def version(name: str) -> str:
        if name not in there:
            raise PackageNotFoundError(name)
        return there[name]

    (tmp_path / "shipped").mkdir()
    (tmp_path / "shipped" / "constraints.txt").write_text(LOCK, encoding="utf-8")
    monkeypatch.setattr(versions, "SHIPPED", tmp_path / "shipped" / "constraints.txt")
    monkeypatch.setattr(versions, "version", version)
    return there


def test_the_same_versions_need_nothing(here: dict[str, str], tmp_path: Path) -> None:
    """What is not installed is not compared; a build's name and zeros that do not count make no other version."""
    here |= {"numpy": "2.4.6+cpu", "tzdata": "2026.06"}
    assert compared(tmp_path) == Reading("versions", "all 3 are those of the tests")


def test_another_version_is_told_in_one_line_with_what_mends_it(here: dict[str, str], tmp_path: Path) -> None:
    """The line has both versions, the command names this Python, the lock, and the packages that differ alone."""
    here |= {"numpy": "2.5.0", "tzdata": "2026.6.post1"}
    told = compared(tmp_path)
    assert told.found == "not those of the tests: numpy 2.5.0 (tests: 2.4.6), tzdata 2026.6.post1 (tests: 2026.6)"
    assert "\n" not in told.mend
    pip = [sys.executable, "-m", "pip", "install", "--constraint", str(versions.SHIPPED)]
    assert shlex.split(told.mend) == [*pip, "numpy==2.4.6", "tzdata==2026.6"]


def test_many_others_stay_one_line(here: dict[str, str], tmp_path: Path) -> None:
    """Four are shown and the rest counted; the command mends all of them."""
    lock = {f"package-{number}": "1.0" for number in range(9)}
    versions.SHIPPED.write_text("".join(f"{name}=={version}\n" for name, version in lock.items()), encoding="utf-8")
    here |= dict.fromkeys(lock, "1.1")
    told = compared(tmp_path)
    assert told.found.count("(tests: 1.0)") == 4
    assert told.found.endswith(", 5 more")
    assert all(f" {name}==1.0" in told.mend for name in lock)


def test_the_course_knows_better(here: dict[str, str], tmp_path: Path) -> None:
    """A constraints.txt in the course folder counts in place of the package's, for what the package needs; its path is quoted."""
    course = tmp_path / "the course"
    course.mkdir()
    (course / "constraints.txt").write_text("NumPy == 2.3.1  # ours\nno-part-of-it==1\nrich>=14\n", encoding="utf-8")
    here |= {"no-part-of-it": "2"}
    told = compared(course)
    assert told.found == "not those of the tests: numpy 2.4.6 (tests: 2.3.1)"
    assert shlex.split(told.mend)[-2:] == [str(course / "constraints.txt"), "numpy==2.3.1"]
    here["numpy"] = "2.3.1"
    assert not compared(course).mend


def test_lines_of_every_kind_are_read() -> None:
    """Comments, markers, hashes, ranges, addresses and options of pip are passed over; names are spelt in one way."""
    text = """--index-url x
        Foo_Bar.baz==1.2 ; python_version >= "3"
        a==1 \\
          --hash=sha256:00
        b==1.*
        c>=2
        d @ file:///d
        e==1,<2
        f==3#4
        -e .
    """
    assert pinned(text) == {"foo-bar-baz": "1.2", "a": "1", "f": "3"}


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "no text"])
def test_a_lock_that_cannot_be_read_is_no_fault(here: dict[str, str], tmp_path: Path, content: bytes | None) -> None:
    """Then nothing is compared, which is said; nothing has to be mended for grading."""
    versions.SHIPPED.unlink()
    if content is not None:
        versions.SHIPPED.write_bytes(content)
    told = compared(tmp_path)
    assert told.found.startswith("not compared")
    assert not told.mend


def test_it_is_no_refusal(
    here: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`autograder doctor` shows the line with an exclamation mark and ends with 0: with other versions grading goes on."""
    here["numpy"] = "2.5.0"
    for one in WALLS:
        monkeypatch.setattr(type(one), "missing", lambda self: "")
    assert cli.main(["doctor", "--course", str(tmp_path)]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one[2:].startswith("versions")]
    assert line.startswith("! ")
    assert "numpy 2.5.0 (tests: 2.4.6)" in line
