"""A PostgreSQL server of a test's own, on a socket in a folder, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

USER = 65_534  # nobody: PostgreSQL does not run as root
ROLE = "grader"


def programs() -> Path:
    """The folder of PostgreSQL's programs; without them the test is skipped, which CI does not allow."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    if found or beside:
        return (found[-1] if found else Path(str(beside))).parent
    if os.environ.get("CI"):
        pytest.fail("postgresql is not installed")
    pytest.skip("needs a database server: postgresql is not installed")


@dataclass(frozen=True)
class Server:
    """A running server: the folder of its socket."""

    folder: str

    def url(self, database: str) -> str:
        """The address of a database as nbgrader takes it."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self.folder}"

    def connect(self, database: str) -> Any:
        """A connection to a database."""
        import psycopg

        return psycopg.connect(host=self.folder, user=ROLE, dbname=database)

    def create(self, database: str) -> str:
        """Make an empty database, and return its address."""
        made = [str(programs() / "createdb"), f"--host={self.folder}", f"--username={ROLE}", database]
        subprocess.run(made, check=True, timeout=120)
        return self.url(database)

    def rows(self, database: str, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """What one query finds."""
        with self.connect(database) as connection:
            found: list[tuple[Any, ...]] = connection.execute(query, values).fetchall()
            return found


@contextmanager
def served() -> Iterator[Server]:
    """Start a server as an ordinary user; it listens on a socket alone, and is gone with its folder in the end."""
    place = programs()
    become = [] if os.geteuid() else ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
    # Not among pytest's folders: those are private, and the path of a socket must be short.
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if become:
            os.chown(folder, USER, USER)
        Path(folder).chmod(0o755)
        data = f"{folder}/data"
        made = [
            str(place / "initdb"),
            "--no-sync",
            "--auth=trust",
            f"--username={ROLE}",
            "--encoding=UTF8",
            "--locale=C",
        ]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(
            [*become, *made, f"--pgdata={data}"], check=True, stderr=subprocess.DEVNULL, timeout=300, **quiet
        )  # type: ignore[call-overload]
        settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(
                [*become, str(place / "postgres"), "-D", data, *settings],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            ready = [str(place / "pg_isready"), f"--host={folder}", "--timeout=1", "--quiet"]
            for _ in range(600):
                assert process.poll() is None, Path(folder, "log").read_text()[-2000:]
                if subprocess.run(ready, check=False).returncode == 0:
                    break
            yield Server(folder)
        finally:
            # At once: whoever is still connected is sent away.
            process.send_signal(signal.SIGQUIT)
            process.wait(60)
