"""Sentences about answers that are not there or have no good form."""

from __future__ import annotations

from .exercise import Answer, Exercise

UNWRITTEN = ("NotWritten", "NotImplementedError")
"""The errors that say of a function that it is not written: what `todo()` raises, and what others raise for that."""


def form(exercise: Exercise) -> str:
    """What must hold of an exercise before any value is looked at."""
    if exercise.variables:
        verb = "is" if len(exercise.variables) == 1 else "are"
        return f"{', '.join(f'`{name}`' for name in exercise.variables)} {verb} set, in the required form."
    signature = f"{exercise.name}({', '.join(exercise.parameters)})"
    return f"`{signature}` can be called and returns finite numbers in the required form."


def outcome(exercise: Exercise, answer: Answer) -> str:
    """Why an answer that did not come back cannot be judged."""
    name, signature = exercise.name, f"{exercise.name}({', '.join(exercise.parameters)})"
    unwritten = missing(exercise, answer)
    if unwritten:
        return (
            f"`{name}` is not written yet."
            if unwritten == name
            else f"`{name}` uses `{unwritten}`, which is not written yet."
        )
    told = f": {answer.detail}" if answer.detail else ""
    return {
        "undefined": f"There is no `{answer.detail or name}` at the check cell: "
        "write it in the answer cell above, and run that cell.",
        "uncallable": f"`{name}` must be a function, called as {signature}, but is {_kind(answer.detail)}.",
        "raised": f"It raised {answer.error}{told}",
        "timeout": "It did not come back within the time allowed.",
        "died": "The process it ran in ended before it came back.",
        "unreadable": f"What came back is no number, array or plain collection of them{told}.",
        "skipped": "Not asked any more, because of what happened before.",
    }[answer.outcome]


def missing(exercise: Exercise, answer: Answer) -> str:
    """The function that is not written yet where that is why an answer did not come back, else nothing."""
    if answer.outcome != "raised" or answer.error not in UNWRITTEN:
        return ""
    # Whoever raises NotImplementedError without `todo()` says so of the function that is asked.
    return answer.unwritten or exercise.name


def _kind(name: str) -> str:
    return f"of type {name}" if name else "something else"
