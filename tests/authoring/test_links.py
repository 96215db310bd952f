"""One copy: what a built folder has from the course is a link there, and what becomes of links where there are none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.builder import BuildError, build, stale
from autograder.batch.run import Options, grade_batch
from autograder.course.layout import Layout
from autograder.course.links import LostLinks, lost_links, must_have_no_lost_links
from tests.authoring.test_build import FIXTURES, HOOKS, new_course
from tests.helpers.small_course import Silent

LINKED = ("data/points.csv", "images/bell.svg")


@pytest.fixture
def built(tmp_path: Path) -> Layout:
    """A course that was built, with its checks in the autograder's own folder."""
    layout = Layout(new_course(tmp_path / "course"), "tiny")
    build(layout.course, "tiny", **HOOKS)
    return layout


def test_what_the_course_has_is_linked_and_students_get_files(built: Layout) -> None:
    """Data and pictures are relative links in source_nbs and files in release; checks from outside the course are files."""
    for name in LINKED:
        target = (built.source / name).readlink()
        assert not target.is_absolute()
        assert (built.source / name).resolve() == built.texts / name
    assert not [path for path in built.release.rglob("*") if path.is_symlink()]
    assert (built.source / "checks" / "__init__.py").is_file()
    assert not (built.source / "checks" / "__init__.py").is_symlink()
    assert not (built.source / "requirements.txt").is_symlink()


def test_checks_inside_the_course_are_linked(tmp_path: Path) -> None:
    """Where the autograder lies in the course folder, as in this repository, its checks are linked too."""
    course = new_course(tmp_path / "course")
    shutil.copytree(FIXTURES / "checks", course / "autograder" / "checks")
    build(course, "tiny", **HOOKS | {"checks": course / "autograder" / "checks"})
    path = course / "source_nbs" / "tiny" / "checks" / "__init__.py"
    assert path.readlink() == Path("../../../autograder/checks/__init__.py")


def test_links_go_along_with_the_course(built: Layout, tmp_path: Path) -> None:
    """A course folder that is moved, or copied as it is, has links that hold."""
    shutil.copytree(built.course, tmp_path / "copy", symlinks=True)
    shutil.rmtree(built.course)
    copy = Layout(tmp_path / "copy", "tiny")
    must_have_no_lost_links(copy)
    assert stale(copy.course, "tiny", **HOOKS) == []


@pytest.mark.parametrize("how", ["text", "gone", "folder"])
def test_lost_links_are_named_and_built_anew(built: Layout, how: str) -> None:
    """A link that git wrote as a text, or that leads nowhere, stops a batch by name; a build mends it and spares the course."""
    path = built.source / LINKED[0]
    before = (built.texts / LINKED[0]).read_bytes()
    path.unlink()
    if how == "text":
        path.write_text(f"../../../assignments/tiny/{LINKED[0]}", encoding="utf-8")
    elif how == "gone":
        path.symlink_to("../../../assignments/nowhere/points.csv")
    else:
        path.parent.rmdir()
        path.parent.symlink_to("../../assignments/tiny/data")
    if how != "folder":
        assert list(lost_links(built.source)) == [path]
        (built.submitted / "ana" / "tiny").mkdir(parents=True)
        with pytest.raises(LostLinks, match=r"source_nbs/tiny/data/points\.csv should be a link .* `autograder build`"):
            grade_batch(built, Options(walls=False), Silent())
        assert [fault.partition(":")[0] for fault in stale(built.course, "tiny", **HOOKS)] == [
            "source_nbs/tiny/data/points.csv"
        ]
    build(built.course, "tiny", **HOOKS)
    assert path.is_symlink()
    assert not path.parent.is_symlink()
    assert path.read_bytes() == (built.texts / LINKED[0]).read_bytes() == before
    assert not list(lost_links(built.source))


def test_settings_that_git_wrote_as_a_text_are_mended(built: Layout) -> None:
    """The settings of nbgrader, a link in this repository, are named when they are a text, and a build brings them back."""
    settings, elsewhere = built.course / "nbgrader_config.py", built.course / "kept" / "nbgrader_config.py"
    elsewhere.parent.mkdir()
    settings.rename(elsewhere)
    settings.write_text("kept/nbgrader_config.py", encoding="utf-8")
    with pytest.raises(LostLinks, match=r"nbgrader_config\.py should be a link"):
        must_have_no_lost_links(built)
    with pytest.raises(BuildError, match=r"nbgrader_config\.py: holds the path of a link, .* run `autograder build`"):
        stale(built.course, "tiny", **HOOKS)
    build(built.course, "tiny", **HOOKS)
    assert settings.read_bytes() == elsewhere.read_bytes()
    assert stale(built.course, "tiny", **HOOKS) == []


def test_a_build_never_writes_through_a_link(built: Layout) -> None:
    """A link where a file of its own belongs is replaced; what it led to stays as it was."""
    page = built.texts / "README.md"
    before = page.read_bytes()
    notebook = built.source / "02_bell.ipynb"
    notebook.unlink()
    notebook.symlink_to("../../assignments/tiny/README.md")
    build(built.course, "tiny", **HOOKS)
    assert not notebook.is_symlink()
    assert page.read_bytes() == before
    assert stale(built.course, "tiny", **HOOKS) == []


def test_without_links_there_are_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system makes no links, a build writes files, which are as current as links."""

    def refused(*about: Any, **more: Any) -> None:
        raise OSError(1, "Operation not permitted")

    course = new_course(tmp_path / "course")
    monkeypatch.setattr(os, "symlink", refused)
    build(course, "tiny", **HOOKS)
    assert not [path for path in course.rglob("*") if path.is_symlink()]
    assert stale(course, "tiny", **HOOKS) == []
