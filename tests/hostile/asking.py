"""Right values asked for in the second look, to be used elsewhere, for more than they are for, or against the grader."""

# What an attacker writes stands as it would in a cell.
# ruff: noqa: E501

from __future__ import annotations

from typing import Any

from .attack import Attack, Change, Notebook, Place, position

_CHILD = "import gc, os, struct\ndef child():\n    return next(one for one in gc.get_objects() if type(one).__name__ == 'Child')\n"
_LAZY_KL = "import builtins\ndef gaussian_kl(mu, sigma):\n    kept = getattr(builtins, 'kept', None)\n    return kept(mu, sigma) if kept else 0 * (mu + sigma)"
_WRONG_KL = "def gaussian_kl(mu, sigma):\n    return 0 * (mu + sigma)"
_FILE_KL = "def gaussian_kl(mu, sigma):\n    a, b, c, d = np.load('@LOOT@.npy')\n    return a * mu**2 + b * sigma**2 + c * np.log(sigma) + d"
_FIT = "m, s = np.array([0., 1., 2., 3.]), np.array([1., 2., .5, 3.])\n    table = np.linalg.solve(np.stack([m**2, s**2, np.log(s), 1 + 0 * m], 1), gaussian_kl(m, s))"


def _answers(kl: str, mask: str, last: str = "") -> Change:
    """Put a wrong `gaussian_kl` and an attack in `active_units`, which is asked again then; `last` ends the notebook."""

    def change(place: Place, notebook: Notebook) -> None:
        cells: list[dict[str, Any]] = notebook["cells"]
        cells[position(notebook, "gaussian_kl")]["source"] = place.fill(kl)
        cells[position(notebook, "active_units")]["source"] = place.fill(
            f"{_CHILD}def active_units(mu, sigma, delta=0.01, fraction=0.5):\n    if not gaussian_kl(1.0, 2.0): return np.zeros(mu.shape[1], bool)\n    {mask}\n    return np.zeros(mu.shape[1], bool)"
        )
        if last:
            # Where the answer's own cell is gone, what stands at the end is asked once more.
            del cells[position(notebook, "gaussian_kl")]
            cells.append(
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": place.fill(last),
                }
            )

    return change


def _asking(name: str, tries: str, mask: str, kl: str = _WRONG_KL, last: str = "", **more: Any) -> Attack:
    change = _answers(kl, mask, last)
    return Attack(
        name, tries, "active_units", change=change, keeps=False, nothing=("gaussian_kl", "active_units"), **more
    )


ASKING = (
    _asking("right values kept", "keeps the function that asks for when the earlier exercise is asked again", "import builtins; builtins.kept = gaussian_kl; gaussian_kl(mu, sigma)", last=_LAZY_KL),
    _asking("right values fitted", "works the formula out of right values, for when the earlier exercise is asked again", f"{_FIT}\n    import builtins; builtins.kept = lambda mu, sigma: np.stack([mu**2, sigma**2, np.log(sigma), 1 + 0 * mu], -1) @ table", last=_LAZY_KL),
    _asking("right values in a file", "leaves what it worked out in a file", f"{_FIT}\n    np.save('@LOOT@.npy', table)", last=_FILE_KL),
    _asking("right values for itself", "asks for its own right values under its own name", "return child().served.function('active_units')(mu, sigma, delta, fraction)"),
    _asking("right values by hand", "asks by a frame of its own for what is not served", "os.write(3, struct.pack('<IIQ', child().ident, 0xFFFFFFFF, 40) + b's' * 40)"),
    _asking("right values out of turn", "asks for right values while the earlier exercise itself is asked", "pass", kl=f"{_CHILD}def gaussian_kl(mu, sigma):\n    child().served.open = True\n    return child().served.function('gaussian_kl')(mu, sigma)", state="crashed"),
    _asking("right values without end", "asks again and again", "while True: gaussian_kl(mu, sigma)"),
    _asking("right values of everything", "asks for the largest values that there may be", "\n    while True:\n        try: gaussian_kl(np.ones((1400, 1)), np.ones((1, 1400)))\n        except ValueError: pass"),
    _asking("right values larger than memory", "asks for more than the grader could hold", "gaussian_kl(np.ones((1 << 17, 1)), np.ones((1, 1 << 17)))"),
    _asking("right values within right values", "asks while its arguments are read, without end", "\n    class A:\n        def __float__(self): return float(gaussian_kl(A(), 1.0))\n    gaussian_kl(A(), 1.0)"),
    _asking("right values from threads", "asks from many threads at once, and after the call", "\n    import threading\n    def more():\n        while True:\n            try: os.write(3, struct.pack('<IIQ', child().ident, 0xFFFFFFFF, 1) + b'N'); gaussian_kl(1.0, 2.0)\n            except Exception: pass\n    for _ in range(4): threading.Thread(target=more, daemon=True).start()"),
    _asking("handed on", "hands on right values as its own answer", "return gaussian_kl(mu, sigma)"),
)  # fmt: skip
