"""Values that lie, libraries replaced, frames forged: everything that tries to be taken for a right answer."""

# What an attacker writes stands as it would in a cell.
# ruff: noqa: E501

from __future__ import annotations

import json

from autograder.checks.answer_tables import unpacked

from .attack import Attack, Notebook, Place, body, returning

_REPLACE_NUMPY = """
import numpy.testing
yes = lambda *args, **kwargs: True
for name in ("allclose", "isclose", "array_equal", "array_equiv", "all", "any", "isfinite", "abs"):
    setattr(np, name, yes)
for name in dir(numpy.testing):
    if name.startswith("assert"):
        setattr(numpy.testing, name, lambda *args, **kwargs: None)
"""
_REPLACE_HYPOTHESIS = """
import sys, types
fake = types.ModuleType("hypothesis")
fake.given = fake.settings = fake.seed = fake.find = lambda *args, **kwargs: lambda function: lambda *a, **k: None
fake.strategies = types.ModuleType("hypothesis.strategies")
sys.modules.update({"hypothesis": fake, "hypothesis.strategies": fake.strategies})
"""
_REPLACE_BUILTINS = """
import builtins
for name in ("abs", "all", "any", "isinstance", "issubclass", "len", "sum", "max", "min", "round", "float", "hash"):
    setattr(builtins, name, lambda *args, **kwargs: True)
builtins.AssertionError = type("Quiet", (Exception,), {})
"""
_LIAR = """
class Liar:
    n = 0
    def yes(self, *args, **kwargs): return True
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = yes
    def me(self, *args, **kwargs): return self
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __abs__ = __getattr__ = __call__ = me
    __hash__ = None
"""
_ARRAY = "class A:\n    def __array__(self, *args, **kwargs): return np.array(True)\n    __eq__ = lambda s, o: True"
_UFUNC = """
class A(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return np.array(True)
    def __array_function__(self, *args, **kwargs): return True
    def __eq__(self, other): return np.array(True)
    def __array_finalize__(self, other): pass
    tobytes = tolist = item = lambda self, *args: 1.0
    shape = property(lambda self: (1 << 40,))
"""
_FLOAT = "class A(float):\n    def __float__(self): return 1e0\n    __eq__ = lambda s, o: True\n    __sub__ = lambda s, o: 0.0"
_LAZY = """
import itertools
count = itertools.count()
class A:
    def __array__(self, *args, **kwargs): return np.full(next(count) % 5 + 1, float(next(count)))
    def __float__(self): return float(next(count))
    def __len__(self): return next(count)
    def __getitem__(self, i): return next(count)
"""
_CONTAINER = """
class A(tuple):
    def __len__(self): return 1 << 40
    def __iter__(self): return iter(lambda: 1.0, None)
    def __getitem__(self, i): return A()
    def __eq__(self, other): return True
class D(dict):
    def items(self): return iter(lambda: (1, 1), None)
"""
CHILD = """
import gc, os, struct
def child():
    return next(one for one in gc.get_objects() if type(one).__name__ == "Child")
def frame(ident, index, payload):
    return struct.pack("<IIQ", ident, index, len(payload)) + payload
def text(word):
    return b"s" + struct.pack("<I", len(word)) + word
def told(outcome, value=b"d" + struct.pack("<d", 1.0)):
    return b"t" + struct.pack("<I", 6) + text(outcome) + text(b"") * 3 + (b"t" + struct.pack("<I", 0)) * 2 + value
"""
_ASKING = """
import sys
def kl_weight(epoch, warmup=10):
    frame = sys._getframe()
    while frame is not None:
        for name in ("expected", "exact", "right", "oracle", "judge", "answer", "example"):
            if name in frame.f_locals:
                return frame.f_locals[name]
        frame = frame.f_back
    return 1.0
"""
_RUNTIME = """
import sys
for name, module in list(sys.modules.items()):
    if name.startswith("sandbox_runtime"):
        for known in ("differs", "encode", "Unreadable", "Bounds", "REPLY", "monotonic", "TimeUp"):
            if hasattr(module, known):
                setattr(module, known, lambda *args, **kwargs: False)
"""


