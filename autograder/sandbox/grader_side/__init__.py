"""The grader's end of the sandbox."""
