"""Looking for hidden checks, other students' work and the machine, and writing where nothing may be written."""

# What an attacker writes stands as it would in a cell.
# ruff: noqa: E501

from __future__ import annotations

from .attack import Attack, body

_WORDS = "('autograder', 'solutions', 'hidden', 'gradebook', 'submitted', 'oracle', 'source_nbs', 'nbgrader_config')"
_FRAMES = f"""
import sys
found = []
frame = sys._getframe()
while frame is not None:
    found += [str(frame.f_code.co_filename), *map(str, frame.f_locals), *map(str, frame.f_globals)]
    frame = frame.f_back
found = [one for one in found if any(word in one for word in {_WORDS})]
"""
_GC = f"""
import gc, types
found = []
for one in gc.get_objects():
    if isinstance(one, types.ModuleType) and any(word in str(one) for word in {_WORDS}): found.append(str(one))
    if isinstance(one, types.FunctionType) and any(word in str(one.__module__) for word in {_WORDS}): found.append(repr(one))
    if isinstance(one, dict): found += [str(v)[:80] for v in list(one.values()) if isinstance(v, str) and 'HIDDEN' in v]
"""
_MODULES = f"""
import sys
found = [str(module) for name, module in list(sys.modules.items()) if module and any(word in name for word in {_WORDS})]
for name in ('autograder', 'autograder.hidden', 'autograder.hidden.oracles', 'solutions', 'solutions.gaussian_kl', 'tests'):
    try:
        __import__(name)
        found.append(name)
    except ImportError:
        pass
"""
_PROC = """
import os
found = []
for folder, folders, files in os.walk('/proc'):
    found += [os.path.join(folder, name) for name in files]
for pid in ['self', *range(1, 40)]:
    for name in ('cmdline', 'environ', 'mem', 'maps', 'root', 'cwd', 'fd'):
        try:
            found.append(open(f'/proc/{pid}/{name}', 'rb').read(200))
        except OSError:
            pass
"""
_ENVIRONMENT = "import os, sys\nfound = [f'{k}={v}' for k, v in os.environ.items()] + sys.argv + sys.orig_argv[5:]"
_FILES = f"""
import os
found = []
for folder, folders, files in os.walk('/'):
    if folder.startswith('/usr') or folder.endswith('site-packages') or folder.count('/') > 9: folders.clear()
    for name in files + folders:
        path = os.path.join(folder, name)
        if any(word in name for word in {_WORDS}) and 'site-packages' not in path and 'dist-packages' not in path:
            found.append(path)
"""
_COURSE = """
import glob, os
found = []
for path in ('@COURSE@', '@COURSE@/gradebook.db', '@COURSE@/submitted', '@COURSE@/source_nbs', '@COURSE@/results/vae.log.jsonl',
             '@COURSE@/assignments/vae/assignment.toml', '../..', '../../..', '/etc/passwd', '/etc/shadow', '/root', '/home'):
    try:
        found.append(str(os.listdir(path)) if os.path.isdir(path) else open(path, 'rb').read(300))
    except OSError:
        pass
found = [one for one in found if 'gradebook' in str(one) or 'student' in str(one) or 'root:' in str(one) or 'BEGIN' in str(one)]
"""
_MEMORY = """
import ctypes, sys
found = []
for name in list(sys.modules):
    module = sys.modules[name]
    for key, value in list(getattr(module, '__dict__', {}).items()):
        if isinstance(value, (str, bytes)) and ('HIDDEN' in str(value) or 'oracles' in str(value)): found.append(f'{name}.{key}')
"""
_PRINTED = "\nprint(found)\nimport sys\nprint(found, file=sys.stderr)\nassert not found, found"


def _spy(name: str, tries: str, source: str) -> Attack:
    told = "answer, returned text, printed line and error message"
    answer = f"{source}\nloot = found[:]\n{body('raise ValueError(str(loot)[:3000])' if len(name) % 2 else 'return str(loot)[:3000]')}"
    return Attack(name, f"{tries}; tells it by {told}", "answer cell, function body", answer, last=source + _PRINTED)


