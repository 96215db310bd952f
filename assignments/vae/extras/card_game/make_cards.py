"""Make `cards.html`, the printable sheet of the card game, from `_sheet.html` and the digits of the notebooks.

Run `python make_cards.py` to write the sheet beside this script, and `python make_cards.py --check` to compare it with
a rebuild. It needs numpy alone. The sheet brings its letters along, so that it is the same on every machine: those of DejaVu
Sans that it needs lie in `_sans.woff` and `_sans_bold.woff`; `python make_cards.py --letters` takes them from matplotlib.
"""

from __future__ import annotations

import argparse
import base64
import struct
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SHEET = HERE / "cards.html"
DIGITS = HERE.parents[1] / "data" / "digits.npz"

# Which sample of digits.npz is on which card: chosen for plain shapes (an open 4, a 7 without a bar, upright strokes).
CARDS = {0: 220, 1: 141, 3: 183, 7: 287, 8: 138, 2: 342, 4: 184, 5: 105, 9: 239}
FIRST_DECK = (0, 1, 3, 7, 8)
# Closed loops, and whether there is a straight vertical stroke: the chapter's two features, read off these cards.
EXAMPLE = {0: (1, 0), 1: (0, 1), 3: (0, 0), 7: (0, 1), 8: (2, 0), 2: (0, 0), 4: (0, 1), 5: (0, 0), 9: (1, 1)}
# The letters are drawn this much smaller than DejaVu's own, which are wide: then the pages hold their texts.
LETTER_SIZE = 0.87
LETTERS = {"normal": ("_sans.woff", "DejaVuSans.ttf"), "bold": ("_sans_bold.woff", "DejaVuSans-Bold.ttf")}
ROUNDS = [*["two features"] * 4, "two features, swapped", *["one feature"] * 2, *["two bits"] * 2]
ROUNDS += [*["two bits, nine cards"] * 2, "the same, swapped", "convention", "convention, swapped"]
SLIPS = [("two features", 5, 2), ("one feature", 5, 1), ("two bits (0 or 1)", 5, 2), ("two bits, nine cards", 9, 2)]


def png(grey: np.ndarray) -> bytes:
    """Return an image (height, width), uint8, as a PNG whose bytes depend on the pixels alone."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width = grey.shape
    rows = b"".join(b"\0" + row.tobytes() for row in grey)
    # Stored, not packed: how zlib packs differs from machine to machine.
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(rows), len(rows) ^ 0xFFFF) + rows
    stored += struct.pack(">I", zlib.adler32(rows))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stored) + chunk(b"IEND", b"")


def cards(pixels: np.ndarray) -> str:
    """Return the nine cards; `pixels` are the grey values of digits.npz, ink high."""
    found = []
    for digit, sample in CARDS.items():
        image = base64.b64encode(png(255 - pixels[sample].reshape(28, 28))).decode()
        deck = "first deck" if digit in FIRST_DECK else "second deck"
        found.append(
            f'<div class="card"><img alt="{digit}" src="data:image/png;base64,{image}">'
            f'<span class="corner">{deck}</span><span class="corner which">{digit}</span></div>'
        )
    return "\n".join(found)


def slips() -> str:
    """Return the slips of all games, one for each card."""
    found = []
    for title, number, boxes in SLIPS:
        word = "bit" if "bits" in title else "feature"
        names = [f"{word} {place}" for place in range(1, boxes + 1)] if boxes > 1 else [word]
        inner = "".join(f"<span><i></i>{name}</span>" for name in names)
        found += [f'<div class="slip"><b>{title}</b><div class="boxes">{inner}</div></div>'] * number
    return "\n".join(found)


def books() -> str:
    """Return the decoder's tables, one for each game with its own codes."""
    tables = [("rounds 1–5: two features", 5), ("rounds 6–7: one feature", 5), ("rounds 8–9: two bits", 4)]
    tables += [("rounds 10–12: two bits, nine cards", 4), ("rounds 13–14: the convention", 9)]
    found = []
    for title, lines in tables:
        rows = "<tr><td></td><td></td></tr>" * lines
        head = f'<tr><th colspan="2">{title}</th></tr><tr><th>code</th><th>digits seen</th></tr>'
        found.append(f"<div><table>{head}{rows}</table></div>")
    # The last table is the longest and takes two places.
    found[-1] = found[-1].replace("<div>", '<div style="grid-row: span 2">', 1)
    return "\n".join([*found[:2], found[-1], *found[2:4]])


def score() -> str:
    """Return the table of rounds and cards; cards that are not played in a round are hatched."""
    head = "".join(f"<th>{digit}</th>" for digit in CARDS)
    rows = [f'<tr><th style="width: 14mm">round</th><th style="width: 48mm">what</th>{head}<th>sum</th></tr>']
    for number, what in enumerate(ROUNDS, start=1):
        every = "nine" in what or "same" in what or "convention" in what
        cells = "".join("<td></td>" if every or digit in FIRST_DECK else '<td class="none"></td>' for digit in CARDS)
        rows.append(f"<tr><td>{number}</td><td>{what}</td>{cells}<td></td></tr>")
    return f'<table class="score">{"".join(rows)}</table>'


