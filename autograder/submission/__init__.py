"""What a student handed in: read without trust, and merged into the built notebook."""
