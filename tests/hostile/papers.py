"""What is handed in itself as a weapon: the notebook's JSON and metadata, the files beside it, the folder's name."""

# What an attacker writes stands as it would in a cell.
# ruff: noqa: E501

from __future__ import annotations

import io
import json
import os
import socket
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .attack import EXERCISE, STEM, Attack, Notebook, Place, code, position

SCRIPT = "<script>alert('hostile')</script><img src=x onerror=alert(1)>"
ESCAPES = "\x1b[2J\x1b]0;hostile\x07\x1b[31m\x08\x00\u202e"
_SPOIL = "import sys\nsys.modules['numpy'] = None\nraise SystemExit('shadowed')\n"


def _check(notebook: Notebook) -> dict[str, Any]:
    found: dict[str, Any] = notebook["cells"][position(notebook, f"test_{EXERCISE}")]
    return found


def _skip(place: Place, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "draws", "remove_cell"]


def _edited_check(place: Place, notebook: Notebook) -> None:
    _check(notebook)["source"] = "25.0"
    _check(notebook)["metadata"]["nbgrader"] |= {"points": 1000, "checksum": "0" * 32}


def _flipped(place: Place, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {
                "grade": False,
                "locked": False,
                "solution": True,
                "points": 99,
                "schema_version": 1,
            }


def _check_as_answer(place: Place, notebook: Notebook) -> None:
    _check(notebook)["metadata"]["nbgrader"] |= {"grade_id": "beta_vae_loss"}


def _setup_poisoned(place: Place, notebook: Notebook) -> None:
    notebook["cells"][position(notebook, "imports")]["source"] = _SPOIL


def _forged_outputs(place: Place, notebook: Notebook) -> None:
    data = {"text/plain": ["25.0"], "text/html": [SCRIPT]}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"data": data, "execution_count": 1, "metadata": {}, "output_type": "execute_result"}]
    notebook["metadata"]["nbgrader"] = {"score": 25, "points": 25}


def _kernel(place: Place, notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "bash", "language": "bash", "display_name": SCRIPT}
    notebook["metadata"]["language_info"] = {"name": "../../../etc/passwd"}


def _many_cells(place: Place, notebook: Notebook) -> None:
    notebook["cells"] += [code("print('x' * 10_000)")] * 100_000


def _tiny_cells(place: Place, notebook: Notebook) -> None:
    whole = json.dumps(notebook)
    filler = "{}," * 4_000_000
    (place.folder / f"{STEM}.ipynb").write_text(whole.replace('"cells": [', f'"cells": [{filler}', 1))


def _wide(place: Place, notebook: Notebook) -> None:
    (place.folder / f"{STEM}.ipynb").write_text(json.dumps(notebook)[:-1] + ', "x": [' + "[]," * 8_000_000 + "0]}")


def _raw(edit: Callable[[str], str]) -> Callable[[Place, Notebook], None]:
    def change(place: Place, notebook: Notebook) -> None:
        text = edit(json.dumps(notebook))
        (place.folder / f"{STEM}.ipynb").write_bytes(text.encode("utf-8", "surrogatepass"))

    return change


def _written(place: Place, notebook: Notebook, source: str, kind: str = "code") -> None:
    notebook["cells"].append({**code(source), "cell_type": kind})


def _deep_metadata(text: str) -> str:
    return text[:-1] + ', "deep": ' + "[" * 100_000 + "]" * 100_000 + "}"


def _doubled(text: str) -> str:
    return (
        text[:-1]
        + ', "cells": [], "cells": '
        + json.dumps(json.loads(text)["cells"])
        + ', "metadata": {"a": 1, "a": 2}}'
    )


def _odd_cells(place: Place, notebook: Notebook) -> None:
    odd: list[Any] = [None, 3, [], "x", {"cell_type": []}, {"source": {"a": 1}}, {"metadata": {"nbgrader": {"grade_id": []}}, "id": {}},
                      {"cell_type": "code", "source": [1, None, ["x"]]}, {"input": "x"}, {"metadata": 7, "source": "1"}]  # fmt: skip
    notebook["cells"][:0] = odd


def _pipe(name: str) -> Callable[[Place, Notebook], None]:
    def change(place: Place, notebook: Notebook) -> None:
        os.mkfifo(place.folder / name)

    return change


def _socket(place: Place, notebook: Notebook) -> None:
    for name in ("s", f"{STEM}.ipynb"):
        with socket.socket(socket.AF_UNIX) as server:
            before = Path.cwd()
            os.chdir(place.folder)
            try:
                server.bind(name)
            finally:
                os.chdir(before)


