"""The problems: public checks merged with the hidden ones, mistakes to recognise, tables for the release."""

from __future__ import annotations

from .course_cache import CourseCache, use_cache
from .examination import (
    Examination,
    answers_of,
    earlier,
    examination,
    examination_worth,
    handed_on,
    served,
    subject_of,
)
from .numbers import numbers_files, use_built_numbers, use_numbers
from .registry import UnknownProblem, catalogue, load, mistakes, public, variants
from .release_tables import tables

__all__ = [
    "CourseCache",
    "Examination",
    "UnknownProblem",
    "answers_of",
    "catalogue",
    "earlier",
    "examination",
    "examination_worth",
    "handed_on",
    "load",
    "mistakes",
    "numbers_files",
    "public",
    "served",
    "subject_of",
    "tables",
    "use_built_numbers",
    "use_cache",
    "use_numbers",
    "variants",
]