def grid(width: int, height: int, step: tuple[float, float], first: int, names: tuple[str, str]) -> str:
    """Return squared paper with numbered lines as SVG, in millimetres; numbers begin at `first` and at 0."""
    (dx, dy), left, top = step, 14, 3
    right, bottom = left + width * dx, top + height * dy
    lines, texts = [], []
    for column in range(width + 1):
        x = left + column * dx
        lines.append(f'<line x1="{x:g}" y1="{top}" x2="{x:g}" y2="{bottom:g}"/>')
        texts.append(f'<text x="{x:g}" y="{bottom + 4:g}" text-anchor="middle">{column + first}</text>')
    for row in range(height + 1):
        y = bottom - row * dy
        lines.append(f'<line x1="{left}" y1="{y:g}" x2="{right:g}" y2="{y:g}"/>')
        texts.append(f'<text x="{left - 2}" y="{y + 1.2:g}" text-anchor="end">{row}</text>')
    middle = f"translate(4 {(top + bottom) / 2:g}) rotate(-90)"
    texts.append(f'<text x="{(left + right) / 2:g}" y="{bottom + 8.5:g}" text-anchor="middle">{names[0]}</text>')
    texts.append(f'<text transform="{middle}" text-anchor="middle">{names[1]}</text>')
    size = f'width="{right + 4:g}mm" height="{bottom + 10:g}mm" viewBox="0 0 {right + 4:g} {bottom + 10:g}"'
    inside = f'<g stroke="#777" stroke-width="0.2">{"".join(lines)}</g>{"".join(texts)}'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{inside}</svg>'


def example() -> str:
    """Return the codes of the cards under the chapter's two features."""
    rows = [("card", [str(digit) for digit in EXAMPLE])]
    rows.append(("(loops, vertical stroke)", [f"({loops}, {stroke})" for loops, stroke in EXAMPLE.values()]))
    lines = ["".join(f'<td style="text-align: center">{cell}</td>' for cell in cells) for _, cells in rows]
    return f"<table>{''.join(f'<tr><th>{rows[i][0]}</th>{line}</tr>' for i, line in enumerate(lines))}</table>"


def fonts() -> str:
    """Return the style rules that bring the letters along."""
    found = []
    for weight, (name, _) in LETTERS.items():
        data = base64.b64encode((HERE / name).read_bytes()).decode()
        source = f'url("data:font/woff;base64,{data}") format("woff")'
        found.append(f'@font-face {{ font-family: "Sheet"; font-weight: {weight}; src: {source}; }}')
    return "\n".join(found)


def write_letters() -> None:
    """Reduce the fonts that matplotlib brings to the letters of the sheet; needs matplotlib and fonttools."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from matplotlib import get_data_path

    wanted = {ord(one) for one in text_of_sheet()} | set(range(32, 127))
    for name, origin in LETTERS.values():
        font = TTFont(Path(get_data_path(), "fonts", "ttf", origin), recalcTimestamp=False)
        choices = Options(hinting=False, layout_features=["kern"], notdef_outline=True)
        subsetter = Subsetter(choices)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        font["head"].unitsPerEm = round(font["head"].unitsPerEm / LETTER_SIZE)
        font.flavor = "woff"
        font.save(HERE / name)


def text_of_sheet() -> str:
    """Return all that is written on the sheet, and some of its markup."""
    return filled("")


def sheet() -> str:
    """Return the whole sheet as HTML, self-contained."""
    return filled(fonts())


def filled(fonts: str) -> str:
    """Return the sheet with these style rules for its letters."""
    with np.load(DIGITS) as stored:
        parts = {"cards": cards(stored["X"]), "slips": slips(), "books": books(), "score": score()}
    parts["fonts"] = fonts
    parts["plane"] = grid(10, 5, (14, 12), 0, ("feature 1", "feature 2"))
    parts["chart"] = grid(13, 9, (12, 9.2), 1, ("round", "reconstruction loss"))
    parts["example"] = example()
    text = (HERE / "_sheet.html").read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"{{{name}}}", part)
    return text


def main() -> int:
    """Write or check the sheet and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare cards.html with a rebuild and write nothing")
    parser.add_argument("--letters", action="store_true", help="take the letters from matplotlib anew, then write")
    options = parser.parse_args()
    if options.letters:
        write_letters()
    if not options.check:
        SHEET.write_text(sheet(), encoding="utf-8", newline="\n")
        return 0
    current = SHEET.is_file() and SHEET.read_text(encoding="utf-8") == sheet()
    print("cards.html is current." if current else "cards.html differs from a rebuild: run python make_cards.py")
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main())