def _device(place: Place, notebook: Notebook) -> None:
    os.mknod(place.folder / f"{STEM}.ipynb", 0o644 | stat.S_IFCHR, os.makedev(1, 5))
    os.mknod(place.folder / "zero", 0o644 | stat.S_IFCHR, os.makedev(1, 5))


def _sparse(place: Place, notebook: Notebook) -> None:
    for name in (f"{STEM}.ipynb", "data.bin"):
        with (place.folder / name).open("wb") as file:
            file.truncate(1 << 40)


def _folder(place: Place, notebook: Notebook) -> None:
    (place.folder / f"{STEM}.ipynb").mkdir()


def _odd_names(place: Place, notebook: Notebook) -> None:
    folder = os.fsencode(place.folder)
    for name in (
        b"new\nline.py",
        b"\xff\xfe\x80.txt",
        b"-rf",
        b"\x1b[31mred",
        b"<script>.txt",
        b"a" * 255,
        b" ",
        b"con.ipynb\n",
        b"\xff.ipynb",
        b"~",
        b"$(touch x)",
    ):
        os.close(os.open(folder + b"/" + name, os.O_CREAT | os.O_WRONLY))


def _many_files(place: Place, notebook: Notebook) -> None:
    for number in range(3_000):
        (place.folder / f"{number}.txt").write_text("x")


def _many_notebooks(place: Place, notebook: Notebook) -> None:
    for number in range(400):
        (place.folder / f"{number}.ipynb").write_text("[")


