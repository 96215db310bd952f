"""What stands below the options in the help of each command: what happens, and lines to try."""

from __future__ import annotations

MORE = {
    "build": """
Reads assignments/NAME/*.md and solutions/*.py, writes source_nbs/NAME/ (for you) and release/NAME/ (for students).
The same input gives the same bytes, so commit both folders.

  autograder build             after a change of texts, solutions, checks or assignment.toml
  autograder build --check     in CI: are the committed folders current?
  autograder build --solved    notebooks with answers and pictures, for yourself, in solutions/NAME/
""",
    "new": """
The example is a whole problem: text, solution, public checks, hidden checks with known mistakes. Change it piece by piece.

  autograder new 06_flows && autograder build && autograder preview 06_flows
""",
    "preview": """
Nothing in the course folder is touched.

  autograder preview 03_gaussian_kl
""",
    "verify": """
Before you hand out a release: solutions earn all points, the untouched release none, nothing of a solution or of a hidden
check is in it, built folders are current. Each fault names its file, and what mends it.
""",
    "mistakes": """
  autograder mistakes 03_gaussian_kl          what the grader knows by name
  autograder mistakes --into docs/instructor.md
""",
    "demo": """
Works in a folder demo/ of its own, where nothing of yours is touched.
""",
    "matrix": """
Every known mistake must lose points and be called by its name, every right variant must keep full points, whatever the seed.

  autograder matrix --seeds 3 --stem 03_gaussian_kl
""",
    "grade": """
Reads submitted/STUDENT/NAME/*.ipynb; writes feedback/, autograded/, results/ and gradebook.db. What has a verdict is kept, so
stop it when you like (Ctrl-C once: finish what runs; twice: at once) and run the same command again.
Exit codes: 0 all have a verdict, 1 some have none (run it again), 2 wrong usage, 130 Ctrl-C.

  autograder grade --jobs auto
  autograder grade --student ada --force
""",
    "regrade": """
Nothing is rewritten before you say yes. Points, comments and penalties given in nbgrader's form grader are kept.

  autograder regrade --diff         whose points would change, by how much, and why
  autograder regrade --yes
""",
    "report": """
One page that opens without a server: points, exercises, checks, the commonest mistakes, who needs a human.

  autograder report
  autograder report --anonymous --out for-the-lecture.html
""",
    "export": """
Unknown students, other maxima and names that a spreadsheet would run are named, never dropped.

  autograder export --format csv --out points.csv
  autograder export --format canvas --from canvas.csv --out for-canvas.csv
  autograder export --format moodle --from worksheet.csv --out filled-in.csv
""",
}
