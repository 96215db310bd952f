"""What the notebooks load; a package, so that no other one called data is taken for it."""
