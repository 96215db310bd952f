"""Building questions that are answered in words: cells that people grade, and no model answer for students."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.builder import BuildError, build, stale
from autograder.authoring.builder.written import Questions
from autograder.authoring.verify import nothing_leaks
from autograder.course.built_notebooks import WRITTEN_PROMPT, load_sources
from autograder.course.layout import Layout
from tests.authoring.test_build import HOOKS, edit, new_course, tree
from tests.authoring.test_build_nbgrader import nbgrader, submit

SECTION = """
## Think it over

Answer before you unfold.

- Why is the bell narrow?

<details><summary>An answer</summary>

Because of the square.

</details>

- And why is it smooth?

  It has no edge.

<details><summary>An answer</summary>

Every derivative is there.

<details><summary>More</summary>

$e^{-x^2}$

</details>

</details>

- What is its integral?

<details><summary>An answer</summary>

The root of pi.

</details>
"""
NAMED = '[written]\n"02_bell.2" = 2\n02_bell.3 = 1.5\n'
MODEL = ("Every derivative is there.", "$e^{-x^2}$", "The root of pi.")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The fixture course with three questions behind the second notebook, not built."""
    course = new_course(tmp_path / "course")
    text = course / "assignments/tiny/02_bell.md"
    text.write_text(text.read_text(encoding="utf-8").rstrip() + "\n" + SECTION, encoding="utf-8")
    edit(text, "# Bell", "# Bell\n\n**Points** {points}, for {exercises}.")
    page = course / "assignments/tiny/README.md"
    page.write_text("# Tiny\n\nThere are {points} points.{written}\n", encoding="utf-8")
    return course


def named(course: Path, text: str = NAMED) -> Path:
    """The course with settings that name questions."""
    (course / "assignments/tiny/assignment.toml").write_text(text, encoding="utf-8")
    return course


def cells(course: Path, step: str) -> dict[str, dict[str, Any]]:
    """The cells of the second notebook by id, in order, their source as one string."""
    found = json.loads((course / step / "tiny/02_bell.ipynb").read_text(encoding="utf-8"))["cells"]
    return {cell["id"]: cell | {"source": "".join(cell["source"])} for cell in found}


def test_without_a_setting_nothing_is_asked_in_words(course: Path) -> None:
    """The answers stay folded, the points are those of the exercises, and an empty table changes no byte."""
    build(course, "tiny", **HOOKS)
    before = tree(course / "release") | tree(course / "source_nbs")
    assert all(
        answer in before["tiny/02_bell.ipynb"].decode() for answer in ("Because of the square.", "The root of pi.")
    )
    assert not any("written" in name for name in cells(course, "release"))
    assert before["tiny/README.md"] == b"# Tiny\n\nThere are 9.5 points.\n"
    build(named(course, "[written]\n"), "tiny", **HOOKS)
    assert tree(course / "release") | tree(course / "source_nbs") == before


def test_a_named_question_gets_a_cell_that_people_grade(course: Path) -> None:
    """Below its question stands nbgrader's manually graded answer, in both folders, with points and a name that stays."""
    build(named(course), "tiny", **HOOKS)
    source, release = cells(course, "source_nbs"), cells(course, "release")
    assert list(source) == list(release)
    for name, points in (("written_02_2", 2), ("written_02_3", 1.5)):
        flags = {"grade": True, "solution": True, "locked": False, "task": False, "grade_id": name, "points": points}
        for made in (source, release):
            assert made[name]["cell_type"] == "markdown"
            assert flags.items() <= made[name]["metadata"]["nbgrader"].items()
        above = source[list(source)[list(source).index(name) - 1]]["source"]
        assert above.endswith("Write into the cell below; a person reads and grades it.")
        assert f"**Answer in words, {points} points.**" in above
        assert release[name]["source"] == WRITTEN_PROMPT
    second = source["written_02_2"]["source"]
    assert second.startswith("### BEGIN SOLUTION\nEvery derivative is there.\n")
    assert second.endswith("</details>\n### END SOLUTION")
    assert source["written_02_3"]["source"] == "### BEGIN SOLUTION\nThe root of pi.\n### END SOLUTION"
    load_sources.cache_clear()
    assert load_sources(course / "source_nbs/tiny")[1].written == {"02_bell.2": 2, "02_bell.3": 1.5}


def test_no_model_answer_reaches_students(course: Path) -> None:
    """No released file holds what a named question's answer says; the other questions keep theirs, folded."""
    build(named(course), "tiny", **HOOKS)
    for name, content in tree(course / "release").items():
        assert not [answer for answer in MODEL if answer.encode() in content], name
        assert b"BEGIN SOLUTION" not in content, name
    text = "\n".join(cell["source"] for cell in cells(course, "release").values())
    assert "An answer</summary>\n\nBecause of the square." in text


def test_verify_finds_a_model_answer_that_students_can_read(course: Path) -> None:
    """Released somewhere else in a notebook, however it is wrapped, a model answer is a fault that names its question."""
    build(named(course), "tiny", **HOOKS)
    load_sources.cache_clear()
    layout = Layout(course, "tiny")
    assert [fault for fault in nothing_leaks(layout) if "model answer" in fault] == []
    path = layout.release / "01_numbers.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {"cell_type": "markdown", "id": "told", "metadata": {}, "source": "By the way: The root\nof  pi."}
    )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert [fault for fault in nothing_leaks(layout) if "model answer" in fault] == [
        "release/tiny/01_numbers.ipynb: the model answer of 02_bell.3, which is answered in words, is there: take it out of "
        "assignments/tiny/01_numbers.md, then run `autograder build`."
    ]


