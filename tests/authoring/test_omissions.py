"""Texts without what is left out, and extras that go along: on the small fixture course and on texts of a few lines."""

from __future__ import annotations

import json
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.builder import BuildError, build, built_files, stale
from autograder.authoring.builder.omissions import headings, without
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "fixtures"
REGISTRY = runpy.run_path(str(FIXTURES / "course" / "registry.py"))
HOOKS: dict[str, Any] = {"load": REGISTRY["load"], "tables": REGISTRY["tables"], "checks": FIXTURES / "checks"}
TEXT = """\
# Title

Intro. <!-- with: a -->

| a | 1 | <!-- with: a -->
| b | 2 |

## A

```python setup="late"
import late
```

About a.

```python exercise="a"
```

### Look

```python draws="of_a_and_b"
with needs("a", "b"):
    pass
```

## B

```python exercise="b"
# not a heading
```

~~~python
# nor this
~~~

```python draws="of_both"
with needs("a", "b"):
    pass
```

```python draws="of_b"
with needs("b"):
    pass
```

## Drawing

```python draws="of_a"
with needs("a"):
    pass
```

And what is seen.

## The game <!-- with: game -->

Play it.

## End
"""
KNOWN = ("a", "b", "game")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The fixture course with an extra, of which nothing is switched on."""
    folder = tmp_path / "course"
    shutil.copytree(FIXTURES / "course", folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    extras = folder / "assignments" / "tiny" / "extras"
    (extras / "game").mkdir(parents=True)
    (extras / "game" / "sheet.html").write_text("<p>Cards</p>\n", encoding="utf-8")
    (extras / "game" / "make_sheet.py").write_text("print()\n", encoding="utf-8")
    (extras / "game.md").write_text(
        "# The game\n\n[Sheet](game/sheet.html), [first](../01_numbers.ipynb#top)\n\n"
        '```python setup="start"\nimport sys\nsys.path.insert(0, "..")\nfrom checks import needs\n```\n\n'
        '```python draws="rounds"\nwith needs("bell"):\n    pass\n```\n\n```python\n1 + 1\n```\n',
        encoding="utf-8",
    )
    return folder


def settings(course: Path, text: str) -> None:
    """Write the settings of the fixture course's assignment."""
    (course / "assignments" / "tiny" / "assignment.toml").write_text(text, encoding="utf-8")


def ids(files: dict[str, bytes], name: str) -> list[str]:
    """The ids of a built notebook's cells."""
    return [cell["id"] for cell in json.loads(files[f"source_nbs/tiny/{name}.ipynb"])["cells"]]


# Texts


def test_nothing_left_out_changes_nothing() -> None:
    """A text without marks stays as it is to the byte, whatever its ends of lines; marks alone are taken out."""
    for text in ("", "# T", "# T\n", "# T\n\n\n\n", "a\n\n~~~\n<!-- with: x -->\n~~~\n", "# ü\n\n```python\n\n\n```\n"):
        assert without(text, "x.md", (), KNOWN) == text
    assert without(TEXT, "x.md", (), KNOWN) == TEXT.replace(" <!-- with: a -->", "").replace(" <!-- with: game -->", "")


def test_what_belongs_to_a_left_out_exercise_goes() -> None:
    """Its section goes with all below it except setup; drawings elsewhere that need it; sections of such alone; its lines."""
    left = without(TEXT, "x.md", {"a"}, KNOWN)
    assert left == (
        '# Title\n\n| b | 2 |\n\n```python setup="late"\nimport late\n```\n\n'
        '## B\n\n```python exercise="b"\n# not a heading\n```\n\n~~~python\n# nor this\n~~~\n\n'
        '```python draws="of_b"\nwith needs("b"):\n    pass\n```\n\n## The game\n\nPlay it.\n\n## End\n'
    )
    assert "\n\n\n" not in left


def test_a_marked_heading_takes_its_section_along() -> None:
    """A heading marked with an extra that is off goes with everything up to the next heading of its level."""
    left = without(TEXT, "x.md", {"game"}, KNOWN)
    assert "The game" not in left
    assert left.endswith("And what is seen.\n\n## End\n")


