"""The plain nbgrader road: grade an exercise inside the kernel that runs the notebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ..checks.examine import run
from ..checks.exercise import Answer, Call
from ..checks.local_subject import LocalSubject
from ..checks.rendering import as_html, as_text
from ..checks.student.notebook import Report, show
from ..checks.verdict import Verdict
from ..course.built_notebooks import NoSources, load_sources, points_of
from ..course.layout import CONFIG, Layout
from ..course.own_checks import use_course_checks
from ..course.settings import Config, load_config
from ..problems import examination_worth, handed_on, public, use_built_numbers
from .process import RecordingSubject
from .second_look import better, right_versions, second_look

TITLE = "graded"

_first: dict[str, Verdict] = {}
_verdicts: dict[str, Verdict] = {}


@cache
def _here() -> tuple[Layout, Config]:
    """The course around the working directory and its settings: <course>/autograded/<student>/<assignment> when graded."""
    place = Path.cwd()
    course = next((folder for folder in (place, *place.parents) if (folder / CONFIG).is_file()), place)
    layout = Layout(course, place.name)
    if not layout.texts.is_dir():
        only = sorted((course / "assignments").glob("*/assignment.toml"))
        layout = Layout(course, only[0].parent.name) if only else layout
    use_course_checks(course)
    config = load_config(layout)
    use_built_numbers(layout.source, config)
    return layout, config


def grade_here(name: str, namespace: MutableMapping[str, Any]) -> float:
    """Grade one exercise of a namespace and show the verdict; raises ValueError for an unknown exercise."""
    layout, config = _here()
    stems = [stem for stem in layout.stems() if any(one.name == name for one in public(stem).exercises)]
    if not stems:
        raise ValueError(f"There is no exercise called {name!r} in {layout.texts}.")
    points = _points(layout, config, name)
    one = examination_worth(stems[0], name, config.seed, points)
    subject = RecordingSubject(LocalSubject(namespace))
    verdict = run(one.exercise, subject, one.bank, recognise=one.recognise, seed=one.seed)
    instead = right_versions(stems[0], verdict, subject.outcomes, _first)
    _first[name] = verdict
    if instead:
        second = second_look(one, ServedNamespace(namespace, instead))
        verdict = better(verdict, second, handed_on(stems[0], name, config.seed, points), _verdicts)
    _verdicts[name] = verdict
    show(Report(as_text(verdict, TITLE, with_points=True), as_html(verdict, TITLE, with_points=True)))
    return float(verdict.points)


class ServedNamespace(LocalSubject):
    """A namespace with right versions of some functions, which are there only while a question is answered."""

    def __init__(self, namespace: MutableMapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> None:
        """Take names from `namespace`, and those of `functions` from there while a question is answered."""
        super().__init__(namespace)
        self.asked: set[str] = set()
        self._names = namespace
        self._functions = {name: self._noticed(name, function) for name, function in functions.items()}

    def ask(self, name: str, calls: Sequence[Call]) -> list[Answer]:
        """Call a function of the namespace; `asked` has the names of the right versions that it used."""
        own = {one: self._names[one] for one in self._functions if one in self._names}
        self._names.update(self._functions)
        try:
            return super().ask(name, calls)
        finally:
            for one in self._functions:
                self._names.pop(one, None)
            self._names.update(own)

    def _noticed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def served(*args: Any, **kwargs: Any) -> Any:
            self.asked.add(name)
            return function(*args, **kwargs)

        return served


def _points(layout: Layout, config: Config, name: str) -> float | None:
    """The points of an exercise as built, which are those of nbgrader's cell; without built notebooks, those of the settings."""
    try:
        built = points_of(load_sources(layout.source))
    except NoSources:
        built = {}
    return built.get(name, config.points.get(name))