def test_texts_tell_the_points_of_both_kinds(course: Path) -> None:
    """The notebook's line and the students' page count answers in words and say so."""
    build(named(course), "tiny", **HOOKS)
    text = "\n".join(cell["source"] for cell in cells(course, "release").values())
    exercises = round(sum(one.points for one in HOOKS["load"]("02_bell").exercises), 2)
    assert f"**Points** {exercises + 3.5:g}, for two exercises and two answers in words." in text
    page = (course / "release/tiny/README.md").read_text(encoding="utf-8")
    assert page == (
        "# Tiny\n\nThere are 13 points. Of these, 3.5 are for answers in words under *Think it over* (in `02_bell`), which a "
        "person reads.\n"
    )


def test_the_same_settings_give_the_same_bytes(course: Path) -> None:
    """A second build changes nothing, and plain nbgrader makes the same release, with the same prompt."""
    build(named(course), "tiny", **HOOKS)
    built = tree(course)
    assert stale(course, "tiny", **HOOKS) == []
    build(course, "tiny", **HOOKS)
    assert tree(course) == built
    release = tree(course / "release")
    shutil.rmtree(course / "release")
    nbgrader(course, "generate_assignment", "tiny")
    assert tree(course / "release") == release


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        (
            '"02_bell.4" = 1',
            'assignment.toml: written names 02_bell.4, but there is no such question in 02_bell; under "Think it over" it '
            "has: 1 (Why is the bell narrow?); 2 (And why is it smooth? It has no edge.); 3 (What is its integral?).",
        ),
        (
            '"01_numbers.1" = 1',
            "assignment.toml: written names 01_numbers.1, but there is no such question in 01_numbers; it has no question "
            'under "Think it over".',
        ),
        (
            '"03_waves.1" = 1',
            "assignment.toml: written names 03_waves.1, but there is no notebook 03_waves; there are 01_numbers, 02_bell.",
        ),
        (
            '"02_bell.1" = -1',
            "assignments/tiny/assignment.toml: the points of 02_bell.1 must be a number from 0 up with two decimals at most, "
            "but are -1.",
        ),
    ],
)
def test_a_question_that_is_not_there_is_refused(course: Path, setting: str, sentence: str) -> None:
    """The sentence names the setting and the questions that there are; nothing is built."""
    with pytest.raises(BuildError) as caught:
        build(named(course, f"[written]\n{setting}\n"), "tiny", **HOOKS)
    assert str(caught.value) == sentence
    assert not (course / "source_nbs").exists()


def test_a_question_of_a_notebook_that_is_left_out_is_refused(course: Path) -> None:
    """Where leave_out leaves nothing of a notebook, its questions cannot be asked."""
    settings = 'leave_out = ["square", "bell"]\n[written]\n"02_bell.1" = 1\n'
    with pytest.raises(BuildError, match=r"written names 02_bell\.1, but leave_out leaves nothing of 02_bell; take"):
        build(named(course, settings), "tiny", **HOOKS)


def test_only_the_questions_of_the_section_count() -> None:
    """Folded answers elsewhere, lists without one, and what stands in code are no questions; a later cell may go on."""
    first = "- A list\n\n<details><summary>An answer</summary>\n\nElsewhere.\n\n</details>\n\n## Think it over\n\n- No fold\n"
    first += "\n~~~\n## Code\n~~~\n\n- One\n\n<details><summary>An answer</summary>\n\n1.\n\n</details>"
    second = "- Two\n\n<details><summary>An answer</summary>\n\n2.\n\n</details>\n\n## Next\n\n- Three\n\n"
    second += "<details><summary>An answer</summary>\n\n3.\n\n</details>"
    questions = Questions()
    assert list(questions.pieces(first, {3})) == [(first, None)]
    parts = list(questions.pieces(second, {2}))
    assert [(text, one and one.answer) for text, one in parts] == [
        ("- Two", "2."),
        ("## Next\n\n- Three\n\n<details><summary>An answer</summary>\n\n3.\n\n</details>", None),
    ]
    assert [(one.number, one.text) for one in questions.found] == [(1, "- One"), (2, "- Two")]


@pytest.mark.slow
def test_plain_nbgrader_survives_a_deleted_answer(course: Path) -> None:
    """Its cell comes back and waits for a person, though no graded cell stands right before it; an untouched one has 0."""
    build(named(course), "tiny", **HOOKS)
    nbgrader(course, "generate_assignment", "tiny", "--force")
    submit(course, "a-deleted", "release", lambda made: [one for one in made if one["id"] != "written_02_2"])
    submit(course, "b-untouched", "release", lambda made: made)
    nbgrader(course, "autograde", "tiny")
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        told = {
            student: [
                (grade.auto_score, grade.needs_manual_grade)
                for name in ("written_02_2", "written_02_3")
                for grade in [book.find_grade(name, "02_bell", "tiny", student)]
            ]
            for student in ("a-deleted", "b-untouched")
        }
    assert told == {"a-deleted": [(None, True), (0, False)], "b-untouched": [(0, False), (0, False)]}
