"""`python -m autograder` is the command `autograder`."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
