"""The parts of a class report about mistakes, states, groups, times and students."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...checks.rendering import LABELS
from ...files.text import clipped, prose
from .analysis import ExerciseStats, Group, MistakeStats, handed_in
from .charts import histogram
from .payload import ClassData, percent, plain, plural, seconds
from .statistics import ENOUGH, summary, time_edges
from .statistics import histogram as counted

SHOWN_MISTAKES = 15
FOLDED_MISTAKES = 85
SHOWN_GROUPS = 40
HARD = 0.75
HUMAN = {
    "malformed": (
        "A notebook could not be read",
        "Open the file in submitted/; ask for it again, or repair it and run `autograder grade`. The rest was graded.",
    ),
    "crashed": (
        "Code ended its own process",
        "Read the exercise that ended it (its feedback page names it); if the idea is right, give points by hand in the "
        "form grader. The rest was graded.",
    ),
    "timeout": (
        "Something did not end in time",
        "An endless loop, or slow code: if it is slow and right, raise the limits in assignment.toml and run "
        "`autograder regrade`. The rest was graded.",
    ),
    "missing": (
        "No notebook in the submission",
        "Look into submitted/ for a wrong folder or ending, and ask the student. There are no points.",
    ),
}


def look_section(
    data: ClassData, stats: Sequence[ExerciseStats], made: Sequence[MistakeStats], alike: Sequence[Group]
) -> str:
    """What deserves a look first, in a few sentences."""
    items = []
    human = sum(one.state != "graded" for one in data.submissions) + len(data.ungraded)
    if human:
        items.append(f'<a href="#human">{plural(human, "submission")}</a> need{"s" if human == 1 else ""} a human.')
    waiting = sum(len(one.waiting) for one in data.in_words)
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        items.append(f'<a href="#human">{plural(waiting, "answer")} in words</a> {verb} for a person.')
    hard = [one for one in sorted(stats, key=lambda one: one.share) if one.share < HARD][:3]
    if hard:
        listed = ", ".join(
            f"<code>{clipped(one.name, 200)}</code> ({percent(one.right, one.asked)} right)" for one in hard
        )
        items.append(f'<a href="#exercises">Hardest</a>: {listed}.')
    checks = [check for one in stats for check in one.checks]
    broken = [check for check in checks if check.asked and not check.passed]
    if broken:
        items.append(
            f'<a href="#checks">Everybody fails {plural(len(broken), "check")}</a>: it was not taught, not said clearly, '
            "or the check is wrong."
        )
    odd = [one for one in checks if one.asked >= ENOUGH and (one.discrimination or 0.0) < -2.0 / math.sqrt(one.asked)]
    if odd:
        worst = min(odd, key=lambda one: (one.discrimination or 0.0, one.exercise, one.name))
        items.append(
            f"At {plural(len(odd), 'check')} the better fail more often than the others, most at "
            f"<code>{clipped(worst.exercise, 200)}</code>, {clipped(worst.name, 200)}: read what it asks."
        )
    named = [one for one in made if one.name and one.count > 1][:3]
    if named:
        listed = "; ".join(
            f"{prose(one.name or '', 200)} in <code>{clipped(one.exercise, 200)}</code> ({one.count})" for one in named
        )
        items.append(f'<a href="#mistakes">Commonest mistakes</a>: {listed}.')
    if alike:
        count = sum(len(one.students) for one in alike)
        items.append(
            f'<a href="#groups">{plural(len(alike), "group")}</a> of submissions that behave alike ({count} in all).'
        )
    if not items:
        return ""
    listed = "\n".join(f"<li>{item}</li>" for item in items)
    return f'<section class="sheet notes">\n<h2>Look at this first</h2>\n<ul>\n{listed}\n</ul>\n</section>'


def mistakes_section(made: Sequence[MistakeStats], asked: int) -> str:
    """The commonest mistakes, each with its commonest example."""
    if not made:
        return ""
    rarer = made[SHOWN_MISTAKES : SHOWN_MISTAKES + FOLDED_MISTAKES]
    left = len(made) - SHOWN_MISTAKES - len(rarer)
    more = (
        f"<details><summary>The next {len(rarer)}</summary>\n{_mistakes(rarer, asked)}\n</details>\n" if rarer else ""
    )
    rest = f'<p class="soft">{plural(left, "rarer one")} left out.</p>\n' if left > 0 else ""
    return (
        '<section class="sheet" id="mistakes">\n<h2>Mistakes</h2>\n<p class="soft">By the number of submissions in '
        "which they occur, each with the form in which it is seen most.</p>\n"
        f"{_mistakes(made[:SHOWN_MISTAKES], asked)}\n{more}{rest}</section>"
    )


def _mistakes(made: Sequence[MistakeStats], asked: int) -> str:
    rows = []
    for one in made:
        nameless = f'<span class="soft">no name known; </span>{clipped(one.check, 200)} breaks'
        nameless += f'<span class="soft"> (group <code>{clipped(one.group, 20)}</code>)</span>' if one.group else ""
        name = f"<b>{prose(one.name, 200)}</b>" if one.name else nameless
        rows.append(
            f'<tr><td class="points one">{one.count}<span class="soft"> ({percent(one.count, asked)})</span></td>'
            f'<td class="one"><code>{clipped(one.exercise, 200)}</code></td><td>{name}{_example(one)}</td></tr>'
        )
    return (
        '<div class="scroll"><table class="stats">\n<thead><tr>'
        '<th scope="col" class="points">Submissions</th><th scope="col">Exercise</th>'
        '<th scope="col">Mistake, and an example</th></tr></thead>\n<tbody>\n'
        + "\n".join(rows)
        + "\n</tbody>\n</table></div>"
    )


def _example(one: MistakeStats) -> str:
    """What an example shows of behaviour, without lines of anybody's code."""
    shown = []
    for part in ("example", "returned", "expected", "note"):
        text = one.example.get(part, "")
        if text and part == "note":
            shown.append(f'<span class="part">{prose(text.split(chr(10))[0], 300)}</span>')
        elif text:
            word = "" if part == "example" else f'<span class="soft">{LABELS[part].lower()}</span> '
            shown.append(f'<span class="part">{word}<code>{clipped(" ".join(text.split()), 240)}</code></span>')
    if shown and one.alike < one.count:
        shown.append(f'<span class="part">(so {one.alike} of {one.count})</span>')
    return f'<span class="example">{"".join(shown)}</span>' if shown else ""


