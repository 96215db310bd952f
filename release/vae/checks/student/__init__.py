"""What students run: the check cell, the overview, the terminal, the zip to hand in."""
