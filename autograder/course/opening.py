"""nbgrader, imported late and quietly, with the settings of a course and a name for what its database raises."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..layout import Layout

CONFIG = "nbgrader_config.py"
WAIT = 30.0


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
    silence = logging.root.manager.disable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        try:
            tools = _tools(layout, wait)
            try:
                yield tools
            except (tools.sql.exc.SQLAlchemyError, tools.api.InvalidEntry) as error:
                raise _named(error, tools.url) from error
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
    """The address of the gradebook; a file is meant from the course folder and waits for its lock."""
    url = sql.engine.make_url(text)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        path = layout.course.resolve() / url.database
        url = url.set(database=str(path)).update_query_dict({"timeout": str(wait)})
    return str(url.render_as_string(hide_password=False))


def _named(error: Exception, url: str) -> GradebookError:
    said = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "is locked" in str(error):
        return Locked(
            "Another process holds the gradebook (the form grader, another nbgrader command?). Nothing is lost: close "
            "it and run the same command again, which grades nothing anew and writes the grades."
        )
    return GradebookError(
        f"The gradebook {url.split('?')[0].rpartition('@')[2]} cannot be used: {said}. If it was made by an older nbgrader, back it up "
        "and run `nbgrader db upgrade`; otherwise move it away. Then grade again: the verdicts are kept."
    )