def test_a_mark_of_nothing_is_refused() -> None:
    """A misspelt name in a mark would keep its line for ever: it is named."""
    with pytest.raises(BuildError, match=r"x\.md: `<!-- with: gme -->` names no exercise and no extra"):
        without("Play. <!-- with: gme -->\n", "x.md", (), KNOWN)


def test_words_are_filled_in_outside_of_code() -> None:
    """`{points}` in a text is the notebook's points; in code it stays what it is."""
    text = "{points} for {exercises}, {other}\n\n```python\nf'{points}'\n```\n"
    assert without(text, "x.md", (), (), {"points": "7.5", "exercises": "one exercise"}) == text.replace(
        "{points} for {exercises}", "7.5 for one exercise", 1
    )


def test_headings_are_those_of_the_notebook() -> None:
    """Comments in code are none, and marks are no part of one."""
    assert headings(TEXT) == {"Title", "A", "Look", "B", "Drawing", "The game", "End"}


def test_a_text_keeps_its_title() -> None:
    """A text all of whose pictures go, as an extra's may, is still a text."""
    text = '# T\n\n```python draws="of_a"\nwith needs("a"):\n    pass\n```\n\nMore.\n'
    assert without(text, "x.md", {"a"}, KNOWN) == "# T\n\nMore.\n"


# Notebooks


def test_cells_go_and_others_keep_their_ids(course: Path) -> None:
    """Slot, check and drawings of the left-out exercise are gone; the check's name is gone from students' checks."""
    before = built_files(course, "tiny", **HOOKS)
    settings(course, 'leave_out = ["bell"]\n')
    after = built_files(course, "tiny", **HOOKS)
    gone = set(ids(before, "02_bell")) - set(ids(after, "02_bell"))
    assert {"bell", "test_bell", "bell_curve"} <= gone
    assert {"square", "test_square", "bell_imports"} <= set(ids(after, "02_bell"))
    assert after["release/tiny/checks/left_out.json"] == b'["bell"]\n'
    assert after["source_nbs/tiny/01_numbers.ipynb"] == before["source_nbs/tiny/01_numbers.ipynb"]


def test_a_notebook_that_loses_all_exercises_is_not_built(course: Path) -> None:
    """Neither the notebook nor its checks are handed out then."""
    settings(course, 'leave_out = ["totals"]\n')
    files = built_files(course, "tiny", **HOOKS)
    assert not [name for name in files if "01_numbers" in name]
    assert "release/tiny/02_bell.ipynb" in files


def test_an_exercise_that_others_build_on_is_not_left_out_alone(course: Path) -> None:
    """Where a kept answer calls what is left out, itself or in a helper, the build names both and what to do."""
    path = course / "solutions" / "bell.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("_HEIGHT = 1.0", "_HEIGHT = square(1.0)"), encoding="utf-8")
    settings(course, 'leave_out = ["square"]\n')
    with pytest.raises(BuildError) as caught:
        build(course, "tiny", **HOOKS)
    assert str(caught.value) == (
        "assignment.toml leaves out square, on which `bell` builds; leave out `bell` as well, or keep square."
    )
    settings(course, 'leave_out = ["square", "bell"]\n')
    assert "release/tiny/02_bell.ipynb" not in built_files(course, "tiny", **HOOKS | {"tables": None})


def test_points_of_the_settings_are_the_points_of_the_cells(course: Path) -> None:
    """nbgrader's cells have the points of the settings, whole ones as whole numbers, and a practice exercise has 0."""
    settings(course, "[points]\nbell = 7\nsquare = 0\ntotals = 2.25\n")
    files = built_files(course, "tiny", **HOOKS)
    points = {
        cell["id"]: cell["metadata"]["nbgrader"]["points"]
        for name in ("01_numbers", "02_bell")
        for cell in json.loads(files[f"release/tiny/{name}.ipynb"])["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert repr(points) == "{'test_totals': 2.25, 'test_square': 0, 'test_bell': 7}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'leave_out = ["bel"]',
            "assignment.toml: leave_out names 'bel', which is no exercise; there are totals, square, bell.",
        ),
        (
            "[points]\nbel = 1",
            "assignment.toml: points names 'bel', which is no exercise; there are totals, square, bell.",
        ),
        (
            'leave_out = ["totals", "square", "bell"]',
            "leave_out leaves nothing to be graded; keep at least one exercise.",
        ),
        ("[points]\nbell = -1", "the points of bell must be a number from 0 up with two decimals at most, but are -1."),
        ("sead = 1", "assignments/tiny/assignment.toml: there is no setting called 'sead'"),
        (
            'extras = ["gme"]',
            "assignments/tiny/extras/gme.md: missing, but assignment.toml names the extra `gme`; there are: game.",
        ),
    ],
)
def test_settings_that_cannot_be_used_stop_the_build(course: Path, text: str, sentence: str) -> None:
    """Each is a sentence that names the file, what stands there and what there is; nothing is written."""
    settings(course, text + "\n")
    with pytest.raises(BuildError) as caught:
        build(course, "tiny", **HOOKS)
    assert sentence in str(caught.value)
    assert str(course) not in str(caught.value)
    assert not (course / "release").exists()


