"""Write the expected pictures beside the plots, from the solved notebooks: `python assignments/vae/images/make_expected.py`.

Which pictures there are is what the texts ask for: `![words](images/expected/STEM-NAME.png)`, where NAME is the cell that
draws. With stems as arguments only those notebooks are run. Needs the course's package, and runs for some minutes.
"""

from __future__ import annotations

import base64
import io
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from PIL import Image

from autograder.authoring.builder import built_files
from autograder.authoring.builder.solved_notebooks import run_solved

TEXTS = Path(__file__).resolve().parents[1]
FOLDER = TEXTS / "images" / "expected"
WIDTH, COLOURS = 440, 24
"""Pixels and colours: enough to compare with, and some 7 kB."""


def wanted(stem: str) -> list[str]:
    """The names of the cells whose pictures a text shows."""
    text = (TEXTS / f"{stem}.md").read_text(encoding="utf-8")
    return re.findall(rf"\(images/expected/{re.escape(stem)}-(\w+)\.png\)", text)


def small(png: bytes) -> bytes:
    """A drawn figure as a small PNG without metadata."""
    figure = Image.open(io.BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", figure.size, "white")
    paper.alpha_composite(figure)
    height = round(figure.height * WIDTH / figure.width)
    scaled = paper.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    # Without the second step a thin grey line takes the colour of a thicker one.
    reduced = scaled.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=4, dither=Image.Dither.NONE)
    stream = io.BytesIO()
    reduced.save(stream, format="PNG", optimize=True)
    return stream.getvalue()


def drawn(path: Path, name: str) -> bytes:
    """The first picture that a cell of a notebook has drawn."""
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    for output in cells[name].outputs:
        if "image/png" in output.get("data", {}):
            return base64.b64decode(output.data["image/png"])
    raise SystemExit(f"{path.stem}: the cell `{name}` draws nothing; take its expected picture out of the text.")


def main(stems: list[str]) -> None:
    """Run the notebooks and write their pictures."""
    chosen = stems or sorted(path.stem for path in TEXTS.glob("[0-9]*.md") if wanted(path.stem))
    FOLDER.mkdir(exist_ok=True)
    for stem in chosen:
        for name in wanted(stem):
            # The build looks whether what a text shows is there.
            (FOLDER / f"{stem}-{name}.png").touch()
    course = TEXTS.parents[1]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, TEXTS.name)
        run_solved(built_files(course, TEXTS.name), TEXTS.name, folder, chosen, print)
        for stem in chosen:
            for name in wanted(stem):
                content = small(drawn(folder / f"{stem}.ipynb", name))
                (FOLDER / f"{stem}-{name}.png").write_bytes(content)
                print(f"{stem}-{name}.png: {len(content) / 1000:.1f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
