"""The parts of a class report about exercises and their checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from ...files.text import clipped, prose
from .analysis import CheckStats, ExerciseStats, MistakeStats
from .charts import needle, shares
from .payload import ClassData, percent, plain, plural, seconds


def exercises_section(data: ClassData, stats: Sequence[ExerciseStats], made: Sequence[MistakeStats]) -> str:
    """All exercises at a glance, one a row."""
    if not stats:
        return ""
    commonest: dict[str, MistakeStats] = {}
    for mistake in made:
        if mistake.name:
            commonest.setdefault(mistake.exercise, mistake)
    spent = _spent(data)
    rows: list[str] = []
    notebook = ""
    for one in stats:
        if one.notebook != notebook:
            notebook = one.notebook
            # A body of its own: that is what the heading of a group of rows belongs to.
            rows.append(
                f'{"</tbody><tbody>" if rows else ""}<tr class="group">'
                f'<th colspan="{7 + bool(spent)}" scope="rowgroup">{clipped(notebook, 200)}</th></tr>'
            )
        rows.append(_row(one, commonest.get(one.name), spent))
    time = '<th scope="col" class="points">Time</th>' if spent else ""
    return (
        '<section class="sheet" id="exercises">\n<h2>Exercises</h2>\n'
        '<p class="legend"><span><i class="right"></i>all checks hold</span><span><i class="wrong"></i>something breaks'
        '</span><span><i class="silent"></i>no answer</span></p>\n<div class="scroll"><table class="stats">\n'
        '<thead><tr><th scope="col">Exercise</th><th scope="col" class="wide">Answers</th>'
        '<th scope="col" class="points">Right</th><th scope="col" class="points">No answer</th>'
        '<th scope="col" class="points">Mean points</th><th scope="col">Discrimination</th>'
        f'<th scope="col">Commonest mistake</th>{time}</tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody>\n</table></div>\n"
        + ("" if spent else '<p class="soft">Times are logged for submissions, not for exercises.</p>\n')
        + "</section>"
    )


def _spent(data: ClassData) -> dict[str, list[float]]:
    """Seconds by exercise, where the log has them."""
    found: dict[str, list[float]] = {}
    for graded in data.graded.values():
        for name, value in graded.spent.items():
            found.setdefault(name, []).append(value)
    return found


def _row(one: ExerciseStats, mistake: MistakeStats | None, spent: Mapping[str, Sequence[float]]) -> str:
    name = clipped(one.name, 200)
    said = '<span class="soft">none named</span>'
    if mistake:
        said = f'{prose(mistake.name or "", 200)} <span class="soft">({mistake.count})</span>'
    time = ""
    if spent:
        mine = spent.get(one.name, ())
        told = f'{seconds(median(mine))}<span class="more">at most {seconds(max(mine))}</span>' if mine else "–"
        time = f'<td class="points">{told}</td>'
    return (
        f'<tr><th scope="row"><a href="#checks-{name}"><code>{name}</code></a></th>'
        f"<td>{shares(one.right, one.wrong, one.silent)}</td>"
        f'<td class="points">{percent(one.right, one.asked)}</td>'
        f'<td class="points">{percent(one.silent, one.asked) if one.silent else "–"}</td>'
        f'<td class="points">{plain(one.mean)} of {plain(one.max_points)}</td>'
        f'<td class="one">{_discrimination(one.discrimination, one.right, one.asked)}</td><td class="said">{said}</td>{time}</tr>'
    )


def _discrimination(value: float | None, passed: int, asked: int) -> str:
    """The correlation, or why there is none."""
    if value is not None:
        shown = f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
        return f'<span class="number">{shown}</span>{needle(value)}'
    why = "the rest is equal"
    if passed in (0, asked):
        why = "no answers" if not asked else "all pass" if passed else "nobody passes"
    return f'<span class="soft">not defined: {why}</span>'


def checks_section(stats: Sequence[ExerciseStats]) -> str:
    """Each check, folded by exercise; before that, those that tell submissions apart least."""
    checks = [check for one in stats for check in one.checks]
    if not checks:
        return ""
    held = [check for check in checks if check.asked and check.passed == check.asked]
    broken = [check for check in checks if check.asked and not check.passed]
    parts = [_extreme("Checks that everybody fails", broken), _extreme("Checks that nobody fails", held)]
    parts += [_exercise(one) for one in stats]
    return (
        f'<section class="sheet" id="checks">\n<h2>Checks</h2>\n<p class="soft">{plural(len(checks), "check")}, of those '
        "who gave an answer. Where all pass or all fail, a check tells what the class can do, not who can.</p>\n"
        + '<div class="folds">\n'
        + "\n".join(parts)
        + "\n</div>\n</section>"
    )


def _extreme(title: str, checks: Sequence[CheckStats]) -> str:
    if not checks:
        return ""
    named: dict[str, list[str]] = {}
    for check in checks:
        named.setdefault(check.exercise, []).append(clipped(check.name, 200))
    items = "\n".join(
        f"<li><code>{clipped(exercise, 200)}</code>: {', '.join(names)}</li>" for exercise, names in named.items()
    )
    return f"<details><summary>{title} <b>({len(checks)})</b></summary>\n<ul>\n{items}\n</ul>\n</details>"


def _exercise(one: ExerciseStats) -> str:
    rows = "\n".join(
        f'<tr><th scope="row"><b>{clipped(check.name, 200)}</b>'
        + (' <span class="tag">hidden</span>' if check.hidden else "")
        + (f' <span class="law">{prose(check.must, 500)}</span>' if check.must else "")
        + f"</th><td>{shares(check.passed, check.asked - check.passed, 0)}</td>"
        f'<td class="points">{percent(check.passed, check.asked)}</td>'
        f'<td class="points">{check.asked - check.passed} of {check.asked}</td>'
        f'<td class="one">{_discrimination(check.discrimination, check.passed, check.asked)}</td></tr>'
        for check in one.checks
    )
    name = clipped(one.name, 200)
    return (
        f"<details><summary><code>{name}</code>: {percent(one.right, one.asked)} right, "
        f'{plural(len(one.checks), "check")}</summary>\n<div class="scroll"><table class="stats" id="checks-{name}">\n'
        '<thead><tr><th scope="col">Check, and what must hold</th><th scope="col" class="wide">Passed</th>'
        '<th scope="col" class="points">Share</th><th scope="col" class="points">Fail</th>'
        f'<th scope="col">Discrimination</th></tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n</details>'
    )
