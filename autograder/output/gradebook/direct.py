"""Grades in the gradebook without nbgrader: for a file whose tables and cells are those that nbgrader left there.

nbgrader takes more than a second to start, which one submission is not worth. What it must be asked (a new gradebook, other
cells, another schema, other settings, who is late) takes the road through nbgrader; on this one the same rows are written.
"""

from __future__ import annotations

import ast
import hashlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

from ...course.layout import Layout
from ...course.settings import load_config
from ...grading.record import Record
from .connection import CONFIG, LOCKED, WAIT, Locked
from .rows import CHUNK, Cells, KnownGrade, RowWriter
from .written import BookedWords

SCHEMA = "e43177bfe90b"
"""The version of nbgrader's tables that is known here, as alembic names it (nbgrader 0.9)."""

_PLACE = "db_url"
# By these the settings may take others in, which may have the gradebook elsewhere.
_OTHERS = ("load_subconfig", "merge", "update", "setattr", "exec", "eval")
_REGISTERED = {
    "assignment": "select id, name, course_id from assignment where id = :it",
    "notebook": "select * from notebook where assignment_id = :it",
    **{
        name: f"select one.* from {name} one join notebook on notebook.id = one.notebook_id where assignment_id = :it"
        for name in ("base_cell", "source_cell")
    },
    **{
        name: f"select one.* from {name} one join base_cell on base_cell.id = one.id "
        "join notebook on notebook.id = base_cell.notebook_id where assignment_id = :it"
        for name in ("grade_cells", "solution_cells", "task_cells")
    },
}
# The indexes of these tables begin with the notebook or cell of the assignment: without it every row is read for every chunk.
_NOTEBOOKS = "select id from notebook where assignment_id = ?1"
_CELLS = f"select id from base_cell where notebook_id in ({_NOTEBOOKS})"
_MINE = "select id from submitted_assignment where assignment_id = ?1 and student_id in ({})"
_BOOKS = f"notebook_id in ({_NOTEBOOKS}) and assignment_id in ({_MINE})"
_INSIDE = f"cell_id in ({_CELLS}) and notebook_id in (select id from submitted_notebook where {_BOOKS})"
_EPOCH = datetime(1970, 1, 1)


class NotDirect(Exception):
    """nbgrader must be asked: nothing is wrong."""


def registered_state(layout: Layout, *, wait: float = WAIT) -> str | None:
    """Hash of how the gradebook knows the assignment: version and shape of the tables, notebooks, cells, nbgrader's version.

    None where only nbgrader can write: the gradebook is no file at the usual place, has other tables, does not know the assignment.
    """
    try:
        with _opened(layout, wait) as connection:
            return _state(connection, layout)[0]
    except (NotDirect, sqlite3.Error):
        return None


def write_directly(layout: Layout, records: Iterable[Record], registered: str, *, wait: float = WAIT) -> int:
    """Write the grades as `write_gradebook` does, if the gradebook still knows the assignment in that state.

    Each chunk of records is one transaction. Raises NotDirect where nbgrader must be asked; then some chunks may be
    written, which that road writes again. Raises Locked after `wait` seconds, GradebookError for a cell that is not known.
    """
    written = 0
    waiting = iter(records)
    words = BookedWords(layout)
    try:
        with _opened(layout, wait) as connection:
            with _transaction(connection):
                state, cells = _state(connection, layout)
                if state != registered:
                    raise NotDirect
                _spare_penalties(connection, layout, cells.assignment)
            while chunk := list(islice(waiting, CHUNK)):
                with _transaction(connection):
                    written += RowWriter(_Tables(connection), layout, cells, words).write(chunk)
            with _transaction(connection):
                _spare_penalties(connection, layout, cells.assignment)
    except sqlite3.Error as error:
        if "is locked" in str(error):
            raise Locked(LOCKED) from error
        raise NotDirect from error
    words.keep()
    return written


@contextmanager
def _opened(layout: Layout, wait: float) -> Iterator[sqlite3.Connection]:
    if not _at_the_usual_place(layout):
        raise NotDirect
    # Opened as it is, and never made.
    place = f"{layout.gradebook.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(place, timeout=wait, isolation_level=None, uri=True)) as connection:
        yield connection


def _at_the_usual_place(layout: Layout) -> bool:
    """Whether nbgrader's settings, which only nbgrader can run, leave the gradebook where it is without them."""
    settings = layout.course / CONFIG
    if not settings.exists():
        return True
    try:
        nodes = list(ast.walk(ast.parse(settings.read_bytes())))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return False
    # Reading a key of this name is all that the settings of this package do with it.
    read = {id(node.slice) for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)}
    for node in nodes:
        name = getattr(node, "attr", getattr(node, "arg", getattr(node, "id", "")))
        if name in (_PLACE, *_OTHERS) or (getattr(node, "value", "") == _PLACE and id(node) not in read):
            return False
    return True


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _state(connection: sqlite3.Connection, layout: Layout) -> tuple[str, Cells]:
    """The hash, and the cells; raises NotDirect."""
    run = connection.execute
    if run("select version_num from alembic_version").fetchall() != [(SCHEMA,)]:
        raise NotDirect
    found = run("select id from assignment where name = ?", [layout.assignment]).fetchone()
    if found is None:
        raise NotDirect
    total = hashlib.sha256(_nbgrader_version().encode())
    shape = run("select type, name, sql from sqlite_master where type != 'index' order by name").fetchall()
    for rows in (shape, *(sorted(run(query, {"it": found[0]}), key=repr) for query in _REGISTERED.values())):
        total.update(repr(list(rows)).encode("utf-8", "surrogatepass") + b"\0")
    notebooks = run("select name, id from notebook where assignment_id = ?", found).fetchall()
    cells = Cells(found[0], dict(notebooks))
    query = "select base_cell.id, base_cell.name, notebook_id, type from base_cell join notebook on notebook.id = notebook_id "
    for cell in run(query + "where assignment_id = ?", found):
        cells.add(*cell)
    return total.hexdigest(), cells


