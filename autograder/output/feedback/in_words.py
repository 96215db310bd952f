"""The answers in words on a feedback page: the text as handed in, and that a person grades it."""

from __future__ import annotations

from ...checks.rendering import number
from ...course.built_notebooks import question_of, words_in
from ...files.text import clipped
from ...grading.record import MISSING, CellRecord, NotebookRecord
from .exercise import Room


def in_words(notebook: NotebookRecord, room: Room, before: str = "") -> str:
    """The part of a page about the answers in words; empty where the notebook asks for none. Markdown stays plain text."""
    cells = [cell for cell in notebook.cells if cell.kind == "written"]
    if not cells:
        return ""
    answers = "\n".join(_answer(notebook, cell, room.code) for cell in cells)
    return (
        f'<section class="sheet" id="{before}in_words">\n<h2>Answers in words</h2>\n<p class="soft">These are graded by a person. '
        f"Their points are not among those above.</p>\n{answers}\n</section>"
    )


def _answer(notebook: NotebookRecord, cell: CellRecord, limit: int) -> str:
    words = words_in(cell.text)
    worth = f"{number(cell.points)} point{'' if cell.points == 1 else 's'}"
    head = f"<h3>{clipped(question_of(cell.grade_id), 200)}</h3>"
    if words:
        told = f"Graded by a person; the most is {worth}."
        text = f'<pre class="words">{clipped(words, limit)}</pre>'
    elif notebook.written.get(cell.grade_id) == MISSING:
        told = f"The cell of this answer was not in your notebook. A person looks for the answer; the most is {worth}."
        text = ""
    else:
        told = f"Nothing is written there: 0 of {worth}."
        text = ""
    return f'{head}\n<p class="soft">{told}</p>\n{text}'
