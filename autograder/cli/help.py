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
The example is a whole problem: text, solution, public checks, hidden checks with known mistakes. Change it step by step.

  autograder new 06_flows && autograder build && autograder preview 06_flows
  autograder new 01_flows --assignment NAME                   in an empty folder: start a course
  autograder new --exercise kl_gap --problem 03_gaussian_kl   add an exercise to a notebook
""",
    "preview": """
It changes nothing in the course folder.

  autograder preview 03_gaussian_kl
""",
    "verify": """
Run it before you hand out a release. Solutions get all points, and the unchanged release gets none. No part of a solution or of a
hidden check is in the release. Built folders are current. Each fault names its file and says how to mend it.
""",
    "mistakes": """
  autograder mistakes 03_gaussian_kl          known mistakes and their sentences
  autograder mistakes --into docs/instructor.md
""",
    "demo": """
It works in a new folder demo/ and changes none of your files.
""",
    "matrix": """
Every known mistake must lose points and be named, and every right variant must keep full points, for every seed.

  autograder matrix --seeds 3 --stem 03_gaussian_kl
""",
    "bundle": """
The zip file has this package, the built notebooks, the versions to install, and the hidden inputs drawn in advance. Keep it from
students.

  autograder bundle gradescope
  autograder bundle gradescope --out autograder.zip --walls landlock
""",
    "doctor": """
There is one line for each thing. An exclamation mark shows that something is missing or different. Below it is the command that
mends it. Versions are compared with those that the tests ran with, or with the constraints.txt of the course folder.

  autograder doctor            which walls are available here, and what the machine has
  autograder doctor --tests    also what `make test` needs
""",
    "collect": """
It copies into submitted/STUDENT/NAME/ and says what it took for what. It changes nothing in FOLDER, and overwrites nothing.
Exit codes: 0 everything was taken or is there already, 1 something was not taken (each with its reason), 2 nothing to collect.

  autograder collect repositories --prefix classroom-vae-   cloned repositories: students are what follows
  autograder collect submissions.zip --dry-run              a download of Moodle, Canvas or ILIAS: what would be taken
""",
    "grade": """
Reads submitted/STUDENT/NAME/*.ipynb; writes feedback/, autograded/, results/ and gradebook.db. Verdicts are kept, so you
may stop it at any time (Ctrl-C once: finish what runs; twice: stop at once) and run the same command again.
Exit codes: 0 all have a verdict, 1 some have none (run it again), 2 wrong usage, 130 Ctrl-C.

  autograder grade --jobs auto
  autograder grade --student ada --force
""",
    "regrade": """
It writes nothing before you say yes. Points, comments and penalties given in nbgrader's form grader are kept.

  autograder regrade --diff         whose points would change, by how much, and why
  autograder regrade --yes
""",
    "report": """
One page that opens without a server: points, exercises, checks, the most common mistakes, submissions that you must look at.

  autograder report
  autograder report --anonymous --out for-the-lecture.html
""",
    "name": """
It writes assignments/NAME/names.toml, which may be edited by hand. For the next course, copy that file. `autograder regrade` then
grades again only those who share the behaviour. Students see the sentence; HTML in it is shown as text.

  autograder name 0a1b2c3d4e "a line of its own" "The weight does not know where the warm-up ends."
  autograder name 0a1b2c3d4e --remove
""",
    "send": """
Without --really it is a dry run: it looks up the assignment and everybody's submission, and says what would be sent. The token
of Canvas is read from the environment variable CANVAS_TOKEN, and is written nowhere. Nobody gets the same page twice.

  autograder send comments --url https://canvas.example.org --course-id 12 --assignment-id 34
  autograder send comments --url https://canvas.example.org --course-id 12 --assignment-id 34 --really
""",
    "export": """
It never leaves anything out without a message: it names unknown students, other maxima, and names that a spreadsheet takes for
a formula.

  autograder export --format csv --out points.csv
  autograder export --format canvas --from canvas.csv --out for-canvas.csv
  autograder export --format moodle --from worksheet.csv --out filled-in.csv
  autograder export --format moodle-feedback --from worksheet.csv --out feedback.zip
  autograder export --format canvas-comments --from canvas.csv --out comments
""",
}