def test_the_date_is_told_below_the_title(course: Path) -> None:
    """Students read when to hand in on the first page; without a date the page is as written."""
    written = (course / "assignments/tiny/README.md").read_text(encoding="utf-8")
    assert built_files(course, "tiny", **HOOKS)["release/tiny/README.md"].decode() == written
    settings(course, "due = 2026-12-01T23:59:00\n")
    page = built_files(course, "tiny", **HOOKS)["release/tiny/README.md"].decode()
    title, rest = written.split("\n", 1)
    assert page == f"{title}\n\n**Hand in by 1 December 2026, 23:59 (UTC).**\n{rest}"


# Extras


def test_an_extra_goes_along_with_its_folder(course: Path) -> None:
    """Its notebook has stable ids and nothing of nbgrader; scripts stay; a rebuild changes nothing; off, all of it goes."""
    settings(course, 'extras = ["game"]\n')
    build(course, "tiny", **HOOKS)
    for step in ("source_nbs", "release"):
        folder = course / step / "tiny" / "extras"
        assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
            "game.ipynb",
            "game/sheet.html",
        }
        made = json.loads((folder / "game.ipynb").read_text(encoding="utf-8"))["cells"]
        assert [cell["id"] for cell in made] == ["game-1", "start", "rounds", "rounds-1"]
        assert not [cell for cell in made if "nbgrader" in cell["metadata"]]
    assert stale(course, "tiny", **HOOKS) == []
    settings(course, "")
    build(course, "tiny", **HOOKS)
    assert not (course / "release/tiny/extras").exists()


def test_an_extra_that_builds_on_what_is_left_out_is_named(course: Path) -> None:
    """Students could never write what it waits for: the build says which of the two settings to change."""
    path = course / "assignments/tiny/extras/game.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("1 + 1", 'written(\n    "square", "bell"\n)'), encoding="utf-8"
    )
    settings(course, 'extras = ["game"]\n')
    assert "release/tiny/extras/game.ipynb" in built_files(course, "tiny", **HOOKS)
    settings(course, 'extras = ["game"]\nleave_out = ["bell"]\n')
    with pytest.raises(BuildError) as caught:
        build(course, "tiny", **HOOKS)
    assert str(caught.value) == (
        "assignments/tiny/extras/game.md: it builds on bell, which assignment.toml leaves out; take the extra `game` out as "
        "well, or keep bell."
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("```python\n1 + 1", '```python exercise="bell"\n1 + 1', ["line 16", "an extra is not graded", "`bell`"]),
        ('needs("bell")', 'needs("bel")', ["line 11", "with needs("]),
        ("game/sheet.html", "game/sheets.html", ["links to game/sheets.html", "do not get"]),
        ("../01_numbers", "../03_numbers", ["links to ../03_numbers.ipynb"]),
        ("from checks import needs", "pass", ["imports needs"]),
    ],
)
def test_an_extra_that_cannot_be_built_is_named(course: Path, old: str, new: str, words: list[str]) -> None:
    """Slots, unknown names and dead links in an extra are told with its file."""
    path = course / "assignments/tiny/extras/game.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    settings(course, 'extras = ["game"]\n')
    with pytest.raises(BuildError) as caught:
        build(course, "tiny", **HOOKS)
    assert not [word for word in ["assignments/tiny/extras/game.md", *words] if word not in str(caught.value)]
