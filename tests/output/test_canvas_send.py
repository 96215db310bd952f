"""`autograder send`: against a stand-in that speaks the documented answers of Canvas's API, on this machine alone."""

from __future__ import annotations

import json
import os
import re
import shlex
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from autograder.cli import main
from autograder.output.export import ExportError
from autograder.output.export.canvas_comments import HEADER, TABLE
from autograder.output.export.canvas_send import SENT, TOKEN, read_letters
from autograder.output.export.csv_table import Table
from tests.conftest import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")
SECRET = "7~SECRETSECRETSECRET"
PEOPLE = {"101": ("Zoë", "101", "", ""), "sis_login_id:ann": ("Ann", "", "", "ann"), "103": ("'=Al", "103", "", "")}


class Stand(ThreadingHTTPServer):
    """A Canvas with one course and one assignment: what was asked of it, and what it keeps."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[tuple[str, str]] = []
        self.pages: dict[int, bytes] = {}
        self.comments: dict[str, dict[str, list[str]]] = {}
        self.broken: set[str] = set()
        self.url = f"http://127.0.0.1:{self.server_port}"


class Answers(BaseHTTPRequestHandler):
    """What the API documents: courses, assignments, submissions, and the three steps of uploading a comment's file."""

    server: Stand

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def answer(self, content: Any, code: int = 200) -> None:
        """Send JSON."""
        data = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_request(self) -> None:
        """Answer one request."""
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, path))
        if path == "/upload":
            # The second step carries its own rights and no token.
            assert "Authorization" not in self.headers
            self.server.pages[len(self.server.pages) + 1] = body
            number = len(self.server.pages)
            self.answer({"id": number, "url": f"{self.server.url}/files/{number}", "display_name": "vae.html"}, 201)
            return
        if self.headers.get("Authorization") != f"Bearer {SECRET}":
            self.answer({"errors": [{"message": "Invalid access token."}]}, 401)
            return
        if path == "/api/v1/courses/12":
            self.answer({"id": 12, "name": "Learning"})
        elif path == "/api/v1/courses/12/assignments/34":
            self.answer({"id": 34, "course_id": 12, "name": "Autoencoders"})
        elif path == "/api/v1/users/sis_login_id:ann":
            self.answer({"id": 102, "name": "Ann", "login_id": "ann"})
        elif found := re.fullmatch(r"/api/v1/courses/12/assignments/34/submissions/([^/]+)(/comments/files)?", path):
            self.submission(found[1], bool(found[2]), body)
        else:
            self.answer({"errors": [{"message": "The specified resource does not exist."}]}, 404)

    def submission(self, user: str, upload: bool, body: bytes) -> None:
        """Answer what is asked about a submission."""
        if user in self.server.broken or user not in ("101", "102"):
            self.answer({"errors": [{"message": "The specified resource does not exist."}]}, 404)
        elif upload:
            self.answer({"upload_url": f"{self.server.url}/upload", "upload_params": {"key": "x"}})
        else:
            if self.command == "PUT":
                self.server.comments[user] = parse_qs(body.decode())
            self.answer({"id": 1, "user_id": int(user), "assignment_id": 34, "course_id": 12})

    do_GET = do_PUT = do_POST = handle_request  # noqa: N815


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """The stand-in, and a token for it in the environment."""
    if not os.environ.get("CI"):
        pytest.importorskip("canvasapi")
    monkeypatch.setenv(TOKEN, SECRET)
    server = Stand()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the export makes, for three students."""
    made = tmp_path / "comments"
    made.mkdir()
    rows = []
    for number, (name, *ids) in enumerate(PEOPLE.values()):
        page = made / f"{number}_vae.html"
        page.write_text(f"<p>Page of {name}</p>", encoding="utf-8")
        rows.append((name, *ids, "A", page.name, "9.5", f"9.5 of 10 points, {name}."))
    (made / TABLE).write_bytes(Table(HEADER, tuple(rows)).encoded())
    return made


def sending(stand: Stand, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """Run the command; its exit code, and what it said."""
    where = ["--url", stand.url, "--course-id", "12", "--assignment-id", "34"]
    code = main(["send", str(folder), *where, *more])
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert not [path for path in folder.rglob("*") if SECRET.encode() in path.read_bytes()]
    return code, told.out + told.err


def test_a_dry_run_only_looks(stand: Stand, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --really everybody is looked up and named, and nothing is written, there or here."""
    stand.broken = {"102"}
    before = sorted(folder.iterdir())
    code, said = sending(stand, folder, capsys)
    assert code == 1
    assert "The assignment is 'Autoencoders'." in said
    assert "+ Zoë: 0_vae.html would be sent" in said
    assert "! Ann: " in said
    assert "Nothing was sent. With --really it is." in said
    assert {method for method, _ in stand.asked} == {"GET"}
    assert sorted(folder.iterdir()) == before


