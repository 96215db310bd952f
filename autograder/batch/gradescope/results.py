"""A verdict as Gradescope's results.json: what students may see at once, and what they see after the publication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ...checks.rendering import LABELS, details, sign_and_word
from ...checks.verdict import Finding, Verdict
from ...files.text import clean
from ...grading.record import UNWALLED, NotebookRecord, Record
from ...output.feedback.page import STATES

HIDDEN = "after_published"
_LONGEST = 2_000
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#+!|~&])")


def results(record: Record, seconds: float) -> dict[str, Any]:
    """The whole file. Points stand at the tests alone, whose sum is the score; `seconds` is how long it took."""
    tests = [
        test
        for place, notebook in enumerate(record.notebooks, start=1)
        for number, verdict in enumerate(notebook.verdicts, start=1)
        for test in _tests(notebook, verdict, f"{place}.{number}")
    ]
    about = {"state": record.state, "key": record.key, "isolation": record.isolation}
    return {
        "execution_time": round(seconds, 2),
        "output": _output(record),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": about,
        "tests": tests,
    }


def failure(sentence: str) -> dict[str, Any]:
    """The file where there is no verdict for want of something on our side."""
    return {
        "score": 0,
        "output": clean(sentence)[:_LONGEST],
        "output_format": "text",
        "stdout_visibility": "hidden",
        "extra_data": {"failed": clean(sentence)[:_LONGEST]},
    }


def _output(record: Record) -> str:
    state, words = STATES[record.state]
    lines = [f"**{state}.** {words}"]
    for notebook in record.notebooks:
        lines += [f"- {_plain(notebook.stem)}.ipynb: {_plain(note)}" for note in notebook.notes[:12]]
    lines += [f"- {_plain(note)}" for note in record.notes[:12]]
    if any(notebook.written for notebook in record.notebooks):
        lines.append("- Answers in words are graded by a person. Their points are not among these.")
    lines.append("\nChecks that are asked only when grading are shown when the grades are published.")
    if record.isolation == "none":
        lines.append(UNWALLED)
    return "\n".join(lines)


def _tests(notebook: NotebookRecord, verdict: Verdict, number: str) -> list[dict[str, Any]]:
    """An exercise: its public checks, and where it has hidden ones these in a second part that is shown later."""
    public = [finding for finding in verdict.findings if not finding.hidden]
    hidden = [finding for finding in verdict.findings if finding.hidden]
    first = verdict.first_failed
    name = f"{notebook.stem}: {verdict.exercise}"
    made = [_test(name, number, public, first, notebook)]
    if hidden:
        made.append(_test(f"{name} (asked when grading)", f"{number}.1", hidden, first, notebook))
        made[-1]["visibility"] = HIDDEN
    return made


def _test(
    name: str, number: str, findings: Sequence[Finding], first: Finding | None, notebook: NotebookRecord
) -> dict[str, Any]:
    held = all(finding.passed for finding in findings)
    lines = [_line(finding) for finding in findings] if notebook.present else ["There is no such notebook."]
    # As on the feedback page: of what breaks, the first alone is shown in full.
    if notebook.present and first is not None and any(finding is first for finding in findings):
        lines += ["", f"**To mend first: {_plain(first.check)}**", "", *_in_full(first)]
    return {
        "name": clean(name),
        "number": number,
        "score": round(sum(finding.points for finding in findings), 4),
        "max_score": round(sum(finding.max_points for finding in findings), 4),
        "status": "passed" if held else "failed",
        "output": "\n".join(lines),
        "visibility": "visible",
    }


def _line(finding: Finding) -> str:
    return f"- {sign_and_word(finding)}: **{_plain(finding.check)}**: {_plain(finding.must)}"


def _in_full(finding: Finding) -> list[str]:
    """The parts of a finding; what comes from a student's code stands in a block where nothing is markup."""
    lines = []
    for part, text in details(finding):
        if part == "must":
            continue
        text = clean(text)[:_LONGEST]
        fence = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 3)
        if part in ("mistake", "read"):
            lines += [f"{LABELS[part]}: {_plain(text)}", ""]
        else:
            lines += [f"{LABELS[part]}:", "", fence, text, fence, ""]
    return lines


def _plain(text: str) -> str:
    """A sentence as Markdown shows it, letter by letter, in one line; what stands between backticks stays code."""
    pieces = re.split(r"(`[^`\n]+`)", " ".join(clean(text).split())[:_LONGEST])
    # Every second piece is one that stands between backticks.
    return "".join(piece if place % 2 else _MARKUP.sub(r"\\\1", piece) for place, piece in enumerate(pieces))
