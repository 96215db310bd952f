"""All files of the instructor's folder: notebooks, extras, checks, data, pages."""

from __future__ import annotations

import json
import posixpath
import re
import runpy
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...checks.exercise import Problem
from ...checks.registry import LEFT_OUT, POINTS
from ...course.layout import Layout, module_name
from ...course.own_checks import home_of
from ...course.settings import Config, load_config
from ...problems.numbers import NUMBERED, numbers_files, parts_of_numbers, use_numbers, words_of_numbers
from ...problems.points import as_assigned, validate_names
from .errors import BuildError
from .files import PAGE, assignment_files, broken_links, checks_files, extra_files, page_of, requirements
from .notebook import extra_notebook, notebook
from .omissions import without
from .solution_source import Module
from .written import SECTION, chosen_of

OWN_PART = "# Your own numbers:"
"""How the comment of an answer cell about its second part begins."""
Load = Callable[[str], Problem]
Functions = dict[str, Callable[..., Any]]
Tables = Callable[[Sequence[str], Functions], Mapping[str, bytes]]
_WRITTEN = re.compile(r"\bwritten\(([^)]*)\)")
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def source_files(layout: Layout, load: Load, tables: Tables | None, checks: Path) -> dict[str, bytes]:
    """Return what nbgrader calls source, by path below its folder; raises BuildError."""
    stems = layout.stems()
    if not stems:
        raise BuildError(f"{layout.texts}: no texts there; a text is named like 03_gaussian_kl.md.")
    try:
        config = load_config(layout)
        use_numbers(config)
        made = _Assignment(layout, config, {stem: load(stem) for stem in stems})
        own = home_of(layout.course).checks
        files = checks_files(checks, own, map(module_name, made.problems)) | assignment_files(layout)
        files["requirements.txt"] = requirements(layout.course)
        files |= made.pages()
        if NUMBERED in made.problems:
            files |= numbers_files(config)
        if made.left_out:
            files[f"checks/{LEFT_OUT}"] = (json.dumps(made.left_out) + "\n").encode()
        if made.other_points:
            files[f"checks/{POINTS}"] = (json.dumps(made.other_points) + "\n").encode()
        baked = tables(list(made.problems), made.references()) if tables else {}
    except ValueError as error:
        # The registry's own sentences: settings that fit no problem, a problem without checks, probes that tell too little.
        raise BuildError(str(error)) from error
    files |= {f"checks/{path}": content for path, content in baked.items()}
    made.look_at_links(files)
    return files