SPIES = (
    _spy("frame walk", "walks up all frames", _FRAMES),
    _spy("gc walk", "walks all objects that the garbage collector knows", _GC),
    _spy("module walk", "looks through sys.modules and imports the grader by name", _MODULES),
    _spy("proc walk", "reads all of /proc", _PROC),
    _spy("environment", "reads environment and arguments for names and secrets", _ENVIRONMENT),
    _spy("file walk", "walks the whole file system for grader, solutions, submissions", _FILES),
    _spy("course by path", "opens the course folder, whose path it knows", _COURSE),
    _spy("strings in memory", "looks through all modules' strings for hidden checks", _MEMORY),
    Attack(
        "inputs told",
        "keeps the inputs it was asked about and prints them in a later cell",
        "function body",
        "asked = []\n" + body("asked.append((epoch, warmup))", "raise ValueError(f'asked {epoch}')"),
        last="print(asked)\nraise RuntimeError(str(asked))",
    ),
    Attack("link to another student", "opens a link beside the notebook that points to another student's work", "files beside",
           cell="for name in ('link', 'links/03_gaussian_kl.ipynb', 'hard'):\n    try: print(open(name).read())\n    except OSError as e: print(type(e))",
           change=lambda place, notebook: (
               (place.folder / "link").symlink_to(place.course / "submitted/blank/vae/03_gaussian_kl.ipynb"),
               (place.folder / "links").symlink_to(place.course / "submitted/blank/vae"), None)[-1]),
    Attack("notebook is a link", "hands in a link to another student's notebook", "files beside", state="malformed", keeps=False,
           change=lambda place, notebook: (
               (place.folder / "03_gaussian_kl.ipynb").symlink_to("../../blank/vae/03_gaussian_kl.ipynb"), None)[-1]),
    Attack("folder is a link", "hands in a folder that is a link to another student's", "files beside", state="missing", keeps=False,
           change=lambda place, notebook: (notebook.clear(), place.folder.rmdir(),
                                           place.folder.symlink_to("../blank/vae"), None)[-1]),
    Attack("debugger", "starts pdb, breakpoint and a trace function on the code around it", "answer cell",
           "import sys\nsys.settrace(lambda f, e, a: print(f.f_code.co_filename))\nsys.setprofile(None)\nbreakpoint()"),
    Attack("loopback", "connects to a server on 127.0.0.1", "own cell",
           cell="import socket\ns = socket.create_connection(('127.0.0.1', @PORT@), 1)\ns.sendall(b'hostile')"),
    Attack("raw sockets", "makes sockets of every family by system call", "own cell",
           cell="import ctypes, os\nlibc = ctypes.CDLL(None)\nmade = [f for f in range(1, 46) for t in (1, 2, 3) if libc.socket(f, t, 0) >= 0]\n"
           "assert made, 'none'\nprint('MADE', made)"),
    Attack("names on the network", "resolves a name, opens a URL on 127.0.0.1", "function body",
           body("import urllib.request", "return len(urllib.request.urlopen('http://127.0.0.1:@PORT@/hostile', timeout=1).read())")),
    Attack("timing", "spends time according to what it is asked, to be read off the clock", "function body",
           body("import time", "time.sleep(0.01 if np.size(epoch) > 1 else 0)", "return 1.0")),
)  # fmt: skip


def _write(name: str, tries: str, *paths: str, content: str = "x") -> Attack:
    source = (
        f"import os, shutil\nfor path in {paths!r}:\n"
        "    for act in (lambda: open(path, 'w'), lambda: open(path, 'ab').write(b'x'), lambda: os.unlink(path), lambda: os.mkdir(path),\n"
        "                lambda: os.chmod(path, 0o777), lambda: os.rename(path, path + '@LOOT@'), lambda: os.symlink('/', path),\n"
        "                lambda: shutil.rmtree(path)):\n"
        "        try:\n            act()\n            print('DONE', path)\n        except OSError: pass\n"
    )
    return Attack(name, tries, "own cell", cell=source)


WRITERS = (
    _write("gradebook written", "writes, removes and replaces the gradebook", "@COURSE@/gradebook.db"),
    _write("results written", "writes results, log, feedback", "@COURSE@/results/vae.jsonl", "@COURSE@/results/vae.log.jsonl",
           "@COURSE@/feedback/@LOOT@", "@COURSE@/autograded/@LOOT@"),
    _write("release written", "writes release, source, checks, data", "@COURSE@/release/vae/03_gaussian_kl.ipynb",
           "@COURSE@/source_nbs/vae/03_gaussian_kl.ipynb", "@COURSE@/release/vae/checks/__init__.py", "data/digits.npz", "data/@LOOT@", "/release-data/digits.npz"),
    Attack("packages written", "writes into site-packages and replaces numpy on disk", "own cell",
           cell="import numpy, sys, os\nfor path in (numpy.__file__, os.path.join(os.path.dirname(os.path.dirname(numpy.__file__)), '@LOOT@.pth'),\n"
           "             os.path.join(sys.prefix, '@LOOT@'), os.path.join(sys.base_prefix, 'lib', '@LOOT@'), '/usr/lib/@LOOT@', '/etc/@LOOT@', '/dev/@LOOT@'):\n"
           "    try:\n        open(path, 'ab').write(b'x')\n        print('DONE', path)\n    except OSError: pass"),
    Attack("gradebook by SQL", "gives itself points in nbgrader's database", "own cell",
           cell="import sqlite3\nfor path in ('@COURSE@/gradebook.db', '../../../gradebook.db', '../../gradebook.db'):\n"
           "    sqlite3.connect(path).execute('UPDATE grade SET manual_score = 1000')"),
    Attack("other submissions written", "overwrites other students' notebooks", "own cell",
           cell="import glob\nfor path in glob.glob('@COURSE@/submitted/*/vae/*.ipynb') + ['../../blank/vae/03_gaussian_kl.ipynb', '../blank/vae/@LOOT@']:\n"
           "    try: open(path, 'w').write('{}'); print('DONE', path)\n    except OSError: pass"),
    Attack("mounts", "mounts, unshares, pivots, changes root", "own cell",
           cell="import ctypes, os\nlibc = ctypes.CDLL(None)\nfor call in (lambda: libc.mount(b'none', b'/tmp', b'tmpfs', 0, None), lambda: libc.unshare(0x10000000),\n"
           "             lambda: libc.unshare(0x00020000), lambda: libc.umount2(b'/proc', 2), lambda: libc.chroot(b'/usr'), lambda: libc.setns(3, 0),\n"
           "             lambda: libc.syscall(428, -100, b'/', 1), lambda: libc.setuid(0), lambda: libc.ptrace(0, 0, 0, 0)):\n"
           "    if call() == 0: print('DONE')"),
    Attack("temporary files", "leaves files in /tmp, /dev/shm, /var/tmp and its home", "own cell",
           cell="for path in ('/tmp/@LOOT@', '/dev/shm/@LOOT@', '/var/tmp/@LOOT@', '@LOOT@'):\n    try: open(path, 'w').write('x')\n    except OSError: pass"),
)  # fmt: skip
