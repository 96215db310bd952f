"""Ends, endless things and bombs: what tries to take the grader, the machine or the next student along."""

# What an attacker writes stands as it would in a cell.
# ruff: noqa: E501

from __future__ import annotations

from .attack import Attack, body, code, returning

_IGNORE = "import signal\nfor s in range(1, 64):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
_BURN = "import time\nuntil = time.process_time() + 0.25\nwhile time.process_time() < until: pass"
_KILL = (
    "import os, signal\nfor pid in (os.getppid(), -1, 0, 1, 2, 3, -os.getpgrp()):\n"
    "    for act in (lambda: os.kill(pid, 9), lambda: os.killpg(abs(pid), 9)):\n        try: act()\n        except OSError: pass\n"
)
_THREADS = (
    "import threading\ndef spin():\n    while True: pass\nfor _ in range(3): threading.Thread(target=spin).start()"
)
_DAEMON = """
import os, subprocess, sys, multiprocessing
def leave():
    os.setsid()
    while True: pass
for act in (lambda: os.fork() or leave(), lambda: os.posix_spawn('/bin/sleep', ['sleep', '600'], {}),
            lambda: subprocess.Popen(['/bin/sleep', '600'], start_new_session=True), lambda: os.system('sleep 600 &') == 0 or os.fork(),
            lambda: multiprocessing.Process(target=leave).start(), lambda: os.execv('/bin/sleep', ['sleep', '600'])):
    try:
        act()
        print('DONE')
    except OSError:
        pass
"""
_FORKS = "import os\nwhile True:\n    os.fork()"
_RAW_FORKS = "import ctypes\nlibc = ctypes.CDLL(None)\nfor _ in range(1000):\n    if libc.fork() >= 0 or libc.vfork() >= 0: print('DONE')"
_DISK = (
    "n = 0\nwhile True:\n    for folder in ('/tmp', '/dev/shm', '.'):\n"
    "        with open(f'{folder}/big{n}', 'wb') as f: f.write(b'x' * (1 << 20))\n        n += 1"
)
_INODES = "import os\nn = 0\nwhile True:\n    os.makedirs(f'/tmp/{n}/a/b/c')\n    open(f'{n}', 'w').close()\n    n += 1"
_DEEP_FOLDERS = "import os\nwhile True:\n    os.mkdir('d' * 200)\n    os.chdir('d' * 200)"
_TEXT = "class E(Exception):\n    def __str__(self):\n        while True: pass\n    __repr__ = __str__\n"
_REGEX = "import re\n" + body("return len(re.match(r'(a+)+$', 'a' * 40 + 'b').group())")


def _function(name: str, tries: str, *lines: str, state: str = "timeout", **more: object) -> Attack:
    return Attack(name, tries, "function body", body(*lines), state=state, **more)  # type: ignore[arg-type]


def _cell(name: str, tries: str, source: str, state: str = "graded", **more: object) -> Attack:
    return Attack(name, tries, "own cell", cell=source, state=state, **more)  # type: ignore[arg-type]


ENDS = (
    _cell("exit in a cell", "ends its process by os._exit", "import os\nos._exit(0)", "crashed"),
    _function("exit in a function", "ends its process by os._exit when asked", "import os", "os._exit(0)", state="crashed"),
    Attack("exit in every function", "replaces every function by one that ends the process", "own cell", state="crashed", keeps=False,
           last="import os\nbeta_vae_loss = lambda *a, **k: os._exit(0)",
           cell="import os\nclass Ends:\n    def __getattr__(self, name): os._exit(1)\nnp = Ends()"),
    _cell("exit after every death", "dies again each time its cells are run again", "import os, time\nos.kill(os.getpid(), 11)\nos._exit(1)", "crashed"),
    Attack("time bought by dying", "spends nearly all its time, dies, and is run again", "own cell", state="crashed", also="timeout", keeps=False,
           change=lambda place, notebook: notebook["cells"].extend([code(_BURN)] * 6 + [code("import os\nos._exit(1)")] * 10)),
    _cell("sys.exit", "leaves by sys.exit, quit and SystemExit", "import sys\ntry: quit()\nexcept BaseException: pass\nsys.exit(0)"),
    _function("SystemExit in a function", "raises SystemExit(0) when asked", "raise SystemExit(0)", state="graded"),
    _cell("kill everything", "sends SIGKILL to parent, group and all", _KILL),
    _cell("stop itself", "stops its own process by SIGSTOP", "import os, signal, ctypes\nos.kill(0, signal.SIGSTOP)\nos.kill(os.getpid(), signal.SIGSTOP)"),
    _cell("segfault", "reads address 0 through ctypes", "import ctypes\nctypes.string_at(0)", "crashed"),
    _function("segfault in a function", "writes over the interpreter's memory", "import ctypes", "ctypes.memset(0, 1, 10)", state="crashed"),
    _cell("abort", "calls abort()", "import os\nos.abort()", "crashed"),
    _cell("atexit", "leaves code for the end of the process", "import atexit, os\natexit.register(lambda: [open('@COURSE@/@LOOT@', 'w') for _ in iter(int, 1)])"),
    _cell("deep recursion", "recurses without end after lifting the limit",
          "import sys\nsys.setrecursionlimit(1 << 30)\ndef f(n): return [f(n + 1)]\nf(0)", "crashed", also="timeout"),
    _function("recursion", "calls itself without end", "return kl_weight(epoch, warmup)", state="graded"),
    _cell("recursion in C", "nests 300 000 iterators and lets C recurse", "import gc\ngc.disable()\nx = iter(())\nfor _ in range(300_000): x = map(int, x)\nnext(x, None)\ndel x", "crashed", also="graded"),
    _cell("daemons", "leaves processes behind in every way there is", _DAEMON),
    _cell("fork bomb", "forks without end", _FORKS),
    _cell("fork bomb by system call", "forks without asking Python", _RAW_FORKS),
)  # fmt: skip

