"""A person who uses the hub with a browser: logs in, has a server of her own, uses its pages, terminals and notebooks."""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any

import requests
import websocket

WITHIN = 180
"""Seconds for what takes one or two: a busy machine is no fault of the hub's."""


class Visitor:
    """One person's session with the hub."""

    def __init__(self, url: str, name: str) -> None:
        """Come to the hub as nobody yet."""
        self.url, self.name = url, name
        self.session = requests.Session()
        self._terminal: websocket.WebSocket | None = None

    def log_in(self, password: str) -> bool:
        """Fill in the form of the login page; returns whether the hub let her in."""
        page = self.session.get(f"{self.url}/hub/login", timeout=WITHIN)
        form = {"username": self.name, "password": password, "_xsrf": self._token("/hub/")}
        page = self.session.post(f"{self.url}/hub/login?next=/hub/home", data=form, timeout=WITHIN)
        return page.status_code == 200 and page.url.endswith("/hub/home")

    def start_server(self) -> None:
        """Start her server by the hub's page, and log in to it as a browser does."""
        self.session.get(f"{self.url}/hub/spawn", timeout=WITHIN).raise_for_status()
        until = time.monotonic() + WITHIN
        while True:
            page = self.session.get(f"{self.url}/user/{self.name}/lab", timeout=WITHIN)
            if page.status_code == 200 and f"/user/{self.name}/lab" in page.url:
                return
            assert time.monotonic() < until, f"{page.status_code} {page.url}\n{page.text[-2000:]}"
            time.sleep(0.3)

    def leave(self) -> None:
        """Close what is open between her and the hub."""
        if self._terminal is not None:
            self._terminal.close()
        self.session.close()

    def ask(self, method: str, path: str, of: str | None = None, **more: Any) -> requests.Response:
        """Ask a server, her own if no other is named, for one of its pages or services."""
        base = f"/user/{of or self.name}/"
        headers = {"X-XSRFToken": self._token(base)}
        return self.session.request(method, f"{self.url}{base}{path}", headers=headers, timeout=WITHIN, **more)

    def answer(self, method: str, path: str, **more: Any) -> Any:
        """The JSON that her server answers with; anything but success fails."""
        reply = self.ask(method, path, **more)
        assert reply.ok, f"{method} {path}: {reply.status_code}\n{reply.text[-2000:]}"
        return reply.json()

    def _token(self, base: str) -> str:
        """The token against forged requests that goes with the cookies of a part of the hub."""
        found = [one.value for one in self.session.cookies if one.name == "_xsrf" and one.path == base]
        return found[0] or "" if found else ""

    def _socket(self, path: str) -> websocket.WebSocket:
        base = f"/user/{self.name}/"
        address = f"{self.url}{base}{path}"
        prepared = self.session.prepare_request(requests.Request("GET", address))
        return websocket.create_connection(
            f"{address.replace('http', 'ws', 1)}?_xsrf={self._token(base)}",
            timeout=WITHIN,
            cookie=prepared.headers["Cookie"],
            origin=self.url,
        )

    def type(self, command: str) -> tuple[int, str]:
        """Type a command into her terminal, the same one each time; returns its exit code and what the terminal showed."""
        if self._terminal is None:
            name = self.answer("POST", "api/terminals")["name"]
            self._terminal = self._socket(f"terminals/websocket/{name}")
            self._terminal.send(json.dumps(["set_size", 50, 400]))
        # In two parts, so that the echo of what is typed does not look like the end.
        self._terminal.send(json.dumps(["stdin", f"{command}; printf 'end%s:%d:\\n' ed $?\r"]))
        shown = ""
        while not (end := re.search(r"ended:(\d+):", shown)):
            kind, *rest = json.loads(self._terminal.recv())
            shown += rest[0] if kind == "stdout" else ""
        return int(end[1]), shown

    def execute(self, notebook: str, *cells: str) -> str:
        """Run cells in a kernel of a notebook; returns their text, what was raised included."""
        about = {"path": notebook, "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        made = self.answer("POST", "api/sessions", json=about)
        kernel = self._socket(f"api/kernels/{made['kernel']['id']}/channels")
        shown = "".join(self._run(kernel, cell) for cell in cells)
        kernel.close()
        self.ask("DELETE", f"api/sessions/{made['id']}")
        return shown

    def _run(self, kernel: websocket.WebSocket, code: str) -> str:
        mark = uuid.uuid4().hex
        header = {"msg_id": mark, "msg_type": "execute_request", "username": "", "session": mark, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        asked = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        kernel.send(json.dumps({**asked, "buffers": []}))
        shown = ""
        while True:
            said = json.loads(kernel.recv())
            if said["parent_header"].get("msg_id") != mark or said.get("channel") != "iopub":
                continue
            inside = said["content"]
            if inside.get("execution_state") == "idle":
                return shown
            shown += inside.get("text", "") + inside.get("data", {}).get("text/plain", "")
            shown += f"{inside['ename']}: {inside['evalue']}" if "ename" in inside else ""
