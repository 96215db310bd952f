"""How many answers in words wait for a person, from the gradebook, which alone knows what people have graded."""

from __future__ import annotations

from collections.abc import Sequence

from ...course.built_notebooks import NoSources, SourceNotebook, load_sources, question_of
from ...course.layout import Layout
from ...files.text import clean
from .payload import InWords


def read_in_words(layout: Layout, students: Sequence[str]) -> tuple[tuple[InWords, ...], str]:
    """The questions that the built notebooks ask in words, with who waits; or nothing, and the reason why it is not known."""
    try:
        sources = load_sources(layout.source)
    except NoSources:
        return (), ""
    asked = [(source, cell.grade_id) for source in sources for cell in source.cells if cell.kind == "written"]
    # Without such questions nobody waits for nbgrader to be loaded.
    return _waiting(layout, students, asked) if asked else ((), "")


def _waiting(
    layout: Layout, students: Sequence[str], asked: Sequence[tuple[SourceNotebook, str]]
) -> tuple[tuple[InWords, ...], str]:
    from ..gradebook import GradebookError, read_marks

    try:
        book = read_marks(layout)
    except GradebookError as error:
        return (), str(error)
    if book is None:
        return (), f"There is no gradebook that knows {layout.assignment}: run `autograder grade`."
    found = []
    for source, name in asked:
        cell = (source.stem, name)
        there = {student: book.submissions.get(clean(student)) for student in students}
        have = {student: one for student, one in there.items() if one is not None and cell in one.points}
        waiting = tuple(student for student, one in have.items() if cell in one.waiting)
        found.append(InWords(source.stem, question_of(name), waiting, len(have) - len(waiting)))
    return tuple(found), ""
