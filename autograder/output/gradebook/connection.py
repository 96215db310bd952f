"""nbgrader, imported late and quietly, with the settings of a course and a name for what its database raises."""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ...course.layout import Layout

CONFIG = "nbgrader_config.py"
WAIT = 30.0
# What a server says where others were at work on the same rows: not in time, deadlock, not in any order, the same row twice.
_OTHERS_AT_WORK = {"55P03", "40P01", "40001", "23505"}

LOCKED = (
    "Another process holds the gradebook (the form grader, another nbgrader command?). Nothing is lost: close "
    "it and run the same command again, which grades nothing anew and writes the grades."
)


class GradebookError(RuntimeError):
    """The gradebook cannot be written; the message says why and what to do. The verdicts are kept in results/."""


class Locked(GradebookError):
    """Another process held the gradebook for longer than we wait; grading again writes what is missing."""


@dataclass(frozen=True)
class Tools:
    """nbgrader, imported late, with the settings of the course."""

    api: Any
    sql: Any
    parse_utc: Any
    save_cells: Any
    preprocessors: Sequence[Any]
    settings: Any
    url: str
    course_id: str

    @contextmanager
    def engine(self) -> Iterator[Any]:
        """The gradebook's database, let go of in the end."""
        engine = self.sql.create_engine(self.url)
        try:
            yield engine
        finally:
            engine.dispose()

    def make_database(self) -> None:
        """Make nbgrader's tables where there are none.

        As nbgrader's Gradebook does, which however asks alembic for its version in a process of its own: that takes
        seconds, and fails, leaving half a database, where the environment is not activated.
        """
        with self.engine() as engine, engine.begin() as connection:
            if self.sql.inspect(connection).get_table_names():
                return
            self.api.Base.metadata.create_all(connection)
            version = self.sql.Column("version_num", self.sql.String(32), nullable=False)
            table = self.sql.Table("alembic_version", self.sql.MetaData(), version)
            table.create(connection)
            connection.execute(table.insert().values(version_num=_newest_revision()))


def _newest_revision() -> str:
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    return str(ScriptDirectory(ALEMBIC_DIR).get_current_head())


@contextmanager
def nbgrader_of(layout: Layout, wait: float) -> Iterator[Tools]:
    """Import nbgrader quietly, read the course's settings, and give what its database raises a name."""
    with _quiet():
        tools = _tools(layout, wait)
        try:
            yield tools
        except (tools.sql.exc.SQLAlchemyError, tools.api.InvalidEntry) as error:
            raise _named(error, tools) from error


def load_nbgrader() -> None:
    """Import nbgrader, which takes a while, before it is needed; what is wrong with it is said when it is used."""
    with _quiet(), contextlib.suppress(Exception):
        import nbgrader.api
        import nbgrader.converters  # noqa: F401


@contextmanager
def _quiet() -> Iterator[None]:
    silence = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            yield
        finally:
            logging.disable(silence)


def _tools(layout: Layout, wait: float) -> Tools:
    try:
        import sqlalchemy
        import sqlalchemy.exc
        from nbgrader import api
        from nbgrader.converters import GenerateAssignment
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.preprocessors import SaveCells
        from nbgrader.utils import parse_utc
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader
        from traitlets.utils.importstring import import_item
    except ImportError as error:
        raise GradebookError(
            f"The gradebook needs nbgrader ({error}): install it with `pip install nbgrader` and grade again; "
            "the verdicts are kept."
        ) from error
    settings = Config()
    if (layout.course / CONFIG).is_file():
        settings = PyFileConfigLoader(CONFIG, path=str(layout.course.resolve())).load_config()
    settings.CourseDirectory.root = str(layout.course.resolve())
    courses = CourseDirectory(config=settings, assignment_id=layout.assignment)
    app = GenerateAssignment(coursedir=courses, config=settings)
    steps = [import_item(one) if isinstance(one, str) else one for one in app.preprocessors]
    before = steps[: steps.index(SaveCells)] if SaveCells in steps else steps
    url = _url(sqlalchemy, courses.db_url, layout, wait)
    return Tools(api, sqlalchemy, parse_utc, SaveCells, before, settings, url, courses.course_id)


def _url(sql: Any, text: str, layout: Layout, wait: float) -> str:
    """The address of the gradebook, which waits that long for a lock; a file is meant from the course folder."""
    try:
        url = sql.engine.make_url(text)
        url.get_dialect().import_dbapi()
    except (sql.exc.SQLAlchemyError, ImportError) as error:
        raise GradebookError(
            f"The gradebook's address (CourseDirectory.db_url in {CONFIG}) cannot be used: {error}. For PostgreSQL it begins with "
            "postgresql+psycopg:// and needs `pip install 'vae-autograder[postgres]'`. Then grade again: the verdicts are kept."
        ) from error
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        path = layout.course.resolve() / url.database
        url = url.set(database=str(path)).update_query_dict({"timeout": str(wait)})
    if url.get_backend_name() == "postgresql" and url.get_driver_name() in ("psycopg", "psycopg2"):
        # 0 would mean for ever.
        said = f"-c lock_timeout={max(1, round(1000 * wait))}"
        url = url.update_query_dict({"options": " ".join([*url.normalized_query.get("options", ()), said])})
    return str(url.render_as_string(hide_password=False))


def _named(error: Exception, tools: Tools) -> GradebookError:
    origin = getattr(error, "orig", None)
    said = str(origin or error).splitlines()[0]
    state = getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None)
    if "is locked" in str(error) or state in _OTHERS_AT_WORK:
        return Locked(LOCKED)
    where = tools.url.split("?")[0].rpartition("@")[2].removeprefix("postgresql+psycopg://")
    if tools.sql.engine.make_url(tools.url).get_backend_name() != "sqlite" and isinstance(
        error, tools.sql.exc.OperationalError
    ):
        return GradebookError(
            f"The gradebook's server {where} does not answer, or ended the connection: {said}. Start it, or mend "
            f"CourseDirectory.db_url in {CONFIG}. Then run the same command again: the verdicts are kept, and it writes the grades."
        )
    return GradebookError(
        f"The gradebook {where} cannot be used: {said}. If it was made by an older nbgrader, back it up "
        "and run `nbgrader db upgrade`; otherwise move it away. Then grade again: the verdicts are kept."
    )