def human_section(data: ClassData) -> str:
    """The submissions that a program cannot settle, with what to do."""
    rows = []
    for state, (meaning, remedy) in HUMAN.items():
        students = [one.student for one in data.submissions if one.state == state]
        if students:
            rows.append(_human(state, len(students), meaning, remedy, data.students(students)))
    stems = {stem for graded in data.graded.values() for stem in graded.present}
    for stem in sorted(stems):
        lacking = [
            one.student
            for one in handed_in(data.submissions)
            if one.student in data.graded and stem not in data.graded[one.student].present and one.state != "malformed"
        ]
        if lacking:
            about = (
                f"<code>{clipped(stem, 200)}</code> is not there",
                "Nothing for it was handed in; ask, if that is odd.",
            )
            rows.append(_human("incomplete", len(lacking), *about, data.students(lacking)))
    rows += _words_rows(data)
    if data.ungraded:
        reasons = sorted({reason for reason in data.ungraded.values() if reason})
        why = f" Last time: {'; '.join(reasons[:3])}." if reasons else ""
        about = ("In submitted/, but without a verdict", f"Run `autograder grade`.{why}")
        rows.append(_human("no verdict", len(data.ungraded), *about, data.students(data.ungraded)))
    head = '<section class="sheet" id="human">\n<h2>For a human</h2>\n'
    if not rows:
        return f"{head}<p>Nothing: every submission was graded to its end.</p>\n</section>"
    return (
        f'{head}<div class="scroll"><table class="stats">\n<thead><tr>'
        '<th scope="col">State</th><th scope="col" class="points">Count</th><th scope="col">What to do</th>'
        '<th scope="col">Who</th></tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table></div>\n</section>"
    )


def _words_rows(data: ClassData) -> list[str]:
    """A row for each question whose answers in words wait for a person."""
    rows = []
    for one in data.in_words:
        if one.waiting:
            about = (
                f"{clipped(one.question, 200)} of <code>{clipped(one.notebook, 200)}</code> waits to be read",
                f"Give points in the form grader. {one.settled} of {len(one.waiting) + one.settled} need nobody: they are "
                "graded, or nothing is written.",
            )
            rows.append(_human("in words", len(one.waiting), *about, data.students(one.waiting)))
    if data.unknown:
        about = ("It is not known how many answers in words wait", data.unknown)
        rows.append(_human("in words", 0, *about, ""))
    return rows


def _human(state: str, count: int, meaning: str, remedy: str, who: str) -> str:
    return (
        f'<tr><th scope="row"><b>{state}</b></th><td class="points">{count}</td>'
        f'<td>{meaning}.<span class="more">{prose(remedy, 600)}</span></td><td>{who}</td></tr>'
    )


