"""The autograder of a Classroom 50 assignment: runs the public checks in the student's checkout, writes result.json."""

import subprocess
import sys

PYTHON = (sys.executable, "-m")
subprocess.run([*PYTHON, "pip", "install", "--quiet", "--user", "-r", "requirements.txt"], check=True)
sys.exit(subprocess.run([*PYTHON, "checks", "--brief", "--classroom50", "result.json"], check=False).returncode)