def test_each_gets_one_comment_with_the_page(stand: Stand, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File and words come as one comment, each to its own student; whoever cannot be reached is named and tried again."""
    code, said = sending(stand, folder, capsys, "--really")
    assert code == 1
    assert "! =Al: " in said
    assert set(stand.comments) == {"101", "102"}
    for user, name in (("101", "Zoë"), ("102", "Ann")):
        about = stand.comments[user]
        assert about["comment[text_comment]"] == [f"9.5 of 10 points, {name}."]
        (number,) = about["comment[file_ids][]"]
        assert f"<p>Page of {name}</p>".encode() in stand.pages[int(number)]
    stand.comments.clear()
    code, said = sending(stand, folder, capsys, "--really")
    assert "= Zoë: has it already" in said
    assert stand.comments == {}
    (folder / "0_vae.html").write_text("<p>Graded again</p>")
    sending(stand, folder, capsys, "--really")
    assert set(stand.comments) == {"101"}


def test_what_canvas_refuses_is_said(stand: Stand, folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong token or an assignment that is not there ends it before anybody is looked up."""
    where = ["--url", stand.url, "--course-id", "12"]
    assert main(["send", str(folder), *where, "--assignment-id", "35"]) == 2
    assert "Canvas does not give the assignment" in capsys.readouterr().err
    monkeypatch.setenv(TOKEN, "wrong-token-of-mine")
    assert main(["send", str(folder), *where, "--assignment-id", "34"]) == 2
    told = capsys.readouterr().err
    assert "Invalid access token" in told
    assert "wrong-token-of-mine" not in told


def test_a_token_travels_encrypted_and_must_be_there(
    folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other addresses than https are refused, and a missing token is asked for, before anything is sent."""
    where = ["--course-id", "12", "--assignment-id", "34"]
    monkeypatch.setenv(TOKEN, SECRET)
    assert main(["send", str(folder), "--url", "http://canvas.example.org", *where]) == 2
    assert "must begin with https://" in capsys.readouterr().err
    monkeypatch.delenv(TOKEN)
    assert main(["send", str(folder), "--url", "https://canvas.example.org", *where]) == 2
    assert "no token in the environment variable CANVAS_TOKEN" in capsys.readouterr().err


def test_folders_that_cannot_be_sent(folder: Path, tmp_path: Path) -> None:
    """No table, other columns, files elsewhere, nobody whom Canvas knows: each is named with its line."""
    with pytest.raises(ExportError, match="make the folder with"):
        read_letters(tmp_path)
    row = ("Zoë", "101", "", "", "A", "0_vae.html", "1", "words")
    for rows, said in (
        ([(*row[:5], "../0_vae.html", "1", "w")], "line 2: there is no file '../0_vae.html'"),
        ([("Zoë", "", "", "", *row[4:])], "there is no ID of 'Zoë' that Canvas knows"),
        ([("Zoë", "", "a/b", "", *row[4:])], "'a/b' cannot be asked for"),
        ([], "names nobody"),
    ):
        (folder / TABLE).write_bytes(Table(HEADER, tuple(rows)).encoded())
        with pytest.raises(ExportError, match=re.escape(said)):
            read_letters(folder)
    (folder / TABLE).write_text("Student,ID\nZoë,101\n")
    with pytest.raises(ExportError, match="the columns must be Student, ID"):
        read_letters(folder)


def test_a_damaged_record_is_not_passed_over(stand: Stand, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody knows who got a page, nobody gets one twice."""
    (folder / SENT).write_text("{")
    code, said = sending(stand, folder, capsys, "--really")
    assert code == 2
    assert "is damaged" in said
    assert stand.comments == {}


def test_the_documented_commands(stand: Stand, folder: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of docs/grader.md run as they stand there, but for the address."""
    text = (ROOT / "docs" / "grader.md").read_text(encoding="utf-8")
    lines = [line[2:] for line in text.splitlines() if line.startswith("$ autograder send")]
    assert ["--really" in line for line in lines] == [False, True]
    monkeypatch.chdir(folder.parent)
    for line in lines:
        assert not stand.comments
        main(shlex.split(line.replace("https://canvas.example.org", stand.url))[1:])
    assert set(stand.comments) == {"101", "102"}
    capsys.readouterr()