ENDLESS = (
    _cell("loop in a cell", "never comes back", "while True: pass", "timeout"),
    _function("loop in a function", "never comes back when asked", "while True: pass"),
    _function("sleep", "sleeps for ever", "import time", "time.sleep(1e6)"),
    _cell("signals ignored", "ignores all signals, then loops", f"{_IGNORE}while True: pass", "timeout"),
    _cell("signals blocked", "blocks all signals, then loops", "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nwhile True: pass", "timeout"),
    _function("interruption swallowed", "catches everything, for ever", "while True:", "    try:", "        while True: pass", "    except BaseException: pass"),
    Attack("loop in repr", "its result's __repr__, __str__ and __format__ never end", "function body",
           returning("L()", "class L:\n    def __repr__(self):\n        while True: pass\n    __str__ = __format__ = __repr__")),
    Attack("loop in array", "its result's __array__ never ends", "function body", state="timeout",
           answer=returning("L()", "class L:\n    def __array__(self, *a, **k):\n        while True: pass")),
    _cell("loop in del", "a destructor never ends", "class D:\n    def __del__(self):\n        while True: pass\nd = D()\ndel d", "timeout"),
    _cell("loop in an error", "an error's message never ends", f"{_TEXT}raise E"),
    Attack("loop in an import", "a module beside the notebook never comes back", "files beside", cell="import endless", state="timeout",
           files={"endless.py": b"while True: pass\n"}),
    _function("loop in C", "a regular expression that takes for ever, uninterruptible", "import re", "return len(re.match(r'(a+)+$', 'a' * 40 + 'b').group())"),
    _cell("big power", "computes 9 ** 9 ** 9 in C", "9 ** 9 ** 9", "timeout"),
    # Its threads take the time of its own later answers: how much they take depends on how busy the machine is.
    _cell("threads left", "leaves threads that spin for ever", _THREADS, also="timeout", keeps=False),
    _cell("endless parse", "a cell that takes long to compile", "exec('(' * 50 + '1' + ')' * 50)\nexec('-' * 200_000 + '1')", "graded"),
)  # fmt: skip

BOMBS = (
    _cell("memory bomb", "takes memory without end", "x = []\nwhile True: x.append(bytearray(1 << 22))", also="timeout"),
    _cell("memory bomb in numpy", "makes arrays without end", "x = []\nwhile True: x.append(np.ones(1 << 20))", also="timeout"),
    _function("memory bomb in a function", "takes memory without end when asked", "x = [epoch]", "while True: x = x + x", state="timeout", also="graded"),
    _cell("shared memory", "fills /dev/shm, memfd, System V memory, mmap",
          "import mmap, ctypes, os\nm = []\nwhile True: m.append(mmap.mmap(-1, 1 << 24)); m[-1].write(b'x' * (1 << 24))", also="timeout"),
    _cell("disk bomb", "fills the disk", _DISK),
    _cell("inode bomb", "makes files without end", _INODES),
    _cell("deep folders", "nests folders without end", _DEEP_FOLDERS, also="timeout"),
    _cell("sparse file", "makes a file of 1 TB", "open('sparse', 'wb').truncate(1 << 40)"),
    _cell("pipes", "keeps pipes full of data", "import os\np = []\nwhile True:\n    r, w = os.pipe(); os.set_blocking(w, False); p.append(os.write(w, b'x' * (1 << 16)))"),
    _cell("output in one line", "prints 300 MB in one line",
          "import sys\nfor _ in range(300): sys.stdout.write('x' * (1 << 20))\nprint('y' * (1 << 27))", also="timeout"),
    _cell("million displays", "displays a million things", "for i in range(10 ** 6): display(i)", also="timeout"),
    _cell("million lines", "prints a million lines to stdout and stderr",
          "import sys, os\nfor i in range(200_000): print(i, file=sys.stderr); print(i)\nfor i in range(1000): os.write(1, b'z' * 4096)", also="timeout"),
    Attack("million warnings", "warns and prints in every call", "function body",
           body("import warnings, sys", "for i in range(3000): warnings.warn(str(i)); print(i)", "return 1.0"), also="timeout"),
    _cell("thread bomb", "starts threads without end", "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(60,)).start()"),
    _cell("descriptors", "opens files without end", "x = []\nwhile True: x.append(open('data/digits.npz'))"),
    _function("long error", "raises an error with a message of 50 MB", "raise ValueError('x' * (50 << 20))", state="timeout", also="graded"),
    _function("long error name", "raises an error of a class with a name of 1 MB", "raise type('N' * (1 << 20), (Exception,), {})('x')", state="graded"),
    _function("long chain", "raises an error with 100 000 causes",
              "e = ValueError('0')", "for i in range(100_000):", "    n = ValueError(str(i)); n.__cause__ = e; e = n", "raise e", state="timeout", also="graded"),
    Attack("compressed bomb", "ships and loads a small .npz that unpacks to 2 GB", "files beside",
           cell="import numpy\nx = numpy.load('bomb.npz')['x']", files={"bomb.npz": b""}),
)  # fmt: skip
