"""Reference code of the assignment, one module a notebook, for students to compare with after the deadline."""
