"""The report on a class, for its lecturer: one self-contained page, the same bytes for the same results and log."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import quote

from ...course.layout import Layout
from ...course.settings import load_config
from ...files.atomic import write_atomically
from ...files.text import clipped
from ..results import latest, read_log, read_results
from . import tables as tables
from .analysis import exercises, groups, handed_in, mistakes
from .charts import histogram
from .exercise_section import checks_section, exercises_section
from .in_words import read_in_words
from .payload import ClassData, percent, plain, plural
from .statistics import ENOUGH, point_edges, summary
from .statistics import histogram as counted

_OUTPUT = Path(__file__).parents[1]
_SCRIPT = "class_report/table.js"
_GRADED = "These are the points of the checks; points given by hand and penalties stand in nbgrader's gradebook."


def write_report(layout: Layout, *, anonymous: bool = False, output: Path | None = None) -> Path:
    """Write the report (report/index.html unless said) and return where it is; raises NoResults, ConfigError, OSError."""
    path = output or layout.course / "report" / "index.html"
    data = gather(layout, path, anonymous=anonymous)
    write_atomically(path, [class_page(data).encode("utf-8", "replace")])
    return path


def gather(layout: Layout, path: Path, *, anonymous: bool = False) -> ClassData:
    """Read everything that the report on an assignment says; `path` is where it will stand, for the links in it."""
    submissions = read_results(layout)
    log = read_log(layout)
    names = {one.student: one.student for one in submissions}
    pages: dict[str, str] = {}
    if anonymous:
        # A verdict's key is a hash: the order of keys tells nothing of names, and is the same every time.
        submissions = sorted(submissions, key=lambda one: (one.key, one.student))
        width = len(str(len(submissions)))
        names = {one.student: f"#{place:0{width}d}" for place, one in enumerate(submissions, start=1)}
    else:
        pages = {student: page for student in names if (page := _page_of(layout, student, path))}
    ungraded = [] if anonymous else _without_verdict(layout, set(names))
    in_words, unknown = read_in_words(layout, [one.student for one in submissions])
    return ClassData(
        load_config(layout).title,
        layout.assignment,
        submissions,
        latest(log, submissions),
        names,
        pages,
        {student: log.failed.get(student, "") for student in ungraded},
        in_words,
        unknown,
    )


def _without_verdict(layout: Layout, known: set[str]) -> list[str]:
    if not layout.submitted.is_dir():
        return []
    there = (path for path in layout.submitted.iterdir() if path.is_dir() and not path.name.startswith("."))
    return sorted(path.name for path in there if path.name not in known)


def _page_of(layout: Layout, student: str, path: Path) -> str:
    """The way from the report to a student's first feedback page; empty where there is none."""
    folder = layout.feedback / student / layout.assignment
    try:
        first = min((page.name for page in folder.iterdir() if page.suffix == ".html"), default="")
    except (OSError, ValueError):
        return ""
    way = os.path.relpath(folder / first, path.parent) if first else ""
    return quote(os.fsencode(way))


def class_page(data: ClassData) -> str:
    """The report as HTML."""
    asked = handed_in(data.submissions)
    stats = exercises(asked)
    made = mistakes(asked)
    alike = groups(asked)
    title = clipped(data.title, 400)
    sections = [
        _header(data, title),
        tables.look_section(data, stats, made, alike),
        _points(data),
        exercises_section(data, stats, made),
        checks_section(stats),
        tables.mistakes_section(made, len(asked)),
        tables.human_section(data),
        tables.groups_section(data, alike),
        tables.times_section(data),
        tables.students_section(data),
        _footer(),
    ]
    script = _file(_SCRIPT)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}: report on the class</title>\n"
        f"<style>\n{_file('feedback/style.css')}{_file('class_report/report.css')}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(section for section in sections if section)
        + f"\n</main>\n<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _file(name: str) -> str:
    return (_OUTPUT / name).read_text(encoding="utf-8")


def _header(data: ClassData, title: str) -> str:
    states = Counter(one.state for one in data.submissions)
    there = len(data.submissions) - states["missing"]
    missing = f", {states['missing']} with nothing in it" if states["missing"] else ""
    figures = _schemes(data)
    if there:
        scores = [one.score for one in handed_in(data.submissions)]
        told, most = summary(scores), max(one.max_score for one in data.submissions)
        full = sum(one.score >= one.max_score for one in handed_in(data.submissions))
        rows = (
            ("handed in", str(there)),
            ("median", plain(told.median)),
            ("middle half", f"{plain(told.lower)} to {plain(told.upper)}"),
            ("mean", plain(told.mean)),
            ("least and most", f"{plain(told.least)} and {plain(told.most)}"),
            ("full points", f"{full} ({percent(full, there)})"),
        )
        cells = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in rows)
        figures += f'<dl class="figures">{cells}</dl>\n<p class="soft">Of {plain(most)} points. {_GRADED}</p>'
    return (
        f'<header class="sheet">\n<p class="soft">{title} · report on the class</p>\n'
        f"<h1>{plural(len(data.submissions), 'submission')}{missing}</h1>\n{figures}\n</header>"
    )


def _schemes(data: ClassData) -> str:
    """Say so where verdicts are out of different points; empty where all are alike."""
    schemes = Counter(one.scheme for one in data.submissions)
    if len(schemes) < 2:
        return ""
    counts = " and ".join(
        f"{count} out of {plain(sum(most for _, most in scheme))}" for scheme, count in schemes.most_common()
    )
    return (
        f'<p class="warning">The verdicts are of different notebooks: {counts} points. What is said of the class mixes them. '
        "Run <code>autograder grade</code> for everybody, then make this report again.</p>\n"
    )


def _points(data: ClassData) -> str:
    asked = handed_in(data.submissions)
    if not asked:
        return ""
    scores, most = [one.score for one in asked], max(one.max_score for one in asked)
    edges = point_edges(most, len(scores))
    told = summary(scores)
    label = (
        f"Histogram of points: median {plain(told.median)}, quartiles {plain(told.lower)} and {plain(told.upper)}, "
        f"from {plain(told.least)} to {plain(told.most)}."
    )
    picture = histogram(edges, counted(scores, edges), label, "points", plain, told)
    return (
        f'<section class="sheet" id="points">\n<h2>Points</h2>\n{picture}\n'
        '<p class="soft">Submissions by points; the shaded band is the middle half of the class. '
        "Who handed nothing in is not counted here, nor in any share below.</p>\n</section>"
    )


def _footer() -> str:
    return (
        "<footer><p>Discrimination is the point-biserial correlation between passing and the points in all other "
        "exercises: near 1, those pass who do well elsewhere; near 0, passing says nothing about it; below 0, the "
        "better fail. It is not defined where all pass, nobody passes, or the other points are all equal. "
        f"With fewer than {ENOUGH} submissions, read it as a hint at most.</p></footer>"
    )