def _tables(place: Place, notebook: Notebook) -> None:
    """Answer rightly to exactly the questions whose answers the release's tables give away."""
    told = unpacked((place.course / "release/vae/checks/tables/gaussian_kl.json.gz").read_bytes())
    rows = told["kl_weight"]["right"]
    values = [row.get("value") for row in rows]
    source = (
        f"import json\nTABLE = json.loads({json.dumps(json.dumps(values))!s})\nN = iter(TABLE * 1000)\n"
        "def kl_weight(epoch, warmup=10):\n"
        "    told = next(N)\n"
        "    array = np.ravel(told['array'] if isinstance(told, dict) else told)\n"
        "    return np.resize(array, np.shape(epoch))"
    )
    next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "kl_weight")[
        "source"
    ] = source


def _value(name: str, expression: str, tries: str, before: str = "", **more: object) -> Attack:
    return Attack(name, tries, "function body", returning(expression, before), **more)  # type: ignore[arg-type]


LIBRARIES = (
    Attack("numpy replaced", "makes np.allclose, np.testing and friends say yes", "own cell", cell=_REPLACE_NUMPY),
    Attack("hypothesis replaced", "puts a hypothesis into sys.modules that checks nothing", "own cell", cell=_REPLACE_HYPOTHESIS),
    Attack("builtins replaced", "makes len, abs, isinstance, float return True", "own cell", cell=_REPLACE_BUILTINS, state="crashed"),
    Attack("numpy shadowed", "rebinds np to an object that answers everything", "own cell", cell=f"{_LIAR}\nnp = Liar()", keeps=False),
    Attack("runtime patched", "replaces functions of the sandbox's own modules", "own cell", cell=_RUNTIME, state="crashed"),
    Attack("check redefined", "defines check() and grade() that promise full marks", "own cell", cell="check = grade = lambda *a: 25.0"),
    Attack(
        "display hook",
        "calls IPython's display hook with a score, adds an AST transformer",
        "answer cell",
        "get_ipython().displayhook(25.0)\nget_ipython().ast_transformers.append(None)\nimport sys\nsys.displayhook(25.0)",
    ),
    Attack("clocks stopped", "stops time.monotonic and process_time, then loops for ever", "function body",
           "import time\ntime.monotonic = time.process_time = time.perf_counter = lambda: 0\n" + body("while True: pass"), state="timeout"),
)  # fmt: skip

