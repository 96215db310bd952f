"""A JupyterLab of a test's own, and a page of Chromium that uses it as a student does."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.helpers.fresh import bare
from tests.helpers.small_course import wait_until

TOKEN = "only-for-this-test"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
# Many times what they take: a busy machine is no fault of the page's.
STARTS_WITHIN = 180
ANSWERS_WITHIN = 120_000  # milliseconds, as Playwright counts
NUMBERED = re.compile(r"\[\d+\]:")

# No news, no questions, and every cell in the page: what is out of sight must be found too.
SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
}


def browser_program() -> str:
    """Return the path of Chromium; without it or Playwright the test is skipped, which CI does not allow."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        missing = "playwright is not installed"
    else:
        missing = "" if program else "chromium is not installed"
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(f"needs a browser: {missing}")
    return str(program)


@contextmanager
def served(folder: Path, private: Path, python: str = sys.executable, app: str = "jupyterlab") -> Iterator[str]:
    """Start JupyterLab in `folder`, with settings and runtime files in `private`; give its address."""
    for name, settings in SETTINGS.items():
        path = private / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings), encoding="utf-8")
    homes = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "share", "JUPYTER_RUNTIME_DIR": "runtime"}
    homes |= {"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython"}
    environment = bare(**{key: str(private / name) for key, name in homes.items()})
    command = [python, "-m", app, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--IdentityProvider.token={TOKEN}"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"]
    with (private / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        yield _address(server, private)
    finally:
        _end(server)


def _address(server: subprocess.Popen[bytes], private: Path) -> str:
    """Where the server listens: it takes the first free port itself and writes it down."""
    until = time.monotonic() + STARTS_WITHIN
    written = private / "runtime" / f"jpserver-{server.pid}.json"
    while time.monotonic() < until and server.poll() is None:
        try:
            port = json.loads(written.read_text(encoding="utf-8"))["port"]
        except (OSError, ValueError, KeyError):
            time.sleep(0.1)
            continue
        return f"http://127.0.0.1:{port}"
    pytest.fail(f"JupyterLab did not start:\n{(private / 'log').read_text(errors='replace')[-2000:]}")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server and its kernels, which live in sessions of their own."""
    family = []
    if server.poll() is None:
        family = psutil.Process(server.pid).children(recursive=True)
        server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    _, alive = psutil.wait_procs(family, timeout=2)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=2)


class Notebook:
    """An open notebook in a page of JupyterLab."""

    def __init__(self, page: Any) -> None:
        """Take a page that shows a notebook."""
        self.page = page
        self.cells = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell")

    def cell(self, text: str) -> Any:
        """The code cell whose source contains `text`; a folded one is opened."""
        folded = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-InputPlaceholder", has_text=text)
        if folded.count():
            folded.first.locator(".jp-Placeholder-contentContainer").click()
        editor = self.page.locator(".jp-InputArea-editor", has_text=text)
        return self.cells.filter(has=editor).and_(self.page.locator(".jp-CodeCell")).first

    def write(self, text: str, source: str) -> None:
        """Replace the source of the cell that contains `text`, by keyboard."""
        self.cell(text).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)

    def run(self, text: str) -> Any:
        """Run the cell that contains `text` with Shift+Enter, wait for its end, and give its output."""
        from playwright.sync_api import expect

        cell = self.cell(text)
        cell.locator(".cm-content").click()
        before = cell.locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before, timeout=ANSWERS_WITHIN)
        expect(cell.locator(".jp-InputPrompt")).to_have_text(NUMBERED, timeout=ANSWERS_WITHIN)
        return cell.locator(".jp-OutputArea")

    def interrupt(self, text: str, begun: Path) -> Any:
        """Start the cell that contains `text`, stop it with the button when it has made the file, and give its output."""
        from playwright.sync_api import expect

        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:", timeout=ANSWERS_WITHIN)
        self.page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="busy"]')
        assert wait_until(begun.exists)
        self.page.locator('[data-command="notebook:interrupt-kernel"]').first.click()
        expect(cell.locator(".jp-InputPrompt")).to_have_text(NUMBERED, timeout=ANSWERS_WITHIN)
        return cell.locator(".jp-OutputArea")

    def save(self) -> None:
        """Save, and wait until it is done."""
        self.page.keyboard.press("Control+S")
        self.page.wait_for_function("() => !jupyterapp.shell.currentWidget.context.model.dirty")

    def restart_and_run_all(self) -> None:
        """Press the button with the two arrows, say yes, and wait until all cells have run in order."""
        self.page.locator('[data-command="notebook:restart-run-all"]').first.click()
        self.page.get_by_role("dialog").get_by_role("button", name="Restart").last.click()
        # Not by the numbers beside the cells: a folded cell shows none.
        counts = "jupyterapp.shell.currentWidget.content.widgets.filter(one => one.model.type === 'code')"
        self.page.wait_for_function(
            f"() => {counts}.every((one, place) => one.model.executionCount === place + 1)", timeout=2 * ANSWERS_WITHIN
        )

    def theme(self, name: str) -> None:
        """Change to another theme."""
        self.page.evaluate("name => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", name)
        light = "false" if "Dark" in name else "true"
        self.page.wait_for_selector(
            f'body[data-jp-theme-light="{light}"][data-jp-theme-name="{name}"]', state="attached"
        )
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")


@contextmanager
def browsing(outside: list[str]) -> Iterator[Any]:
    """Open Chromium; requests that would leave this machine are refused and noted in `outside`."""
    from playwright.sync_api import sync_playwright

    program = browser_program()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, headless=True)
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 1000})
            context.set_default_timeout(ANSWERS_WITHIN)

            def guard(route: Any) -> None:
                if re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:", route.request.url):
                    route.continue_()
                else:
                    outside.append(route.request.url)
                    route.abort()

            context.route("**/*", guard)
            yield context
        finally:
            browser.close()


def opened(context: Any, address: str, notebook: str) -> Notebook:
    """Open a notebook in JupyterLab and wait until its kernel is there."""
    page = context.new_page()
    # A workspace of its own, or JupyterLab opens what was open before as well.
    page.goto(f"{address}/lab/workspaces/{Path(notebook).stem}/tree/{notebook}?token={TOKEN}")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell .cm-content")
    # Not by what the toolbar shows: it says idle before there is any kernel.
    kernel = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel"
    page.wait_for_function(f"{kernel}?.status === 'idle'")
    return Notebook(page)