def groups_section(data: ClassData, alike: Sequence[Group]) -> str:
    """Submissions with equal behaviour; sizes, with what they do not prove."""
    if not alike:
        return ""
    rows = "\n".join(
        f'<tr><td class="points">{len(one.students)}</td><td>{data.students(one.students)}</td>'
        f'<td class="points">{len(one.wrong)}</td><td>{", ".join(f"<code>{clipped(name, 200)}</code>" for name in one.wrong)}'
        f'<span class="more">of these rarest: <code>{clipped(one.rarest, 200)}</code>, answered so by '
        f"{one.occurs} in all</span></td></tr>"
        for one in alike[:SHOWN_GROUPS]
    )
    more = (
        f'<p class="soft">{plural(len(alike) - SHOWN_GROUPS, "group")} with less in common left out.</p>\n'
        if len(alike) > SHOWN_GROUPS
        else ""
    )
    return (
        '<section class="sheet" id="groups">\n<h2>The same behaviour</h2>\n'
        "<p>Submissions that agree in every exercise: the same ones right, the same ones without an answer, the same "
        "checks broken on the same inputs by the same values. Submissions that are right or unwritten throughout are "
        "left out.</p>\n<p><b>This accuses nobody.</b> A common mistake meets by chance, a sentence in a lecture can lead "
        "many to one slip, and working together may be allowed. The more exercises are wrong in the same way, and the "
        "rarer that way is, the less it is chance; what it is then, only people can tell, by reading and asking.</p>\n"
        '<div class="scroll"><table class="stats">\n<thead><tr><th scope="col" class="points">Size</th>'
        '<th scope="col">Submissions</th><th scope="col" class="points">Wrong alike</th><th scope="col">In</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table></div>\n{more}</section>"
    )


def times_section(data: ClassData) -> str:
    """How long grading took, by submission."""
    spent = {student: one.seconds for student, one in data.graded.items()}
    head = '<section class="sheet" id="times">\n<h2>Time</h2>\n'
    if not spent:
        return f"{head}<p>The log says nothing of these verdicts, so there are no times.</p>\n</section>"
    values = list(spent.values())
    told = summary(values)
    edges = time_edges(told.least, told.most)
    label = f"Histogram of seconds: median {seconds(told.median)}, at most {seconds(told.most)}."
    picture = histogram(edges, counted(values, edges), label, "time for a submission", seconds)
    slowest = sorted(spent, key=lambda student: (-spent[student], student))[:5]
    listed = ", ".join(f"{data.student(student)} ({seconds(spent[student])})" for student in slowest)
    return (
        f"{head}<p>Grading took {seconds(told.median)} a submission (median), {seconds(sum(values))} in all, waiting "
        f"included. The slowest: {listed}.</p>\n{picture}\n</section>"
    )


def students_section(data: ClassData) -> str:
    """Everybody, one a row: a plain table, which the script of the page lets one sort and filter."""
    stems = list(dict.fromkeys(one.notebook for sub in data.submissions for one in sub.exercises.values()))
    timed = bool(data.graded)
    heads = ["State", "Points", *stems, "Exercises right", *(["Seconds"] if timed else [])]
    cells = "".join(
        f'<th scope="col" class="points">{clipped(head, 60).replace("_", "_<wbr>")}</th>' for head in heads[1:]
    )
    rows = []
    for one in data.submissions:
        points = dict.fromkeys(stems, 0.0)
        for exercise in one.exercises.values():
            points[exercise.notebook] += exercise.points
        right = sum(exercise.standing == "right" for exercise in one.exercises.values())
        graded = data.graded.get(one.student)
        time = [f"{graded.seconds:.2f}" if graded else "–"] if timed else []
        numbers = "".join(
            f"<td>{value}</td>" for value in [*(plain(points[stem]) for stem in stems), str(right), *time]
        )
        about = (data.student(one.student), clipped(one.state, 40), plain(one.score))
        rows.append(f"<tr>{''.join(f'<td>{text}</td>' for text in about)}{numbers}</tr>")
    return (
        '<section class="sheet" id="everybody">\n<h2>Everybody</h2>\n'
        '<form id="filter" hidden><label>Name <input type="search" name="name" autocomplete="off"></label>'
        '<label>State <select name="state"><option value="">all</option></select></label>'
        '<label>Points from <input type="number" name="from" step="any"></label>'
        '<label>to <input type="number" name="to" step="any"></label>'
        '<button type="reset">Show all</button><output aria-live="polite"></output></form>\n'
        '<div class="scroll tall"><table id="students">\n<thead><tr><th scope="col">Submission</th><th scope="col">State</th>'
        f"{cells}</tr></thead>\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table></div>\n</section>"
    )