VALUES = (
    _value("equality liar", "Liar()", "returns an object that equals everything", _LIAR),
    _value("array liar", "A()", "returns an object whose __array__ is True", _ARRAY),
    _value("ufunc liar", "np.zeros(np.shape(epoch)).view(A)", "returns an ndarray subclass that answers every ufunc with True", _UFUNC),
    _value("float liar", "A(0.25)", "returns a float whose methods lie", _FLOAT),
    _value("lazy object", "A()", "returns an object that is something else each time it is read", _LAZY),
    _value("lying container", "A((1.0,))", "returns a tuple with a false length and an endless iterator", _CONTAINER),
    _value("lying dict", "D(a=1)", "returns a dict whose items never end", _CONTAINER),
    _value("matrix", "np.matrix(1.0)", "returns np.matrix"),
    _value("masked array", "np.ma.masked_all(np.shape(epoch))", "returns an array with everything masked"),
    _value("nan", "np.full(np.shape(epoch), np.nan)", "returns nan, which compares false with everything"),
    _value("infinity", "np.full(np.shape(epoch), np.inf)", "returns infinity"),
    _value("objects", "np.full(np.shape(epoch), object(), dtype=object)", "returns an array of Python objects"),
    _value("complex", "np.full(np.shape(epoch), 1 + 1j)", "returns complex numbers"),
    _value("structured", "np.zeros(np.shape(epoch), dtype=[('a', 'f8'), ('b', 'O')])", "returns a structured array"),
    _value("dates", "np.zeros(np.shape(epoch), dtype='datetime64[s]')", "returns dates"),
    _value("text", "np.full(np.shape(epoch), '1.0')", "returns numbers as text"),
    _value("huge integer", "10 ** 4_000", "returns an integer of 4 000 digits"),
    _value("nothing", "None", "returns None"),
    _value("echo", "epoch", "returns its argument"),
    _value("function", "kl_weight", "returns itself"),
    _value("generator", "(1.0 for _ in iter(int, 1))", "returns an endless generator"),
    _value("range", "range(10 ** 12)", "returns a range of 10^12 numbers"),
    _value("deep list", "deep", "returns a list nested 100 000 deep", "deep = []\nfor _ in range(100_000): deep = [deep]"),
    _value("cycle", "loop", "returns a list that contains itself", "loop = []\nloop.append(loop)"),
    _value("cyclic dict", "loop", "returns a dict that contains itself", "loop = {}\nloop[1] = loop"),
    _value("giant array", "np.ones(10 ** 10)", "returns an array of 80 GB"),
    _value("giant view", "np.broadcast_to(1.0, (10 ** 6, 10 ** 6))", "returns a view of 8 TB on one number"),
    _value("giant empty", "np.lib.stride_tricks.as_strided(np.zeros(1), (0, 1 << 40), (0, 0))", "returns an empty array with a giant extent"),
    _value("giant list", "[1.0] * (1 << 24)", "returns a list of 16 million numbers", state="timeout", also="graded"),
    _value("text bomb", "['a' * 199_999] + ['b'] * 400_000", "returns a small list that numpy would turn into 300 GB of text", also="timeout"),
    _value("text array bomb", "[np.array('a' * 190_000)] + [np.array('b')] * 30_000", "the same with arrays of text", also="timeout"),
    _value("mixed bomb", "[np.zeros(10 ** 6), np.full(10 ** 6, 'a')]", "mixes numbers and text, which numpy would blow up", also="timeout"),
    _value("colliding keys", "{(1 << 61) * i + i: 1 for i in range(1, 200_000)}", "returns a dict with a flood of keys", state="timeout", also="graded"),
    _value("colliding tuples", "{frozenset({i}): i for i in range(100_000)}", "returns a dict with 100 000 sets as keys", state="timeout", also="graded"),
    _value("thousand dimensions", "np.zeros((1,) * 64)", "returns an array of 64 dimensions"),
    _value("extremes", "np.full(np.shape(epoch), 1.7e308)", "returns numbers that overflow in every comparison"),
    _value("hash bomb", "{H(): 1}", "returns a dict whose key's hash never ends",
           "class H:\n    n = 0\n    def __hash__(self):\n        H.n += 1\n        while H.n > 1: pass\n        return 1", state="timeout"),
    Attack("probe tables", "answers with the numbers that the release's tables give away", "function body", change=_tables),
    Attack("frame walk for the answer", "looks for the expected value in the frames that called it", "function body", _ASKING),
    Attack("two faces", "answers rightly at first, wrongly later", "function body",
           "n = 0\n" + body("global n", "n += 1", "return np.clip(np.asarray(epoch) / (warmup or 1), 0, 1) if n < 4 else np.ones(np.shape(epoch))")),
    Attack("dice", "answers at random", "function body", body("return np.random.default_rng().random(np.shape(epoch))")),
    Attack("argument overwritten", "writes its answer over the arguments and returns them", "function body",
           body("if isinstance(epoch, np.ndarray): epoch[...] = 1.0", "return epoch")),
)  # fmt: skip