def _nbgrader_version() -> str:
    try:
        return version("nbgrader")
    except PackageNotFoundError as error:
        raise NotDirect from error


def _spare_penalties(connection: sqlite3.Connection, layout: Layout, assignment: str) -> None:
    """Take the penalties away where something is due and nobody is late; raises NotDirect where a plug-in must be asked."""
    run = connection.execute
    due = _time(run("select duedate from assignment where id = ?", [assignment]).fetchone()[0])
    asked = load_config(layout).due_utc
    if asked is not None and asked != due:
        raise NotDirect
    if due is None:
        return
    for handed_in, extension in run(
        "select timestamp, extension from submitted_assignment where assignment_id = ? and timestamp is not null",
        [assignment],
    ):
        # SQLAlchemy keeps a span as the time so long after 1970.
        more = (_time(extension) or _EPOCH) - _EPOCH
        try:
            late = (_time(handed_in) or due) > due + more
        except OverflowError as error:
            raise NotDirect from error
        if late:
            raise NotDirect
    run(
        "update submitted_notebook set late_submission_penalty = null where late_submission_penalty is not null "
        "and assignment_id in (select id from submitted_assignment where assignment_id = ?)",
        [assignment],
    )


def _time(text: str | None) -> datetime | None:
    """A time as SQLAlchemy keeps it in SQLite; raises NotDirect for anything else."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise NotDirect from error
    if found.tzinfo is not None:
        raise NotDirect
    return found


def parse_utc(text: str) -> datetime:
    """A time as `nbgrader.utils.parse_utc` reads it; raises ValueError, OverflowError, TypeError."""
    try:
        from dateutil import parser, tz
    except ImportError as error:
        raise NotDirect from error
    parts = text.split(" ")
    if len(parts) == 3:
        try:
            zone: Any = int(parts[2])
        except ValueError:
            zone = tz.gettz(parts[2])
        read: datetime = parser.parse(" ".join([*parts[:2], "TZ"]), tzinfos={"TZ": zone})
    else:
        read = parser.parse(text)
    return read if read.tzinfo is None else (read - (read.utcoffset() or timedelta())).replace(tzinfo=None)


class _Tables:
    """nbgrader's tables in a transaction of SQLite."""

    parse_utc = staticmethod(parse_utc)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _ask(self, query: str, *values: Any) -> list[Any]:
        """Ask with values, of which the last is a list that stands for one place in the query."""
        *first, names = values
        return self._connection.execute(query.format(",".join("?" * len(names))), [*first, *names]).fetchall()

    def students(self, names: Sequence[str]) -> Collection[str]:
        return {name for (name,) in self._ask("select id from student where id in ({})", names)}

    def submissions(self, assignment: str, names: Sequence[str]) -> Mapping[str, tuple[str, datetime | None]]:
        query = (
            "select student_id, id, timestamp from submitted_assignment where assignment_id = ?1 and student_id in ({})"
        )
        return {student: (one, _time(time)) for student, one, time in self._ask(query, assignment, names)}

    def books(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], str]:
        query = f"select assignment_id, notebook_id, id from submitted_notebook where {_BOOKS}"
        return {(owner, notebook): one for owner, notebook, one in self._ask(query, assignment, names)}

    def grades(self, assignment: str, names: Sequence[str]) -> Mapping[tuple[str, str], KnownGrade]:
        columns = "notebook_id, cell_id, id, auto_score, manual_score, needs_manual_grade"
        query = f"select {columns} from grade where {_INSIDE}"
        return {
            (owner, cell): KnownGrade(one, auto, manual, bool(review))
            for owner, cell, one, auto, manual, review in self._ask(query, assignment, names)
        }

    def comments(self, assignment: str, names: Sequence[str]) -> Collection[tuple[str, str]]:
        query = f"select notebook_id, cell_id from comment where {_INSIDE}"
        return set(self._ask(query, assignment, names))

    def forget_automatic_comments(self, assignment: str, names: Sequence[str]) -> None:
        query = f"update comment set auto_comment = null where auto_comment is not null and {_INSIDE}"
        self._ask(query, assignment, names)

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        columns = list(rows[0])
        places = ", ".join("?" * len(columns))
        query = f"insert into {table} ({', '.join(columns)}) values ({places})"
        self._connection.executemany(query, [[_stored(row[name]) for name in columns] for row in rows])

    def update(self, table: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        query = f"update {table} set {', '.join(f'{name} = ?' for name in columns)} where id = ?"
        self._connection.executemany(query, [[_stored(row[name]) for name in (*columns, "id")] for row in rows])


def _stored(value: Any) -> Any:
    return value.isoformat(" ", "microseconds") if isinstance(value, datetime) else value
