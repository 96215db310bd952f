"""All files of the instructor's folder: notebooks, extras, checks, data, pages."""

from __future__ import annotations

import json
import posixpath
import re
import runpy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..checks.problem import Problem
from ..checks.registry import LEFT_OUT
from ..config import Config, load_config
from ..home import home_of
from ..layout import Layout, module_name
from ..points import chosen, look_at_names
from .errors import BuildError
from .files import PAGE, assignment_files, broken_links, checks_files, extra_files, page_of, requirements
from .leaving import without
from .lift import Module
from .notebook import extra_notebook, notebook

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
        made = _Assignment(layout, load_config(layout), {stem: load(stem) for stem in stems})
        own = home_of(layout.course).checks
        files = checks_files(checks, own, map(module_name, made.problems)) | assignment_files(layout)
        files["requirements.txt"] = requirements(layout.course)
        files |= made.pages()
        if made.left_out:
            files[f"checks/{LEFT_OUT}"] = (json.dumps(made.left_out) + "\n").encode()
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
        look_at_names(config, problems.values())
        asked = {stem: chosen(problem, config) for stem, problem in problems.items()}
        # A notebook that never had exercises stays; one that lost them all is not asked.
        self.problems = {stem: one for stem, one in asked.items() if one.exercises or not problems[stem].exercises}
        self.left_out = sorted(config.leave_out)
        self._names = [exercise.name for problem in problems.values() for exercise in problem.exercises]
        there = sorted(path.stem for path in layout.extras.glob("*.md"))
        self._known = {*self._names, *there}
        off = [name for name in there if name not in config.extras]
        self._gone = {*config.leave_out, *off}
        absent = [*(stem for stem in problems if stem not in self.problems), *(f"extras/{name}" for name in off)]
        # A link to a notebook that does not go along this time becomes its words.
        names = "|".join(map(re.escape, absent))
        self._dead = re.compile(rf"\[([^\]]*)\]\(<?(?:\.{{1,2}}/)?(?:{names})(?:\.ipynb|/)[^)]*\)") if absent else None

    def pages(self) -> dict[str, bytes]:
        """The notebooks, the extras, the students' page."""
        found = {f"{stem}.ipynb": self._notebook(stem).encode() for stem in self.problems}
        for name in self._config.extras:
            found[f"extras/{name}.ipynb"] = self._extra(name).encode()
            found |= extra_files(self._layout, name)
        if page := page_of(self._layout, self._config.due_words):
            every = [exercise for problem in self.problems.values() for exercise in problem.exercises]
            found[PAGE] = self._text(page, self._layout.texts / PAGE, every).encode()
        return found

    def _notebook(self, stem: str) -> str:
        path, problem = self._layout.text(stem), self.problems[stem]
        text = path.read_text(encoding="utf-8")
        module = Module(self._layout.solution(stem))
        if len(problem.exercises) < len(self._all[stem].exercises):
            # The whole text first: faults of it are told with the lines they stand in.
            whole = self._text(text, path, self._all[stem].exercises, all_of_it=True)
            notebook(whole, self._place(path), self._all[stem], module)
            self._look_at_foundations(problem, self._all[stem], module)
        return notebook(self._text(text, path, problem.exercises), self._place(path), problem, module)

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

    def _text(self, text: str, path: Path, exercises: Sequence[Any], *, all_of_it: bool = False) -> str:
        points = round(sum(exercise.points for exercise in exercises), 2)
        count = len(exercises)
        number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
        words = {"points": f"{points:g}", "exercises": f"{number} exercise{'s' * (count != 1)}"}
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


def _no_name_twice(problems: Mapping[str, Problem]) -> None:
    owners: dict[str, str] = {}
    for stem, problem in problems.items():
        for exercise in problem.exercises:
            if owners.setdefault(exercise.name, stem) != stem:
                raise BuildError(f"`{exercise.name}` is an exercise of {owners[exercise.name]} and {stem}; rename one.")