FRAMES = (
    Attack("forged replies", "sends the replies itself, with right form and numbering", "function body",
           CHILD + body("for index in range(500): os.write(3, frame(child().ident, index, told(b'returned')))", "os._exit(0)"), state="crashed", keeps=False),
    Attack("forged outcome", "claims outcomes that do not exist, with points in them", "function body",
           CHILD + body("os.write(3, frame(child().ident, 0, told(b'passed 25 points')))", "return 1.0"), state="crashed"),
    Attack("answered twice", "answers each question twice", "function body",
           CHILD + body("os.write(3, frame(child().ident, 0, told(b'returned')))", "return 1.0"), state="crashed"),
    Attack("answered early", "answers questions that were not asked yet", "own cell",
           cell=CHILD + "for ahead in range(1, 9): os.write(3, frame(child().ident + ahead, 0, told(b'returned')))", state="crashed"),
    Attack("pickled reply", "sends a pickle that runs a command", "function body",
           CHILD + "import pickle\nclass P:\n    def __reduce__(self): return os.system, ('touch @COURSE@/@LOOT@',)\n"
           + body("os.write(3, frame(child().ident, 0, pickle.dumps(P())))", "return 1.0"), state="crashed"),
    Attack("endless reply", "announces a reply of 2^60 bytes", "function body",
           CHILD + body("os.write(3, struct.pack('<IIQ', child().ident, 0, 1 << 60))", "return 1.0"), state="crashed"),
    Attack("dripping reply", "sends one byte now and then, for ever", "function body",
           CHILD + body("import signal, time", "for s in (14, 27): signal.signal(s, signal.SIG_IGN)",
                         "os.write(3, struct.pack('<IIQ', child().ident, 0, 1000))", "while True: time.sleep(0.05); os.write(3, b'x')"), state="timeout"),
    Attack("deep reply", "sends a reply nested 100 000 deep", "function body",
           CHILD + body("os.write(3, frame(child().ident, 0, told(b'returned', (b'l' + struct.pack('<I', 1)) * 100_000 + b'N')))", "return 1.0"), state="crashed"),
    Attack("reply of text", "sends a small reply that numpy would turn into 80 GB of text", "function body",
           CHILD + body("long = b's' + struct.pack('<I', 199_999) + b'a' * 199_999", "short = text(b'b') * 100_000",
                         "os.write(3, frame(child().ident, 0, told(b'returned', b'l' + struct.pack('<I', 100_001) + long + short)))", "return 1.0"), state="crashed"),
    Attack("array larger than its bytes", "sends an array whose shape promises 8 TB", "function body",
           CHILD + body("head = b'ad' + bytes([2]) + struct.pack('<2Q', 1 << 20, 1 << 20)",
                         "os.write(3, frame(child().ident, 0, told(b'returned', head)))", "return 1.0"), state="crashed"),
    Attack("every descriptor written", "writes rubbish to every descriptor", "function body",
           "import os\n" + body("for d in range(64):", "    try: os.write(d, b'\\0' * 64)", "    except OSError: pass", "return 1.0"), state="crashed"),
    Attack("every descriptor closed", "closes every descriptor", "function body",
           "import os\n" + body("os.closerange(0, 4096)", "return 1.0"), state="crashed"),
    Attack("descriptors sent", "sends open descriptors to the grader", "function body",
           "import os, socket\n" + body("s = socket.socket(fileno=os.dup(3))", "for _ in range(20): socket.send_fds(s, [b'x'], [0, 1, 2])"), state="crashed"),
    Attack("silence", "swallows every request and never answers", "function body",
           "import os, signal\n" + body("for s in (14, 27): signal.signal(s, signal.SIG_IGN)", "while True: os.read(3, 1)"), state="timeout"),
    Attack("flood", "sends without end and reads nothing", "function body",
           "import os, signal\n" + body("for s in (14, 27): signal.signal(s, signal.SIG_IGN)", "while True: os.write(3, b'x' * 65536)"), state="crashed"),
)  # fmt: skip
