"""What was odd about a submission, as facts: a code and what it is about. Sentences are made where they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Code = Literal[
    # cells
    "unreadable_cells",
    "answer_doubled",
    "check_doubled",
    "answer_retyped",
    "check_edited",
    "cell_too_long",
    "check_restored",
    "answer_missing",
    "locked_restored",
    "check_moved",
    "written_joined",
    "written_missing",
    "found_elsewhere",
    "answer_in_check",
    # files
    "not_handed_in",
    "malformed",
    "taken_instead",
    "few_looked_at",
    "not_asked_for",
    "not_looked_into",
    "untouched",
    "also_answered",
    "export",
    "taken_from",
    "several_folders",
    "no_notebook_in",
    # running
    "gave_up",
    "answer_joined",
]

_SENTENCES: dict[Code, str] = {
    "unreadable_cells": "{what} of its cells could not be read and were left out.",
    "answer_doubled": "The answer cell of `{what}` is there more than once; all of them ran, in order.",
    "check_doubled": "The check cell of `{what}` is there more than once; the first one counts.",
    "answer_retyped": "The answer cell of `{what}` had become a text cell; it was read as code.",
    "check_edited": "The check cell of `{what}` was changed; it was put back as it was.",
    "cell_too_long": "A code cell of more than {what} characters was not read.",
    "check_restored": "The check cell of `{what}` was missing; it was put back.",
    "answer_missing": "There is no answer cell for `{what}`; its answer was looked for in the other cells.",
    "locked_restored": "A locked cell was missing; it was put back.",
    "found_elsewhere": "The answer cell of `{what}` was left as handed out; the answer in cell {other} was taken.",
    "answer_in_check": "An answer to `{what}` was typed into its check cell, where nothing runs but the check. It belongs into the "
    "answer cell above; a person should look at it.",
    "check_moved": "The check cell of `{what}` stood before its answer; it was asked after it.",
    "written_joined": "The cell of the answer in words, {what}, was there more than once; the answers in them were put together.",
    "written_missing": "The cell of the answer in words, {what}, was missing; a person looks whether the answer stands elsewhere.",
    "not_handed_in": "`{what}` was not handed in.",
    "malformed": "`{what}` {other}",
    "taken_instead": "`{other}` was read instead of `{what}`.",
    "few_looked_at": "Only {what} of the other notebooks were looked at in its place.",
    "not_asked_for": "`{what}` is none of the notebooks asked for, and was left alone.",
    "not_looked_into": "`{what}` was not looked into: notebooks must lie in the submission's folder itself.",
    "untouched": "`{what}` is as it was handed out; `{other}`, which has answers in it, was read instead.",
    "also_answered": "`{other}` has answers in it, too, and was left alone: `{what}` was read.",
    "export": "`{what}` is no notebook but an export of one; hand in `{other}` itself.",
    "taken_from": "The notebooks were taken from {what}: they should lie in the submission's folder itself.",
    "several_folders": "Notebooks lie in several folders ({what}), so none was read; hand in one of them.",
    "no_notebook_in": "There is no notebook in `{what}`.",
    "gave_up": "The process of this notebook ended too often; the rest of it was not run.",
    "answer_joined": "The answer cell of `{what}` was cut in two; it was read as one.",
}


@dataclass(frozen=True)
class Note:
    """One fact: its code, what it is about (an exercise, a file, a number), and a second thing where there is one."""

    code: Code
    what: str = ""
    other: str = ""


def sentence(note: Note) -> str:
    """The fact in words, for the student."""
    return _SENTENCES[note.code].format(what=note.what, other=note.other)


def sentences(notes: Iterable[Note]) -> tuple[str, ...]:
    """All facts in words, each once."""
    return tuple(dict.fromkeys(map(sentence, notes)))