def _deep_path(place: Place, notebook: Notebook) -> None:
    here = os.open(place.folder, os.O_RDONLY)
    for _ in range(24):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
        os.close(os.open("f" * 200, os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)


def _bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        head = (
            b"\x93NUMPY\x01\x00v\x00"
            + b"{'descr': '|u1', 'fortran_order': False, 'shape': (536870912,), }".ljust(117)
            + b"\n"
        )
        with file.open("x.npy", "w") as inner:
            inner.write(head)
            for _ in range(512):
                inner.write(bytes(1 << 20))
    return made.getvalue()


def compressed(place: Place, notebook: Notebook) -> None:
    """Write the bomb of the attack "compressed bomb"."""
    (place.folder / "bomb.npz").write_bytes(_bomb())


def _notebook(name: str, tries: str, change: Any, **more: Any) -> Attack:
    return Attack(name, tries, "notebook file", change=change, **more)


def _files(name: str, tries: str, change: Any = None, **more: Any) -> Attack:
    return Attack(name, tries, "files beside", change=change, **more)


NOTEBOOKS = (
    _notebook("skip-execution", "tags every cell so that nbgrader would not run the checks", _skip),
    _notebook("check edited", "replaces a check by its score, and its points by 1000", _edited_check, says="was changed; it was put back"),
    _notebook("flags flipped", "turns checks into answers, with other points and schema", _flipped),
    _notebook("check renamed", "gives a check cell the id of an answer", _check_as_answer),
    _notebook("setup poisoned", "edits the locked setup cell", _setup_poisoned),
    _notebook("outputs forged", "writes outputs and points into the notebook", _forged_outputs),
    _notebook("kernel chosen", "asks for another kernel", _kernel),
    _notebook("100 000 cells", "has 100 000 cells that print", _many_cells, state="malformed", keeps=False),
    _notebook("4 000 000 cells", "has four million cells in 12 MB", _tiny_cells, state="malformed", keeps=False),
    _notebook("wide JSON", "has eight million lists in 24 MB", _wide, state="malformed", keeps=False),
    _notebook("huge string", "has a cell of 30 MB", lambda p, n: _written(p, n, "x = '" + "x" * (30 << 20) + "'")),
    _notebook("deep metadata", "nests its metadata 100 000 deep", _raw(_deep_metadata), state="malformed", keeps=False),
    _notebook("doubled keys", "has its keys twice", _raw(_doubled)),
    _notebook("long number", "has a number of a million digits", _raw(lambda t: t[:-1] + ', "n": ' + "9" * 10 ** 6 + "}"), state="malformed", keeps=False),
    _notebook("NaN", "has NaN and Infinity in its JSON", _raw(lambda t: t[:-1] + ', "n": [NaN, -Infinity, 1e999]}')),
    _notebook("half characters", "has lone surrogates in source and names", _raw(lambda t: t.replace("def kl_weight", "#\\ud800\\udfff\\ud800\\ndef kl_weight"))),
    _notebook("raw half characters", "is no valid UTF-8", _raw(lambda t: t.replace("def kl_weight", "#\ud800\\ndef kl_weight")), state="malformed", keeps=False),
    _notebook("NUL bytes", "has NUL bytes in its source", lambda p, n: _written(p, n, "x = 1\0\0\nprint('\0')")),
    _notebook("odd cells", "has cells that are no cells", _odd_cells),
    _notebook("script in text", "has scripts in its text, source, output, names and errors",
              lambda p, n: (_written(p, n, SCRIPT, "markdown"), _written(p, n, f"print({SCRIPT!r})\nraise type({SCRIPT!r}, (Exception,), {{}})({SCRIPT!r})"), None)[-1],
              answer=f"x = {SCRIPT!r}\ndef kl_weight(epoch, warmup=10):\n    raise type(x, (Exception,), {{}})(x)"),
    _notebook("script returned", "returns scripts as text", None, answer=f"def kl_weight(epoch, warmup=10):\n    return {SCRIPT!r}"),
    _notebook("terminal escapes", "prints, raises and returns escape sequences",
              lambda p, n: _written(p, n, f"print({ESCAPES!r})\nraise ValueError({ESCAPES!r})"),
              answer=f"def kl_weight(epoch, warmup=10):\n    raise type('E', (Exception,), {{}})({ESCAPES!r})"),
    _notebook("ids doubled", "gives all cells one id and one grade id", lambda p, n: [c.__setitem__("id", "x") for c in n["cells"]] and None),
    _notebook("points in metadata", "claims another student's id and points in its metadata",
              lambda p, n: n["metadata"].update(student="blank", score=25, nbgrader={"student": "blank"})),
)  # fmt: skip

_SHADOWS = ("numpy.py", "numpy/__init__.py", "checks/__init__.py", "checks.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "autograder.py",
            "autograder/__init__.py", "hypothesis.py", "solutions.py", "IPython.py", "sandbox_runtime.py", "nbgrader_config.py", "__init__.py", "__main__.py",
            "json.py", "struct.py", "encodings/__init__.py")  # fmt: skip

FILES = (
    _files("modules shipped", f"ships its own {', '.join(_SHADOWS[:8])} and more", files=dict.fromkeys(_SHADOWS, _SPOIL.encode())),
    _files("path file shipped", "ships .pth, pyvenv.cfg, matplotlibrc, pyproject.toml, pytest.ini",
           files=dict.fromkeys(("evil.pth", "pyvenv.cfg", "matplotlibrc", "pyproject.toml", "pytest.ini", ".env", "Makefile"), b"import os; os._exit(1)\n")),
    _files("data shipped", "ships other data under the names of the release's", files={"data/digits.npz": b"not digits", "data/evil.py": _SPOIL.encode()},
           cell="print(open('data/digits.npz', 'rb').read(10))\nassert open('data/digits.npz', 'rb').read(2) == b'PK'"),
    _files("pipe beside", "has a pipe that nobody writes to beside the notebook", _pipe("data.txt")),
    _files("pipe for a notebook", "has a pipe in the notebook's place", _pipe(f"{STEM}.ipynb"), state="malformed", keeps=False),
    _files("pipe for a timestamp", "has a pipe in the place of nbgrader's timestamp.txt", _pipe("timestamp.txt")),
    _files("socket", "has sockets in the notebook's place and beside", _socket, state="malformed", keeps=False),
    _files("device", "has devices in the notebook's place and beside", _device, state="malformed", keeps=False, root=True),
    _files("sparse files", "has files of 1 TB in the notebook's place and beside", _sparse, state="malformed", keeps=False),
    _files("folder for a notebook", "has a folder in the notebook's place", _folder, state="missing", keeps=False),
    _files("odd names", "has files with newlines, escapes, HTML and no UTF-8 in their names", _odd_names, says="none of the notebooks asked for"),
    _files("3 000 files", "has 3 000 files beside", _many_files),
    _files("400 notebooks", "has 400 damaged notebooks beside", _many_notebooks),
    _files("deep path", "nests folders deeper than a path may be long", _deep_path),
    _files("traversal", "has names that look like ways out", files={"..hidden": b"x", "...": b"x", "..\\..\\x": b"x"}),
    _files("timestamps", "has a timestamp.txt of 1 MB of rubbish", files={"timestamp.txt": b"\xff\0" * (1 << 19)}),
    Attack("script for a name", "has a folder whose name is a script", "folder name", folder=f"<script>alert(1)<{chr(92)}script>\"'&".encode()),
    Attack("escapes for a name", "has a folder whose name is escape sequences, markup and a newline", "folder name", folder=b"\x1b[31m[bold]red\nnew\rline"),
    Attack("bytes for a name", "has a folder whose name is no UTF-8", "folder name", folder=b"caf\xe9 \xff\xfe"),
    Attack("option for a name", "has a folder whose name is an option of the command", "folder name", folder=b"--no-sandbox"),
    Attack("SQL for a name", "has a folder whose name is SQL", "folder name", folder=b"'; DROP TABLE student; --"),
)  # fmt: skip
