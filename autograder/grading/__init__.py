"""One submission: its cells run behind the wall, its exercises asked, its verdicts recorded."""
