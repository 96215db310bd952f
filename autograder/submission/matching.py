"""Decide which of the files handed in is which of the notebooks asked for, and merge it.

A notebook's own name counts first. Another file is read where that one is missing, damaged or as it was handed out, and
the other has this notebook's cells; one file may hold the cells of several notebooks.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..course.built_notebooks import SourceNotebook
from .folder import stem_of
from .merging import Merged, grade_id_of, merge
from .notebook_file import Parsed, RawCells, UnreadableNotebook
from .notes import Note

MAX_RENAMED = 8
_EXPORTS = (".py", ".html", ".htm", ".pdf", ".md", ".txt", ".tex", ".rst", ".docx", ".odt", ".ipynb.zip")


@dataclass(frozen=True)
class ReadNotebook:
    """What became of one expected notebook: merged cells, or the facts why there are none."""

    source: SourceNotebook
    merged: Merged | None
    malformed: bool = False
    notes: tuple[Note, ...] = ()


def match_notebooks(
    sources: Sequence[SourceNotebook], parsed: Parsed, files: Collection[str] = ()
) -> tuple[tuple[ReadNotebook, ...], set[str]]:
    """One read notebook for each built one, in their order, and the names of the notebooks that were read or named.

    `files` are the names of all files, among which exports of a missing notebook are looked for.
    """
    matcher = _Matcher(sources, parsed, files)
    return tuple(map(matcher.match, sources)), matcher.named


class _Matcher:
    """The files of one submission: `own` by notebook, `taken` by any, `named` in a sentence or taken."""

    def __init__(self, sources: Sequence[SourceNotebook], parsed: Parsed, files: Collection[str]) -> None:
        self._sources, self._parsed, self._files = sources, parsed, files
        self._own = {source.stem: name for source in sources if (name := _own_file(source, parsed)) is not None}
        self._taken = set(self._own.values())
        self.named = set(self._taken)

    def match(self, source: SourceNotebook) -> ReadNotebook:
        name = self._own.get(source.stem)
        cells = self._parsed[name] if name is not None else None
        if name is not None and isinstance(cells, list):
            return self._with_own(source, name, self._merge(source, cells))
        return self._without_own(source, name, cells)

    def _with_own(self, source: SourceNotebook, name: str, own: Merged) -> ReadNotebook:
        expected = f"{source.stem}.ipynb"
        spelt = (Note("taken_instead", expected, name),) if name != expected else ()
        others = {other: one for other, one in self._candidates(source).items() if one.answered}
        if not own.answered and not others:
            others = {other: one for other, one in self._shared(source).items() if one.answered}
        if own.answered or not others:
            # A copy of the same answers is not worth a word.
            also = [other for other, one in others.items() if one.answered and _answers(one) != _answers(own)]
            self.named |= set(also)
            return ReadNotebook(source, own, False, (*spelt, *_also(name, also)))
        best = max(others, key=lambda other: len(others[other].answered))
        self._taken.add(best)
        self.named |= set(others)
        also = [other for other in others if other != best and _answers(others[other]) != _answers(others[best])]
        return ReadNotebook(source, others[best], False, (Note("untouched", name, best), *_also(best, also)))

    def _without_own(
        self, source: SourceNotebook, name: str | None, damaged: RawCells | UnreadableNotebook | None
    ) -> ReadNotebook:
        expected = f"{source.stem}.ipynb"
        why = Note("not_handed_in", expected) if name is None else Note("malformed", name, str(damaged))
        free = sum(isinstance(cells, list) for other, cells in self._parsed.items() if other not in self._taken)
        bounded = (Note("few_looked_at", str(MAX_RENAMED)),) if free > MAX_RENAMED else ()
        others = self._candidates(source) or self._shared(source)
        if not others:
            return ReadNotebook(source, None, name is not None, (why, *bounded, *self._exports(source)))
        best = min(others, key=lambda other: (-len(others[other].answered), others[other].missing))
        self._taken.add(best)
        also = [
            other
            for other, one in others.items()
            if other != best and one.answered and _answers(one) != _answers(others[best])
        ]
        self.named |= {best, *also}
        first = () if name is None else (why,)
        return ReadNotebook(
            source,
            others[best],
            False,
            (*first, Note("taken_instead", expected, best), *_also(best, also), *bounded),
        )

    def _candidates(self, source: SourceNotebook) -> dict[str, Merged]:
        """The other notebooks that hold cells of this one, merged, those named like it first; a handful is looked at."""
        free = [name for name, cells in self._parsed.items() if isinstance(cells, list) and name not in self._taken]
        free.sort(key=lambda name: (source.stem not in name, name))
        return self._holding(source, free[:MAX_RENAMED], _asked(source) - 1)

    def _shared(self, source: SourceNotebook) -> dict[str, Merged]:
        """The notebooks read for another one that hold at least half of this one's cells, too."""
        shared = [name for name in sorted(self._taken) if name in self._parsed and self._held(self._parsed[name]) > 1]
        return self._holding(source, shared[:MAX_RENAMED], _asked(source) // 2)

    def _holding(self, source: SourceNotebook, names: Sequence[str], may_miss: int) -> dict[str, Merged]:
        lists = {name: cells for name in names if isinstance(cells := self._parsed[name], list)}
        merged = {name: self._merge(source, cells) for name, cells in lists.items()}
        return {name: one for name, one in merged.items() if one.missing <= may_miss}

    def _merge(self, source: SourceNotebook, cells: RawCells) -> Merged:
        """Merge, without the locked cells of other notebooks where the file holds several notebooks."""
        if self._held(cells) < 2:
            return merge(source, cells)
        own = {cell.grade_id for cell in source.cells}
        locked = {
            cell.grade_id for one in self._sources for cell in one.cells if cell.kind in ("check", "locked", "draws")
        }
        return merge(source, cells, locked - own)

    def _held(self, cells: RawCells | UnreadableNotebook) -> int:
        """How many of the notebooks asked for a file holds, by the names of at least half of their checks."""
        if not isinstance(cells, list):
            return 0
        ids = {grade_id_of(cell) for cell in cells if cell is not None}
        checks = [{cell.grade_id for cell in one.cells if cell.kind == "check"} for one in self._sources]
        return sum(2 * len(names & ids) >= len(names) > 0 for names in checks)

    def _exports(self, source: SourceNotebook) -> tuple[Note, ...]:
        """The files that seem to be made from this notebook."""
        stem = source.stem.lower()
        found = [name for name in sorted(self._files) if stem in name.lower() and name.lower().endswith(_EXPORTS)]
        return tuple(Note("export", name, f"{source.stem}.ipynb") for name in found[:1])


def _own_file(source: SourceNotebook, parsed: Parsed) -> str | None:
    """The file of a notebook's own name; where there is none, the only one that differs in capitals or a further ending."""
    expected = f"{source.stem}.ipynb"
    if expected in parsed:
        return expected
    alike = [name for name in parsed if stem_of(name).lower() == source.stem.lower()]
    return alike[0] if len(alike) == 1 else None


def _asked(source: SourceNotebook) -> int:
    return sum(cell.kind in ("answer", "check") for cell in source.cells)


def _answers(merged: Merged) -> list[str]:
    return [cell.text for cell in merged.cells if cell.kind in ("answer", "free", "written") and cell.text.strip()]


def _also(read: str, others: Sequence[str]) -> tuple[Note, ...]:
    return tuple(Note("also_answered", read, other) for other in others)
