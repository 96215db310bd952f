"""Have the worked numbers ask what the course sets: the course's numbers, each student's, or the chapter's alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..checks.worked_numbers import settings, tables
from ..checks.worked_numbers.pools import POOLS
from ..course.built_notebooks import NoSources
from ..course.own_checks import found_anew
from ..course.settings import Config
from ..hidden.mistakes.catalogue import Function
from ..hidden.worked_numbers.own_answers import right

NUMBERED = "01_worked_numbers"
"""The notebook whose numbers a course may choose."""

_BUILT = "data/own_numbers.json"


def use_numbers(config: Config) -> None:
    """Take the numbers that the settings of an assignment ask for, in this process, from now on: for who builds."""
    _use(settings.choice(config.numbers, config.seed))


def use_built_numbers(source: Path, config: Config) -> bool:
    """Take the numbers that stand in the built notebooks of a folder: those that students were asked.

    Returns whether they are also those of the settings, which count where nothing of the kind was built. Raises NoSources
    where the file cannot be read.
    """
    wanted = settings.choice(config.numbers, config.seed)
    path = source / _BUILT
    if not path.is_file():
        _use(wanted)
        return True
    try:
        built = settings.from_data(path.read_bytes())
    except (ValueError, OSError) as error:
        raise NoSources(f"{path} cannot be read ({error}): run `autograder build`, then grade again.") from error
    _use(built)
    return built == wanted


def _use(choice: Mapping[str, Any]) -> None:
    if settings.use(choice):
        found_anew()


def numbers_files(config: Config) -> dict[str, bytes]:
    """The files of the students' folder that say which numbers are theirs: for the checks, and for the notebook."""
    return {
        f"checks/{settings.FILE}": settings.as_file(config.numbers, config.seed),
        _BUILT: settings.as_data(config.numbers, config.seed),
    }


def words_of_numbers(config: Config) -> dict[str, str]:
    """What stands in the text for `{own_<exercise>}`: the table of the course's numbers, nothing of others."""
    found = settings.chosen("course", config.seed) if config.numbers == "course" else {}
    return {f"own_{name}": tables.table(name, found[name]) if name in found else "" for name in POOLS}


def parts_of_numbers(config: Config) -> dict[str, bool]:
    """Which parts of a text go along, by the names that `<!-- with: name -->` has for them."""
    return {
        "own_numbers": config.numbers != "chapter",
        "course_numbers": config.numbers == "course",
        "student_number": config.numbers == "student",
        "chapter_numbers": config.numbers == "chapter",
    }


def with_own_answers(exercise: str, function: Function) -> Function:
    """A function that sets the chapter's variables, with right answers to the second part beside them."""
    if exercise not in POOLS:
        return function
    return lambda: {**right(exercise, settings.setting(exercise)), **function()}


def note_on_number(student: str, typed: object) -> str:
    """What the grader says where the number typed in is not that of the student's folder, or is not there."""
    if settings.kind() != "student":
        return ""
    number, folder = settings.number_of(typed), settings.number_of(student)
    if not number:
        return "No number was typed into the first cell: the first setting of each exercise counts."
    if folder and folder != number:
        return f"The number typed in is {number}, but the folder is that of {student}: the settings of {number} count."
    return ""