class _Assignment:
    """The problems that are asked, under the settings, and what is made of their texts."""

    def __init__(self, layout: Layout, config: Config, problems: Mapping[str, Problem]) -> None:
        self._layout, self._config, self._all = layout, config, problems
        _no_name_twice(problems)
        validate_names(config, problems.values())
        asked = {stem: as_assigned(problem, config) for stem, problem in problems.items()}
        # A notebook that never had exercises stays; one that lost them all is not asked.
        self.problems = {stem: one for stem, one in asked.items() if one.exercises or not problems[stem].exercises}
        _look_at_questions(config, problems, self.problems)
        self.left_out = sorted(config.leave_out)
        self.other_points = self._other_points(problems)
        self._names = [exercise.name for problem in problems.values() for exercise in problem.exercises]
        there = sorted(path.stem for path in layout.extras.glob("*.md"))
        parts = parts_of_numbers(config)
        self._known = {*self._names, *there, *parts}
        off = [name for name in there if name not in config.extras]
        self._gone = {*config.leave_out, *off, *(part for part, goes_along in parts.items() if not goes_along)}
        absent = [*(stem for stem in problems if stem not in self.problems), *(f"extras/{name}" for name in off)]
        # A link to a notebook that does not go along this time becomes its words.
        names = "|".join(map(re.escape, absent))
        self._dead = re.compile(rf"\[([^\]]*)\]\(<?(?:\.{{1,2}}/)?(?:{names})(?:\.ipynb|/)[^)]*\)") if absent else None

    def _other_points(self, problems: Mapping[str, Problem]) -> dict[str, float]:
        """The points of exercises that are not worth here what their checks say, by name."""
        every = [one for stem in self.problems for one in self.problems[stem].exercises]
        own = {one.name: one.points for problem in problems.values() for one in problem.exercises}
        return {one.name: one.points for one in sorted(every, key=lambda one: one.name) if one.points != own[one.name]}

    def pages(self) -> dict[str, bytes]:
        """The notebooks, the extras, the students' page."""
        found = {f"{stem}.ipynb": self._notebook(stem).encode() for stem in self.problems}
        for name in self._config.extras:
            found[f"extras/{name}.ipynb"] = self._extra(name).encode()
            found |= extra_files(self._layout, name)
        if page := page_of(self._layout, self._config.due_words):
            every = [exercise for problem in self.problems.values() for exercise in problem.exercises]
            words = self._config.written
            found[PAGE] = self._text(page, self._layout.texts / PAGE, every, words.values()).encode()
        return found

    def _notebook(self, stem: str) -> str:
        path, problem = self._layout.text(stem), self.problems[stem]
        text = path.read_text(encoding="utf-8")
        # What a cell is told about a second part stands there only where there is one.
        leave = OWN_PART if stem == NUMBERED and self._config.numbers == "chapter" else ""
        module = Module(self._layout.solution(stem), leave)
        if len(problem.exercises) < len(self._all[stem].exercises):
            # The whole text first: faults of it are told with the lines they stand in.
            whole = self._text(text, path, self._all[stem].exercises, all_of_it=True)
            notebook(whole, self._place(path), self._all[stem], module)
            self._look_at_foundations(problem, self._all[stem], module)
        in_words = chosen_of(stem, self._config.written)
        made = self._text(text, path, problem.exercises, in_words.values())
        return notebook(made, self._place(path), problem, module, in_words)

    def _extra(self, name: str) -> str:
        path = self._layout.extras / f"{name}.md"
        if not path.is_file():
            there = ", ".join(sorted(one.stem for one in self._layout.extras.glob("*.md"))) or "none"
            raise BuildError(f"{path}: missing, but assignment.toml names the extra `{name}`; there are: {there}.")
        text = self._text(path.read_text(encoding="utf-8"), path, ())
        wanted = {one for call in _WRITTEN.findall(text) for one in re.findall(r"[\"'](\w+)[\"']", call)}
        missing = sorted(wanted & set(self.left_out))
        if missing:
            raise BuildError(
                f"{self._place(path)}: it builds on {', '.join(missing)}, which assignment.toml leaves out; take the extra "
                f"`{name}` out as well, or keep {', '.join(missing)}."
            )
        return extra_notebook(text, self._place(path), name, self._names)

    def _place(self, path: Path) -> str:
        return path.relative_to(self._layout.course).as_posix()

    def _text(
        self,
        text: str,
        path: Path,
        exercises: Sequence[Any],
        in_words: Collection[float] = (),
        *,
        all_of_it: bool = False,
    ) -> str:
        points = round(sum(exercise.points for exercise in exercises) + sum(in_words), 2)
        told = f"{_number(len(exercises))} exercise{'s' * (len(exercises) != 1)}"
        told += f" and {_number(len(in_words))} answer{'s' * (len(in_words) != 1)} in words" if in_words else ""
        words = {"points": f"{points:g}", "exercises": told, "written": _words_of_questions(self._config)}
        words |= words_of_numbers(self._config)
        gone = () if all_of_it else self._gone
        made = without(text, self._place(path), gone, self._known, words)
        return self._dead.sub(r"\1", made) if self._dead and not all_of_it else made

    @staticmethod
    def _look_at_foundations(problem: Problem, whole: Problem, module: Module) -> None:
        kept = {exercise.name for exercise in problem.exercises}
        gone = {exercise.name for exercise in whole.exercises} - kept
        for exercise in problem.exercises:
            missing = sorted(module.builds_on(exercise.name, gone))
            if missing:
                raise BuildError(
                    f"assignment.toml leaves out {', '.join(missing)}, on which `{exercise.name}` builds; leave out "
                    f"`{exercise.name}` as well, or keep {', '.join(missing)}."
                )

    def references(self) -> Functions:
        """Run the reference modules by path, so that this package imports none, and return the exercises' functions."""
        found: Functions = {}
        for stem in self.problems:
            names = runpy.run_path(str(self._layout.solution(stem)))
            asked = [one.name for one in self._all[stem].exercises]
            found |= {name: names[name] for name in asked if callable(names.get(name))}
        return found

    def look_at_links(self, files: Mapping[str, bytes]) -> None:
        """Raise BuildError where a notebook links to what is not among the files."""
        texts = {stem: self._layout.text(stem) for stem in self.problems}
        texts |= {f"extras/{name}": self._layout.extras / f"{name}.md" for name in self._config.extras}
        for place, text in texts.items():
            cells = json.loads(files[f"{place}.ipynb"])["cells"]
            words = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
            broken = broken_links(words, files, posixpath.dirname(place))
            if broken:
                raise BuildError(f"{text}: links to {', '.join(broken)}, which students do not get.")


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _words_of_questions(config: Config) -> str:
    """What the students' page says of answers in words; empty where there are none."""
    if not config.written:
        return ""
    points = round(sum(config.written.values()), 2)
    stems = sorted({name.rpartition(".")[0] for name in config.written})
    where = ", ".join(f"`{stem}`" for stem in stems)
    verb = "is" if points == 1 else "are"
    return f" Of these, {points:g} {verb} for answers in words under *{SECTION}* (in {where}), which a person reads."


def _look_at_questions(config: Config, problems: Mapping[str, Problem], asked: Mapping[str, Problem]) -> None:
    """Raise BuildError where the settings name a question of a notebook that is not there, or not handed out."""
    for name in config.written:
        stem = name.rpartition(".")[0]
        if stem not in problems:
            raise BuildError(
                f"assignment.toml: written names {name}, but there is no notebook {stem}; there are {', '.join(problems)}."
            )
        if stem not in asked:
            raise BuildError(
                f"assignment.toml: written names {name}, but leave_out leaves nothing of {stem}; take {name} out, or keep "
                f"an exercise of {stem}."
            )


def _no_name_twice(problems: Mapping[str, Problem]) -> None:
    owners: dict[str, str] = {}
    for stem, problem in problems.items():
        for exercise in problem.exercises:
            if owners.setdefault(exercise.name, stem) != stem:
                raise BuildError(f"`{exercise.name}` is an exercise of {owners[exercise.name]} and {stem}; rename one.")
