"""Send the pages of `canvas-comments` to Canvas by its API: a dry run unless sending is asked for; nobody gets one twice."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ...files.atomic import encoded, write_atomically
from .canvas_comments import HEADER, TABLE
from .csv_table import unshielded
from .request import ExportError

TOKEN = "CANVAS_TOKEN"
SENT = ".sent.json"


@dataclass(frozen=True)
class Letter:
    """What one student gets: who that is for Canvas (an ID, or what its API takes in place of one), the page, the words."""

    name: str
    user: str
    page: Path
    words: str

    @property
    def mark(self) -> str:
        """A hash of what is sent, by which it is known again."""
        return hashlib.sha256(self.page.read_bytes() + b"\0" + self.words.encode()).hexdigest()


@dataclass(frozen=True)
class Target:
    """The assignment in Canvas: the address of the Canvas, the numbers of course and assignment."""

    url: str
    course: int
    assignment: int


def read_letters(folder: Path) -> list[Letter]:
    """The rows of the table in a folder that `autograder export --format canvas-comments` made; raises ExportError."""
    try:
        text = (folder / TABLE).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ExportError(
            f"There is no {folder / TABLE}: make the folder with `autograder export --format canvas-comments` first."
        ) from error
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    letters = []
    for place, row in enumerate(rows, start=2):
        if not set(HEADER) <= {name for name, cell in row.items() if cell is not None}:
            raise ExportError(
                f"{folder / TABLE}, line {place}: the columns must be {', '.join(HEADER)}. Export it again."
            )
        page = folder / row["File"]
        if Path(row["File"]).name != row["File"] or not page.is_file() or page.is_symlink():
            raise ExportError(f"{folder / TABLE}, line {place}: there is no file {row['File']!r} in the folder.")
        letters.append(Letter(unshielded(row["Student"]), _user(row, folder / TABLE, place), page, row["Comment"]))
    if not letters:
        raise ExportError(f"{folder / TABLE} names nobody.")
    return letters


def _user(row: dict[str, str], table: Path, place: int) -> str:
    """Who somebody is for the API: Canvas's own number, or an ID of the student system with its kind before it."""
    if (number := row["ID"].strip()).isascii() and number.isdigit():
        return number
    for name, kind in (("SIS User ID", "sis_user_id"), ("SIS Login ID", "sis_login_id")):
        if who := unshielded(row[name]).strip():
            # The API takes a / in such an ID for a part of the address, whatever it is written as.
            if "/" in who:
                raise ExportError(
                    f"{table}, line {place}: {who!r} cannot be asked for. Export it again with Canvas's IDs."
                )
            return f"{kind}:{who}"
    raise ExportError(f"{table}, line {place}: there is no ID of {row['Student']!r} that Canvas knows.")


def send(folder: Path, target: Target, *, really: bool, say: Callable[[str], None]) -> int:
    """Look everybody up, and with `really` send; return how many could not be. Raises ExportError.

    Who got this very page from this folder before is left out. A token is read from the environment, and never written.
    """
    letters = read_letters(folder)
    canvas, assignment = _assignment(target)
    say(f"The assignment is {assignment.name!r}.")
    record = _Record(folder, target)
    faults = 0
    for letter in letters:
        if record.has(letter):
            say(f"= {letter.name}: has it already")
            continue
        try:
            submission = assignment.get_submission(_number(canvas, letter.user))
            if really:
                _attach(submission, letter)
                record.add(letter)
            say(f"+ {letter.name}: {letter.page.name} {'was sent' if really else 'would be sent'}")
        except _errors() as error:
            faults += 1
            say(f"! {letter.name}: {_words(error)}")
    return faults


def _number(canvas: Any, user: str) -> int:
    """Canvas's own number of somebody; other IDs are looked up."""
    kind, colon, who = user.partition(":")
    if not colon:
        return int(user)
    return int(canvas.get_user(who, kind).id)


def _assignment(target: Target) -> tuple[Any, Any]:
    """The connection to Canvas and the assignment; raises ExportError."""
    address = urlsplit(target.url)
    local = address.hostname in ("127.0.0.1", "localhost")
    if address.scheme != "https" and not local:
        raise ExportError(f"{target.url} must begin with https://: a token must not travel unencrypted.")
    token = os.environ.get(TOKEN, "")
    if not token:
        raise ExportError(
            f"There is no token in the environment variable {TOKEN}. In Canvas: Account, Settings, New Access Token. Give it "
            "a day on which it ends."
        )
    try:
        from canvasapi import Canvas
    except ModuleNotFoundError as error:
        raise ExportError("Sending needs the package canvasapi: pip install 'vae-autograder[canvas]'.") from error
    try:
        canvas = Canvas(target.url, token)
        return canvas, canvas.get_course(target.course).get_assignment(target.assignment)
    except _errors() as error:
        raise ExportError(f"Canvas does not give the assignment: {_words(error)}") from error


def _errors() -> tuple[type[Exception], ...]:
    from canvasapi.exceptions import CanvasException
    from requests import RequestException

    # A bad answer to an upload is a ValueError of canvasapi.
    return (CanvasException, RequestException, ValueError)


def _words(error: Exception) -> str:
    """What went wrong, in a line; never more of an answer than a line, and never the token."""
    words = " ".join(str(error).split())[:300]
    token = os.environ.get(TOKEN, "")
    return (words.replace(token, "…") if token else words) or type(error).__name__


def _attach(submission: Any, letter: Letter) -> None:
    """One comment with page and words: uploaded first, so that no comment is there without its page."""
    from canvasapi.exceptions import CanvasException
    from canvasapi.upload import Uploader

    where = f"courses/{submission.course_id}/assignments/{submission.assignment_id}/submissions/{submission.user_id}"
    done, answer = Uploader(submission._requester, f"{where}/comments/files", str(letter.page)).start()
    if not done or "id" not in answer:
        raise CanvasException("Canvas did not take the file.")
    submission.edit(comment={"text_comment": letter.words, "file_ids": [answer["id"]]})


class _Record:
    """Who got what from a folder, kept in it after each student: a run that was stopped goes on where it was."""

    def __init__(self, folder: Path, target: Target) -> None:
        self._path = folder / SENT
        self._target = f"{target.url.rstrip('/')} {target.course} {target.assignment}"
        self._sent: dict[str, dict[str, str]] = {}
        if self._path.is_file():
            try:
                self._sent = dict(json.loads(self._path.read_text(encoding="utf-8")))
            except ValueError as error:
                raise ExportError(
                    f"{self._path} is damaged. It says who got a page: look in Canvas, then delete it."
                ) from error

    def has(self, letter: Letter) -> bool:
        return self._sent.get(self._target, {}).get(letter.user) == letter.mark

    def add(self, letter: Letter) -> None:
        self._sent.setdefault(self._target, {})[letter.user] = letter.mark
        write_atomically(self._path, _chunks(self._sent))


def _chunks(sent: dict[str, dict[str, str]]) -> Iterator[bytes]:
    yield encoded(json.dumps(sent, indent=1) + "\n")
