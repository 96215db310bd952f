"""The feedback page of a notebook."""
