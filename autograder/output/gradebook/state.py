"""How the gradebook looks, so that a later run can tell whether anybody has changed it since."""

from __future__ import annotations

import os
from typing import Any

from ...course.layout import Layout
from .connection import WAIT, Tools, nbgrader_of

Stamp = list[Any]
"""The gradebook's file, as seen from the course folder, and how it looks; or "" and how the tables of a server look. JSON keeps it."""


def file_stamp(layout: Layout, name: str) -> Stamp | None:
    """How a gradebook in a file looks: name, size, time, number on the disk; None where there is no such file."""
    try:
        about = (layout.course / name).stat()
    except OSError:
        return None
    return [name, about.st_size, about.st_mtime_ns, about.st_ino]


def gradebook_stamp(layout: Layout, *, wait: float = WAIT) -> Stamp | None:
    """How the gradebook looks, wherever the course's settings have it; None where that cannot be told (another kind of server).

    Raises what `write_grades` raises.
    """
    with nbgrader_of(layout, wait) as tools:
        url = tools.sql.engine.make_url(tools.url)
        if url.get_backend_name() == "sqlite":
            return file_stamp(layout, os.path.relpath(url.database or "", layout.course.resolve()))
        return _tables(tools, url) if url.get_backend_name() == "postgresql" else None


def _tables(tools: Tools, url: Any) -> Stamp:
    """Of every table of nbgrader's the number of rows, and the sum of the transactions that wrote them.

    PostgreSQL keeps with each row the number of the transaction that wrote it (its column xmin), and numbers grow: no change
    leaves both as they were.
    """
    with tools.engine() as engine, engine.connect() as connection:
        there = set(tools.sql.inspect(connection).get_table_names())
        found: Stamp = ["", f"{url.host or url.query.get('host', '')}:{url.port or ''}/{url.database}"]
        for name in sorted(there & set(tools.api.Base.metadata.tables)):
            query = tools.sql.text(
                f'select count(*), cast(sum(cast(cast(xmin as text) as bigint)) as text) from "{name}"'
            )
            found.append([name, *connection.execute(query).one()])
        return found
