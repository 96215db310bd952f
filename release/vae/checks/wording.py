"""Sentences about answers that are not there or have no good form."""

from __future__ import annotations

import re

from .problem import Answer, Exercise


def form(exercise: Exercise) -> str:
    """What must hold of an exercise before any value is looked at."""
    if exercise.variables:
        verb = "is" if len(exercise.variables) == 1 else "are"
        return f"{', '.join(f'`{name}`' for name in exercise.variables)} {verb} set, in the form asked for."
    signature = f"{exercise.name}({', '.join(exercise.parameters)})"
    return f"`{signature}` can be called and returns finite numbers in the form asked for."


def outcome(exercise: Exercise, answer: Answer) -> str:
    """Why an answer that did not come back cannot be judged."""
    name, signature = exercise.name, f"{exercise.name}({', '.join(exercise.parameters)})"
    if answer.outcome == "raised" and answer.error == "NotImplementedError":
        missing = re.match(r"(\w+) is not written yet", answer.detail)
        if missing and missing[1] not in (name, "_todo"):
            return f"`{name}` uses `{missing[1]}`, which is not written yet."
        return f"`{name}` is not written yet."
    told = f": {answer.detail}" if answer.detail else ""
    return {
        "undefined": f"There is no `{answer.detail or name}` where the check cell stands: "
        "write it in the answer cell above, and run that cell.",
        "uncallable": f"`{name}` must be a function, called as {signature}, but is {_kind(answer.detail)}.",
        "raised": f"It raised {answer.error}{told}",
        "timeout": "It did not come back within the time allowed.",
        "died": "The process it ran in ended before it came back.",
        "unreadable": f"What came back is no number, array or plain collection of them{told}.",
        "skipped": "Not asked any more, because of what happened before.",
    }[answer.outcome]


def _kind(name: str) -> str:
    return f"of type {name}" if name else "something else"
